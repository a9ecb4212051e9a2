"""Legal holds: a named decision, with a ground and an end date, that retention stops for the thread of a case."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from typing import Final

from data import journal
from data.errors import ChangedError, OutOfScopeError
from data.scoping import within_cases
from data.times import COPENHAGEN, to_text
from data.types import Scope

LONGEST: Final = timedelta(days=3653)  # ten years, in which somebody must decide anew


def problem(until: date, ground: str, today: date) -> str:
    """What is wrong with a hold that somebody asks for: past, long, ground; "" for nothing."""
    if until < today:
        return "past"
    if until > today + LONGEST:
        return "long"
    return "" if ground.strip() else "ground"


def hold(
    conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, until: date, ground: str, at: datetime
) -> int:
    """Keep the case's thread until the end of a day in Copenhagen; the hold's number."""
    row = _case(conn, scope, case_id)
    number = conn.execute(
        "INSERT INTO holds (case_id, platform, thread_id, ground, until, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (case_id, row["platform"], row["thread_id"], ground, to_text(_end(until)), person, to_text(at)),
    ).lastrowid
    assert number is not None  # an INSERT into a rowid table has one
    _note(conn, at, person, "hold", case_id, row, hold=number, until=until.isoformat())
    return number


def lift(conn: sqlite3.Connection, scope: Scope, person: str, hold_id: int, at: datetime) -> None:
    """End a hold before its day; ChangedError where it has ended, OutOfScopeError where it is not the viewer's."""
    found = conn.execute("SELECT case_id FROM holds WHERE id = ?", (hold_id,)).fetchone()
    row = _case(conn, scope, found["case_id"] if found else 0)
    changed = conn.execute(
        "UPDATE holds SET lifted_at = ?, lifted_by = ? WHERE id = ? AND lifted_at IS NULL AND until > ?",
        (to_text(at), person, hold_id, to_text(at)),
    ).rowcount
    if not changed:
        raise ChangedError(f"Hold {hold_id} has ended already; nothing was written.")
    _note(conn, at, person, "lift_hold", found["case_id"], row, hold=hold_id)


def _case(conn: sqlite3.Connection, scope: Scope, case_id: int) -> sqlite3.Row:
    if not scope.acts:
        raise OutOfScopeError("This role reads cases and changes none; nothing was written.")
    condition, names = within_cases(scope)
    row: sqlite3.Row | None = conn.execute(
        f"""SELECT category, cases.institution_id, platform, thread_id
            FROM cases JOIN messages ON messages.id = message WHERE cases.id = ? AND {condition}""",  # noqa: S608, placeholders only
        (case_id, *names),
    ).fetchone()
    if row is None:
        raise OutOfScopeError("That case does not exist for you; nothing was written. Ask for one of your own queue.")
    return row


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), COPENHAGEN)


def _note(
    conn: sqlite3.Connection, at: datetime, person: str, action: str, case_id: int, row: sqlite3.Row, **detail: object
) -> None:
    journal.append(
        conn, at=at, actor=person, action=action, subject=f"case:{case_id}", institution_id=row["institution_id"],
        detail={"category": row["category"], **detail},
    )  # fmt: skip
