"""Cases as the machine opens and moves them: from judgements, edits and answers. People act in `data.deciding`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from data.bulk import insert
from data.times import to_text, week_of
from data.types import Answer, CaseDraft, Category

_CASE: Final = (
    "message", "page_id", "institution_id", "category", "kind", "topic", "severity",
    "opened_at", "written_at", "week", "due_at", "sort", "rules", "newer_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A message and the cases that its judgement asks for. `written_at` is when it was first seen where untold."""

    message: int
    page_id: str
    institution_id: str
    written_at: datetime
    rules: str
    drafts: tuple[CaseDraft, ...]


def open_cases(conn: sqlite3.Connection, asked: Iterable[Asked], at: datetime, *, newer: bool = False) -> None:
    """Open the cases of messages that have none of the category yet; `newer`: newer rules ask for them."""
    opened = to_text(at)
    rows = [_row(one, draft, opened, newer=newer) for one in asked for draft in _one_each(one.drafts)]
    insert(conn, "cases", _CASE, rows)


def renew(
    conn: sqlite3.Connection,
    asked: Sequence[Asked],
    at: datetime,
    *,
    edited: bool,
    newer: bool = False,
    inquiries_from: datetime | None = None,
) -> None:
    """Bring the cases of messages judged anew up to date.

    A case that the new judgement asks for takes its words; where an edit was the cause, one that was closed or
    answered becomes new again. A case that it no longer asks for stays for a person to close. After an edit the
    revision of every open case rises: nobody decides on a text that has changed under them. Under `newer` rules no
    inquiry is opened for what was written before `inquiries_from`.
    """
    held = _held(conn, asked)
    for one in asked:
        late = inquiries_from is not None and one.written_at < inquiries_from
        missing = tuple(
            draft
            for draft in _one_each(one.drafts)
            if (one.message, draft.category) not in held and not (late and draft.category is Category.INQUIRY)
        )
        open_cases(conn, [replace(one, drafts=missing)], at, newer=newer)
        drafts = {draft.category: draft for draft in one.drafts}
        for category in Category:
            case = held.get((one.message, category))
            if case is not None:
                _renew_one(conn, case, one, drafts.get(category), edited=edited)


def answer(conn: sqlite3.Connection, platform: str, answers: Sequence[Answer]) -> None:
    """Note the page's replies: an open inquiry becomes answered.

    A reply from before the inquiry was edited answers what it said then, not what it says now. One that a person took
    for no answer (see `deciding.take`) does not answer again, and neither does one from before they took the case.
    """
    if not answers:
        return
    ids = _ids(conn, platform, [name for found in answers for name in (found.inquiry_id, found.answer_id)])
    conn.executemany(
        """UPDATE cases SET status = 'answered', answered_at = ?2, answer = ?3, revision = revision + 1
           WHERE message = ?1 AND category = 'inquiry' AND status IN ('new', 'taken')
               AND answer IS NOT ?3 AND (answer IS NULL OR taken_at IS NULL OR ?2 > taken_at) AND ?2 >= (
               SELECT CASE WHEN version = 1 THEN '' ELSE coalesce(edited_at, version_seen) END
               FROM messages WHERE id = ?1)""",
        [
            (ids[found.inquiry_id], to_text(found.answered_at), ids[found.answer_id])
            for found in answers
            if found.inquiry_id in ids and found.answer_id in ids
        ],
    )


def reopen(conn: sqlite3.Connection, platform: str, messages: Sequence[str]) -> None:
    """Inquiries whose answer a citizen's later reminder took back become new, unless a person decided otherwise.

    The reply stays noted, so that it does not answer again.
    """
    if not messages:
        return
    conn.executemany(
        """UPDATE cases SET status = 'new', answered_at = NULL, taken_by = NULL, taken_at = NULL,
               revision = revision + 1
           WHERE message = ? AND category = 'inquiry' AND status = 'answered' AND verdict IS NULL""",
        [(number,) for number in _ids(conn, platform, messages).values()],
    )


def _row(one: Asked, draft: CaseDraft, opened: str, *, newer: bool) -> tuple[Any, ...]:
    written = to_text(one.written_at)
    due = to_text(draft.due_at) if draft.due_at else None
    return (
        one.message, one.page_id, one.institution_id, draft.category, draft.kind, draft.topic, int(draft.severity),
        opened, written, week_of(one.written_at), due, due or written, one.rules, int(newer),
    )  # fmt: skip


def _one_each(drafts: tuple[CaseDraft, ...]) -> tuple[CaseDraft, ...]:
    """The gravest draft of each category: a message has one case of a category."""
    if len(drafts) < 2:  # noqa: PLR2004, nothing to choose among
        return drafts
    chosen: dict[Category, CaseDraft] = {}
    for draft in drafts:
        if draft.category not in chosen or draft.severity > chosen[draft.category].severity:
            chosen[draft.category] = draft
    return tuple(chosen.values())


def _held(conn: sqlite3.Connection, asked: Sequence[Asked]) -> dict[tuple[int, str], sqlite3.Row]:
    rows = conn.execute(
        "SELECT * FROM cases WHERE message IN (SELECT value FROM json_each(?))",
        (json.dumps([one.message for one in asked]),),
    )
    return {(row["message"], row["category"]): row for row in rows}


def _renew_one(
    conn: sqlite3.Connection, case: sqlite3.Row, one: Asked, draft: CaseDraft | None, *, edited: bool
) -> None:
    is_open = case["status"] in {"new", "taken"}
    if draft is None:
        if edited and is_open:
            conn.execute("UPDATE cases SET revision = revision + 1 WHERE id = ?", (case["id"],))
        return
    due = to_text(draft.due_at) if draft.due_at else None
    words = (draft.kind, draft.topic, int(draft.severity), due)
    if not edited and (not is_open or words == (case["kind"], case["topic"], case["severity"], case["due_at"])):
        return
    conn.execute(
        "UPDATE cases SET kind = ?, topic = ?, severity = ?, due_at = ?, sort = ?, rules = ?, revision = revision + 1"
        " WHERE id = ?",
        (*words, due or case["written_at"], one.rules, case["id"]),
    )
    if not is_open:
        conn.execute(
            "UPDATE cases SET status = 'new', answered_at = NULL, answer = NULL, verdict = NULL, taken_by = NULL,"
            " taken_at = NULL WHERE id = ?",
            (case["id"],),
        )


def _ids(conn: sqlite3.Connection, platform: str, names: Iterable[str]) -> dict[str, int]:
    rows = conn.execute(
        "SELECT message_id, id FROM messages WHERE platform = ? AND message_id IN (SELECT value FROM json_each(?))",
        (platform, json.dumps(sorted(set(names)))),
    )
    return {row[0]: row[1] for row in rows}
