"""What leaves Sideblik for the municipality's record system: that a package was made, and the number it got there."""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from data import deciding, journal
from data.connection import writing
from data.errors import OutOfScopeError, StoreError
from data.scoping import within_cases
from data.types import Scope, Verdict

NUMBER_LENGTH: Final = 60
_NUMBER: Final = re.compile(r"[^\W_](?:[\w ./:-]{0,58}[^\W_])?")
_LATIN: Final = 0x250  # the letters of western languages end here


class Face(StrEnum):
    """Whom a package is for."""

    DPO = "dpo"
    RECORDS = "records"


def is_number(number: str) -> bool:
    """Whether a record number is 1 to 60 letters, digits, blanks and . / : - _, a letter or digit at both ends."""
    return bool(_NUMBER.fullmatch(number)) and all(ord(sign) < _LATIN for sign in number)


class Filing(ABC):
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    @abstractmethod
    def decide(self, scope: Scope, person: str, case_id: int, revision: int, verdict: Verdict, ground: str) -> int:
        """Decide a case; see `Remembering.decide`."""

    def journalise(self, scope: Scope, person: str, case_id: int, revision: int, number: str) -> int:
        """Decide that a case is in the record system under a number; the decision's id, errors as `take`.

        The number must hold no CPR number; it is kept beside the decision and not in the journal.
        """
        _require(number)
        with writing(self._conn):
            decision = self.decide(scope, person, case_id, revision, Verdict.JOURNALISED, "")
            _file(self._conn, decision, number)
            return decision

    def file(self, scope: Scope, person: str, case_id: int, revision: int, number: str) -> None:
        """Tell under which number a decided case stands in the record system, or put another in its place.

        The decision stays what it is; errors as `take`, and the number as in `journalise`.
        """
        _require(number)
        with writing(self._conn):
            deciding.change(self._conn, scope, case_id, revision, "verdict = verdict", (), "verdict IS NOT NULL")
            (decision,) = self._conn.execute(
                "SELECT max(id) FROM decisions WHERE case_id = ? AND undone_at IS NULL", (case_id,)
            ).fetchone()
            _file(self._conn, decision, number)
            deciding.note(self._conn, self._clock(), person, "file", case_id, decision=decision)

    def packed(
        self, scope: Scope, person: str, case_id: int, face: Face, sha256: str, *, masked: bool, messages: Sequence[int]
    ) -> None:
        """Note in the journal that a package of a case and these messages was made.

        Whoever wrote one of them may ask to be told (`data.insight`). OutOfScopeError where it is not theirs to make.
        """
        with writing(self._conn):
            row = _case(self._conn, scope, case_id)
            journal.append(
                self._conn,
                at=self._clock(),
                actor=person,
                action="package",
                subject=f"case:{case_id}",
                institution_id=row["institution_id"],
                detail={
                    "category": row["category"],
                    "face": face.value,
                    "masked": masked,
                    "sha256": sha256,
                    "messages": list(messages),
                },
            )


def _require(number: str) -> None:
    if not is_number(number):
        raise StoreError(
            f"A record number of {len(number)} characters was given; give 1 to {NUMBER_LENGTH} letters and digits."
        )


def _file(conn: sqlite3.Connection, decision: int, number: str) -> None:
    conn.execute(
        "INSERT INTO records (decision, number) VALUES (?, ?) ON CONFLICT DO UPDATE SET number = excluded.number",
        (decision, number),
    )


def _case(conn: sqlite3.Connection, scope: Scope, case_id: int) -> sqlite3.Row:
    condition, names = within_cases(scope)
    row: sqlite3.Row | None = conn.execute(
        f"SELECT category, institution_id FROM cases WHERE id = ? AND {condition}",  # noqa: S608, placeholders only
        (case_id, *names),
    ).fetchone()
    if row is None or not scope.acts:
        raise OutOfScopeError("That case is not yours to hand on; nothing was written. Ask for one of your own queue.")
    return row
