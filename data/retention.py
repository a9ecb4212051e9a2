"""How long the text of a message is kept: one pure function, asked by the nightly job and by every screen.

    own rules ──► the longest of: the text itself, an open case, a closed case
    never past ─► gone on the platform; the platform's own terms
    but ────────► a legal hold keeps all of it, until the day that somebody set with their name

Own rules count from when Sideblik first saw the text as it stands: an old post that is read today is not emptied
tonight. The terms count from there too, or from when the platform last listed it, where they allow that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Why(StrEnum):
    """What ends a text."""

    AGE = "age"  # the municipality's own rules
    TERMS = "terms"  # the platform's
    GONE = "gone"  # it is gone on the platform
    ERASED = "erased"  # a person's request


@dataclass(frozen=True, slots=True)
class Rules:
    """`[retention]` of sideblik.toml, in days. `ledger` is for digests and notes beside removals and decisions."""

    comments: int = 90
    own_posts: int = 730
    open_case: int = 365
    closed_case: int = 180
    gone: int = 0
    ledger: int = 1825
    visits: int = 730


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a platform's terms allow. `texts` and `names` are spans, None for no limit.

    `own`: they bind what the page itself wrote too. `renewed`: they count from the last reading, not the first.
    `gone`: what is gone there is emptied here at once.
    """

    texts: timedelta | None = None
    names: timedelta | None = None
    own: bool = False
    renewed: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the end of a text depends on. `opened_at`: the latest of its open cases, `closed_at`: of the others."""

    by_page: bool
    seen_at: datetime
    refreshed_at: datetime | None = None
    gone_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class End:
    """When a text is emptied and why; `held` where a hold keeps it longer than anything else would."""

    at: datetime
    why: Why
    held: bool = False


NO_CEILING: Final = Ceiling()
_DAY: Final = timedelta(days=1)


def end_of(facts: Facts, rules: Rules, ceiling: Ceiling) -> End:
    """When the text of a message is emptied, and what ends it."""
    end = End(_by_own_rules(facts, rules), Why.AGE)
    if facts.gone_at is not None:
        at = facts.gone_at + (timedelta() if ceiling.gone else rules.gone * _DAY)
        end = min(end, End(at, Why.GONE), key=_moment)
    if ceiling.texts is not None and (ceiling.own or not facts.by_page):
        end = min(end, End(_counted_from(facts, ceiling) + ceiling.texts, Why.TERMS), key=_moment)
    if facts.held_until is not None and facts.held_until > end.at:
        return End(facts.held_until, end.why, held=True)
    return end


def names_end(facts: Facts, ceiling: Ceiling) -> datetime | None:
    """When the writer's name goes, where the terms want it sooner than the text; None where they do not."""
    if ceiling.names is None or facts.by_page:
        return None
    at = _counted_from(facts, ceiling) + ceiling.names
    return max(at, facts.held_until) if facts.held_until else at


def is_due(end: End, now: datetime, ahead: timedelta) -> bool:
    """Whether the text is to be emptied now; what the terms end may not wait for the next run, `ahead` from now."""
    return end.at <= (now + ahead if end.why is Why.TERMS and not end.held else now)


def _by_own_rules(facts: Facts, rules: Rules) -> datetime:
    ends = [facts.seen_at + (rules.own_posts if facts.by_page else rules.comments) * _DAY]
    if facts.opened_at is not None:
        ends.append(max(facts.opened_at, facts.seen_at) + rules.open_case * _DAY)
    if facts.closed_at is not None:
        ends.append(facts.closed_at + rules.closed_case * _DAY)
    return max(ends)


def _counted_from(facts: Facts, ceiling: Ceiling) -> datetime:
    renewed = facts.refreshed_at if ceiling.renewed else None
    return max(facts.seen_at, renewed) if renewed else facts.seen_at


def _moment(end: End) -> datetime:
    return end.at
