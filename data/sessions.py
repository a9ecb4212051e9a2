"""Sessions and one-time links. The browser or the mail holds a word of 256 bits, the database its hash alone.

A session ends by being deleted (logged out, revoked), at `until`, after `idle` without a look, or with its person; and
where the clock was set back to before its last look, since it would last that much longer.
Nothing of it is kept afterwards: when somebody was at work is nobody's to look up.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from data import people
from data.connection import reading, writing
from data.journal import Rows
from data.people import Person, PersonError, PersonRow, Refusal
from data.times import CLOCK_SLACK, from_text, to_text
from data.types import Scope

LINK: Final = timedelta(minutes=15)
_SEEN_EVERY: Final = timedelta(minutes=1)
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Session:
    """An open session and the person as they stand in the table now."""

    person: PersonRow
    way: str
    seen_at: datetime
    until: datetime


def session(reader: Rows, word: str, now: datetime, idle: timedelta) -> Session | None:
    """The session of a cookie's word; None for one that is made up, ended or too old, and where its person ended."""
    if not _WORD.fullmatch(word):
        return None
    rows = reader.execute(
        f"""SELECT {people.COLUMNS}, way, seen_at, until FROM sessions JOIN people ON people.id = sessions.person
            WHERE key = ? AND until > ? AND seen_at > ? AND seen_at <= ? AND ended_at IS NULL""",  # noqa: S608, own columns
        (key_of(word), to_text(now), to_text(now - idle), to_text(now + CLOCK_SLACK)),
    )
    row: Any = next(iter(rows), None)
    if row is None:
        return None
    return Session(people.row_of(row), row["way"], from_text(row["seen_at"]), from_text(row["until"]))


def is_stale(found: Session, now: datetime) -> bool:
    """Whether it is time to write that the session was used; once a minute is enough."""
    return now - found.seen_at >= _SEEN_EVERY


def key_of(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


class People:
    """A part of `Store`; each call is a transaction. Errors: PersonError, OutOfScopeError."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def add_person(self, scope: Scope, actor: str, person: Person) -> int:
        """A new person, or one who comes back under the login of before; the id."""
        with writing(self._conn):
            return people.add(self._conn, scope, actor, person, self._clock())

    def person(self, login: str) -> PersonRow:
        """The person of a login who may log in; PersonError where nobody has it."""
        with reading(self._conn):
            found = people.by_login(self._conn, login)
        if found is None:
            raise PersonError(Refusal.GONE)
        return found

    def change_person(self, scope: Scope, actor: str, number: int, person: Person) -> None:
        """Another login (which ends their sessions), name, role or other institutions (which do not)."""
        with writing(self._conn):
            people.change(self._conn, scope, actor, number, person, self._clock())

    def end_person(self, scope: Scope, actor: str, number: int) -> None:
        """The person may not log in any more, and their sessions end."""
        with writing(self._conn):
            people.end(self._conn, scope, actor, number, self._clock())

    def set_password(self, scope: Scope, actor: str, number: int, digest: str) -> None:
        """Keep the argon2id hash of a new password; open sessions end."""
        with writing(self._conn):
            people.set_password(self._conn, scope, actor, number, digest, self._clock())

    def unbind_person(self, scope: Scope, actor: str, number: int) -> None:
        """The person's next account becomes theirs; open sessions end."""
        with writing(self._conn):
            people.unbind(self._conn, scope, actor, number, self._clock())

    def arrived(self, subject: str, login: str, claimed: Person | None) -> int | None:
        """Who an account of the provider is here; None for somebody unknown."""
        with writing(self._conn):
            return people.arrived(self._conn, subject, login, claimed, self._clock())

    def begin_session(self, person: int, way: str, lasts: timedelta, hint: str = "") -> str:
        """Open a session; the word for the cookie, which is kept nowhere here. What is too old goes."""
        word, now = secrets.token_urlsafe(32), self._clock()
        with writing(self._conn):
            self._conn.execute("DELETE FROM sessions WHERE until <= ?", (to_text(now),))
            self._conn.execute(
                "INSERT INTO sessions (key, person, way, began_at, seen_at, until, hint) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key_of(word), person, way, to_text(now), to_text(now), to_text(now + lasts), hint),
            )
        return word

    def used_session(self, word: str) -> None:
        """The session was used now."""
        with writing(self._conn):
            self._conn.execute("UPDATE sessions SET seen_at = ? WHERE key = ?", (to_text(self._clock()), key_of(word)))

    def end_session(self, word: str) -> tuple[str, str] | None:
        """End one session, wherever it is open; its way and hint, None where there was none."""
        with writing(self._conn):
            row = self._conn.execute(
                "DELETE FROM sessions WHERE key = ? RETURNING way, hint", (key_of(word),)
            ).fetchone()
        return (row["way"], row["hint"]) if row else None

    def end_sessions(self, scope: Scope, actor: str, number: int) -> None:
        """End all sessions and links of a person, who may log in again."""
        with writing(self._conn):
            people.revoke(self._conn, scope, actor, number, self._clock())

    def make_link(self, scope: Scope, actor: str, number: int) -> str:
        """The word of a link that lets a person in once within 15 minutes; an earlier one is void."""
        word, now = secrets.token_urlsafe(32), self._clock()
        with writing(self._conn):
            people.link_made(self._conn, scope, actor, number, now)
            self._conn.execute(
                "INSERT INTO links (key, person, until) VALUES (?, ?, ?)", (key_of(word), number, to_text(now + LINK))
            )
        return word

    def use_link(self, word: str) -> int | None:
        """The person whom a link lets in, this once; None for one that is used, too old or made up."""
        with writing(self._conn):
            row = self._conn.execute(
                "DELETE FROM links WHERE key = ? RETURNING person, until", (key_of(word),)
            ).fetchone()
        left = from_text(row["until"]) - self._clock() if row else timedelta()
        return int(row["person"]) if row and timedelta() < left <= LINK + CLOCK_SLACK else None
