"""Where one person is met in what is stored, for that person's own request: the one search by writer that there is.

Names of writers are kept as initials by default and their ids as keys that differ from thread to thread, so that a
writer is found by trying the id (or, where the platform gave none, the whole name) against each thread's key.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from data import emptying
from data.retention import Why
from data.times import to_text

AuthorKey = Callable[[str, str], str]


class How(StrEnum):
    """In which way a message has to do with the person."""

    WROTE = "wrote"
    NAMED = "named"  # the words are met in it
    GIVEN = "given"  # its number was given


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: writers' ids and whole names, words, numbers of messages. `initials` are only counted."""

    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    messages: tuple[int, ...] = ()
    digests: Mapping[int, str] = field(default_factory=dict)  # numbers that count only where the digest agrees
    initials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Messages by number, and numbers of decisions, explanations, holds and answers about pictures whose free text
    holds the words.
    """

    messages: Mapping[int, How] = field(default_factory=dict)
    decisions: tuple[int, ...] = ()
    explanations: tuple[int, ...] = ()
    holds: tuple[int, ...] = ()
    photo_answers: tuple[int, ...] = ()
    held: tuple[int, ...] = ()  # messages that a hold keeps from being erased
    digests: Mapping[int, str] = field(default_factory=dict)  # of the messages, by number
    alike: int = 0  # messages whose writer has the same initials, none of them told apart

    def figures(self) -> dict[str, int]:
        """How many of each, for the journal and the command line."""
        return {
            "messages": len(self.messages), "grounds": len(self.decisions) + len(self.holds),
            "notes": len(self.explanations) + len(self.photo_answers), "held": len(self.held),
        }  # fmt: skip


def find(conn: sqlite3.Connection, sought: Sought, author_key: AuthorKey, at: datetime) -> Found:
    """Everything stored that has to do with the person; of what was emptied, what a number names."""
    conn.create_function("holds_words", 1, _holding(sought.words), deterministic=True)
    given = dict.fromkeys([*_of(conn, _GIVEN, json.dumps(sought.messages)), *_same(conn, sought.digests)], How.GIVEN)
    named = dict.fromkeys(_of(conn, _NAMED), How.NAMED) if sought.words else {}
    wrote = dict.fromkeys(_written(conn, sought.authors, author_key), How.WROTE)
    free = {table: _of(conn, sql) if sought.words else () for table, sql in _FREE.items()}
    found = _found({**given, **named, **wrote}, free)
    alike = sum(_of(conn, "SELECT count(*) FROM messages WHERE author_name = ?", one)[0] for one in sought.initials)
    numbers = json.dumps(list(found.messages))
    digests = {row["id"]: row["digest"] for row in conn.execute(_DIGESTS, (numbers,))}
    return replace(found, digests=digests, alike=alike, held=_of(conn, _HELD, numbers, to_text(at)))


def erase(conn: sqlite3.Connection, found: Found, at: datetime) -> Found:
    """Empty what was found in the caller's transaction; what was emptied, and in `held` what was not."""
    numbers = json.dumps(list(found.messages))
    held = set(_of(conn, _HELD, numbers, to_text(at)))
    there = [number for number in _of(conn, _STORED, numbers) if number not in held]
    emptying.empty(conn, there, Why.ERASED, at)
    free = {name: _emptied(conn, name, getattr(found, name), at) for name in _COLUMNS}
    if any(free.values()):
        emptying.ask_to_wipe(conn)
    erased = _found({number: found.messages[number] for number in there}, free)
    return replace(erased, digests=found.digests, held=tuple(sorted(held)))


def normal(words: str) -> str:
    """Words as they are compared: composed, case-folded, each run of blanks one blank."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", words).casefold()).split())


_AMONG: Final = "IN (SELECT value FROM json_each(?))"
_STORED: Final = f"SELECT id FROM messages WHERE id {_AMONG} ORDER BY id"  # noqa: S608, own words
_GIVEN: Final = f"SELECT id FROM messages WHERE id {_AMONG}"  # noqa: S608, likewise
_DIGESTS: Final = f"SELECT id, digest FROM messages WHERE id {_AMONG}"  # noqa: S608, likewise
_NAMED: Final = """
    SELECT id FROM messages WHERE holds_words(text) OR holds_words(attachments) OR holds_words(author_name)
        OR holds_words(url)
    UNION SELECT message FROM versions WHERE holds_words(text)"""
_FREE: Final = {
    "decisions": "SELECT id FROM decisions WHERE ground <> '' AND holds_words(ground)",
    "explanations": "SELECT id FROM explanations WHERE note <> '' AND holds_words(note)",
    "holds": "SELECT id FROM holds WHERE ground <> '' AND holds_words(ground)",
    "photo_answers": "SELECT id FROM photo_answers WHERE note <> '' AND holds_words(note)",
}
_FORCE: Final = "lifted_at IS NULL AND until > ?2"
_COLUMNS: Final = {
    "decisions": f"""ground = '' WHERE NOT EXISTS (SELECT 1 FROM holds WHERE holds.case_id = decisions.case_id
        AND {_FORCE})""",  # noqa: S608, own words
    "explanations": "note = '' WHERE ?2 <> ''",
    "holds": f"ground = '' WHERE NOT ({_FORCE})",
    "photo_answers": "note = '' WHERE ?2 <> ''",
}
_HELD: Final = f"""
    SELECT DISTINCT messages.id FROM messages JOIN holds ON holds.platform = messages.platform
        AND holds.thread_id = messages.thread_id AND lifted_at IS NULL
    WHERE messages.id {_AMONG} AND until > ?"""  # noqa: S608, likewise


def _found(messages: Mapping[int, How], free: Mapping[str, tuple[int, ...]]) -> Found:
    return Found(messages, free["decisions"], free["explanations"], free["holds"], free["photo_answers"])


def _same(conn: sqlite3.Connection, digests: Mapping[int, str]) -> list[int]:
    """The numbers that still, or again, stand for the text of that digest: a restored database may number anew."""
    rows = conn.execute(_DIGESTS, (json.dumps(list(digests)),))
    return [row["id"] for row in rows if digests[row["id"]] == row["digest"]]


def _emptied(conn: sqlite3.Connection, table: str, numbers: Iterable[int], at: datetime) -> tuple[int, ...]:
    """Empty the free text of these rows, but for what a hold keeps; the numbers of those that were."""
    return _of(
        conn,
        f"UPDATE {table} SET {_COLUMNS[table]} AND id IN (SELECT value FROM json_each(?1)) RETURNING id",  # noqa: S608, own words
        json.dumps(list(numbers)), to_text(at),
    )  # fmt: skip


def _of(conn: sqlite3.Connection, sql: str, *values: object) -> tuple[int, ...]:
    return tuple(row[0] for row in conn.execute(sql, values))


def _holding(words: Collection[str]) -> Callable[[str], bool]:
    wanted = [normal(one) for one in words]
    return lambda text: any(one in normal(text) for one in wanted)


def _written(conn: sqlite3.Connection, authors: Iterable[str], author_key: AuthorKey) -> Iterable[int]:
    """Messages whose writer's key is that of one of these ids or names in its thread."""
    wanted = tuple(authors)
    if not wanted:
        return
    for row in conn.execute("SELECT DISTINCT platform, thread_id FROM messages WHERE author_key <> ''").fetchall():
        for author in wanted:
            key = author_key(row["thread_id"], author)
            yield from _of(
                conn, "SELECT id FROM messages WHERE platform = ? AND thread_id = ? AND author_key = ?",
                row["platform"], row["thread_id"], key,
            )  # fmt: skip
