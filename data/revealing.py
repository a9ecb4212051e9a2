"""Asking to read one case's thread with its third parties shown: noted before anything is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from data import journal
from data.connection import writing
from data.errors import OutOfScopeError
from data.scoping import within_cases
from data.types import Scope


class Reason(StrEnum):
    """Why somebody who otherwise reads masked needs to know whom a case is about."""

    HELP = "help"  # somebody has to be found and helped
    KNOWN = "known"  # whether it is somebody whom the institution has a case about
    CONTACT = "contact"  # somebody is to be told, or called back
    CONTEXT = "context"  # the thread makes no sense without


class Revealing:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def reveal(self, scope: Scope, person: str, case_id: int, reason: Reason) -> None:
        """Note in the journal that a case's thread is shown unmasked, and why; which messages, and no word of them.

        Whoever wrote one of them may ask to be told (`data.insight`). OutOfScopeError where the case is not theirs.
        """
        with writing(self._conn):
            row = _case(self._conn, scope, case_id)
            beside = self._conn.execute(
                "SELECT id FROM messages WHERE platform = ? AND thread_id = ? ORDER BY id",
                (row["platform"], row["thread_id"]),
            )
            journal.append(
                self._conn,
                at=self._clock(),
                actor=person,
                action="reveal",
                subject=f"case:{case_id}",
                institution_id=row["institution_id"],
                detail={
                    "category": row["category"],
                    "reason": reason.value,
                    "messages": [one["id"] for one in beside],
                },
            )


def _case(conn: sqlite3.Connection, scope: Scope, case_id: int) -> sqlite3.Row:
    condition, names = within_cases(scope)
    row: sqlite3.Row | None = conn.execute(
        f"""SELECT category, cases.institution_id, messages.platform, thread_id FROM cases
            JOIN messages ON messages.id = message WHERE cases.id = ? AND {condition}""",  # noqa: S608, placeholders only
        (case_id, *names),
    ).fetchone()
    if row is None:
        raise OutOfScopeError("That case is not yours to see; nothing was written. Ask for one of your own.")
    return row
