"""The removal ledger, newest first. All of it needs a scope that may browse: it is a list of messages.

A removal is unexplained while something of it is still away and nobody has told a ground; "we do not know" is no
ground. A refused thread is an outage until it is seen again, and nobody is asked about it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from data.queries import veiling
from data.queries.making import EXCERPT, moment
from data.queries.reader import Reader
from data.removal_rows import ExplanationRow, Ground, RemovalRow, RemovedRow, Standing
from data.scoping import Condition, within, within_cases
from data.times import from_text
from data.types import Kind, Scope, Visibility
from data.visibility import UNSEEN

UNEXPLAINED: Final = "standing > 0 AND became <> 'unreachable' AND (ground IS NULL OR ground = 'unknown')"
_CONDITIONS: Final = {
    Standing.UNEXPLAINED: UNEXPLAINED,
    Standing.EXPLAINED: "ground <> 'unknown'",
    Standing.OUTAGE: "became = 'unreachable' AND standing > 0",
}
_IN_THREAD: Final = 1000
_BESIDE: Final = 100  # more are no choice that somebody looks through


@dataclass(frozen=True, slots=True)
class RemovalFilter:
    """What the ledger is narrowed to; None and "" narrow nothing. `standing`: unexplained, explained or outage."""

    standing: Standing | None = None
    institution_id: str = ""
    page_id: str = ""


_EVERYTHING: Final = RemovalFilter()


def removals(
    reader: Reader, scope: Scope, asked: RemovalFilter = _EVERYTHING, *, before: int | None = None, limit: int = 25
) -> list[RemovalRow]:
    """Removals, those seen last first; `before` is the number of the last one shown."""
    if not scope.browse:
        return []
    narrowed, values = _narrowed(asked)
    start = before if before is not None else 2**63 - 1
    found = [
        row
        for condition, names in _branches(scope)
        for row in _rows(reader, f"{condition}{narrowed} AND removals.id < ?", (*names, *values, start), limit)
    ]
    return veiling.of_removals(reader, scope, sorted(found, key=lambda row: row.id, reverse=True)[:limit])


def removal(reader: Reader, scope: Scope, removal_id: int) -> RemovalRow | None:
    """One removal, or None where it is not the viewer's to see."""
    condition, names = within(scope, "removals.institution_id")
    found = _rows(reader, f"{condition} AND removals.id = ?", (*names, removal_id), 1) if scope.browse else []
    return veiling.of_removals(reader, scope, found)[0] if found else None


def removals_beside(reader: Reader, scope: Scope, removal_id: int) -> list[RemovalRow]:
    """Other unexplained removals of the same kind under the same post, seen at the same look; at most 100."""
    if not scope.browse:
        return []
    condition, names = within(scope, "removals.institution_id")
    alike = """removals.id IN (
        SELECT other.id FROM removals AS this JOIN removals AS other ON other.page_id = this.page_id
            AND other.thread_id = this.thread_id AND other.at = this.at
        WHERE this.id = ? AND other.id <> this.id AND other.became = this.became)"""
    found = _rows(reader, f"{condition} AND {alike} AND {UNEXPLAINED}", (*names, removal_id), _BESIDE)
    return veiling.of_removals(reader, scope, found)


def removed(reader: Reader, scope: Scope, removal_id: int, limit: int = 200) -> list[RemovedRow]:
    """The messages of a removal, the head first, then oldest first."""
    if not scope.browse:
        return []
    condition, names = within(scope, "sightings.institution_id")
    rows = reader.execute(
        f"""SELECT sightings.removal, message, messages.page_id, messages.institution_id, kind, by_page, text,
                sightings.digest, visibility, coalesce(created_at, first_seen) AS written_at
            FROM sightings JOIN messages ON messages.id = message JOIN removals ON removals.id = sightings.removal
            WHERE sightings.removal = ? AND {condition}
            GROUP BY message ORDER BY message <> head, written_at, message LIMIT ?""",  # noqa: S608, placeholders only
        (removal_id, *names, limit),
    )
    found = [
        RemovedRow(
            removal=row["removal"],
            message=row["message"],
            page_id=row["page_id"],
            institution_id=row["institution_id"],
            kind=Kind(row["kind"]),
            by_page=bool(row["by_page"]),
            text=row["text"],
            digest=row["digest"],
            visibility=Visibility(row["visibility"]),
            written_at=from_text(row["written_at"]),
        )
        for row in rows
    ]
    return veiling.texts(reader, scope, found)


def explanations(reader: Reader, scope: Scope, removal_id: int) -> list[ExplanationRow]:
    """What was told of a removal, newest first, answers taken back included."""
    if not scope.browse:
        return []
    condition, names = within(scope, "removals.institution_id")
    rows = reader.execute(
        f"""SELECT explanations.*, institution_id, page_id, head,
                (SELECT count(*) - 1 FROM explanations AS also WHERE also.together = explanations.together) AS others
            FROM explanations JOIN removals ON removals.id = explanations.removal
            WHERE explanations.removal = ? AND {condition} ORDER BY explanations.id DESC""",  # noqa: S608, placeholders only
        (removal_id, *names),
    )
    notes = veiling.notes(reader, scope, rows[0]["head"], [row["note"] for row in rows]) if rows else []
    return [
        ExplanationRow(
            id=row["id"],
            removal=row["removal"],
            institution_id=row["institution_id"],
            page_id=row["page_id"],
            ground=Ground(row["ground"]),
            note=note,
            person=row["person"],
            at=from_text(row["at"]),
            others=row["others"],
            undone_at=moment(row["undone_at"]),
            undone_by=row["undone_by"],
        )
        for row, note in zip(rows, notes, strict=True)
    ]


def unexplained(reader: Reader, scope: Scope, week: str = "") -> dict[str, int]:
    """Unexplained removals as things stand now, by page: those seen in an ISO week, or all of them.

    The one source of this figure: the overview, the ledger's own head and the weekly report ask it.
    """
    if not scope.browse:
        return {}
    condition, names = within(scope)
    narrowed, values = (" AND week = ?", (week,)) if week else ("", ())
    rows = reader.execute(
        f"""SELECT id, (SELECT count(*) FROM removals INDEXED BY removals_unexplained
                WHERE page_id = pages.id{narrowed} AND {UNEXPLAINED})
            FROM pages WHERE {condition}""",  # noqa: S608, placeholders only
        (*values, *names),
    )
    return {row[0]: row[1] for row in rows if row[1]}


def removals_of_case(reader: Reader, scope: Scope, case_id: int) -> list[RemovalRow]:
    """Removals in the thread of a case, oldest first: for whoever sees the case, also without browsing."""
    condition, names = within_cases(scope)
    of_thread = f"""removals.id IN (
        SELECT removal FROM cases JOIN messages AS this ON this.id = cases.message
            JOIN messages AS beside ON beside.platform = this.platform AND beside.thread_id = this.thread_id
                AND beside.institution_id = cases.institution_id
            JOIN sightings ON sightings.message = beside.id
        WHERE cases.id = ? AND {condition} AND removal IS NOT NULL)"""  # noqa: S608, placeholders only
    return veiling.of_removals(reader, scope, _rows(reader, of_thread, (case_id, *names), _IN_THREAD)[::-1])


def _branches(scope: Scope) -> list[Condition]:
    """Conditions that each are a range of one index and together the scope."""
    if scope.everywhere:
        return [("1=1", ())]
    return [("removals.institution_id = ?", (name,)) for name in sorted(scope.institutions)]


def _narrowed(asked: RemovalFilter) -> tuple[str, tuple[str, ...]]:
    parts = [_CONDITIONS[asked.standing]] if asked.standing in _CONDITIONS else []
    values = {"removals.institution_id": asked.institution_id, "removals.page_id": asked.page_id}
    parts += [f"{column} = ?" for column, value in values.items() if value]
    return "".join(f" AND {part}" for part in parts), tuple(value for value in values.values() if value)


def _rows(reader: Reader, condition: str, values: tuple[Any, ...], limit: int) -> list[RemovalRow]:
    rows = reader.execute(
        f"""SELECT removals.*, pages.name AS page_name, pages.platform, institutions.name AS institution_name,
                messages.kind, by_page, substr(text, 1, {EXCERPT}) AS text, messages.url, visibility,
                coalesce(created_at, first_seen) AS written_at,
                (SELECT was FROM sightings WHERE sightings.removal = removals.id AND message = head LIMIT 1) AS was,
                EXISTS (SELECT 1 FROM gaps WHERE gaps.page_id = removals.page_id AND began_at < missed_at
                    AND (ended_at IS NULL OR ended_at > coalesce(after, missed_at))) AS unseen,
                (SELECT count(*) FROM visits WHERE visits.page_id = removals.page_id AND source = 'visit'
                    AND outcome IN ('partial', 'failed') AND started_at > coalesce(after, missed_at)
                    AND started_at < missed_at) AS broken
            FROM removals JOIN messages ON messages.id = head JOIN pages ON pages.id = removals.page_id
                JOIN institutions ON institutions.id = removals.institution_id
            WHERE {condition} ORDER BY removals.id DESC LIMIT ?""",  # noqa: S608, placeholders only
        (*values, limit),
    )
    return [_row(row) for row in rows]


def _row(row: sqlite3.Row) -> RemovalRow:
    return RemovalRow(
        id=row["id"],
        revision=row["revision"],
        page_id=row["page_id"],
        page_name=row["page_name"],
        platform=row["platform"],
        institution_id=row["institution_id"],
        institution_name=row["institution_name"],
        became=Visibility(row["became"]),
        standing=_standing(row),
        after=moment(row["after"]),
        missed_at=from_text(row["missed_at"]),
        at=from_text(row["at"]),
        settled_at=moment(row["settled_at"]),
        size=row["size"],
        ground=Ground(row["ground"]) if row["ground"] else None,
        fresh=row["was"] == UNSEEN,
        unseen=bool(row["unseen"]),
        broken=row["broken"],
        head=row["head"],
        kind=Kind(row["kind"]),
        by_page=bool(row["by_page"]),
        text=row["text"],
        url=row["url"],
        written_at=from_text(row["written_at"]),
    )


def _standing(row: sqlite3.Row) -> Standing:
    if row["ground"] and row["ground"] != Ground.UNKNOWN:
        return Standing.EXPLAINED
    if not row["standing"]:
        return Standing.BACK if row["visibility"] == Visibility.VISIBLE else Standing.PASSED
    return Standing.OUTAGE if row["became"] == Visibility.UNREACHABLE else Standing.UNEXPLAINED
