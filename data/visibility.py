"""What a reader of the platform sees of a message, and when that changed.

                 listed                listed as hidden
    visible ◄────────────► hidden        ▲
       │  ▲                  │           │        Every arrow is a row in `sightings`: what it was, what it became,
       │  └── listed again ──┤           │        when it was last known to be the former (`after`) and when the
       ▼                     ▼           │        change was seen (`at`).
    gone (missing twice) / unreachable ──┘

A message that is hidden when it is first seen has a sighting too, with `was` empty.

`missing` counts complete readings without the message; a single one may be the platform's slip. Between which two looks
it went is kept from the first of them (`misses`). What became hidden, gone or unreachable is a question of the removal
ledger (`data.removals`), but for what was hidden before the page was first read to its end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from data import removals
from data.bulk import insert
from data.removals import Moved
from data.stored import Stored
from data.times import to_text, week_of
from data.types import Page, Visibility

MISSES: Final = 2  # complete readings without a message before it counts as gone
UNSEEN: Final = ""  # what a message "was" that nobody had seen before
_SIGHTING: Final = ("message", "page_id", "institution_id", "was", "became", "after", "at", "week", "removal", "digest")


def seen(conn: sqlite3.Connection, listed: Iterable[tuple[Stored, Visibility]], at: datetime) -> None:
    """Messages that were listed again, each as it was listed; those that are as before are not written."""
    moved = [(row, visibility) for row, visibility in listed if row.visibility != visibility]
    back = [(row.id,) for row, visibility in listed if row.missing and row.visibility == visibility]
    conn.executemany("UPDATE messages SET missing = 0 WHERE id = ?", back)
    conn.executemany("DELETE FROM misses WHERE message = ?", back)
    change(conn, moved, at)


def first_hidden(conn: sqlite3.Connection, page: Page, messages: Iterable[int], at: datetime) -> None:
    """Messages that were hidden when they were first seen; what they were before that is not known."""
    last = last_complete(conn, page.id)
    known = removals.facts(conn, messages)
    moved = [_moved(row, UNSEEN, Visibility.HIDDEN, (last, to_text(at))) for row in known.values()]
    _write(conn, moved, removals.opened(conn, moved, at) if last else {}, at)


def change(conn: sqlite3.Connection, moved: Iterable[tuple[Stored, Visibility]], at: datetime) -> None:
    """Give each message its new state, write the sighting, and what the removal ledger asks; the states must differ."""
    changes = list(moved)
    if not changes:
        return
    conn.executemany(
        "UPDATE messages SET visibility = ?, missing = ? WHERE id = ?",
        [(new, MISSES if new is Visibility.GONE else 0, row.id) for row, new in changes],
    )
    last = {page: last_complete(conn, page) for page in {row.page_id for row, _ in changes}}
    known = removals.facts(conn, (row.id for row, _ in changes))
    looks = _looks(known, {row.id: new for row, new in changes}, last, to_text(at))
    told = [_moved(known[row.id], row.visibility, new, looks[row.id]) for row, new in changes]
    _write(conn, told, removals.opened(conn, told, at), at)
    conn.executemany("DELETE FROM misses WHERE message = ?", [(row.id,) for row, _ in changes])


Look = tuple[str | None, str]


def _looks(
    known: Mapping[int, sqlite3.Row], became: Mapping[int, Visibility], last: Mapping[str, str | None], at: str
) -> dict[int, Look]:
    """The two looks between which each message changed: the last with it as it was, the first with it otherwise.

    What went along with a post that was missed goes by the post's looks.
    """
    missed: dict[str, Look] = {
        row["message_id"]: (row["miss_after"], row["miss_at"])
        for number, row in known.items()
        if row["miss_at"] and became[number] is Visibility.GONE
    }
    looks: dict[int, Look] = {}
    for number, row in known.items():
        seen = max(last[row["page_id"]] or "", row["version_seen"])
        looks[number] = missed.get(row["message_id"]) or missed.get(row["thread_id"]) or (seen, at)
    return looks


def _moved(row: sqlite3.Row, was: str, became: Visibility, look: Look) -> Moved:
    after, missed_at = look
    return Moved(
        id=row["id"],
        page_id=row["page_id"],
        institution_id=row["institution_id"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        parent_id=row["parent_id"],
        digest=row["digest"],
        was=was,
        became=became,
        after=after,
        missed_at=missed_at,
    )


def _write(conn: sqlite3.Connection, moved: Iterable[Moved], ledger: Mapping[int, int], at: datetime) -> None:
    when, week = to_text(at), week_of(at)
    rows = [
        (
            one.id, one.page_id, one.institution_id, one.was, one.became, one.after if one.was else None, when, week,
            ledger.get(one.id), one.digest,
        )
        for one in moved
    ]  # fmt: skip
    insert(conn, "sightings", _SIGHTING, rows)


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
    _first_misses(conn, page, [row for row in absent if not row.missing], at)
    lost = {row.id: row for row in absent if row.missing + 1 >= MISSES}
    for row in list(lost.values()):
        lost.update((under.id, under) for under in _under(conn, page, row.message_id) if under.message_id not in listed)
    change(conn, [(row, Visibility.GONE) for row in lost.values()], at)
    return len(lost)


def _first_misses(conn: sqlite3.Connection, page: Page, absent: Iterable[Stored], at: datetime) -> None:
    """Keep between which two looks messages went, for when a second reading makes it sure."""
    last = last_complete(conn, page.id) or ""
    conn.executemany(
        "INSERT OR REPLACE INTO misses (message, after, at) SELECT id, max(?, version_seen), ? FROM messages"
        " WHERE id = ?",
        [(last, to_text(at), row.id) for row in absent],
    )


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
