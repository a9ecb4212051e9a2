"""Cases that change hands: passed on to another institution and taken back, or released because time ran out.

A passed case belongs to its receiver, who acts on it as on any of their own; the giver reads it (`scoping.readable`)
and takes it back as long as nobody has taken it. Its deadline stays what it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from data import journal
from data.connection import writing
from data.deciding import change
from data.errors import ChangedError, OutOfScopeError
from data.passing_rows import PassGround
from data.scoping import Condition, within
from data.times import to_text
from data.types import Category, Scope

_LAPSE: Final = """UPDATE cases SET status = 'new', taken_by = NULL, taken_at = NULL, revision = revision + 1
    WHERE id = ? AND status = 'taken' AND verdict IS NULL"""
_UNKNOWN: Final = "That case does not exist for you; nothing was written. Ask for one of your own queue."


def pass_on(
    conn: sqlite3.Connection,
    scope: Scope,
    person: str,
    case_id: int,
    revision: int,
    to: str,
    ground: PassGround,
    at: datetime,
) -> int:
    """The passing's id. Only an open inquiry goes on, and only to another institution that is active."""
    held = conn.execute("SELECT institution_id FROM cases WHERE id = ?", (case_id,)).fetchone()
    giver = held["institution_id"] if held else ""
    if to == giver or not conn.execute("SELECT 1 FROM institutions WHERE id = ? AND active", (to,)).fetchone():
        raise OutOfScopeError("The case cannot go to that institution; nothing was written. Choose another one.")
    change(
        conn, scope, case_id, revision, "institution_id = ?, status = 'new', taken_by = NULL, taken_at = NULL", (to,),
        "category = 'inquiry' AND status IN ('new', 'taken') AND verdict IS NULL",
    )  # fmt: skip
    passing = conn.execute(
        "INSERT INTO passings (case_id, from_id, to_id, ground, person, at) VALUES (?, ?, ?, ?, ?, ?)",
        (case_id, giver, to, ground.value, person, to_text(at)),
    ).lastrowid
    assert passing is not None  # an INSERT into a rowid table has one
    _note(conn, at, person, "pass", case_id, giver, to=to, ground=ground.value)
    return passing


def take_back(conn: sqlite3.Connection, scope: Scope, person: str, passing_id: int, at: datetime) -> None:
    """The case stands with its giver again: only the last passing of a case, and while nobody looks after it."""
    condition, names = _given(scope)
    row = conn.execute(
        f"SELECT * FROM passings WHERE id = ? AND ended_at IS NULL AND {condition}",  # noqa: S608, placeholders only
        (passing_id, *names),
    ).fetchone()
    if row is None or not scope.acts:
        raise OutOfScopeError(_UNKNOWN)
    changed = conn.execute(
        """UPDATE cases SET institution_id = ?, revision = revision + 1
           WHERE id = ? AND institution_id = ? AND status = 'new' AND verdict IS NULL
               AND ? = (SELECT max(id) FROM passings WHERE case_id = cases.id AND ended_at IS NULL)""",
        (row["from_id"], row["case_id"], row["to_id"], passing_id),
    ).rowcount
    if not changed:
        raise ChangedError(f"Case {row['case_id']} is looked after where it went; nothing was written.")
    conn.execute("UPDATE passings SET ended_at = ?, ended_by = ? WHERE id = ?", (to_text(at), person, passing_id))
    _note(conn, at, person, "take_back", row["case_id"], row["from_id"], to=row["to_id"])


def lapse(conn: sqlite3.Connection, hours: int, at: datetime) -> int:
    """Release what was taken at least `hours` ago and is not decided; how many cases."""
    rows = conn.execute(
        "SELECT id, institution_id, taken_by, taken_at FROM cases INDEXED BY cases_taken"
        " WHERE status = 'taken' AND verdict IS NULL AND taken_at <= ? ORDER BY id",
        (to_text(at - timedelta(hours=hours)),),
    ).fetchall()
    for row in rows:
        conn.execute(_LAPSE, (row["id"],))
        conn.execute(
            "INSERT INTO lapses (case_id, taken_by, taken_at, at) VALUES (?, ?, ?, ?)",
            (row["id"], row["taken_by"], row["taken_at"], to_text(at)),
        )
        _note(conn, at, "scheduler", "lapse", row["id"], row["institution_id"], hours=hours)
    return len(rows)


def _given(scope: Scope) -> Condition:
    """That an inquiry was given away by an institution of the scope."""
    if Category.INQUIRY not in scope.categories:
        return "0=1", ()
    return within(scope, "from_id")


def _note(
    conn: sqlite3.Connection, at: datetime, person: str, action: str, case_id: int, institution: str, **detail: object
) -> None:
    category = conn.execute("SELECT category FROM cases WHERE id = ?", (case_id,)).fetchone()["category"]
    journal.append(
        conn, at=at, actor=person, action=action, subject=f"case:{case_id}", institution_id=institution,
        detail={"category": category, **detail},
    )  # fmt: skip


class Passing:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def pass_on(self, scope: Scope, person: str, case_id: int, revision: int, to: str, ground: PassGround) -> int:
        """Give an open inquiry to another institution; the passing's number, errors as `take`."""
        with writing(self._conn):
            return pass_on(self._conn, scope, person, case_id, revision, to, ground, self._clock())

    def take_back(self, scope: Scope, person: str, passing: int) -> None:
        """Have a passed case back; ChangedError once somebody has taken it there, OutOfScopeError where not theirs."""
        with writing(self._conn):
            take_back(self._conn, scope, person, passing, self._clock())

    def lapse(self, hours: int) -> int:
        """Release the cases that were taken at least `hours` clock hours ago; how many. 0 hours: none, ever."""
        if not hours:
            return 0
        with writing(self._conn):
            return lapse(self._conn, hours, self._clock())
