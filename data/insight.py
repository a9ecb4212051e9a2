"""What is stored of a person, with every time that the journal tells of a look or an act: for that person's request.

Asked by the command line alone, of messages that `data.persons` found, and noted in the journal there. Nobody who
looked is named: the journal's actors are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from data.keeping_rows import KeptRow
from data.persons import Found, How
from data.queries.cases import cases_of
from data.queries.decided import decisions
from data.queries.keeping import kept
from data.queries.making import messages_by_id
from data.queries.reader import Reader
from data.rows import CaseRow, DecisionRow, MessageRow
from data.times import from_text
from data.types import Category, Scope

_WHOLE: Final = Scope(everywhere=True, categories=frozenset(Category), browse=True)
_SUBJECTS: Final = """
    SELECT 'message:' || ?1 UNION SELECT 'case:' || id FROM cases WHERE message = ?1
    UNION SELECT 'removal:' || removal FROM sightings WHERE message = ?1 AND removal IS NOT NULL
    UNION SELECT 'remembered:' || id FROM remembered WHERE message = ?1"""
_LOOKS: Final = f"""
    SELECT at, action, detail FROM journal WHERE subject IN ({_SUBJECTS})
        OR (action IN ('insight', 'package', 'reveal')
            AND EXISTS (SELECT 1 FROM json_each(detail, '$.messages') WHERE value = ?1))
    ORDER BY id"""  # noqa: S608, own words


@dataclass(frozen=True, slots=True)
class Look:
    """A time at which somebody looked or acted, and what our own codes tell of why."""

    at: datetime
    action: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class About:
    """One message that has to do with the person, and all that is kept beside it."""

    message: MessageRow
    how: How
    kept: KeptRow
    cases: tuple[tuple[CaseRow, tuple[DecisionRow, ...]], ...]
    looks: tuple[Look, ...]


def about(reader: Reader, found: Found) -> list[About]:
    """Everything that is kept of these messages, by number."""
    numbers = sorted(found.messages)
    ends = {row.message: row for row in kept(reader, _WHOLE, numbers)}
    return [
        About(
            message=row,
            how=found.messages[row.id],
            kept=ends[row.id],
            cases=tuple((case, tuple(decisions(reader, _WHOLE, case.id))) for case in cases_of(reader, _WHOLE, row.id)),
            looks=looks(reader, row.id),
        )
        for row in messages_by_id(reader, numbers)
    ]


def looks(reader: Reader, message: int) -> tuple[Look, ...]:
    """When the journal tells of the message, its cases, its removals or an earlier request; never who."""
    rows = reader.execute(_LOOKS, (message,))
    return tuple(Look(from_text(row["at"]), row["action"], json.loads(row["detail"])) for row in rows)
