"""The people who may log in: kept by communications, or taken from what the provider claims of them.

Whoever may keep the table sees everything and acts: its scope is communications'. Each change is a journal row that
names people and institutions by their ids. One communications person always remains.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from data import journal
from data.errors import OutOfScopeError, SideblikError, Who
from data.journal import Rows
from data.times import from_text, to_text
from data.types import Category, Scope

EVERYWHERE: Final = ("communications", "dpo")
ROLES: Final = ("reader", "administrator", *EVERYWHERE)
_LOGIN: Final = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
COLUMNS: Final = "people.id, login, name, role, institutions, source, subject, password, added_at, ended_at"


class Refusal(StrEnum):
    """Why the table stays as it is."""

    FORM = "form"  # no login or name, or one that no line holds
    TAKEN = "taken"  # the login is another person's
    PLACES = "places"  # a role without the institutions that it needs, or with some that it has not
    ROLE = "role"  # a role that there is not
    LAST = "last"  # nobody would be left who may keep the table
    GONE = "gone"  # there is no such person any more


class PersonError(SideblikError):
    """What was asked of the people table breaks a rule of it; nothing was written."""

    who = Who.VIEWER

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_SAID[refusal])
        self.refusal = refusal


_SAID: Final = {
    Refusal.FORM: "A login (one word, 200 characters at most) and a name are needed; nothing was changed.",
    Refusal.TAKEN: "That login is another person's; change or end theirs first.",
    Refusal.PLACES: "A reader or administrator needs institutions that there are; other roles see all, so name none.",
    Refusal.ROLE: "That is no role; there are: reader, administrator, communications, dpo.",
    Refusal.LAST: "This is the last communications person; give somebody else that role first.",
    Refusal.GONE: "There is no such person who may log in; look at the list of people.",
}


@dataclass(frozen=True, slots=True)
class Person:
    """What a person is and may see; `institutions` are ids, none for a role that sees all."""

    login: str
    name: str
    role: str
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the table. `bound`: an account of the provider is theirs. Never holds a password's hash."""

    id: int
    person: Person
    source: str
    bound: bool
    has_password: bool
    added_at: datetime
    ended_at: datetime | None


def keeps(scope: Scope) -> bool:
    """Whether the holder of a scope may keep the table."""
    return scope.everywhere and scope.browse and scope.acts and scope.categories == frozenset(Category)


def people(reader: Rows, scope: Scope) -> list[PersonRow]:
    """Everybody, those who ended last; nobody for a scope that may not keep the table."""
    if not keeps(scope):
        return []
    rows = reader.execute(f"SELECT {COLUMNS} FROM people ORDER BY ended_at IS NOT NULL, name, id")  # noqa: S608
    return [row_of(row) for row in rows]


def by_login(reader: Rows, login: str) -> PersonRow | None:
    """The person of a login who may log in, whatever its case."""
    return _one(reader, "login = ? AND ended_at IS NULL", login.strip().lower())


def password_of(reader: Rows, login: str) -> tuple[int, str] | None:
    """Id and password's hash of the person of a login; None where nobody, or somebody without, has it."""
    sql = "SELECT id, password FROM people WHERE login = ? AND ended_at IS NULL AND password IS NOT NULL"
    row = next(iter(reader.execute(sql, (login.strip().lower(),))), None)
    return (int(row[0]), str(row[1])) if row else None


def add(conn: sqlite3.Connection, scope: Scope, actor: str, person: Person, at: datetime) -> int:
    """A new person, or one who comes back under the login of before; the id."""
    _allowed(scope)
    kept = _checked(conn, person)
    found = _one(conn, "login = ?", kept.login)
    if found and not found.ended_at:
        raise PersonError(Refusal.TAKEN)
    values = (kept.name, kept.role, json.dumps(kept.institutions), "kept", to_text(at), kept.login)
    if found:
        sql = """UPDATE people SET name = ?, role = ?, institutions = ?, source = ?, added_at = ?, ended_at = NULL,
            subject = NULL, password = NULL WHERE login = ?"""
    else:
        sql = "INSERT INTO people (name, role, institutions, source, added_at, login) VALUES (?, ?, ?, ?, ?, ?)"
    written = conn.execute(sql, values)
    number = found.id if found else int(written.lastrowid or 0)
    _note(conn, actor, "person_added", number, at, kept)
    return number


def change(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, person: Person, at: datetime) -> None:
    """Another login, name, role or other institutions; open sessions have them from their next look on."""
    _allowed(scope)
    before = _active(conn, number)
    kept = _checked(conn, person)
    if (other := _one(conn, "login = ?", kept.login)) and other.id != number:
        raise PersonError(Refusal.TAKEN)
    if before.person.role == "communications" != kept.role:
        _not_last(conn, number)
    conn.execute(
        "UPDATE people SET login = ?, name = ?, role = ?, institutions = ?, source = 'kept' WHERE id = ?",
        (kept.login, kept.name, kept.role, json.dumps(kept.institutions), number),
    )
    if kept.login != before.person.login:  # another account than the one that is bound
        conn.execute("UPDATE people SET subject = NULL WHERE id = ?", (number,))
        close_all(conn, number)
    _note(conn, actor, "person_changed", number, at, kept)


def end(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, at: datetime) -> None:
    """The person may not log in any more; sessions, links and password are gone at once."""
    _allowed(scope)
    if _active(conn, number).person.role == "communications":
        _not_last(conn, number)
    conn.execute("UPDATE people SET ended_at = ?, password = NULL WHERE id = ?", (to_text(at), number))
    close_all(conn, number)
    _note(conn, actor, "person_ended", number, at)


def set_password(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, digest: str, at: datetime) -> None:
    """Keep the argon2id hash of a new password; open sessions end."""
    revoke(conn, scope, actor, number, at, action="password_set")
    conn.execute("UPDATE people SET password = ? WHERE id = ?", (digest, number))


def unbind(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, at: datetime) -> None:
    """The next account of the provider that comes with the person's login becomes theirs; open sessions end."""
    revoke(conn, scope, actor, number, at, action="person_unbound")
    conn.execute("UPDATE people SET subject = NULL WHERE id = ?", (number,))


def revoke(
    conn: sqlite3.Connection, scope: Scope, actor: str, number: int, at: datetime, *, action: str = "sessions_ended"
) -> None:
    """Their sessions and links end; they may log in again."""
    _allowed(scope)
    _active(conn, number)
    close_all(conn, number)
    _note(conn, actor, action, number, at)


def link_made(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, at: datetime) -> None:
    """A link is made for the person; earlier ones are void."""
    _allowed(scope)
    _active(conn, number)
    conn.execute("DELETE FROM links WHERE person = ?", (number,))
    _note(conn, actor, "link_made", number, at)


def arrived(conn: sqlite3.Connection, subject: str, login: str, claimed: Person | None, at: datetime) -> int | None:
    """The id of whoever the provider says has logged in, None for somebody unknown here.

    An account is known by `subject`; a kept person whose login comes for the first time is bound to it, and no other
    account has that login from then on. `claimed` is what the mapping makes of the claims: a person of that kind is
    written anew at each login, unless communications keeps or has ended them.
    """
    known = _one(conn, "subject = ?", subject)
    named = _one(conn, "login = ?", login.strip().lower()) if login.strip() else None
    if known is None and named is not None and not named.bound and named.source == "kept" and not named.ended_at:
        conn.execute("UPDATE people SET subject = ? WHERE id = ?", (subject, named.id))
        _note(conn, "login", "person_bound", named.id, at)
        return named.id
    if known is not None and (known.ended_at or known.source == "kept"):
        return None if known.ended_at else known.id
    if claimed is None:
        if known is not None:
            close_all(conn, known.id)
        return None
    return _claimed(conn, known, named, subject, claimed, at)


def _claimed(
    conn: sqlite3.Connection,
    known: PersonRow | None,
    named: PersonRow | None,
    subject: str,
    claimed: Person,
    at: datetime,
) -> int | None:
    """A person whose role the provider decides; None where the login is another's."""
    kept = _checked(conn, claimed)
    if known is None and named is not None:
        return None
    if known is None:
        sql = """INSERT INTO people (login, name, role, institutions, source, subject, added_at)
            VALUES (?, ?, ?, ?, 'claims', ?, ?)"""
        values = (kept.login, kept.name, kept.role, json.dumps(kept.institutions), subject, to_text(at))
        number = int(conn.execute(sql, values).lastrowid or 0)
        _note(conn, "login", "person_added", number, at, kept)
        return number
    if (known.person.name, known.person.role, known.person.institutions) != (kept.name, kept.role, kept.institutions):
        conn.execute(
            "UPDATE people SET name = ?, role = ?, institutions = ? WHERE id = ?",
            (kept.name, kept.role, json.dumps(kept.institutions), known.id),
        )
        _note(conn, "login", "person_changed", known.id, at, kept)
    return known.id


def close_all(conn: sqlite3.Connection, number: int) -> None:
    """End every session and link of a person."""
    conn.execute("DELETE FROM sessions WHERE person = ?", (number,))
    conn.execute("DELETE FROM links WHERE person = ?", (number,))


def _allowed(scope: Scope) -> None:
    if not keeps(scope):
        raise OutOfScopeError("The people table is communications' to keep; nothing was changed.")


def _active(conn: sqlite3.Connection, number: int) -> PersonRow:
    found = _one(conn, "id = ? AND ended_at IS NULL", number)
    if found is None:
        raise PersonError(Refusal.GONE)
    return found


def _not_last(conn: sqlite3.Connection, number: int) -> None:
    sql = "SELECT 1 FROM people WHERE role = 'communications' AND ended_at IS NULL AND id <> ?"
    if conn.execute(sql, (number,)).fetchone() is None:
        raise PersonError(Refusal.LAST)


def _checked(conn: sqlite3.Connection, person: Person) -> Person:
    login, name = person.login.strip().lower(), person.name.strip()
    if not _LOGIN.fullmatch(login) or not _NAME.fullmatch(name):
        raise PersonError(Refusal.FORM)
    known = {row[0] for row in conn.execute("SELECT id FROM institutions WHERE active = 1")}
    given = tuple(sorted(set(person.institutions)))
    if person.role not in ROLES:
        raise PersonError(Refusal.ROLE)
    if bool(given) == (person.role in EVERYWHERE) or not known.issuperset(given):
        raise PersonError(Refusal.PLACES)
    return Person(login, name, person.role, given)


def _one(rows: Rows, condition: str, value: str | int) -> PersonRow | None:
    found = rows.execute(f"SELECT {COLUMNS} FROM people WHERE {condition}", (value,))  # noqa: S608, own conditions
    row = next(iter(found), None)
    return row_of(row) if row else None


def row_of(row: Sequence[Any]) -> PersonRow:
    """A row of `COLUMNS` as a record."""
    number, login, name, role, places, source, subject, password, added, ended = tuple(row)[:10]
    return PersonRow(
        id=number,
        person=Person(login, name, role, tuple(json.loads(places))),
        source=source,
        bound=subject is not None,
        has_password=password is not None,
        added_at=from_text(added),
        ended_at=from_text(ended) if ended else None,
    )


def _note(
    conn: sqlite3.Connection, actor: str, action: str, number: int, at: datetime, person: Person | None = None
) -> None:
    detail = {"role": person.role, "institutions": ",".join(person.institutions)} if person else {}
    journal.append(conn, at=at, actor=actor, action=action, subject=f"person:{number}", detail=detail)
