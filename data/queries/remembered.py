"""Decisions that something is no breach, as far as they are in force, the newest first."""

from __future__ import annotations

import sqlite3
from typing import Final

from data.queries.making import finding
from data.queries.reader import Reader
from data.remembered_rows import RememberedRow
from data.scoping import within
from data.spans import flagged
from data.times import from_text
from data.types import Category, Scope

LIMIT: Final = 200


def remembered(reader: Reader, scope: Scope, *, before: int | None = None, limit: int = LIMIT) -> list[RememberedRow]:
    """What is remembered for the pages in scope; `before` is the number of the last one shown.

    It needs the scope that sees cases of confidentiality, since it shows the flagged words of one; where third
    parties are masked it shows no words.
    """
    if Category.CONFIDENTIALITY not in scope.categories:
        return []
    condition, names = within(scope, "remembered.institution_id")
    rows = reader.execute(
        f"""SELECT remembered.*, decisions.case_id, person, at, pages.name AS page_name,
                institutions.name AS institution_name, messages.version AS now, text,
                (SELECT count(*) FROM kept_back WHERE kept_back.remembered = remembered.id) AS kept
            FROM remembered JOIN decisions ON decisions.id = decision JOIN messages ON messages.id = remembered.message
                JOIN pages ON pages.id = remembered.page_id
                JOIN institutions ON institutions.id = remembered.institution_id
            WHERE remembered.ended_at IS NULL AND remembered.id < ? AND {condition}
            ORDER BY remembered.id DESC LIMIT ?""",  # noqa: S608, placeholders only
        (before if before is not None else 2**63 - 1, *names, limit),
    )
    return [
        RememberedRow(
            id=row["id"],
            case_id=row["case_id"],
            page_id=row["page_id"],
            page_name=row["page_name"],
            institution_id=row["institution_id"],
            institution_name=row["institution_name"],
            person=row["person"],
            at=from_text(row["at"]),
            kept_back=row["kept"],
            words=() if scope.masked else _words(reader, row),
        )
        for row in rows
    ]


def _words(reader: Reader, row: sqlite3.Row) -> tuple[str, ...]:
    """The flagged words in the order of the text, each once; none where the text is no longer the one decided on."""
    if row["version"] != row["now"]:
        return ()
    found = reader.execute(
        "SELECT * FROM findings WHERE message = ? AND version = ? ORDER BY start, id", (row["message"], row["version"])
    )
    spans = flagged(finding(one) for one in found)
    return tuple(
        dict.fromkeys(
            " ".join(row["text"][one.start : one.end].split()) for one in spans if one.end <= len(row["text"])
        )
    )
