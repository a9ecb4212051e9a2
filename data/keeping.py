"""What the Store does for retention, holds and what a person asks to have erased; each write is a transaction."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from data import emptying, holds, persons
from data.connection import reading, writing
from data.keeping_facts import policy
from data.persons import Found, Sought
from data.retention import Ceiling, Rules, Why
from data.sweeping import Ask, Swept, sweep, sweep_events, sweep_visits
from data.times import to_text
from data.types import Scope

_DAY = timedelta(days=1)
_REFRESHED_AGAIN = timedelta(hours=20)  # a message that is listed each half hour is written once a day


class Keeping(ABC):
    """A part of `Store`."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    @abstractmethod
    def author_key(self, thread_id: str, author_id: str) -> str:
        """A writer's key within one thread; see `Store.author_key`."""

    def set_keeping(self, rules: Rules, ceilings: Mapping[str, Ceiling]) -> None:
        """Mirror the configuration's rules and the platforms' terms."""
        with writing(self._conn):
            self._conn.execute("DELETE FROM keeping")
            self._conn.executemany("INSERT INTO keeping VALUES (?, ?)", asdict(rules).items())
            self._conn.execute("DELETE FROM ceilings")
            self._conn.executemany(
                "INSERT INTO ceilings VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name, _seconds(one.texts), _seconds(one.names), one.own, one.renewed, one.gone)
                    for name, one in ceilings.items()
                ],
            )

    def refreshed(self, platform: str, message_ids: Collection[str]) -> None:
        """Messages were listed again by a platform whose terms count from then."""
        at = self._clock()
        with writing(self._conn):
            self._conn.executemany(
                """INSERT INTO refreshed SELECT id, ?1 FROM messages WHERE platform = ?2 AND message_id = ?3
                   ON CONFLICT DO UPDATE SET at = excluded.at WHERE at < ?4""",
                [(to_text(at), platform, name, to_text(at - _REFRESHED_AGAIN)) for name in message_ids],
            )

    def empty_gone(self, page_id: str) -> int:
        """Empty at once what is gone on the page's platform and not held; how many messages."""
        at = self._clock()
        with writing(self._conn):
            rows = self._conn.execute(
                """SELECT messages.id FROM messages WHERE page_id = ? AND visibility = 'gone'
                       AND NOT EXISTS (SELECT 1 FROM emptied WHERE message = messages.id)
                       AND NOT EXISTS (SELECT 1 FROM holds WHERE holds.platform = messages.platform
                           AND holds.thread_id = messages.thread_id AND lifted_at IS NULL AND until > ?)""",
                (page_id, to_text(at)),
            ).fetchall()
            emptying.empty(self._conn, [row["id"] for row in rows], Why.GONE, at)
        return len(rows)

    def sweep(
        self,
        *,
        ahead: timedelta = timedelta(),
        platforms: frozenset[str] | None = None,
        dry: bool = False,
        moved: Callable[[int], object] = lambda _: None,
        keep_going: Callable[[], bool] = lambda: True,
    ) -> Swept:
        """Empty what is due by the rules in force, of some platforms or of all; `dry` only counts.

        `ahead` is the time until the next run, within which a platform's terms may not be overstepped. What belongs to
        no platform (visits, notes) is looked at when all are. The bytes are gone after `wipe`.
        """
        at = self._clock()
        self._conn.execute("PRAGMA secure_delete=ON")
        with reading(self._conn):
            rules = policy(self._conn)
            swept = sweep(self._conn, rules, Ask(at, ahead, platforms, dry), moved, keep_going)
            if platforms is None and keep_going():
                if not dry:
                    sweep_events(self._conn, at - rules.rules.ledger * _DAY, at)
                swept.visits = sweep_visits(self._conn, at - rules.rules.visits * _DAY, dry=dry)
        return swept

    def last_message(self) -> int:
        """The highest number of a message: how far a sweep goes."""
        with reading(self._conn):
            return int(self._conn.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0])

    def wipe(self) -> bool:
        """Take the bytes of what was emptied out of the files; False where somebody reads just now: try again.

        The database is written anew for it, and nobody else writes meanwhile. Needs as much free room on the disk.
        """
        with reading(self._conn):
            return emptying.wipe(self._conn)

    def hold(self, scope: Scope, person: str, case_id: int, until: date, ground: str) -> int:
        """Stop retention for a case's thread until the end of a day; `ground` must be masked; errors as `take`."""
        with writing(self._conn):
            return holds.hold(self._conn, scope, person, case_id, until, ground, self._clock())

    def lift_hold(self, scope: Scope, person: str, hold_id: int) -> None:
        """End a hold before its day; ChangedError where it has ended, OutOfScopeError where it is not the viewer's."""
        with writing(self._conn):
            holds.lift(self._conn, scope, person, hold_id, self._clock())

    def sought(self, sought: Sought) -> Found:
        """Where a person is met in what is stored; asked by the command line alone, for that person."""
        with reading(self._conn):
            return persons.find(self._conn, sought, self.author_key, self._clock())

    def erase(self, found: Found) -> Found:
        """Empty what was found, but for what is held; what was emptied. The bytes are gone after `wipe`."""
        self._conn.execute("PRAGMA secure_delete=ON")
        with writing(self._conn):
            return persons.erase(self._conn, found, self._clock())


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
