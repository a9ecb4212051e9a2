"""When texts are emptied, and what holds them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from data.keeping_facts import FACTS, policy
from data.keeping_rows import HoldRow, KeptRow
from data.queries import veiling
from data.queries.making import moment
from data.queries.reader import Reader
from data.retention import Why
from data.scoping import Condition, readable, within, within_cases
from data.times import from_text, to_text
from data.types import Scope


def kept(reader: Reader, scope: Scope, messages: Sequence[int]) -> list[KeptRow]:
    """When each of these messages, as far as they may be read, is emptied or was, and what ends it."""
    condition, names = _of_threads(scope)
    rows = reader.execute(
        f"{FACTS} WHERE messages.id IN (SELECT value FROM json_each(?)) AND {condition} ORDER BY messages.id",  # noqa: S608, placeholders only
        (json.dumps(list(messages)), *names),
    )
    rules = policy(reader)
    found = []
    for row in rows:
        emptied, end = moment(row["emptied_at"]), rules.end(row)
        why, ends = (Why(row["emptied_why"]), emptied) if emptied else (end.why, end.at)
        held = end.held and emptied is None
        found.append(KeptRow(row["id"], row["page_id"], row["institution_id"], ends, why, held, emptied))
    return found


def _of_threads(scope: Scope) -> Condition:
    """That a message is in scope, or stands in the thread of a case that was passed on to the scope."""
    own, places = within(scope, "messages.institution_id")
    if scope.everywhere:
        return own, places
    condition, names = readable(scope)
    passed = f"""EXISTS (SELECT 1 FROM cases JOIN messages AS asked ON asked.id = cases.message
        WHERE asked.platform = messages.platform AND asked.thread_id = messages.thread_id
            AND asked.institution_id = messages.institution_id AND {condition})"""  # noqa: S608, placeholders only
    return f"({own} OR {passed})", (*places, *names)


def held(reader: Reader, scope: Scope, now: datetime) -> list[HoldRow]:
    """All legal holds of cases in scope that are in force, those that end first at the top."""
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT holds.*, page_id, institution_id FROM holds JOIN cases ON cases.id = holds.case_id
            WHERE lifted_at IS NULL AND until > ? AND {condition} ORDER BY until, holds.id""",  # noqa: S608, placeholders only
        (to_text(now), *names),
    )
    return [_hold(row) for row in rows]


def holds(reader: Reader, scope: Scope, case_id: int) -> list[HoldRow]:
    """The legal holds on the thread of a case, by cases in scope, newest first; those that ended included."""
    condition, names = within_cases(scope)
    decided_on, also = within_cases(scope, "theirs")
    # CROSS JOIN: SQLite would rather begin with all cases of a category, 4 ms against 0.03 with 200,000 cases
    rows = reader.execute(
        f"""SELECT holds.*, cases.page_id, cases.institution_id, cases.message
            FROM cases JOIN messages ON messages.id = cases.message
                CROSS JOIN holds ON holds.platform = messages.platform AND holds.thread_id = messages.thread_id
                CROSS JOIN cases AS theirs ON theirs.id = holds.case_id
            WHERE cases.id = ? AND {condition} AND {decided_on} ORDER BY holds.id DESC""",  # noqa: S608, placeholders only
        (case_id, *names, *also),
    )
    grounds = veiling.notes(reader, scope, rows[0]["message"], [row["ground"] for row in rows]) if rows else []
    return [replace(_hold(row), ground=ground) for row, ground in zip(rows, grounds, strict=True)]


def _hold(row: sqlite3.Row) -> HoldRow:
    return HoldRow(
        id=row["id"],
        case_id=row["case_id"],
        page_id=row["page_id"],
        institution_id=row["institution_id"],
        person=row["person"],
        ground=row["ground"],
        at=from_text(row["at"]),
        until=from_text(row["until"]),
        lifted_at=moment(row["lifted_at"]),
        lifted_by=row["lifted_by"],
    )
