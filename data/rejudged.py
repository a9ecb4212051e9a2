"""Stored messages judged again by newer rules: which are next, how many are left, and the writing of what was found.

    rules change ─► `use_rules` ─► messages of older rules, oldest rules first ─► judged elsewhere ─► `judged_anew`

What is written is held against what was read: a message that was edited, or judged by somebody else meanwhile, is left.
A case that a person decided stays as decided; a new one says that newer rules found it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from data import casework, remembered, saving
from data.connection import reading, writing
from data.journal import Rows
from data.opening import from_column
from data.stored import Stored, message, stored
from data.times import to_text
from data.types import Answer, Institution, Judged, Message, Page

_NEXT: Final = "SELECT * FROM messages INDEXED BY messages_rules WHERE rules = ? AND id > ? ORDER BY id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages are judged by the newest rules, and how many there are."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Stale:
    """A message that older rules judged, and its number."""

    id: int
    rules: str
    message: Message


def progress(reader: Rows) -> Progress:
    """Against the rules that were used last; (0, 0) where nothing was judged yet."""
    current = _current(reader)
    counts = dict(
        tuple(row) for row in reader.execute("SELECT rules, count(*) FROM messages WHERE rules <> '' GROUP BY rules")
    )
    return Progress(counts.get(current, 0), sum(counts.values()))


def waits(reader: Rows) -> bool:
    """Whether any message was judged by older rules; asks the index once for each version."""
    return bool(_older(reader, _current(reader)))


def _current(reader: Rows) -> str:
    row = next(
        iter(reader.execute("SELECT rules FROM rule_versions ORDER BY last_used DESC, rowid DESC LIMIT 1")), None
    )
    return str(row[0]) if row else ""


def _older(reader: Rows, current: str) -> list[str]:
    """The older versions by which messages still stand, the oldest first."""
    sql = """SELECT rules FROM rule_versions WHERE rules <> ?
        AND EXISTS (SELECT 1 FROM messages WHERE messages.rules = rule_versions.rules) ORDER BY first_used, rowid"""
    return [str(row[0]) for row in reader.execute(sql, (current,))]


class Rejudged:
    """The store's part for judging again; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def digest(self, text: str) -> str:
        """The store's keyed hash."""
        raise NotImplementedError

    def use_rules(self, rules: str) -> None:
        """Note the version of the rules that judge from now on."""
        at = to_text(self._clock())
        with writing(self._conn):
            self._conn.execute(
                "INSERT INTO rule_versions VALUES (?1, ?2, ?2)"
                " ON CONFLICT DO UPDATE SET last_used = excluded.last_used",
                (rules, at),
            )

    def stale(self, rules: str, after: int = 0, limit: int = 500) -> list[Stale]:
        """The next messages that other rules judged, of the oldest of them, by number from `after` on."""
        with reading(self._conn):
            for older in _older(self._conn, rules):
                rows = self._conn.execute(_NEXT, (older, after, limit)).fetchall()
                if rows:
                    return [Stale(row["id"], row["rules"], message(row)) for row in rows]
        return []

    def place(self, page_id: str) -> tuple[Page, Institution]:
        """A page and its institution as they were last configured, also where they have left the configuration."""
        with reading(self._conn):
            row = self._conn.execute(
                """SELECT pages.*, institutions.name AS place, institutions.kind AS kind
                   FROM pages JOIN institutions ON institutions.id = institution_id WHERE pages.id = ?""",
                (page_id,),
            ).fetchone()
        page = Page(
            page_id,
            row["institution_id"],
            row["platform"],
            row["name"],
            row["url"],
            "",
            goal_hours=row["goal_hours"],
            opening=from_column(row["opening"]),
            urgent_hours=row["urgent_hours"],
        )
        return page, Institution(row["institution_id"], row["place"], row["kind"])

    def judged_anew(
        self,
        page: Page,
        judged: Sequence[tuple[Stale, Judged]],
        answers: Sequence[Answer],
        *,
        inquiries_from: datetime,
    ) -> int:
        """Write what newer rules found in messages of one page; how many still were as they had been read.

        No inquiry is opened for what was written before `inquiries_from`.
        """
        at = self._clock()
        with writing(self._conn):
            current = _unchanged(self._conn, page.platform, judged)
            found = [one for _, one in current]
            remembered.newer_rules(self._conn, page.id, found, at)
            kept_back, kept = remembered.keep_back(self._conn, page.id, found, self.digest)
            again = list(zip((row for row, _ in current), kept_back, strict=True))
            saving.judge_again(self._conn, again, at, newer=True, inquiries_from=inquiries_from)
            remembered.note(self._conn, page.platform, [one.message.message_id for one in kept_back], kept, at)
            casework.answer(self._conn, page.platform, answers)
        return len(again)


def _unchanged(
    conn: sqlite3.Connection, platform: str, judged: Sequence[tuple[Stale, Judged]]
) -> list[tuple[Stored, Judged]]:
    held = stored(conn, platform, [one.message.message_id for _, one in judged])
    numbers = json.dumps([stale.id for stale, _ in judged])
    rules = dict(
        tuple(row)
        for row in conn.execute(
            "SELECT id, rules FROM messages WHERE id IN (SELECT value FROM json_each(?))", (numbers,)
        )
    )
    return [
        (row, one)
        for stale, one in judged
        if (row := held.get(one.message.message_id)) is not None
        and row.digest == stale.message.digest
        and rules.get(stale.id) == stale.rules
    ]
