"""Pages and how well they are seen. "Nothing new" and "not seen" never look the same."""

from __future__ import annotations

import sqlite3
from typing import Final

from data.coverage import HELD
from data.opening import from_column
from data.queries import veiling
from data.queries.making import EXCERPT, coverage, danish, moment, visit_row
from data.queries.reader import Reader
from data.rows import GapRow, PageRow, Places, ShortPost, VisitRow
from data.scoping import within
from data.times import from_text
from data.types import Institution, Page, Scope

SEEN: Final = """coalesce(
    (SELECT max(started_at) FROM visits WHERE page_id = pages.id AND source = 'visit' AND outcome = 'complete'),
    (SELECT max(started_at) FROM visits WHERE page_id = pages.id AND source = 'import' AND outcome = 'complete'))"""

BROKEN: Final = """SELECT * FROM visits
    WHERE page_id = ? AND source = 'visit' AND outcome IN ('failed', 'partial') ORDER BY id DESC LIMIT 1"""


def places(reader: Reader, scope: Scope) -> Places:
    """Institutions and pages in scope, those in the configuration first, by name. A page's `ref` is not kept."""
    condition, names = within(scope, "id")
    institutions = reader.execute(f"SELECT * FROM institutions WHERE {condition}", names)  # noqa: S608, placeholders only
    condition, names = within(scope)
    pages_found = reader.execute(f"SELECT * FROM pages WHERE {condition}", names)  # noqa: S608, placeholders only
    return Places(
        tuple(Institution(row["id"], row["name"], row["kind"]) for row in sorted(institutions, key=_by_name)),
        tuple(_page(row) for row in sorted(pages_found, key=_by_name)),
    )


def pages(reader: Reader, scope: Scope) -> list[PageRow]:
    """The pages in the configuration, by institution and name, with their last visit, open gap and coverage.

    Coverage is comments stored against the platform's own count: over all posts as the last visit left them, or as
    that visit found them where no post's count is stored.
    """
    condition, names = within(scope, "pages.institution_id")
    rows = reader.execute(
        f"""SELECT pages.*, institutions.name AS institution_name, {SEEN} AS seen_at,
                (SELECT max(id) FROM visits WHERE page_id = pages.id) AS last_visit,
                (SELECT id FROM gaps WHERE page_id = pages.id AND ended_at IS NULL) AS open_gap,
                (SELECT count(*) FROM messages WHERE page_id = pages.id AND failed <> '[]') AS not_judged,
                (claimed IS NULL
                    AND EXISTS (SELECT 1 FROM messages
                        WHERE page_id = pages.id AND kind <> 'post' AND visibility <> 'gone')) AS talk
            FROM pages JOIN institutions ON institutions.id = pages.institution_id
            WHERE pages.active = 1 AND {condition}""",  # noqa: S608, placeholders only
        names,
    )
    rows.sort(key=lambda row: (danish(row["institution_name"]), danish(row["name"])))
    return [_page_row(reader, row) for row in rows]


def visits(reader: Reader, scope: Scope, page_id: str, limit: int = 30) -> list[VisitRow]:
    """A page's last visits and imports, newest first."""
    condition, names = within(scope)
    rows = reader.execute(
        f"SELECT * FROM visits WHERE page_id = ? AND {condition} ORDER BY id DESC LIMIT ?",  # noqa: S608, placeholders only
        (page_id, *names, limit),
    )
    return [visit_row(row) for row in rows]


def gaps(reader: Reader, scope: Scope, page_id: str) -> list[GapRow]:
    """The times in which a page was not seen, newest first, at most 200 of them."""
    condition, names = within(scope)
    rows = reader.execute(
        f"SELECT * FROM gaps WHERE page_id = ? AND {condition} ORDER BY began_at DESC LIMIT 200",  # noqa: S608, placeholders only
        (page_id, *names),
    )
    return [_gap_row(row) for row in rows]


def short_posts(reader: Reader, scope: Scope, page_id: str, limit: int = 20) -> list[ShortPost]:
    """Posts under which fewer comments are stored than the platform claims, those that lack most first.

    Needs a scope that may browse.
    """
    if not scope.browse:
        return []
    condition, names = within(scope)
    rows = reader.execute(
        f"""SELECT below.id, held, claimed, substr(text, 1, {EXCERPT}) AS text, url,
                coalesce(created_at, first_seen) AS written_at
            FROM ({HELD}) AS below JOIN messages ON messages.id = below.id
            WHERE held < claimed AND {condition} ORDER BY claimed - held DESC, below.id LIMIT ?""",  # noqa: S608, placeholders only
        (page_id, *names, limit),
    )
    found = [
        ShortPost(row["id"], row["text"], row["url"], from_text(row["written_at"]), row["held"], row["claimed"])
        for row in rows
    ]
    return veiling.texts(reader, scope, found)


def _by_name(row: sqlite3.Row) -> tuple[bool, str]:
    return (not row["active"], danish(row["name"]))


def _page(row: sqlite3.Row) -> Page:
    return Page(
        id=row["id"],
        institution_id=row["institution_id"],
        platform=row["platform"],
        name=row["name"],
        url=row["url"],
        ref="",
        goal_hours=row["goal_hours"],
        every_seconds=row["every_seconds"],
    )


def _page_row(reader: Reader, row: sqlite3.Row) -> PageRow:
    last = reader.first("SELECT * FROM visits WHERE id = ?", (row["last_visit"],))
    gap = reader.first("SELECT * FROM gaps WHERE id = ?", (row["open_gap"],))
    told = reader.first(
        "SELECT stored, claimed FROM visits WHERE page_id = ? AND started_at = ? AND outcome = 'complete' LIMIT 1",
        (row["id"], row["seen_at"]),
    )
    unread = reader.first(
        "SELECT began_at FROM gaps WHERE page_id = ? AND ended_at = ? AND filled = 0", (row["id"], row["seen_at"])
    )
    broken = reader.first(BROKEN, (row["id"],)) if gap else None  # an open gap has one near the end of the list
    return PageRow(
        id=row["id"],
        name=row["name"],
        platform=row["platform"],
        url=row["url"],
        institution_id=row["institution_id"],
        institution_name=row["institution_name"],
        goal_hours=row["goal_hours"],
        opening=from_column(row["opening"]),
        seen_at=moment(row["seen_at"]),
        last_visit=visit_row(last) if last else None,
        open_gap=_gap_row(gap) if gap else None,
        coverage=_coverage(row, told),
        not_judged=row["not_judged"],
        every_seconds=row["every_seconds"],
        rhythm=row["rhythm"],
        visited=bool(row["visited"]),
        broken=visit_row(broken) if broken else None,
        coverage_goal=row["coverage_goal"],
        short_posts=row["short_posts"],
        token_expires_at=moment(row["token_expires_at"]),
        used=row["used"],
        used_at=moment(row["used_at"]),
        resets_at=moment(row["resets_at"]),
        unread_from=moment(unread["began_at"]) if unread else None,
        talk=bool(row["talk"]),
    )


def _coverage(row: sqlite3.Row, told: sqlite3.Row | None) -> float | None:
    if row["claimed"] is not None:
        return float(row["held"] / row["claimed"]) if row["claimed"] else 1.0
    return coverage(told["stored"], told["claimed"]) if told else None


def _gap_row(row: sqlite3.Row) -> GapRow:
    return GapRow(
        id=row["id"],
        page_id=row["page_id"],
        began_at=from_text(row["began_at"]),
        ended_at=moment(row["ended_at"]),
        filled=bool(row["filled"]),
        error=row["error"],
    )
