"""What a reader of the platform sees of a message, and when that changed.

                 listed                listed as hidden
    visible ◄────────────► hidden        ▲
       │  ▲                  │           │        Every arrow is a row in `sightings`: what it was, what it became,
       │  └── listed again ──┤           │        when it was last known to be the former (`after`) and when the
       ▼                     ▼           │        change was seen (`at`).
    gone (missing twice) / unreachable ──┘

A message that is hidden when it is first seen has a sighting too, with `was` empty.

`missing` counts complete readings without the message; a single one may be the platform's slip.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from data.bulk import insert
from data.stored import Stored
from data.times import to_text, week_of
from data.types import Page, Visibility

MISSES: Final = 2  # complete readings without a message before it counts as gone
UNSEEN: Final = ""  # what a message "was" that nobody had seen before
_SIGHTING: Final = ("message", "page_id", "institution_id", "was", "became", "after", "at", "week")


def seen(conn: sqlite3.Connection, listed: Iterable[tuple[Stored, Visibility]], at: datetime) -> None:
    """Messages that were listed again, each as it was listed; those that are as before are not written."""
    moved = [(row, visibility) for row, visibility in listed if row.visibility != visibility]
    back = [(row.id,) for row, visibility in listed if row.missing and row.visibility == visibility]
    conn.executemany("UPDATE messages SET missing = 0 WHERE id = ?", back)
    change(conn, moved, at)


def first_hidden(conn: sqlite3.Connection, page: Page, messages: Iterable[int], at: datetime) -> None:
    """Messages that were hidden when they were first seen; what they were before that is not known."""
    when, week = to_text(at), week_of(at)
    rows = [(row, page.id, page.institution_id, UNSEEN, Visibility.HIDDEN, None, when, week) for row in messages]
    insert(conn, "sightings", _SIGHTING, rows)


def change(conn: sqlite3.Connection, moved: Iterable[tuple[Stored, Visibility]], at: datetime) -> None:
    """Give each message its new state and write the sighting; the states must differ."""
    moved = list(moved)
    conn.executemany(
        "UPDATE messages SET visibility = ?, missing = ? WHERE id = ?",
        [(new, MISSES if new is Visibility.GONE else 0, row.id) for row, new in moved],
    )
    after = {page: last_complete(conn, page) for page in {row.page_id for row, _ in moved}}
    when, week = to_text(at), week_of(at)
    insert(
        conn,
        "sightings",
        _SIGHTING,
        [
            (row.id, row.page_id, row.institution_id, row.visibility, new, after[row.page_id], when, week)
            for row, new in moved
        ],
    )


def miss(
    conn: sqlite3.Connection,
    page: Page,
    *,
    listed: Collection[str],
    threads: Collection[str],
    posts_since: datetime | None,
    at: datetime,
) -> int:
    """Count a miss for what should have been listed and was not; the number of messages that became gone by it.

    A post that is gone takes its thread with it: nobody can read on under it.
    """
    listed = frozenset(listed)
    absent = [row for row in _expected(conn, page, threads, posts_since) if row.message_id not in listed]
    conn.executemany("UPDATE messages SET missing = missing + 1 WHERE id = ?", [(row.id,) for row in absent])
    lost = {row.id: row for row in absent if row.missing + 1 >= MISSES}
    for row in list(lost.values()):
        lost.update((under.id, under) for under in _under(conn, page, row.message_id) if under.message_id not in listed)
    change(conn, [(row, Visibility.GONE) for row in lost.values()], at)
    return len(lost)


def refuse(
    conn: sqlite3.Connection, page: Page, threads: Collection[str], at: datetime, *, listed: Collection[str] = ()
) -> None:
    """Threads that the platform would not show: nothing is known of what they held and the reading did not list."""
    known, listed = (Visibility.VISIBLE, Visibility.HIDDEN), frozenset(listed)
    held = (row for thread in threads for row in _under(conn, page, thread))
    rows = [row for row in held if row.visibility in known and row.message_id not in listed]
    change(conn, [(row, Visibility.UNREACHABLE) for row in rows], at)


def last_complete(conn: sqlite3.Connection, page_id: str, source: str = "visit") -> str | None:
    """The start of the page's last complete visit, as stored."""
    row = conn.execute(
        "SELECT max(started_at) FROM visits WHERE page_id = ? AND source = ? AND outcome = 'complete'",
        (page_id, source),
    ).fetchone()
    return str(row[0]) if row[0] else None


_FIELDS: Final = ", ".join(Stored.__slots__)
_NOT_GONE: Final = "page_id = ? AND visibility <> 'gone'"


def _expected(conn: sqlite3.Connection, page: Page, threads: Collection[str], since: datetime | None) -> list[Stored]:
    comments = conn.execute(
        f"SELECT {_FIELDS} FROM messages WHERE platform = ? AND thread_id IN (SELECT value FROM json_each(?))"  # noqa: S608, own names
        f" AND {_NOT_GONE} AND kind <> 'post'",
        (page.platform, json.dumps(list(threads)), page.id),
    )
    found = [Stored(*row) for row in comments]
    if since is None:
        return found
    posts = conn.execute(
        f"SELECT {_FIELDS} FROM messages WHERE kind = 'post' AND {_NOT_GONE}"  # noqa: S608, own names
        " AND coalesce(created_at, first_seen) >= ? AND created_at IS NOT NULL",
        (page.id, to_text(since)),
    )
    return found + [Stored(*row) for row in posts]


def _under(conn: sqlite3.Connection, page: Page, thread: str) -> list[Stored]:
    rows = conn.execute(
        f"SELECT {_FIELDS} FROM messages WHERE platform = ? AND thread_id = ? AND {_NOT_GONE}",  # noqa: S608, own names
        (page.platform, thread, page.id),
    )
    return [Stored(*row) for row in rows]
