"""A case with its thread and history, for a package; and the numbers that it got in the record system."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from data.filing_rows import CaseFile, EntryRow
from data.journal import ROOT
from data.queries.care import checklist, clock, second_looks
from data.queries.cases import case
from data.queries.decided import decisions
from data.queries.keeping import kept
from data.queries.ledger import removals_of_case
from data.queries.messages import thread
from data.queries.reader import Reader
from data.rows import MessageRow
from data.scoping import within_cases
from data.types import Scope

_DIGESTS: Final = """
    SELECT id AS message, version, digest FROM messages WHERE id IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT message, version, digest FROM versions WHERE message IN (SELECT value FROM json_each(?1))"""
_ENTRY: Final = "id, at, actor, action, subject, institution_id, detail, previous, hash"


def case_file(reader: Reader, scope: Scope, case_id: int) -> CaseFile | None:
    """All that is kept of a case and the thread around it; None where it is not the viewer's to see."""
    found = case(reader, scope, case_id)
    if found is None:
        return None
    rows = thread(reader, scope, case_id)
    messages = [row.id for row in rows]
    return CaseFile(
        case=found,
        thread=tuple(rows),
        kept=tuple(kept(reader, scope, messages)),
        decisions=tuple(decisions(reader, scope, case_id)),
        numbers=record_numbers(reader, scope, case_id),
        writers=_writers(reader, rows),
        digests=_digests(reader, messages),
        removals=tuple(removals_of_case(reader, scope, case_id)),
        clock=clock(reader, scope, case_id),
        checklist=checklist(reader, scope, case_id),
        second_looks=tuple(second_looks(reader, scope, case_id)),
        journal=tuple(_entries(reader, case_id)),
        head=_head(reader),
    )


def record_numbers(reader: Reader, scope: Scope, case_id: int) -> dict[int, str]:
    """Record numbers of a case by decision, those of decisions taken back included."""
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT decision, number FROM records JOIN decisions ON decisions.id = decision
            JOIN cases ON cases.id = case_id WHERE case_id = ? AND {condition} ORDER BY decision""",  # noqa: S608, placeholders only
        (case_id, *names),
    )
    return {row["decision"]: row["number"] for row in rows}


def _writers(reader: Reader, rows: Sequence[MessageRow]) -> dict[int, int]:
    """A number for each citizen of the thread in the order of their first messages; the key itself stays inside."""
    wanted = (json.dumps([row.id for row in rows]),)
    keys = dict(
        tuple(row)
        for row in reader.execute(
            "SELECT id, author_key FROM messages WHERE id IN (SELECT value FROM json_each(?))", wanted
        )
    )
    numbers: dict[str, int] = {}
    citizens = [row.id for row in rows if not row.by_page]
    return {one: numbers.setdefault(keys[one], len(numbers) + 1) if keys[one] else 0 for one in citizens}


def _digests(reader: Reader, messages: Sequence[int]) -> dict[tuple[int, int], str]:
    rows = reader.execute(_DIGESTS, (json.dumps(messages),))
    return {(row["message"], row["version"]): row["digest"] for row in rows}


def _entries(reader: Reader, case_id: int) -> list[EntryRow]:
    rows = reader.execute(f"SELECT {_ENTRY} FROM journal WHERE subject = ? ORDER BY id", (f"case:{case_id}",))  # noqa: S608, own words
    return [EntryRow(**dict(row)) for row in rows]


def _head(reader: Reader) -> tuple[int, str]:
    row = reader.first("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1")
    return (row["id"], row["hash"]) if row else (0, ROOT)
