"""Deadlines of open inquiries, reckoned again when a page's goal or opening hours have changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from data import journal
from data.opening import to_column
from data.times import from_text, to_text
from data.types import Page, Severity
from data.worktime import deadline

Goals = Mapping[str, tuple[int, str, int]]
_OPEN: Final = "category = 'inquiry' AND status IN ('new', 'taken')"


def goals(conn: sqlite3.Connection) -> Goals:
    """What the database knows of each page's goal: its hours, its opening hours as kept, the hours of an urgent one."""
    rows = conn.execute("SELECT id, goal_hours, opening, urgent_hours FROM pages")
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def renew_deadlines(conn: sqlite3.Connection, pages: Iterable[Page], before: Goals, at: datetime) -> None:
    """Give the open inquiries of pages whose goal is another than `before` the deadlines of the new one.

    What is answered or closed keeps the deadline that it was measured by, so that past figures stay as they were told.
    Each page that had any is told in the journal.
    """
    for page in pages:
        now = (page.goal_hours, to_column(page.opening), page.urgent_hours)
        if before.get(page.id, now) == now:
            continue
        if moved := _moved(conn, page):
            _write(conn, moved)
            journal.append(
                conn, at=at, actor="sideblik", action="renew_deadlines", subject=f"page:{page.id}",
                institution_id=page.institution_id,
                detail={"cases": len(moved), "goal_hours": page.goal_hours, "always_open": page.opening is None},
            )  # fmt: skip


def _moved(conn: sqlite3.Connection, page: Page) -> list[tuple[str, int]]:
    """The new deadline of each open inquiry that it is not the old one of, and the case's number."""
    rows = conn.execute(f"SELECT id, written_at, severity, due_at FROM cases WHERE page_id = ? AND {_OPEN}", (page.id,))  # noqa: S608, own words
    found = (
        (to_text(deadline(page, from_text(row[1]), urgent=row[2] == Severity.SERIOUS)), row[0], row[3]) for row in rows
    )
    return [(due, number) for due, number, old in found if due != old]


def _write(conn: sqlite3.Connection, moved: Collection[tuple[str, int]]) -> None:
    conn.executemany("UPDATE cases SET due_at = ?1, sort = ?1 WHERE id = ?2", moved)
