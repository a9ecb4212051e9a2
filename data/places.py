"""Institutions and pages as the configuration names them, and the little that a platform asks us to remember."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from data.types import Institution, Page


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
        "INSERT INTO pages (id, institution_id, platform, name, url, goal_hours, every_seconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET institution_id = excluded.institution_id,"
        " platform = excluded.platform, name = excluded.name, url = excluded.url, goal_hours = excluded.goal_hours,"
        " every_seconds = excluded.every_seconds, active = 1",
        [
            (page.id, page.institution_id, page.platform, page.name, page.url, page.goal_hours, page.every_seconds)
            for page in pages
        ],
    )


def memory(conn: sqlite3.Connection, page_id: str) -> dict[str, str]:
    """What an earlier visit asked to be remembered of the page; empty for an unknown one."""
    row = conn.execute("SELECT memory FROM pages WHERE id = ?", (page_id,)).fetchone()
    return {str(key): str(value) for key, value in json.loads(row[0]).items()} if row else {}


def remember(conn: sqlite3.Connection, page_id: str, kept: Mapping[str, str]) -> None:
    """Replace what is remembered of the page."""
    text = json.dumps(dict(kept), ensure_ascii=False, sort_keys=True)
    conn.execute("UPDATE pages SET memory = ?1 WHERE id = ?2 AND memory <> ?1", (text, page_id))
