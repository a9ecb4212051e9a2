"""What the Store does for the removal ledger, and for events that ask to have a page visited soon."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path

from data import removals
from data.connection import reading, writing
from data.errors import UnderWayError
from data.removal_rows import Ground
from data.times import to_text
from data.types import Scope
from data.under_way import UnderWay


class Ledger:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _path: Path
    _clock: Callable[[], datetime]

    def explain(self, scope: Scope, person: str, asked: Mapping[int, int], ground: Ground, note: str) -> int:
        """One answer to some removals (revision by number), all or none; an explanation's id, to undo it by.

        `note` must be masked and of at most `NOTE_LENGTH` code points. ChangedError where one of them has an answer
        already or changed, OutOfScopeError where one is not the viewer's.
        """
        with writing(self._conn):
            return removals.explain(self._conn, scope, person, asked, ground, note, self._clock())

    def unexplain(self, scope: Scope, person: str, explanation: int) -> int:
        """Take an answer back, with all that it was given to at once; how many removals; errors as `explain`."""
        with writing(self._conn):
            return removals.undo(self._conn, scope, person, explanation, self._clock())

    def wake(self, pages: Collection[str]) -> None:
        """Ask to have pages visited soon; asked twice before that visit is once."""
        with writing(self._conn):
            self._conn.executemany(
                "INSERT INTO wakes (page_id, asked_at) SELECT id, ? FROM pages WHERE id = ? ON CONFLICT DO NOTHING",
                [(to_text(self._clock()), page) for page in pages],
            )

    def woken(self) -> list[str]:
        """The pages that shall be visited soon, those asked for first at the front."""
        with reading(self._conn):
            return [row[0] for row in self._conn.execute("SELECT page_id FROM wakes ORDER BY asked_at, page_id")]

    def under_way(self, page_id: str) -> bool:
        """Whether a visit to the page runs now, in whichever process; the row of one that was killed does not count."""
        with reading(self._conn):
            running = self._conn.execute(
                "SELECT 1 FROM visits WHERE page_id = ? AND source = 'visit' AND outcome = 'running'", (page_id,)
            ).fetchone()
        if running is None:
            return False
        try:
            UnderWay(self._path, page_id, "visit").end()
        except UnderWayError:
            return True
        return False

    def slept(self, page_id: str) -> None:
        """The visit that was asked for begins; what is asked from now on asks for another."""
        with writing(self._conn):
            self._conn.execute("DELETE FROM wakes WHERE page_id = ?", (page_id,))
