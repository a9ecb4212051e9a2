"""Several inquiries decided at once: only where it is harmless, all or none, and taken back together."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from data.connection import writing
from data.errors import ChangedError, StoreError
from data.rows import CaseRow
from data.times import to_text
from data.types import Category, Inquiry, Scope, Severity, Status, Verdict

MOST: Final = 100  # cases at once: more than a screen shows
_HARMLESS: Final = """SELECT count(*) FROM cases WHERE id IN (SELECT value FROM json_each(?))
    AND category = 'inquiry' AND severity < 3 AND verdict IS NULL
    AND (status = 'new' OR (status = 'taken' AND taken_by = ?))
    AND NOT (kind = 'complaint' AND due_at IS NOT NULL AND due_at < ?)"""
_STANDING: Final = """SELECT decisions.id FROM decisions JOIN cases ON cases.id = case_id
    WHERE batch = ? AND undone_at IS NULL AND cases.verdict IS NOT NULL
        AND decisions.id = (SELECT max(id) FROM decisions AS later WHERE later.case_id = cases.id)
    ORDER BY decisions.id"""


def is_harmless(case: CaseRow, person: str, now: datetime) -> bool:
    """Whether a person may decide the case together with others.

    That is an inquiry which is not urgent, is no colleague's, and is no complaint past its deadline.
    """
    free = case.status is Status.NEW or (case.status is Status.TAKEN and case.taken_by == person)
    late = case.due_at is not None and case.due_at < now
    return (
        case.category is Category.INQUIRY
        and case.verdict is None
        and case.severity < Severity.SERIOUS
        and free
        and not (late and case.kind == Inquiry.COMPLAINT)
    )


class AtOnce(ABC):
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    @abstractmethod
    def decide(self, scope: Scope, person: str, case_id: int, revision: int, verdict: Verdict, ground: str) -> int:
        """Decide a case; see `Remembering.decide`."""

    @abstractmethod
    def undo(self, scope: Scope, person: str, decision_id: int) -> None:
        """Take a decision back; see `Remembering.undo`."""

    def close_many(self, scope: Scope, person: str, asked: Mapping[int, int], ground: str) -> int:
        """Decide that inquiries (revision by number) need no answer; the batch's number, by which they are taken back.

        All or none: ChangedError where one has changed or is not harmless (any more), OutOfScopeError as `take`.
        """
        if not 0 < len(asked) <= MOST:
            raise StoreError(f"{len(asked)} cases were given to decide at once; give 1 to {MOST}.")
        with writing(self._conn):
            made = [
                self.decide(scope, person, number, revision, Verdict.NO_ANSWER_NEEDED, ground)
                for number, revision in self._harmless(person, asked)
            ]
            self._conn.execute(
                "UPDATE decisions SET batch = ? WHERE id IN (SELECT value FROM json_each(?))",
                (made[0], json.dumps(made)),
            )
            return made[0]

    def undo_many(self, scope: Scope, person: str, batch: int) -> int:
        """Take back what was decided at once, as far as the cases still rest on it; how many. ChangedError for none."""
        with writing(self._conn):
            rows = self._conn.execute(_STANDING, (batch,)).fetchall()
            for row in rows:
                self.undo(scope, person, row["id"])
        if not rows:
            raise ChangedError("None of these cases rests on that decision any more; nothing was written.")
        return len(rows)

    def _harmless(self, person: str, asked: Mapping[int, int]) -> list[tuple[int, int]]:
        numbers = json.dumps(list(asked))
        held = self._conn.execute(_HARMLESS, (numbers, person, to_text(self._clock()))).fetchone()[0]
        known = self._conn.execute(
            "SELECT count(*) FROM cases WHERE id IN (SELECT value FROM json_each(?))", (numbers,)
        ).fetchone()[0]
        if held < known:
            raise ChangedError("One of these cases is to be looked at alone; nothing was written. Choose again.")
        return list(asked.items())
