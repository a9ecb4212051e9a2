"""What the Store does to remember what people decided; each call is a transaction."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from data import deciding, remembered
from data.connection import writing
from data.types import Scope, Verdict


class Remembering(ABC):
    """A part of `Store`: decisions, and what follows from "not a breach" for later messages of the page."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    @abstractmethod
    def digest(self, raw: str) -> str:
        """A keyed hash; see `Store.digest`."""

    def decide(self, scope: Scope, person: str, case_id: int, revision: int, verdict: Verdict, ground: str) -> int:
        """Decide a case and return the decision's id; `ground` must be masked; errors as `take`.

        That something is no breach is remembered for the page (docs/judgement.md).
        """
        at = self._clock()
        with writing(self._conn):
            decision = deciding.decide(self._conn, scope, person, case_id, revision, verdict, ground, at)
            remembered.learn(self._conn, self.digest, decision, at)
            return decision

    def undo(self, scope: Scope, person: str, decision_id: int) -> None:
        """Take the last decision of a case back; the case stands as before it, nothing of it is remembered.

        Errors as `take`.
        """
        at = self._clock()
        with writing(self._conn):
            deciding.undo(self._conn, scope, person, decision_id, at)
            remembered.undone(self._conn, decision_id, person, at)

    def forget(self, scope: Scope, person: str, remembered_id: int) -> None:
        """Ask again from now on: what was kept back becomes cases, the decided case stays as it is.

        ChangedError where it has ended already, OutOfScopeError where it is not the viewer's to decide on.
        """
        with writing(self._conn):
            remembered.forget(self._conn, scope, person, remembered_id, self._clock())
