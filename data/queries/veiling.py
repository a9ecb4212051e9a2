"""Third parties taken out of rows before they leave the queries, where the scope says so: no view can forget it.

Whoever asks through a reader without a veil gets blocks alone: what cannot be masked well is masked whole. A veil keeps
lengths, so that the places of findings stay right and an excerpt is cut where it was cut before.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from data.photo_rows import PhotoRow
from data.queries.reader import Reader
from data.removal_rows import RemovalRow, RemovedRow
from data.rows import CaseRow, MessageRow, ShortPost
from data.spans import MASKED
from data.types import Attachment, Scope

_NAMES: Final = """
    SELECT substr(text, start + 1, "end" - start) FROM messages JOIN findings ON findings.message = messages.id
        AND findings.version = messages.version
    WHERE platform = ?1 AND thread_id = ?2 AND type = 'person'
    UNION SELECT author_name FROM messages
    WHERE platform = ?1 AND thread_id = ?2 AND author_name <> '' AND NOT by_page"""
_WRITERS: Final = """
    SELECT author_key FROM messages WHERE platform = ? AND thread_id = ? AND author_key <> '' AND NOT by_page
    GROUP BY author_key ORDER BY min(id)"""


_WORD: Final = re.compile(r"[^\W_]+")

Row = TypeVar("Row", PhotoRow, RemovedRow, ShortPost)
Shown = TypeVar("Shown", CaseRow, MessageRow)


def within_case(scope: Scope, case_id: int) -> Scope:
    """The scope as it holds for one case: unmasked where that was asked for and noted (`data.revealing`)."""
    return replace(scope, masked=False) if case_id in scope.revealed else scope


def texts(reader: Reader, scope: Scope, rows: Sequence[Row]) -> list[Row]:
    """Rows with the third parties of each message's thread taken out of its text."""
    if not scope.masked:
        return list(rows)
    whole = _whole(reader, [row.message for row in rows])
    return [replace(row, text=whole[row.message][: len(row.text)]) for row in rows]


def of_cases(reader: Reader, scope: Scope, rows: Sequence[CaseRow]) -> list[CaseRow]:
    """Cases without who wrote, and without the way to a citizen's own words on the platform."""
    if not scope.masked:
        return list(rows)
    whole = _whole(reader, [row.message for row in rows])
    return [
        replace(row, author_name="", text=whole[row.message][: len(row.text)], url=row.url if row.by_page else "")
        for row in rows
    ]


def of_removals(reader: Reader, scope: Scope, rows: Sequence[RemovalRow]) -> list[RemovalRow]:
    """Removals, likewise."""
    if not scope.masked:
        return list(rows)
    whole = _whole(reader, [row.head for row in rows])
    return [replace(row, text=whole[row.head][: len(row.text)], url=row.url if row.by_page else "") for row in rows]


def of_messages(reader: Reader, scope: Scope, rows: Sequence[MessageRow]) -> list[MessageRow]:
    """Messages with all their texts masked, and each citizen as a number of their thread in `writer`."""
    if not scope.masked:
        return list(rows)
    shown: dict[int, MessageRow] = {}
    for place in dict.fromkeys((row.platform, row.thread_id) for row in rows):
        beside = [row for row in rows if (row.platform, row.thread_id) == place]
        told = iter(_masked(reader, [text for row in beside for text in _told(row)], _names(reader, *place)))
        writers, keys = _writers(reader, *place), _keys(reader, [row.id for row in beside])
        shown |= {row.id: _message(row, told, writers.get(keys[row.id], 0)) for row in beside}
    return [shown[row.id] for row in rows]


def notes(reader: Reader, scope: Scope, message: int, told: Sequence[str]) -> list[str]:
    """What the staff wrote about a message, without those whom its thread names."""
    if not scope.masked:
        return list(told)
    place = reader.first("SELECT platform, thread_id FROM messages WHERE id = ?", (message,))
    return _masked(reader, told, _names(reader, *place) if place else [])


def holding(words: str, scope: Scope, rows: Sequence[Shown]) -> list[Shown]:
    """The rows of a search whose masked text still holds all the words: a masked name must not be found either."""
    asked = _tokens(words)
    return [row for row in rows if asked <= _tokens(row.text)] if scope.masked else list(rows)


def _tokens(text: str) -> set[str]:
    """Words without case and accents, as the search index compares them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return set(_WORD.findall("".join(sign for sign in apart if not unicodedata.combining(sign))))


def blocks(text: str) -> str:
    """As many blocks as the text has signs; blanks stay."""
    return "".join(sign if sign.isspace() else MASKED for sign in text)


def _told(row: MessageRow) -> list[str]:
    """Everything of a message that is read."""
    return [row.text, *(old.text for old in row.versions), *(item.text for item in row.attachments)]


def _message(row: MessageRow, told: Iterator[str], writer: int) -> MessageRow:
    """`told` goes on with the masked texts of this message, in the order of `_told`."""
    return replace(
        row,
        text=next(told),
        author_name=row.author_name if row.by_page else "",
        writer=writer,
        url=row.url if row.by_page else "",
        versions=tuple(replace(old, text=next(told)) for old in row.versions),
        attachments=tuple(Attachment(item.kind, "", next(told)) for item in row.attachments),
    )


def _whole(reader: Reader, messages: Sequence[int]) -> dict[int, str]:
    """The whole masked texts: what is cut first may end in half a name."""
    rows = reader.execute(
        "SELECT id, platform, thread_id, text FROM messages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(messages),),
    )
    shown: dict[int, str] = {}
    for place in {(row["platform"], row["thread_id"]) for row in rows}:
        beside = {row["id"]: row["text"] for row in rows if (row["platform"], row["thread_id"]) == place}
        shown |= dict(zip(beside, _masked(reader, list(beside.values()), _names(reader, *place)), strict=True))
    return shown


def _masked(reader: Reader, told: Sequence[str], names: Iterable[str]) -> list[str]:
    return reader.veil.masked(told, names) if reader.veil else [blocks(text) for text in told]


def _names(reader: Reader, platform: str, thread_id: str) -> list[str]:
    """Everybody whom the judgement found named in the thread, and its writers as their names are kept."""
    return [row[0] for row in reader.execute(_NAMES, (platform, thread_id))]


def _writers(reader: Reader, platform: str, thread_id: str) -> dict[str, int]:
    """A number for each citizen of the thread, in the order in which they were first stored: a later one moves none."""
    return {row[0]: number for number, row in enumerate(reader.execute(_WRITERS, (platform, thread_id)), 1)}


def _keys(reader: Reader, messages: Sequence[int]) -> dict[int, str]:
    rows = reader.execute(
        "SELECT id, author_key FROM messages WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(messages),)
    )
    return {row["id"]: row["author_key"] or "" for row in rows}
