"""The care of possible breaches: clocks, checklists, second looks, and which cases hold something new to a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from data.care_rows import CheckItem, CheckRow, CheckState, ClockRow, Doubt, Look, SecondRow
from data.queries.making import cases_by_id
from data.queries.reader import Reader
from data.rows import CaseRow
from data.scoping import within_cases
from data.times import from_text
from data.types import Category, Scope

LOOKED: Final = 200  # closed cases of a person's that are asked about
_CLOCKS: Final = """
    SELECT case_id, began_at, person, CASE WHEN status = 'closed' THEN (
            SELECT coalesce(second_looks.at, decisions.at)
            FROM decisions LEFT JOIN second_looks ON decision = decisions.id
            WHERE decisions.case_id = cases.id AND undone_at IS NULL ORDER BY decisions.id DESC LIMIT 1
        ) END AS ended_at
    FROM clocks JOIN cases ON cases.id = case_id
    WHERE case_id IN (SELECT value FROM json_each(?))"""
_CHANGED: Final = """
    SELECT cases.id FROM cases
    JOIN openings ON openings.case_id = cases.id AND openings.person = ?
    JOIN messages AS mine ON mine.id = cases.message
    WHERE cases.id IN (SELECT value FROM json_each(?)) AND (
        (mine.version > 1 AND mine.version_seen > openings.at)
        OR EXISTS (
            SELECT 1 FROM messages AS other INDEXED BY messages_thread
            WHERE other.platform = mine.platform AND other.thread_id = mine.thread_id AND other.id <> mine.id
                AND (other.parent_id = mine.message_id OR (mine.kind = 'reply' AND other.parent_id = mine.parent_id))
                AND (other.first_seen > openings.at OR (other.version > 1 AND other.version_seen > openings.at))))"""


def clock(reader: Reader, scope: Scope, case_id: int) -> ClockRow | None:
    """The clock of a case; None where it has not begun or is not the viewer's to see."""
    return clocks(reader, scope, [case_id]).get(case_id)


def clocks(reader: Reader, scope: Scope, cases: Sequence[int]) -> dict[int, ClockRow]:
    """The clocks that have begun among some cases, by case."""
    condition, names = within_cases(scope)
    return {
        row["case_id"]: ClockRow(
            case_id=row["case_id"],
            began_at=from_text(row["began_at"]),
            person=row["person"],
            ended_at=from_text(row["ended_at"]) if row["ended_at"] else None,
        )
        for row in reader.execute(f"{_CLOCKS} AND {condition}", (json.dumps(list(cases)), *names))
    }


def checklist(reader: Reader, scope: Scope, case_id: int) -> tuple[CheckRow, ...]:
    """Every item of a possible breach in order, as it stands now; nothing for other cases and those out of scope."""
    condition, names = within_cases(scope)
    category = Category.CONFIDENTIALITY.value
    theirs = reader.first(
        f"SELECT 1 FROM cases WHERE id = ? AND category = ? AND {condition}",  # noqa: S608, placeholders only
        (case_id, category, *names),
    )
    if theirs is None:
        return ()
    rows = reader.execute(
        "SELECT item, state, person, at, max(id) FROM checks WHERE case_id = ? GROUP BY item", (case_id,)
    )
    told = {row["item"]: row for row in rows}
    return tuple(
        CheckRow(item, CheckState(told[item]["state"]), told[item]["person"], from_text(told[item]["at"]))
        if item in told
        else CheckRow(item, CheckState.OPEN, None, None)
        for item in CheckItem
    )


def second_looks(reader: Reader, scope: Scope, case_id: int) -> list[SecondRow]:
    """The second looks that a case's decisions asked for, the newest first."""
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT second_looks.*, decisions.person AS decided_by FROM second_looks
            JOIN decisions ON decisions.id = decision JOIN cases ON cases.id = decisions.case_id
            WHERE decisions.case_id = ? AND {condition} ORDER BY decision DESC""",  # noqa: S608, placeholders only
        (case_id, *names),
    )
    return [
        SecondRow(
            decision=row["decision"],
            decided_by=row["decided_by"],
            outcome=Look(row["outcome"]),
            doubt=Doubt(row["doubt"]) if row["doubt"] else None,
            person=row["person"],
            at=from_text(row["at"]) if row["at"] else None,
        )
        for row in rows
    ]


def changed(reader: Reader, scope: Scope, person: str, cases: Sequence[int]) -> frozenset[int]:
    """Which of some cases hold an edit or a reply that came after `person` last opened or decided them."""
    condition, names = within_cases(scope)
    rows = reader.execute(f"{_CHANGED} AND {condition}", (person, json.dumps(list(cases)), *names))
    return frozenset(row["id"] for row in rows)


def came_back(reader: Reader, scope: Scope, person: str, limit: int = 10) -> list[CaseRow]:
    """Closed cases, of the last `LOOKED` that `person` opened, with an edit or a reply since; the newest look first.

    For who may act alone, who is told of it on Min dag.
    """
    if not scope.acts:
        return []
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT cases.id FROM openings JOIN cases ON cases.id = openings.case_id
            WHERE openings.person = ? AND cases.status = 'closed' AND {condition}
            ORDER BY openings.at DESC LIMIT {LOOKED}""",  # noqa: S608, placeholders only
        (person, *names),
    )
    looked = [row["id"] for row in rows]
    new = changed(reader, scope, person, looked)
    return cases_by_id(reader, [number for number in looked if number in new][:limit])
