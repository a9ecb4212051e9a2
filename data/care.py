"""What people do to care for a possible breach: open it, check things off, look at another's decision.

Whoever opens a serious one and may act makes the municipality aware of it, and 72 hours begin (GDPR art. 33; a person
decides whether there is anything to report). A decision that confirms a grave one closes nothing until somebody else
agrees: meanwhile the case is taken, has its verdict, and its second look is `waiting`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from data import deciding
from data.care_rows import CheckItem, CheckState, Doubt, Look
from data.connection import writing
from data.errors import ChangedError, SamePersonError
from data.scoping import within_cases
from data.times import from_text, to_text
from data.types import Scope


def opened(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, at: datetime) -> datetime | None:
    """Note that a person opens a case; when they did so last, None for the first time."""
    deciding.require_case(conn, scope, case_id)
    before = conn.execute("SELECT at FROM openings WHERE case_id = ? AND person = ?", (case_id, person)).fetchone()
    conn.execute(
        "INSERT INTO openings (case_id, person, at) VALUES (?, ?, ?)"
        " ON CONFLICT (case_id, person) DO UPDATE SET at = excluded.at",
        (case_id, person, to_text(at)),
    )
    began = conn.execute(
        """INSERT INTO clocks (case_id, began_at, person)
           SELECT id, ?, ? FROM cases WHERE id = ? AND category = 'confidentiality' AND severity >= 3
               AND status IN ('new', 'taken') AND verdict IS NULL
           ON CONFLICT (case_id) DO NOTHING""",
        (to_text(at), person, case_id),
    ).rowcount
    if began:
        deciding.note(conn, at, person, "clock", case_id)
    return from_text(before["at"]) if before else None


def check(
    conn: sqlite3.Connection,
    scope: Scope,
    person: str,
    case_id: int,
    item: CheckItem,
    state: CheckState,
    at: datetime,
) -> None:
    """Say how an item of a case's checklist stands; what was said before stays below it."""
    deciding.require_case(conn, scope, case_id)
    conn.execute(
        "INSERT INTO checks (case_id, item, state, person, at) VALUES (?, ?, ?, ?, ?)",
        (case_id, item.value, state.value, person, to_text(at)),
    )
    deciding.note(conn, at, person, "check", case_id, item=item.value, state=state.value)


def agree(
    conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, revision: int, at: datetime, *, alone: bool
) -> None:
    """Close a case whose decision waits; SamePersonError for who decided, unless `alone`: there is no other."""
    decision = _waiting(conn, scope, person, case_id, alone=alone)
    deciding.change(conn, scope, case_id, revision, "status = 'closed'", (), "status = 'taken' AND verdict IS NOT NULL")
    _settle(conn, decision, Look.ALONE if alone else Look.AGREED, None, person, at)
    deciding.note(conn, at, person, "alone" if alone else "agree", case_id, decision=decision)


def disagree(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, doubt: Doubt, at: datetime) -> int:
    """Take a decision that waits back: the case is open as before it. The decision's id; errors as `agree`."""
    decision = _waiting(conn, scope, person, case_id, alone=False)
    deciding.undo(conn, scope, person, decision, at)
    _settle(conn, decision, Look.DISAGREED, doubt, person, at)
    deciding.note(conn, at, person, "disagree", case_id, decision=decision, doubt=doubt.value)
    return decision


def _waiting(conn: sqlite3.Connection, scope: Scope, person: str, case_id: int, *, alone: bool) -> int:
    """The decision of the case that waits for somebody else than `person`."""
    deciding.require_case(conn, scope, case_id)
    condition, names = within_cases(scope)
    row = conn.execute(
        f"""SELECT decision, decisions.person AS decided_by FROM second_looks
            JOIN decisions ON decisions.id = decision JOIN cases ON cases.id = decisions.case_id
            WHERE cases.id = ? AND outcome = 'waiting' AND undone_at IS NULL AND cases.verdict IS NOT NULL
                AND {condition} ORDER BY decision DESC LIMIT 1""",  # noqa: S608, placeholders only
        (case_id, *names),
    ).fetchone()
    if row is None:
        raise ChangedError(f"No decision of case {case_id} waits for anybody now; nothing was written. Look again.")
    if row["decided_by"] == person and not alone:
        raise SamePersonError(
            f"Case {case_id} was decided by the one who would agree; nothing was written. Ask somebody else to look."
        )
    return int(row["decision"])


def _settle(
    conn: sqlite3.Connection, decision: int, outcome: Look, doubt: Doubt | None, person: str, at: datetime
) -> None:
    conn.execute(
        "UPDATE second_looks SET outcome = ?, doubt = ?, person = ?, at = ? WHERE decision = ?",
        (outcome.value, doubt.value if doubt else None, person, to_text(at), decision),
    )


class Caring:
    """A part of `Store`; each call is a transaction. Errors as `Store.take`, and SamePersonError."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def open_case(self, scope: Scope, person: str, case_id: int) -> datetime | None:
        """Note that a person who may act opens a case; a serious possible breach's clock begins with the first.

        When they last opened or decided it, None for the first time.
        """
        with writing(self._conn):
            return opened(self._conn, scope, person, case_id, self._clock())

    def check(self, scope: Scope, person: str, case_id: int, item: CheckItem, state: CheckState) -> None:
        """Say how an item of a case's checklist stands."""
        with writing(self._conn):
            check(self._conn, scope, person, case_id, item, state, self._clock())

    def agree(self, scope: Scope, person: str, case_id: int, revision: int, *, alone: bool = False) -> None:
        """Close a case whose decision waits for a second person.

        `alone` is for where nobody logs in: the one who decided closes it, and the journal says so.
        """
        with writing(self._conn):
            agree(self._conn, scope, person, case_id, revision, self._clock(), alone=alone)

    def disagree(self, scope: Scope, person: str, case_id: int, doubt: Doubt) -> None:
        """Take another's decision that waits back, with a ground; the case is open again."""
        with writing(self._conn):
            disagree(self._conn, scope, person, case_id, doubt, self._clock())
