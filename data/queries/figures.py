"""Figures: a week page by page, trends, and the numbers on top of the overview. Screens and reports add up the same."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from data.page_state import unproven
from data.queries.health import SEEN, pages
from data.queries.ledger import unexplained
from data.queries.making import coverage, danish
from data.queries.reader import Reader
from data.queries.service import DECIDED, asked
from data.rows import Counts, PageWeek, WeekCount
from data.scoping import marks, readable, within, within_cases
from data.service_rows import HOUR, Asked, summed
from data.times import from_text, to_text, week_bounds
from data.types import Breach, Category, Inquiry, Scope
from data.visits import unseen_after

_HOUR: Final = timedelta(hours=1)


def week(reader: Reader, scope: Scope, week: str, now: datetime) -> list[PageWeek]:
    """One line a page, by institution and name: pages in the configuration, and others that the week tells of.

    `posts` are the page's own, `comments` all that others wrote (also their posts), `own` all that the page wrote.
    `removed` and `hidden` are messages that were seen to become gone or hidden in the week, or that were hidden when
    first seen in it. `overdue` are open inquiries whose deadline is before `now`. `coverage` is that of the last
    complete visit begun in the week.

    `hours_unseen` is the part of the week (up to `now`) in which the page was not seen: the union of its gaps, filled
    in later or not, and of the time since its last complete visit from the point where that is older than a day (or
    two visits, where they are rarer). Of a page that was never read to the end, the whole week. Time before a page's
    first complete visit counts only where a gap says so: it may not have been Sideblik's to see.
    """
    condition, names = within(scope, "pages.institution_id")
    rows = reader.execute(
        f"""SELECT pages.*, institutions.name AS institution_name, {SEEN} AS seen_at
            FROM pages JOIN institutions ON institutions.id = pages.institution_id WHERE {condition}""",  # noqa: S608, placeholders only
        names,
    )
    told = _Told(
        _volumes(reader, scope, week), _asked(reader, scope, week), _kinds(reader, scope, week),
        _moves(reader, scope, week), unexplained(reader, scope, week), unexplained(reader, scope),
    )  # fmt: skip
    shown = [row for row in rows if row["active"] or told.of(row["id"])]
    shown.sort(key=lambda row: (danish(row["institution_name"]), danish(row["name"])))
    return [_line(reader, row, told, week, now) for row in shown]


def trend(reader: Reader, scope: Scope, weeks: Sequence[str]) -> list[WeekCount]:
    """One row an institution and week that holds anything, in the order of weeks and institutions."""
    written: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    condition, names = within(scope)
    for row in reader.execute(
        f"""SELECT week, institution_id, sum(posts), sum(comments) FROM volumes
            WHERE week IN ({marks(len(weeks))}) AND {condition} GROUP BY week, institution_id""",  # noqa: S608, placeholders only
        (*weeks, *names),
    ):
        written[row[0], row[1]][:2] = row[2], row[3]
    condition, names = within_cases(scope)
    for row in reader.execute(
        f"""SELECT week, institution_id, category, count(*) FROM cases
            WHERE week IN ({marks(len(weeks))}) AND {condition} GROUP BY week, institution_id, category""",  # noqa: S608, placeholders only
        (*weeks, *names),
    ):
        place = {"inquiry": 2, "confidentiality": 3}.get(row[2])
        if place is not None:
            written[row[0], row[1]][place] = row[3]
    return [WeekCount(*key, *written[key]) for key in sorted(written)]


def counts(reader: Reader, scope: Scope, now: datetime) -> Counts:
    """The figures on top of the overview, as things stand at `now`."""
    condition, names = within_cases(scope)
    found = reader.first(
        f"""SELECT coalesce(sum(status = 'new'), 0), coalesce(sum(status = 'taken'), 0),
                coalesce(sum(category = 'inquiry' AND sort < ?), 0),
                coalesce(sum(category = 'inquiry' AND severity = 3), 0),
                coalesce(sum(category = 'confidentiality'), 0)
            FROM cases WHERE status IN ('new', 'taken') AND {condition}""",  # noqa: S608, placeholders only
        (to_text(now), *names),
    )
    assert found is not None  # an aggregate has one row
    new, taken, overdue, urgent, breaches = found
    unknown = sum(unexplained(reader, scope).values())
    return Counts(new, taken, overdue, urgent, breaches, _pages_unseen(reader, scope, now), unknown)


_NOTHING_WRITTEN: Final[dict[str, Any]] = {"posts": 0, "comments": 0, "own": 0}


@dataclass(frozen=True, slots=True)
class _Told:
    """What one week tells, by page: counts of messages, cases, and messages that changed their state."""

    volumes: dict[str, dict[str, Any]]
    asked: dict[str, list[Asked]]
    kinds: dict[str, list[sqlite3.Row]]
    moves: dict[str, dict[str, int]]
    unexplained: dict[str, int]
    unexplained_ever: dict[str, int]

    def of(self, page_id: str) -> bool:
        return any(page_id in found for found in (self.volumes, self.kinds, self.moves, self.unexplained_ever))


def _line(reader: Reader, page: sqlite3.Row, told: _Told, week: str, now: datetime) -> PageWeek:
    begin, end = week_bounds(week)
    moves = told.moves.get(page["id"], {})
    return PageWeek(
        week=week,
        page_id=page["id"],
        page_name=page["name"],
        platform=page["platform"],
        institution_id=page["institution_id"],
        institution_name=page["institution_name"],
        **told.volumes.get(page["id"], _NOTHING_WRITTEN),
        **_kind_figures(told.kinds.get(page["id"], ())),
        **_service_figures(told.asked.get(page["id"], ()), to_text(now)),
        removed=moves.get("gone", 0),
        hidden=moves.get("hidden", 0),
        coverage=_coverage(reader, page["id"], to_text(begin), to_text(end)),
        hours_unseen=_hours_unseen(reader, page, begin, min(end, now)),
        hours=max(min(end, now) - begin, timedelta()) / _HOUR,
        visited=bool(page["visited"]),
        unexplained=told.unexplained.get(page["id"], 0),
        unexplained_ever=told.unexplained_ever.get(page["id"], 0),
    )


def _volumes(reader: Reader, scope: Scope, week: str) -> dict[str, dict[str, Any]]:
    condition, names = within(scope)
    rows = reader.execute(f"SELECT * FROM volumes WHERE week = ? AND {condition}", (week, *names))  # noqa: S608, placeholders only
    return {row["page_id"]: {name: row[name] for name in _NOTHING_WRITTEN} for row in rows}


def _asked(reader: Reader, scope: Scope, week: str) -> dict[str, list[Asked]]:
    """The inquiries by page, from the query that the overview and the year are added up from."""
    found: dict[str, list[Asked]] = {}
    for row in asked(reader, scope, [week], given_away=True):
        found.setdefault(row.page_id, []).append(row)
    return found


def _kinds(reader: Reader, scope: Scope, week: str) -> dict[str, list[sqlite3.Row]]:
    condition, names = readable(scope)  # what was written on a page is told with it, wherever it stands now
    kinds: dict[str, list[sqlite3.Row]] = {}
    for row in reader.execute(
        f"""SELECT page_id, category, kind, {DECIDED} AS decided, count(*) AS many FROM cases
            WHERE week = ? AND {condition} AND category IN ('inquiry', 'confidentiality')
            GROUP BY page_id, category, kind, decided""",  # noqa: S608, placeholders only
        (week, *names),
    ):
        kinds.setdefault(row["page_id"], []).append(row)
    return kinds


def _moves(reader: Reader, scope: Scope, week: str) -> dict[str, dict[str, int]]:
    condition, names = within(scope)
    moves: dict[str, dict[str, int]] = {}
    for row in reader.execute(
        f"""SELECT page_id, became, count(DISTINCT message) FROM sightings
            WHERE week = ? AND {condition} GROUP BY page_id, became""",  # noqa: S608, placeholders only
        (week, *names),
    ):
        moves.setdefault(row[0], {})[row[1]] = row[2]
    return moves


def _kind_figures(rows: Iterable[sqlite3.Row]) -> dict[str, Any]:
    kinds, decided = Counter[tuple[str, str]](), Counter[str]()
    for row in rows:
        kinds[row["category"], row["kind"]] += row["many"]
        if row["category"] == Category.CONFIDENTIALITY:
            decided[row["decided"]] += row["many"]
    return {
        "questions": kinds[Category.INQUIRY, Inquiry.QUESTION],
        "requests": kinds[Category.INQUIRY, Inquiry.REQUEST],
        "complaints": kinds[Category.INQUIRY, Inquiry.COMPLAINT],
        "serious": kinds[Category.CONFIDENTIALITY, Breach.CLEAR],
        "possible": kinds[Category.CONFIDENTIALITY, Breach.POSSIBLE],
        "self_told": kinds[Category.CONFIDENTIALITY, Breach.SELF],
        "decided": dict(decided),
    }


def _service_figures(rows: Sequence[Asked], now: str) -> dict[str, Any]:
    service = summed(rows, now)
    hours = sorted(row.seconds / HOUR for row in rows if row.answered and row.seconds is not None)
    return {
        "answered": service.answered,
        "within": service.within,
        "open": service.open,
        "overdue": service.overdue,
        "answer_hours": tuple(hours),
    }


def _coverage(reader: Reader, page_id: str, begin: str, end: str) -> float | None:
    row = reader.first(
        "SELECT stored, claimed FROM visits WHERE page_id = ? AND source = 'visit' AND outcome = 'complete'"
        " AND started_at >= ? AND started_at < ? ORDER BY started_at DESC LIMIT 1",
        (page_id, begin, end),
    )
    return coverage(row["stored"], row["claimed"]) if row else None


def _hours_unseen(reader: Reader, page: sqlite3.Row, begin: datetime, end: datetime) -> float:
    if end <= begin:
        return 0.0
    spans = [
        (from_text(row["began_at"]), from_text(row["ended_at"]) if row["ended_at"] else end)
        for row in reader.execute(
            "SELECT began_at, ended_at FROM gaps WHERE page_id = ? AND began_at < ?"
            " AND (ended_at IS NULL OR ended_at > ?)",
            (page["id"], to_text(end), to_text(begin)),
        )
    ]
    if page["active"]:
        seen = page["seen_at"]
        spans.append((from_text(seen) + unseen_after(page["every_seconds"]) if seen else begin, end))
    return _union(spans, begin, end) / _HOUR


def _union(spans: Iterable[tuple[datetime, datetime]], begin: datetime, end: datetime) -> timedelta:
    """How much of [begin, end) the spans cover together."""
    covered = timedelta()
    reached = begin
    for start, stop in sorted(spans):
        start, stop = max(start, reached), min(stop, end)  # noqa: PLW2901, clipped
        if stop > start:
            covered += stop - start
            reached = stop
    return covered


def _pages_unseen(reader: Reader, scope: Scope, now: datetime) -> int:
    return sum(unproven(page, now) for page in pages(reader, scope))
