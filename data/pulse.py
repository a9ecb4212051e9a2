"""How lively a page is, and how its platform's limit stands: what decides when it is visited next."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from data.times import from_text, shift_week, week_bounds, week_of

BACK: Final = 2  # weeks before the running one in which messages are counted


@dataclass(frozen=True, slots=True)
class Pulse:
    """`recent` messages were written within `span`; `stirred` is the start of the last visit that found a new or
    edited one, None before any did; `urgent` counts the open inquiries of serious severity.

    `begun` is the start of the last visit, `complete` whether it read everything. `used` is the percent of the
    platform's limit, None where none is known or its window has passed by.
    """

    recent: int = 0
    span: timedelta = timedelta(weeks=BACK)
    stirred: datetime | None = None
    urgent: int = 0
    begun: datetime | None = None
    complete: bool = False
    used: float | None = None


def pulse(conn: sqlite3.Connection, page_id: str, at: datetime) -> Pulse:
    """How a page stands at a moment; an unknown page has none."""
    weeks = [shift_week(week_of(at), -back) for back in range(BACK + 1)]
    recent = _number(
        conn,
        "SELECT sum(own + comments) FROM volumes WHERE week IN (?, ?, ?) AND page_id = ?",
        (*weeks, page_id),
    )
    urgent = _number(
        conn,
        "SELECT count(*) FROM cases WHERE page_id = ? AND category = 'inquiry' AND status IN ('new', 'taken')"
        " AND severity = 3",
        (page_id,),
    )
    last = conn.execute(
        "SELECT started_at, outcome FROM visits WHERE page_id = ? AND source = 'visit' ORDER BY id DESC LIMIT 1",
        (page_id,),
    ).fetchone()
    return Pulse(
        recent=recent,
        span=at - week_bounds(weeks[-1])[0],
        stirred=_stirred(conn, page_id),
        urgent=urgent,
        begun=from_text(last[0]) if last else None,
        complete=bool(last) and last[1] == "complete",
        used=_used(conn, page_id, at),
    )


def _number(conn: sqlite3.Connection, sql: str, parameters: tuple[str, ...]) -> int:
    return int(conn.execute(sql, parameters).fetchone()[0] or 0)


def _stirred(conn: sqlite3.Connection, page_id: str) -> datetime | None:
    row = conn.execute(
        "SELECT started_at FROM visits WHERE page_id = ? AND source = 'visit' AND new + edited > 0"
        " ORDER BY id DESC LIMIT 1",
        (page_id,),
    ).fetchone()
    return from_text(row[0]) if row else None


def _used(conn: sqlite3.Connection, page_id: str, at: datetime) -> float | None:
    row = conn.execute("SELECT used, resets_at FROM pages WHERE id = ? AND used IS NOT NULL", (page_id,)).fetchone()
    return None if row is None or (row[1] and from_text(row[1]) <= at) else float(row[0])
