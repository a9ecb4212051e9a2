"""Institutions and pages as the configuration names them, and the little that a platform asks us to remember."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from data.opening import to_column
from data.times import to_text
from data.types import Institution, Page

EXPIRES: Final = "token_expires_at"  # the key under which a platform tells when the page's token ends, in ISO form


def set_places(conn: sqlite3.Connection, institutions: Iterable[Institution], pages: Iterable[Page]) -> None:
    """Mirror the configuration. What left it becomes inactive; a page that changed institution takes nothing along."""
    conn.execute("UPDATE institutions SET active = 0 WHERE active = 1")
    conn.execute("UPDATE pages SET active = 0 WHERE active = 1")
    conn.executemany(
        "INSERT INTO institutions (id, name, kind) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, active = 1",
        [(place.id, place.name, place.kind) for place in institutions],
    )
    conn.executemany(
        "INSERT INTO pages (id, institution_id, platform, name, url, goal_hours, every_seconds, visited, coverage_goal,"
        " opening, urgent_hours) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " institution_id = excluded.institution_id,"
        " platform = excluded.platform, name = excluded.name, url = excluded.url, goal_hours = excluded.goal_hours,"
        " every_seconds = excluded.every_seconds, visited = excluded.visited, coverage_goal = excluded.coverage_goal,"
        " opening = excluded.opening, urgent_hours = excluded.urgent_hours, active = 1",
        [
            (
                page.id,
                page.institution_id,
                page.platform,
                page.name,
                page.url,
                page.goal_hours,
                page.every_seconds,
                int(bool(page.ref)),
                page.coverage,
                to_column(page.opening),
                page.urgent_hours,
            )
            for page in pages
        ],
    )


def memory(conn: sqlite3.Connection, page_id: str) -> dict[str, str]:
    """What an earlier visit asked to be remembered of the page; empty for an unknown one."""
    row = conn.execute("SELECT memory FROM pages WHERE id = ?", (page_id,)).fetchone()
    return {str(key): str(value) for key, value in json.loads(row[0]).items()} if row else {}


def remember(conn: sqlite3.Connection, page_id: str, kept: Mapping[str, str]) -> None:
    """Replace what is remembered of the page.

    When its token ends is kept beside it, until another time is told: "" says that it has no end known.
    """
    if EXPIRES in kept:
        note_expiry(conn, page_id, kept[EXPIRES])
    text = json.dumps(dict(kept), ensure_ascii=False, sort_keys=True)
    conn.execute("UPDATE pages SET memory = ?1 WHERE id = ?2 AND memory <> ?1", (text, page_id))


def renewed(conn: sqlite3.Connection, page_id: str, expires: datetime | None) -> None:
    """The page has a new token: what was told of the old one's end is no longer so."""
    remember(conn, page_id, memory(conn, page_id) | {EXPIRES: to_text(expires) if expires else ""})


def note_expiry(conn: sqlite3.Connection, page_id: str, expires: str) -> None:
    """Keep when the page's token ends; "", or what is no time, says that nobody knows."""
    conn.execute("UPDATE pages SET token_expires_at = ? WHERE id = ?", (_moment(expires), page_id))


def note_rhythm(conn: sqlite3.Connection, page_id: str, seconds: float) -> None:
    """Keep how often the page is visited now; written only where that changed by more than a tenth."""
    conn.execute(
        "UPDATE pages SET rhythm = ?1 WHERE id = ?2 AND (rhythm IS NULL OR abs(rhythm - ?1) > rhythm / 10.0)",
        (round(seconds), page_id),
    )


def note_usage(conn: sqlite3.Connection, page_id: str, used: float, resets_at: datetime | None, at: datetime) -> None:
    """Keep how much of its platform's limit the page's last visit found used, and when the window begins anew."""
    conn.execute(
        "UPDATE pages SET used = ?, resets_at = ?, used_at = ? WHERE id = ?",
        (used, to_text(resets_at) if resets_at else None, to_text(at), page_id),
    )


def _moment(text: str) -> str | None:
    """A platform's time as stored; None for "" and for what is none. A time without a zone is taken for UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_text(at if at.tzinfo else at.replace(tzinfo=UTC))
