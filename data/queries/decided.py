"""What was decided of cases, and what can be taken back at once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Final

from data.queries import veiling
from data.queries.making import moment
from data.queries.reader import Reader
from data.rows import DecisionRow
from data.scoping import readable, within_cases
from data.times import from_text, to_text
from data.types import Category, Scope, Verdict

_STANDS: Final = """undone_at IS NULL AND cases.verdict IS NOT NULL
    AND decisions.id = (SELECT max(id) FROM decisions AS later WHERE later.case_id = cases.id)"""


def decisions(reader: Reader, scope: Scope, case_id: int) -> list[DecisionRow]:
    """What was decided of a case, newest first, decisions taken back included."""
    condition, names = readable(scope)
    rows = reader.execute(
        f"SELECT decisions.*, cases.message FROM decisions JOIN cases ON cases.id = decisions.case_id"  # noqa: S608, placeholders only
        f" WHERE decisions.case_id = ? AND {condition} ORDER BY decisions.id DESC",
        (case_id, *names),
    )
    shown = veiling.within_case(scope, case_id)
    grounds = veiling.notes(reader, shown, rows[0]["message"], [row["ground"] for row in rows]) if rows else []
    return [replace(_decision(row), ground=ground) for row, ground in zip(rows, grounds, strict=True)]


def undoable(reader: Reader, scope: Scope, person: str, category: Category, after: datetime) -> list[DecisionRow]:
    """What a person decided last of a queue, not before `after`, where the cases still rest on it.

    Several where they were decided at once; none for who may not act.
    """
    if not scope.acts:
        return []
    condition, names = within_cases(scope)
    last = reader.first(
        f"""SELECT decisions.id, batch FROM decisions JOIN cases ON cases.id = decisions.case_id
            WHERE person = ? AND decisions.at >= ? AND cases.category = ? AND {_STANDS} AND {condition}
            ORDER BY decisions.id DESC LIMIT 1""",  # noqa: S608, placeholders only
        (person, to_text(after), category.value, *names),
    )
    if last is None:
        return []
    rows = reader.execute(
        f"""SELECT decisions.* FROM decisions JOIN cases ON cases.id = decisions.case_id
            WHERE (decisions.id = ? OR batch = ?) AND {_STANDS} AND {condition} ORDER BY decisions.id""",  # noqa: S608, placeholders only
        (last["id"], last["batch"], *names),
    )
    return [_decision(row) for row in rows]


def _decision(row: sqlite3.Row) -> DecisionRow:
    return DecisionRow(
        id=row["id"],
        case_id=row["case_id"],
        verdict=Verdict(row["verdict"]),
        ground=row["ground"],
        person=row["person"],
        at=from_text(row["at"]),
        undone_at=moment(row["undone_at"]),
        undone_by=row["undone_by"],
        batch=row["batch"],
    )
