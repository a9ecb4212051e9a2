"""What people do with cases: take, release, decide, undo. Each is one UPDATE that names the scope and the revision.

What was not changed by it was changed by somebody else (ChangedError) or is not the viewer's to see (OutOfScopeError,
also for what does not exist). The journal is written in the same transaction; grounds stay out of it, since they are
free text and the journal can never be erased.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from data import journal
from data.errors import ChangedError, OutOfScopeError
from data.scoping import within_cases
from data.times import to_text
from data.types import Scope, Verdict


def take(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, revision: int, at: datetime) -> None:
    """Somebody looks after the case from now on; a colleague's case may be taken over.

    Who takes an inquiry that the thread made answered says that the reply was none: that reply does not answer again.
    """
    _change(
        conn,
        scope,
        case_id,
        revision,
        "status = 'taken', taken_by = ?, taken_at = ?, answered_at = NULL",
        (person, to_text(at)),
        "status <> 'closed' AND verdict IS NULL",
    )
    _note(conn, at, person, "take", case_id)


def release(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, revision: int, at: datetime) -> None:
    """Nobody looks after the case any more; anyone in scope may say so."""
    _change(
        conn, scope, case_id, revision, "status = 'new', taken_by = NULL, taken_at = NULL", (), "status = 'taken'"
    )  # fmt: skip
    _note(conn, at, person, "release", case_id)


def decide(
    conn: sqlite3.Connection,
    scope: Scope,
    person: str,
    case_id: int,
    revision: int,
    verdict: Verdict,
    ground: str,
    at: datetime,
) -> int:
    """The decision's id. An inquiry that the thread shows to be answered may be decided; a decided one not again."""
    was = conn.execute("SELECT status FROM cases WHERE id = ?", (case_id,)).fetchone()
    answered = verdict is Verdict.ANSWERED
    _change(
        conn, scope, case_id, revision,
        "status = ?, verdict = ?, answered_at = coalesce(answered_at, ?)",
        ("answered" if answered else "closed", verdict.value, to_text(at) if answered else None), "verdict IS NULL",
    )  # fmt: skip
    decision = conn.execute(
        "INSERT INTO decisions (case_id, verdict, ground, person, at, was) VALUES (?, ?, ?, ?, ?, ?)",
        (case_id, verdict.value, ground, person, to_text(at), was["status"]),
    ).lastrowid
    assert decision is not None  # an INSERT into a rowid table has one
    _note(conn, at, person, "decide", case_id, decision=decision, verdict=verdict.value)
    return decision


def undo(conn: sqlite3.Connection, scope: Scope, person: str, decision_id: int, at: datetime) -> None:
    """Take a decision back: the case stands as before it. Only the decision that the case now rests on can be."""
    _require(scope)
    found = conn.execute("SELECT case_id, was FROM decisions WHERE id = ?", (decision_id,)).fetchone()
    case_id = found["case_id"] if found else 0
    condition, names = within_cases(scope)
    changed = conn.execute(
        f"""UPDATE cases SET status = (SELECT was FROM decisions WHERE id = ?1), verdict = NULL,
                revision = revision + 1,
                answered_at = CASE (SELECT was FROM decisions WHERE id = ?1) WHEN 'answered' THEN answered_at END
            WHERE id = ?2 AND verdict IS NOT NULL AND {_numbered(condition, 2)}
                AND ?1 = (SELECT max(id) FROM decisions WHERE case_id = ?2)
                AND (SELECT undone_at FROM decisions WHERE id = ?1) IS NULL""",  # noqa: S608, placeholders only
        (decision_id, case_id, *names),
    ).rowcount
    if not changed:
        raise _refusal(conn, scope, case_id)
    conn.execute("UPDATE decisions SET undone_at = ?, undone_by = ? WHERE id = ?", (to_text(at), person, decision_id))
    _note(conn, at, person, "undo", case_id, decision=decision_id)


def _change(
    conn: sqlite3.Connection,
    scope: Scope,
    case_id: int,
    revision: int,
    assignments: str,
    values: tuple[Any, ...],
    state: str,
) -> None:
    _require(scope)
    condition, names = within_cases(scope)
    changed = conn.execute(
        f"UPDATE cases SET {assignments}, revision = revision + 1 WHERE id = ? AND revision = ? AND {state}"  # noqa: S608, placeholders only
        f" AND {condition}",
        (*values, case_id, revision, *names),
    ).rowcount
    if not changed:
        raise _refusal(conn, scope, case_id)


def _require(scope: Scope) -> None:
    if not scope.acts:
        raise OutOfScopeError("This role reads cases and changes none; nothing was written.")


def _refusal(conn: sqlite3.Connection, scope: Scope, case_id: int) -> ChangedError | OutOfScopeError:
    condition, names = within_cases(scope)
    is_theirs = conn.execute(f"SELECT 1 FROM cases WHERE id = ? AND {condition}", (case_id, *names)).fetchone()  # noqa: S608, placeholders only
    if is_theirs:
        return ChangedError(f"Case {case_id} has changed since it was read; nothing was written. Look at it again.")
    return OutOfScopeError("That case does not exist for you; nothing was written. Ask for one of your own queue.")


def _note(conn: sqlite3.Connection, at: datetime, person: str, action: str, case_id: int, **detail: object) -> None:
    case = conn.execute("SELECT institution_id, category FROM cases WHERE id = ?", (case_id,)).fetchone()
    journal.append(
        conn,
        at=at,
        actor=person,
        action=action,
        subject=f"case:{case_id}",
        institution_id=case["institution_id"],
        detail={"category": case["category"], **detail},
    )


def _numbered(condition: str, after: int) -> str:
    """The condition with numbered placeholders, counted on from `after`."""
    parts = condition.split("?")
    return parts[0] + "".join(f"?{after + place}{part}" for place, part in enumerate(parts[1:], 1))
