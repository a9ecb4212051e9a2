"""What retention must know of stored messages, read once for the nightly job and for the screens alike."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from data.retention import NO_CEILING, Ceiling, End, Facts, Rules, end_of, names_end
from data.times import from_text

_DECIDED: Final = """(SELECT max(decisions.at) FROM decisions
    WHERE decisions.case_id = cases.id AND decisions.undone_at IS NULL)"""
FACTS: Final = f"""
    SELECT messages.id, messages.platform, messages.page_id, messages.institution_id, by_page, version_seen,
        author_name <> '' AS named, refreshed.at AS refreshed_at,
        emptied.at AS emptied_at, emptied.why AS emptied_why,
        CASE visibility WHEN 'gone' THEN (SELECT max(at) FROM sightings
            WHERE sightings.message = messages.id AND became = 'gone') END AS gone_at,
        (SELECT max(opened_at) FROM cases WHERE cases.message = messages.id
            AND status IN ('new', 'taken')) AS opened_at,
        (SELECT max(max(opened_at, coalesce(answered_at, ''), coalesce({_DECIDED}, ''))) FROM cases
            WHERE cases.message = messages.id AND status IN ('answered', 'closed')) AS closed_at,
        (SELECT max(until) FROM holds WHERE holds.platform = messages.platform
            AND holds.thread_id = messages.thread_id AND lifted_at IS NULL) AS held_until
    FROM messages LEFT JOIN refreshed ON refreshed.message = messages.id
        LEFT JOIN emptied ON emptied.message = messages.id"""  # noqa: S608, own words
BY_NUMBER: Final = f"{FACTS} WHERE messages.id IN (SELECT value FROM json_each(?))"  # noqa: S608, likewise


class Asks(Protocol):
    def execute(self, sql: str, parameters: tuple[Any, ...] = ..., /) -> Iterable[sqlite3.Row]:
        """Rows of a query; a connection and a Reader both do."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules and the ceilings that are in force, as they were mirrored last."""

    rules: Rules
    ceilings: Mapping[str, Ceiling]

    def end(self, row: sqlite3.Row) -> End:
        """When the text of a row of `FACTS` is emptied."""
        return end_of(facts(row), self.rules, self.ceiling(row))

    def names_end(self, row: sqlite3.Row) -> datetime | None:
        """When its writer's name goes before the text; None where no terms say so."""
        return names_end(facts(row), self.ceiling(row))

    def ceiling(self, row: sqlite3.Row) -> Ceiling:
        return self.ceilings.get(row["platform"], NO_CEILING)


def policy(asks: Asks) -> Policy:
    """What is in force; the defaults where nothing was mirrored yet."""
    days = {row["name"]: row["days"] for row in asks.execute("SELECT name, days FROM keeping")}
    rules = Rules(**{one.name: days[one.name] for one in fields(Rules) if one.name in days})
    ceilings = {
        row["platform"]: Ceiling(
            _span(row["texts"]), _span(row["names"]), bool(row["own"]), bool(row["renewed"]), bool(row["gone"])
        )
        for row in asks.execute("SELECT * FROM ceilings")
    }
    return Policy(rules, ceilings)


def facts(row: sqlite3.Row) -> Facts:
    return Facts(
        by_page=bool(row["by_page"]),
        seen_at=from_text(row["version_seen"]),
        refreshed_at=_moment(row["refreshed_at"]),
        gone_at=_moment(row["gone_at"]),
        opened_at=_moment(row["opened_at"]),
        closed_at=_moment(row["closed_at"]),
        held_until=_moment(row["held_until"]),
    )


def by_number(asks: Asks, messages: Sequence[int]) -> list[sqlite3.Row]:
    """The facts of these messages."""
    return list(asks.execute(BY_NUMBER, (json.dumps(list(messages)),)))


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None
