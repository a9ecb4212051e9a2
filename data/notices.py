"""Notices: made once for a person, sent once, tried again where the mail server refused, and told where it never came.

    made ─► due ─► taken (`tried_at`) ─► sent
                        │  refused ─► due again, later each time ─► given up after a day, and told on screen
                        └─ killed in between ─► due again after a quarter of an hour

Between a mail server's yes and our note of it a kill may fall; then a mail goes out twice, never not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from data.connection import writing
from data.journal import Rows
from data.times import CLOCK_SLACK, from_text, to_text

KINDS: Final = ("serious", "unopened", "unseen", "digest")
DIGESTS: Final = ("daily", "weekly", "never")
_WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60))
_LOST: Final = timedelta(minutes=15)
_SHOWN: Final = timedelta(days=7)
KEEP_TRYING: Final = timedelta(days=1)
_OPEN: Final = "sent_at IS NULL AND given_up_at IS NULL"
# what was made or tried later than now was so before the clock was set back, and must not wait for that time again
_DUE: Final = f"""{_OPEN} AND (due_at <= :now OR made_at > :ahead)
    AND (tried_at IS NULL OR tried_at <= :lost OR tried_at > :ahead)"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants; `quiet_from` and `quiet_until` are minutes of the day, equal for no quiet hours."""

    person: int
    address: str
    at_once: bool = True
    digest: str = "daily"
    quiet_from: int = 20 * 60
    quiet_until: int = 7 * 60


@dataclass(frozen=True, slots=True)
class Draft:
    """Something that a person is to be told of, from `due` on."""

    person: int
    kind: str
    subject: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """The notices of one kind that are due for one person: one mail."""

    person: int
    kind: str
    ids: tuple[int, ...]
    subjects: tuple[str, ...]


def choices(reader: Rows) -> dict[int, Choice]:
    """Everybody's choice, by the person's number; whoever has made none is not in it."""
    rows = reader.execute(
        "SELECT person, address, at_once, digest, quiet_from, quiet_until FROM notice_choices ORDER BY person"
    )
    return {row[0]: Choice(row[0], row[1], bool(row[2]), row[3], row[4], row[5]) for row in rows}


def unsent(reader: Rows, at: datetime) -> int:
    """How many notices were given up or have been refused at least twice in the last week."""
    sql = (
        "SELECT count(*) FROM notices WHERE given_up_at > ? OR (sent_at IS NULL AND given_up_at IS NULL AND tries > 1)"
    )
    return int(next(iter(reader.execute(sql, (to_text(at - _SHOWN),))))[0])


def take(conn: sqlite3.Connection, at: datetime) -> Bundle | None:
    """The next mail to send, marked as being sent; within the caller's write transaction."""
    moments = {"now": to_text(at), "lost": to_text(at - _LOST), "ahead": to_text(at + CLOCK_SLACK)}
    row = conn.execute(
        f"SELECT person, kind FROM notices WHERE {_DUE} ORDER BY due_at, id LIMIT 1",  # noqa: S608 own words
        moments,
    ).fetchone()
    if row is None:
        return None
    found = conn.execute(
        f"SELECT id, subject FROM notices WHERE {_DUE} AND person = :person AND kind = :kind ORDER BY id",  # noqa: S608
        {**moments, "person": row[0], "kind": row[1]},
    ).fetchall()
    ids = tuple(int(one[0]) for one in found)
    conn.executemany(
        "UPDATE notices SET tried_at = ?, tries = tries + 1 WHERE id = ?", [(to_text(at), one) for one in ids]
    )
    return Bundle(int(row[0]), str(row[1]), ids, tuple(str(one[1]) for one in found))


def done(conn: sqlite3.Connection, bundle: Bundle, at: datetime) -> None:
    conn.executemany("UPDATE notices SET sent_at = ? WHERE id = ?", [(to_text(at), one) for one in bundle.ids])


def refused(conn: sqlite3.Connection, bundle: Bundle, at: datetime) -> None:
    """Due again later, or given up when it has been tried for a day."""
    for number in bundle.ids:
        made, tries = conn.execute("SELECT made_at, tries FROM notices WHERE id = ?", (number,)).fetchone()
        if at - (from_text(made) or at) >= KEEP_TRYING:
            conn.execute("UPDATE notices SET given_up_at = ? WHERE id = ?", (to_text(at), number))
        else:
            later = to_text(at + _WAITS[min(tries, len(_WAITS)) - 1])
            conn.execute("UPDATE notices SET due_at = ?, tried_at = NULL WHERE id = ?", (later, number))


class Notices:
    """The store's part for notices."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def choose_notices(self, choice: Choice) -> None:
        """Keep what a person wants to be told of."""
        with writing(self._conn):
            self._conn.execute(
                "INSERT OR REPLACE INTO notice_choices VALUES (?, ?, ?, ?, ?, ?)",
                (
                    choice.person, choice.address, int(choice.at_once), choice.digest,
                    choice.quiet_from, choice.quiet_until,
                ),
            )  # fmt: skip

    def add_notices(self, drafts: Iterable[Draft]) -> int:
        """Make those that are not made yet; how many were."""
        with writing(self._conn):
            before = self._conn.total_changes
            self._conn.executemany(
                "INSERT OR IGNORE INTO notices (person, kind, subject, made_at, due_at) VALUES (?, ?, ?, ?, ?)",
                [(one.person, one.kind, one.subject, to_text(self._clock()), to_text(one.due)) for one in drafts],
            )
            return self._conn.total_changes - before

    def send_notices(self, post: Callable[[Bundle], bool]) -> int:
        """Send what is due, one mail for each person and kind; `post` tells whether it was taken. How many were."""
        sent = 0
        for _ in range(1000):  # a bound, in case the clock stands still
            with writing(self._conn):
                bundle = take(self._conn, self._clock())
            if bundle is None:
                return sent
            taken = post(bundle)
            with writing(self._conn):
                (done if taken else refused)(self._conn, bundle, self._clock())
            sent += taken
        return sent
