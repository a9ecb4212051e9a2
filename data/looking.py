"""When a person last looked at their day, and what was the newest case then: what has a higher number is new to them.

A look within half an hour of the one before belongs to the same visit: what was new stays so while somebody works. Only
that a person looked is kept, the two newest visits of each; a colleague or a leader has no screen that shows it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from data.connection import writing
from data.times import from_text, to_text

VISIT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Look:
    """The last look of the visit before: cases numbered above `newest` came since."""

    at: datetime
    newest: int


def look(conn: sqlite3.Connection, person: str, at: datetime) -> Look | None:
    """Note a look, and tell of the visit before; None for the first one."""
    conn.execute(
        """INSERT INTO looked (person, at, newest) VALUES (?1, ?2, (SELECT coalesce(max(id), 0) FROM cases))
           ON CONFLICT (person) DO UPDATE SET
               before_at = CASE WHEN looked.at < ?3 THEN looked.at ELSE before_at END,
               before_newest = CASE WHEN looked.at < ?3 THEN looked.newest ELSE before_newest END,
               at = excluded.at, newest = excluded.newest""",
        (person, to_text(at), to_text(at - VISIT)),
    )
    row = conn.execute("SELECT before_at, before_newest FROM looked WHERE person = ?", (person,)).fetchone()
    return Look(from_text(row["before_at"]), row["before_newest"]) if row["before_at"] else None


class Looking:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def look(self, person: str) -> Look | None:
        """Note that a person looks at their day now; what the visit before saw last, None for the first."""
        with writing(self._conn):
            return look(self._conn, person, self._clock())

    def welcomed(self, person: str) -> bool:
        """Whether a person has sent away what a first visit is told."""
        return self._conn.execute("SELECT 1 FROM welcomed WHERE person = ?", (person,)).fetchone() is not None

    def welcome(self, person: str) -> None:
        """A person sends it away, for good."""
        with writing(self._conn):
            self._conn.execute(
                "INSERT INTO welcomed (person, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (person, to_text(self._clock())),
            )
