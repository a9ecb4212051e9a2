"""Is a page in order? The one answer that the screens, `doctor` and the report give.

    fed by imports, or never read to the end ──► we do not know
    a gap is open, no complete visit within its rhythm,
    the last one did not read back to the one before,
    texts not judged, comments missing ────────► needs attention: why, and who must act
    no count to hold what is stored against ───► we do not know
    otherwise ─────────────────────────────────► seen

News of a web site have no comments, and no platform counts them: such a page is seen where its list answered, reached
back to the visit before, and no gap is open; that nothing can be compared is told with it (`uncounted`). "Nothing new"
is a page that is seen; "not seen" is any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from data.errors import Who
from data.rows import PageRow
from data.times import CLOCK_SLACK

SHORTEST_LATENESS: Final = timedelta(hours=1)  # a restart or a short outage of the machine is no alarm
UNCOUNTED: Final = frozenset({"website"})  # platforms on which most pages have no comments, and none is counted
WARNED: Final = (1, 3, 14)  # days before a token's end


class State(StrEnum):
    """The three honest answers."""

    SEEN = "seen"
    ATTENTION = "attention"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PageState:
    """`why` is the kind of an error, as `collectors.errors` names it, or one of the words below; "" for a seen page.

    NotVisited, Interrupted, clock (seen later than now), late, not_reached, coverage, posts, not_judged; of a page that
    we do not know: never, imports, no_import, no_counts; of one that is seen: uncounted. `since` is when the trouble
    began, where that is known.
    """

    state: State
    why: str = ""
    who: Who = Who.NOBODY
    since: datetime | None = None


def late_after(seconds: int) -> timedelta:
    """How old the last complete visit may be of a page that is visited every so many seconds."""
    return max(SHORTEST_LATENESS, timedelta(seconds=2 * seconds))


def page_state(page: PageRow, now: datetime) -> PageState:
    """The state of a page at a moment."""
    if not page.visited:
        why = "no_import" if page.seen_at is None else "imports"
        return PageState(State.UNKNOWN, why, Who.OPERATOR, page.seen_at)
    if page.open_gap is not None:
        return _in_gap(page)
    if page.seen_at is None:
        return PageState(State.UNKNOWN, "never", Who.OPERATOR)
    if page.seen_at - now > CLOCK_SLACK:
        return PageState(State.ATTENTION, "clock", Who.OPERATOR, page.seen_at)
    if now - page.seen_at > late_after(page.rhythm or page.every_seconds):
        return PageState(State.ATTENTION, "late", Who.OPERATOR, page.seen_at)
    return _of_what_is_stored(page)


def unproven(page: PageRow, now: datetime) -> bool:
    """Whether the page is among those that somebody must look to: in trouble, or never read to the end."""
    found = page_state(page, now)
    return found.state is State.ATTENTION or found.why == "never"


def token_days(page: PageRow, now: datetime) -> int | None:
    """Whole days until the page's token ends (0 for today, below 0 once it has), None where nobody said when."""
    return None if page.token_expires_at is None else (page.token_expires_at - now) // timedelta(days=1)


def token_warning(page: PageRow, now: datetime) -> int | None:
    """Which of the warnings is due: 14, 3 or 1 days before the end, 0 past it; None for none."""
    if page.token_expires_at is None:
        return None
    left = page.token_expires_at - now
    if left <= timedelta():
        return 0
    return next((days for days in WARNED if left <= timedelta(days=days)), None)


def _in_gap(page: PageRow) -> PageState:
    assert page.open_gap is not None  # asked before
    since, broken = page.open_gap.began_at, page.broken
    if broken is not None and broken.error:
        return PageState(State.ATTENTION, broken.error, Who(broken.who or Who.NOBODY), since)
    who = Who.OPERATOR if page.open_gap.error == "NotVisited" else Who.NOBODY
    return PageState(State.ATTENTION, page.open_gap.error, who, since)


def _of_what_is_stored(page: PageRow) -> PageState:
    if page.not_judged:
        return PageState(State.ATTENTION, "not_judged", Who.DEVELOPER, page.seen_at)
    if page.unread_from is not None:
        return PageState(State.ATTENTION, "not_reached", Who.OPERATOR, page.unread_from)
    if page.coverage is None:
        return _uncounted(page)
    if page.coverage < page.coverage_goal:
        return PageState(State.ATTENTION, "coverage", Who.OPERATOR, page.seen_at)
    if page.short_posts:
        return PageState(State.ATTENTION, "posts", Who.OPERATOR, page.seen_at)
    return PageState(State.SEEN, since=page.seen_at)


def _uncounted(page: PageRow) -> PageState:
    if page.platform in UNCOUNTED and not page.talk:
        return PageState(State.SEEN, "uncounted", since=page.seen_at)
    return PageState(State.UNKNOWN, "no_counts", Who.NOBODY, page.seen_at)
