"""What each visit did, kept in its row as it goes, and the gaps: times in which a page was not seen.

A gap begins at the start of the last complete visit, since nothing is known of what was written after it, and ends
at the start of the next complete one. Where that one cannot read back to the visit before, as with a feed that holds
its newest entries, the time between them is a gap that is not filled, though no visit failed. Imports neither open nor
end gaps: a file tells nothing of now.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from data.connection import writing
from data.coverage import measure
from data.errors import SideblikError
from data.times import from_text, to_text
from data.types import Outcome, Page, Tally
from data.under_way import UnderWay
from data.visibility import last_complete

UNSEEN_AFTER: Final = timedelta(hours=24)


class Clock(Protocol):
    def __call__(self) -> datetime:
        """This moment, aware."""


def unseen_after(every_seconds: int) -> timedelta:
    """How long after a complete visit a page counts as seen: a day, or two visits where they are rarer."""
    return max(UNSEEN_AFTER, timedelta(seconds=2 * every_seconds))


class VisitLog:
    """A visit's row. Each call is a transaction or part of `Store.together`, so that a kill leaves the truth."""

    def __init__(
        self, conn: sqlite3.Connection, visit_id: int, page: Page, source: str, clock: Clock, lock: UnderWay
    ) -> None:
        self.id: Final = visit_id
        self._lock = lock
        self._conn = conn
        self._page = page
        self._source = source
        self._clock = clock

    def add(self, tally: Tally, *, calls: int = 0) -> None:
        """Count what a batch did, and the API calls that it took."""
        with writing(self._conn):
            self._conn.execute(
                "UPDATE visits SET fetched = fetched + ?, new = new + ?, edited = edited + ?, gone = gone + ?,"
                " unchanged = unchanged + ?, calls = calls + ? WHERE id = ?",
                (tally.fetched, tally.new, tally.edited, tally.gone, tally.unchanged, calls, self.id),
            )

    def release(self) -> None:
        """Let the next visit to the page begin, though this one's end is not written; a second time does nothing."""
        self._lock.end()

    def end(
        self,
        outcome: Outcome,
        *,
        error: SideblikError | None = None,
        stored: int | None = None,
        claimed: int | None = None,
        filled: bool = True,
    ) -> None:
        """How the visit ended. `stored` and `claimed` are comments over the threads that it read.

        Where the platform's numbers are stored with the posts, those over all posts are kept in their place.
        A failed or partial visit opens a gap or keeps the open one; a complete one ends it, `filled` where it read
        back over the whole of it. The page is free for the next visit then, also where this cannot be written.
        """
        try:
            self._end(outcome, error, stored, claimed, filled=filled)
        finally:
            self.release()

    def _end(
        self, outcome: Outcome, error: SideblikError | None, stored: int | None, claimed: int | None, *, filled: bool
    ) -> None:
        code = error.code if error else None
        with writing(self._conn):
            held, counted = measure(self._conn, self._page)
            if counted:
                stored, claimed = held, counted
            if not filled and outcome is Outcome.COMPLETE and self._source == "visit":
                open_gap(self._conn, self._page, self._started(), "NotReached")  # ended below, and listed as not filled
            self._conn.execute(
                "UPDATE visits SET ended_at = max(started_at, ?), outcome = ?, error = ?, detail = ?, who = ?,"
                " stored = ?, claimed = ? WHERE id = ?",
                (
                    to_text(self._clock()), outcome.value, code, str(error) if error else None,
                    error.who.value if error else None, stored, claimed, self.id,
                ),
            )  # fmt: skip
            if self._source != "visit":
                return
            if outcome is Outcome.COMPLETE:
                self._end_gap(filled=filled)
            else:
                open_gap(self._conn, self._page, self._started(), code or "Interrupted")

    def _end_gap(self, *, filled: bool) -> None:
        self._conn.execute(
            "UPDATE gaps SET ended_at = max(began_at, ?), filled = ? WHERE page_id = ? AND ended_at IS NULL",
            (self._started(), int(filled), self._page.id),
        )

    def _started(self) -> str:
        row = self._conn.execute("SELECT started_at FROM visits WHERE id = ?", (self.id,)).fetchone()
        return str(row[0])


def begin(conn: sqlite3.Connection, path: Path, page: Page, source: str, clock: Clock) -> VisitLog:
    """Open a visit's row. One of the same page and source that a kill left running is closed as partial.

    UnderWayError where one of them still runs; nothing is written then.
    """
    lock = UnderWay(path, page.id, source)
    try:
        return VisitLog(conn, _open_row(conn, page, source, clock()), page, source, clock, lock)
    except BaseException:
        lock.end()
        raise


def _open_row(conn: sqlite3.Connection, page: Page, source: str, at: datetime) -> int:
    with writing(conn):
        _close_left(conn, page, source, at)
        if source == "visit":
            _note_silence(conn, page, at)
        visit = conn.execute(
            "INSERT INTO visits (page_id, institution_id, source, started_at, outcome) VALUES (?, ?, ?, ?, 'running')",
            (page.id, page.institution_id, source, to_text(at)),
        ).lastrowid
    assert visit is not None  # an INSERT into a rowid table has one
    return visit


def open_gap(conn: sqlite3.Connection, page: Page, otherwise: str, error: str) -> None:
    """Open a gap from the last complete visit's start, or from `otherwise` before the first; an open one stays."""
    conn.execute(
        "INSERT INTO gaps (page_id, institution_id, began_at, error) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (page_id) WHERE ended_at IS NULL DO NOTHING",
        (page.id, page.institution_id, last_complete(conn, page.id) or otherwise, error),
    )


def _close_left(conn: sqlite3.Connection, page: Page, source: str, at: datetime) -> None:
    left = conn.execute(
        "SELECT id, started_at FROM visits WHERE page_id = ? AND source = ? AND outcome = 'running' ORDER BY id",
        (page.id, source),
    ).fetchall()
    for row in left:
        conn.execute(
            "UPDATE visits SET ended_at = ?, outcome = 'partial', error = 'Interrupted', who = 'nobody',"
            " detail = 'The visit was broken off before its end; what it had saved is kept.' WHERE id = ?",
            (to_text(at), row["id"]),
        )
        if source == "visit":
            open_gap(conn, page, row["started_at"], "Interrupted")


def _note_silence(conn: sqlite3.Connection, page: Page, at: datetime) -> None:
    """Open a gap where no visit was made for too long: Sideblik was off, and nobody saw the page."""
    last = last_complete(conn, page.id)
    if last is not None and at - from_text(last) > unseen_after(page.every_seconds):
        open_gap(conn, page, last, "NotVisited")
