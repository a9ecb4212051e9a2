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
from data.types import Breach, Category, Scope, Severity, Verdict


def take(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, revision: int, at: datetime) -> None:
    """Somebody looks after the case from now on; a colleague's case may be taken over.

    Who takes an inquiry that the thread made answered says that the reply was none: that reply does not answer again.
    """
    change(
        conn,
        scope,
        case_id,
        revision,
        "status = 'taken', taken_by = ?, taken_at = ?, answered_at = NULL",
        (person, to_text(at)),
        "status <> 'closed' AND verdict IS NULL",
    )
    note(conn, at, person, "take", case_id)


def release(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, revision: int, at: datetime) -> None:
    """Nobody looks after the case any more; anyone in scope may say so."""
    change(
        conn, scope, case_id, revision, "status = 'new', taken_by = NULL, taken_at = NULL", (),
        "status = 'taken' AND verdict IS NULL",
    )  # fmt: skip
    note(conn, at, person, "release", case_id)


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
    """The decision's id. An inquiry that the thread shows to be answered may be decided; a decided one not again.

    A grave breach that is confirmed is not closed by it but taken, and waits for a second person (`data.care`).
    """
    was = conn.execute("SELECT status, category, kind, severity FROM cases WHERE id = ?", (case_id,)).fetchone()
    answered = verdict is Verdict.ANSWERED
    waits = was is not None and needs_second(Category(was["category"]), was["kind"], was["severity"], verdict)
    status = "answered" if answered else "taken" if waits else "closed"
    change(
        conn, scope, case_id, revision,
        "status = ?, verdict = ?, answered_at = coalesce(answered_at, ?)",
        (status, verdict.value, to_text(at) if answered else None), "verdict IS NULL",
    )  # fmt: skip
    decision = conn.execute(
        "INSERT INTO decisions (case_id, verdict, ground, person, at, was) VALUES (?, ?, ?, ?, ?, ?)",
        (case_id, verdict.value, ground, person, to_text(at), was["status"]),
    ).lastrowid
    assert decision is not None  # an INSERT into a rowid table has one
    if waits:
        conn.execute("UPDATE cases SET taken_by = ?, taken_at = ? WHERE id = ?", (person, to_text(at), case_id))
        conn.execute("INSERT INTO second_looks (decision) VALUES (?)", (decision,))
    conn.execute("UPDATE openings SET at = ?1 WHERE case_id = ?2 AND person = ?3", (to_text(at), case_id, person))
    note(conn, at, person, "decide", case_id, decision=decision, verdict=verdict.value)
    return decision


def needs_second(category: Category, kind: str, severity: int, verdict: Verdict) -> bool:
    """Whether a decision closes a case only when a second person agrees: a grave breach that is confirmed."""
    grave = severity >= Severity.SERIOUS or kind == Breach.CLEAR
    return category is Category.CONFIDENTIALITY and grave and verdict is not Verdict.NOT_A_BREACH


def undo(conn: sqlite3.Connection, scope: Scope, person: str, decision_id: int, at: datetime) -> None:
    """Take a decision back: the case stands as before it. Only the decision that the case now rests on can be."""
    _require(scope)
    found = conn.execute("SELECT case_id, was FROM decisions WHERE id = ?", (decision_id,)).fetchone()
    case_id = found["case_id"] if found else 0
    condition, names = within_cases(scope)
    changed = conn.execute(
        f"""UPDATE cases SET status = (SELECT was FROM decisions WHERE id = ?1), verdict = NULL,
                revision = revision + 1,
                answered_at = CASE (SELECT was FROM decisions WHERE id = ?1) WHEN 'answered' THEN answered_at END,
                taken_by = CASE (SELECT was FROM decisions WHERE id = ?1) WHEN 'new' THEN NULL ELSE taken_by END,
                taken_at = CASE (SELECT was FROM decisions WHERE id = ?1) WHEN 'new' THEN NULL ELSE taken_at END
            WHERE id = ?2 AND verdict IS NOT NULL AND {_numbered(condition, 2)}
                AND ?1 = (SELECT max(id) FROM decisions WHERE case_id = ?2)
                AND (SELECT undone_at FROM decisions WHERE id = ?1) IS NULL""",  # noqa: S608, placeholders only
        (decision_id, case_id, *names),
    ).rowcount
    if not changed:
        raise _refusal(conn, scope, case_id)
    conn.execute("UPDATE decisions SET undone_at = ?, undone_by = ? WHERE id = ?", (to_text(at), person, decision_id))
    note(conn, at, person, "undo", case_id, decision=decision_id)


def change(
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


def require_case(conn: sqlite3.Connection, scope: Scope, case_id: int) -> None:
    """OutOfScopeError where the case is not theirs to act on, also for what does not exist."""
    _require(scope)
    condition, names = within_cases(scope)
    if not conn.execute(f"SELECT 1 FROM cases WHERE id = ? AND {condition}", (case_id, *names)).fetchone():  # noqa: S608, placeholders only
        raise _refusal(conn, scope, case_id)


def _refusal(conn: sqlite3.Connection, scope: Scope, case_id: int) -> ChangedError | OutOfScopeError:
    condition, names = within_cases(scope)
    is_theirs = conn.execute(f"SELECT 1 FROM cases WHERE id = ? AND {condition}", (case_id, *names)).fetchone()  # noqa: S608, placeholders only
    if is_theirs:
        return ChangedError(f"Case {case_id} has changed since it was read; nothing was written. Look at it again.")
    return OutOfScopeError("That case does not exist for you; nothing was written. Ask for one of your own queue.")


def note(conn: sqlite3.Connection, at: datetime, person: str, action: str, case_id: int, **detail: object) -> None:
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
