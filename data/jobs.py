"""What the scheduler owes: a job due at a time is done once, also when the process is killed in its middle."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime, timedelta
from typing import Final

from data.connection import writing
from data.journal import Rows
from data.times import from_text, to_text

_LONG: Final = timedelta(hours=1)
_begun: Final[set[tuple[str, str, str]]] = (
    set()
)  # of this process: a row alone does not tell a killed job from a running one
_lock: Final = threading.Lock()


def begin(conn: sqlite3.Connection, path: str, job: str, due: datetime, at: datetime) -> bool:
    """True for the one who shall do the job now: nobody finished it well, and nobody in this process is at it.

    A transaction of its own: a job whose beginning could not be written is not begun, and may be asked for again.
    """
    mark = (path, job, to_text(due))
    with _lock:
        with writing(conn):
            row = conn.execute("SELECT ok FROM jobs WHERE job = ? AND due = ?", mark[1:]).fetchone()
            if mark in _begun or (row is not None and row[0] == 1):
                return False
            conn.execute(
                "INSERT INTO jobs (job, due, started_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
                " started_at = excluded.started_at, ended_at = NULL, ok = NULL",
                (*mark[1:], to_text(at)),
            )
        _begun.add(mark)
        return True


def undone(reader: Rows, at: datetime) -> list[tuple[str, datetime]]:
    """The jobs whose last turn failed, or has not ended within an hour, and when they were due."""
    rows = reader.execute(
        "SELECT job, due FROM jobs WHERE due = (SELECT max(due) FROM jobs AS own WHERE own.job = jobs.job)"
        " AND (ok = 0 OR (ok IS NULL AND started_at < ?)) ORDER BY job",
        (to_text(at - _LONG),),
    )
    return [(str(row[0]), from_text(row[1])) for row in rows]


def end(conn: sqlite3.Connection, path: str, job: str, due: datetime, at: datetime, *, ok: bool) -> None:
    """Note that the job ended; one that did not end well, or whose end cannot be written, may be begun again."""
    with _lock:
        _begun.discard((path, job, to_text(due)))
    with writing(conn):
        conn.execute(
            "UPDATE jobs SET ended_at = ?, ok = ? WHERE job = ? AND due = ?", (to_text(at), int(ok), job, to_text(due))
        )
