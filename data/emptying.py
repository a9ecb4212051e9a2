"""Texts taken out of the database, in the caller's transaction; and their bytes taken out of its files.

Emptied are the text, the versions before it, the writer's name and key, attachments, findings (places in the text)
and what was remembered of its words. What stays is what figures are made of: when, where, of which kind, the answers
and the cases, and the keyed digest, by which the same text is known again and not stored again.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from data import remembered
from data.retention import Why
from data.times import to_text

_CUT_SECONDS: Final = 1.0
_AMONG: Final = "IN (SELECT value FROM json_each(?1))"
_PARTS: Final = (
    f"""UPDATE messages SET text = '', author_name = '', author_key = '', attachments = '[]', because = '[]',
        failed = '[]', rules = '' WHERE id {_AMONG}""",  # noqa: S608, own words
    f"UPDATE versions SET text = '' WHERE message {_AMONG}",  # noqa: S608, likewise
    f"DELETE FROM findings WHERE message {_AMONG}",  # noqa: S608, likewise
    f"DELETE FROM refreshed WHERE message {_AMONG}",  # noqa: S608, likewise
    f"DELETE FROM kept_back WHERE message {_AMONG}",  # noqa: S608, likewise
)


def empty(conn: sqlite3.Connection, messages: Sequence[int], why: Why, at: datetime) -> None:
    """Empty messages; figures stay. Erased ones lose their address too, which may hold a writer's name."""
    if not messages:
        return
    numbers = json.dumps(list(messages))
    remembered.edited(conn, messages, at)
    conn.execute(f"UPDATE remembered SET spans = '' WHERE message {_AMONG}", (numbers,))  # noqa: S608, own words
    for statement in _PARTS:
        conn.execute(statement, (numbers,))
    if why is Why.ERASED:
        conn.execute(f"UPDATE messages SET url = '' WHERE id {_AMONG}", (numbers,))  # noqa: S608, own words
    conn.executemany(
        """INSERT INTO emptied (message, at, why) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET why = excluded.why WHERE excluded.why = 'erased'""",
        [(number, to_text(at), why.value) for number in messages],
    )
    ask_to_wipe(conn)


def unname(conn: sqlite3.Connection, messages: Sequence[int]) -> None:
    """Take the writers' names out and leave the texts."""
    if messages:
        conn.execute(f"UPDATE messages SET author_name = '' WHERE id {_AMONG}", (json.dumps(list(messages)),))  # noqa: S608, own words
        ask_to_wipe(conn)


def ask_to_wipe(conn: sqlite3.Connection) -> None:
    """Note that something was taken out whose bytes may still lie in the files."""
    conn.execute("UPDATE wiping SET asked = asked + 1")


def is_wiped(conn: sqlite3.Connection) -> bool:
    """Whether nothing that was taken out may still lie in the files."""
    return bool(conn.execute("SELECT asked = done FROM wiping").fetchone()[0])


def _log_cut(conn: sqlite3.Connection) -> bool:
    """Whether the log could be cut to nothing, tried for a second: another writer's own checkpoint refuses at once."""
    end = time.monotonic() + _CUT_SECONDS
    while conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() >= end:
            return False
        time.sleep(0.02)
    return True


def wipe(conn: sqlite3.Connection) -> bool:
    """Take the bytes of what was emptied out of index, file and write-ahead log; outside any transaction.

    False where somebody reads just now, so that the log cannot be cut: to be tried again.

    `secure_delete` alone is not enough: now and then a page keeps a copy in the room between its rows (5 of some 7,000
    emptied texts were found again, SQLite 3.40), and the index keeps words until its parts are merged. So the index is
    built anew and the whole file written anew (VACUUM).
    """
    asked, done = conn.execute("SELECT asked, done FROM wiping").fetchone()
    if asked == done:
        return True
    conn.execute("INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')")
    conn.execute("VACUUM")
    if not _log_cut(conn):
        return False
    conn.execute("UPDATE wiping SET done = max(done, ?)", (asked,))
    return True
