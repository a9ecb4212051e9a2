"""A batch into the database, in one transaction: new, edited, judged again, or as before.

Saving the same batch twice changes nothing: what is as before is compared and not written. That is what lets a visit
read back over days without a cursor, and lets a broken one simply begin again.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from data import casework, emptied, photos, remembered, visibility
from data.bulk import insert, next_id
from data.casework import Asked
from data.stored import Stored, stored, words, write_attachments
from data.times import from_text, to_text, week_of
from data.types import Answer, Judged, Judgement, Kind, Page, Tally, Visibility

_MESSAGE: Final = (
    "id", "platform", "message_id", "page_id", "institution_id", "kind", "thread_id", "parent_id", "by_page",
    "author_key", "author_name", "text", "url", "attachments", "created_at", "edited_at", "first_seen", "week",
    "version_seen", "digest", "visibility", "comment_count",
    "inquiry", "topic", "urgent", "breach", "tone", "because", "rules", "failed",
)  # fmt: skip
_FINDING: Final = ("message", "version", "detector", "rule", "type", "start", "end", "score", "reason")
_JUDGED: Final = "inquiry = ?, topic = ?, urgent = ?, breach = ?, tone = ?, because = ?, rules = ?, failed = ?"


def save(
    conn: sqlite3.Connection,
    page: Page,
    judged: Sequence[Judged],
    *,
    counts: Mapping[str, int],
    answers: Sequence[Answer],
    reopened: Sequence[str],
    at: datetime,
    digest: Callable[[str], str],
) -> Tally:
    """Save a batch within the caller's write transaction.

    A message is known by (platform, message_id); of one that comes twice in a batch the last counts. It stays with
    the page that it was first seen on. `digest` is the store's keyed hash.
    """
    _note_rules(conn, judged, at)
    remembered.newer_rules(conn, page.id, judged, at)
    judged, kept = remembered.keep_back(conn, page.id, judged, digest)
    latest = {(one.message.platform, one.message.message_id): one for one in judged}
    held = _held(conn, latest)
    known = [(held[key], one) for key, one in latest.items() if key in held]
    edited = [(row, one) for row, one in known if row.digest != one.message.digest]
    fresh = [one for key, one in latest.items() if key not in held]
    _add(conn, page, fresh, at)
    _edit(conn, edited, at)
    back = _fill(conn, known)
    retried = [(row, one) for row, one in known if _is_retried(row, one) or row.id in back]
    judge_again(conn, retried, at)
    again = {one.message.message_id for _, one in (*edited, *retried)}
    told_anew = again | {one.message.message_id for one in fresh if one.message.message_id in kept}
    remembered.note(conn, page.platform, told_anew, kept, at)
    visibility.seen(conn, [(row, one.message.visibility) for row, one in known], at)
    count(conn, page.platform, {**_told(latest.values()), **counts})
    casework.answer(conn, page.platform, answers)
    casework.reopen(conn, page.platform, reopened)
    return Tally(
        fetched=len(judged), new=len(fresh), edited=len(edited), unchanged=len(judged) - len(fresh) - len(edited)
    )


def _note_rules(conn: sqlite3.Connection, judged: Iterable[Judged], at: datetime) -> None:
    """Rules that were not used before."""
    versions = {one.judgement.rules for one in judged}
    conn.executemany(
        "INSERT OR IGNORE INTO rule_versions VALUES (?1, ?2, ?2)", [(rules, to_text(at)) for rules in sorted(versions)]
    )


def count(conn: sqlite3.Connection, platform: str, counts: Mapping[str, int]) -> None:
    """Note the platform's own number of comments of threads, where it differs from what is stored."""
    conn.executemany(
        "UPDATE messages SET comment_count = ?1 WHERE platform = ?2 AND message_id = ?3 AND comment_count IS NOT ?1",
        [(number, platform, thread) for thread, number in counts.items()],
    )


def _told(judged: Iterable[Judged]) -> dict[str, int]:
    """The platform's own numbers of comments that came with the messages."""
    messages = (one.message for one in judged)
    return {message.message_id: message.comment_count for message in messages if message.comment_count is not None}


def _held(conn: sqlite3.Connection, latest: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Stored]:
    names: dict[str, list[str]] = {}
    for platform, message_id in latest:
        names.setdefault(platform, []).append(message_id)
    return {
        (platform, name): row for platform, ids in names.items() for name, row in stored(conn, platform, ids).items()
    }


def _add(conn: sqlite3.Connection, page: Page, fresh: list[Judged], at: datetime) -> None:
    """New messages, oldest first, so that the order of their numbers is mostly that of their writing."""
    fresh.sort(key=lambda one: (one.message.created_at or at, one.message.kind is not Kind.POST))
    first = next_id(conn, "messages")
    seen = to_text(at)
    rows = [_message_row(first + place, page, one, at, seen) for place, one in enumerate(fresh)]
    insert(conn, "messages", _MESSAGE, rows)
    findings = [row for place, one in enumerate(fresh) for row in _finding_rows(first + place, 1, one.judgement)]
    insert(conn, "findings", _FINDING, findings)
    casework.open_cases(
        conn,
        [
            Asked(
                first + place,
                page.id,
                page.institution_id,
                one.message.created_at or at,
                one.judgement.rules,
                one.cases,
            )
            for place, one in enumerate(fresh)
            if one.cases
        ],
        at,
    )
    photos.noted(conn, ((first + place, one.message) for place, one in enumerate(fresh)), at)
    hidden = [first + place for place, one in enumerate(fresh) if one.message.visibility is Visibility.HIDDEN]
    visibility.first_hidden(conn, page, hidden, at)
    _add_volumes(conn, page, fresh, [row[_MESSAGE.index("week")] for row in rows])


def _message_row(number: int, page: Page, one: Judged, at: datetime, seen: str) -> tuple[Any, ...]:
    told = one.message
    return (
        number, told.platform, told.message_id, page.id, page.institution_id, told.kind, told.thread_id, told.parent_id,
        told.by_page, told.author_key, told.author_name, told.text, told.url, write_attachments(told.attachments),
        to_text(told.created_at) if told.created_at else None, to_text(told.edited_at) if told.edited_at else None,
        seen, week_of(told.created_at or at), seen, told.digest, told.visibility, told.comment_count,
        *_judgement_fields(one.judgement),
    )  # fmt: skip


def _judgement_fields(judgement: Judgement) -> tuple[Any, ...]:
    return (
        judgement.inquiry, judgement.topic, judgement.urgent, judgement.breach, judgement.tone,
        words(judgement.because) if judgement.because else "[]", judgement.rules,
        words(judgement.failed) if judgement.failed else "[]",
    )  # fmt: skip


def _finding_rows(message: int, version: int, judgement: Judgement) -> list[tuple[Any, ...]]:
    return [
        (message, version, it.detector, it.version, it.type, it.start, it.end, it.score, it.reason)
        for it in judgement.findings
    ]


def _add_volumes(conn: sqlite3.Connection, page: Page, fresh: list[Judged], weeks: list[str]) -> None:
    """Posts are the page's own, comments everything that others wrote, own everything that the page wrote."""
    posts: Counter[str] = Counter()
    comments: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for one, week in zip(fresh, weeks, strict=True):
        (own if one.message.by_page else comments)[week] += 1
        posts[week] += one.message.by_page and one.message.kind is Kind.POST
    conn.executemany(
        """INSERT INTO volumes (week, page_id, institution_id, posts, comments, own) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET posts = posts + excluded.posts, comments = comments + excluded.comments,
               own = own + excluded.own""",
        [(week, page.id, page.institution_id, posts[week], comments[week], own[week]) for week in sorted(set(weeks))],
    )


def _edit(conn: sqlite3.Connection, edited: list[tuple[Stored, Judged]], at: datetime) -> None:
    """The stored text becomes an older version; the new one is judged as it stands."""
    if not edited:
        return
    seen = to_text(at)
    conn.executemany(
        "INSERT INTO versions SELECT id, version, text, digest, version_seen, ?1 FROM messages WHERE id = ?2",
        [(seen, row.id) for row, _ in edited],
    )
    conn.executemany(
        "UPDATE messages SET text = ?, url = ?, author_name = ?, author_key = ?, attachments = ?, edited_at = ?,"  # noqa: S608, own names
        f" digest = ?, version = version + 1, version_seen = ?, {_JUDGED} WHERE id = ?",
        [
            (
                one.message.text, one.message.url, one.message.author_name, one.message.author_key,
                write_attachments(one.message.attachments),
                to_text(one.message.edited_at) if one.message.edited_at else None, one.message.digest, seen,
                *_judgement_fields(one.judgement), row.id,
            )
            for row, one in edited
        ],
    )  # fmt: skip
    insert(
        conn,
        "findings",
        _FINDING,
        [finding for row, one in edited for finding in _finding_rows(row.id, row.version + 1, one.judgement)],
    )
    photos.noted(conn, ((row.id, one.message) for row, one in edited), at)
    remembered.edited(conn, [row.id for row, _ in edited], at)
    emptied.has_text(conn, [row.id for row, _ in edited])
    casework.renew(conn, _asked(conn, edited), at, edited=True)


def _fill(conn: sqlite3.Connection, known: Sequence[tuple[Stored, Judged]]) -> set[int]:
    """The text of what was emptied because it was gone and is listed again; the numbers of those messages."""
    gone = emptied.back(conn, [row.id for row, _ in known])
    again = [(row, one.message) for row, one in known if row.id in gone and row.digest == one.message.digest]
    conn.executemany(
        "UPDATE messages SET text = ?, author_name = ?, author_key = ?, attachments = ? WHERE id = ?",
        [
            (message.text, message.author_name, message.author_key, write_attachments(message.attachments), row.id)
            for row, message in again
        ],
    )
    numbers = {row.id for row, _ in again}
    emptied.has_text(conn, numbers)
    return numbers


def _is_retried(row: Stored, one: Judged) -> bool:
    """Whether the same text was not judged whole before and is judged otherwise now."""
    return row.digest == one.message.digest and row.failed != "[]" and row.failed != words(one.judgement.failed)


def judge_again(
    conn: sqlite3.Connection,
    retried: Sequence[tuple[Stored, Judged]],
    at: datetime,
    *,
    newer: bool = False,
    inquiries_from: datetime | None = None,
) -> None:
    """The same texts judged anew. `newer`: by newer rules, which open no inquiry for what is older than that moment."""
    if not retried:
        return
    conn.executemany(
        f"UPDATE messages SET {_JUDGED} WHERE id = ?",  # noqa: S608, own names
        [(*_judgement_fields(one.judgement), row.id) for row, one in retried],
    )
    conn.executemany(
        "DELETE FROM findings WHERE message = ? AND version = ?", [(row.id, row.version) for row, _ in retried]
    )
    rows = [finding for row, one in retried for finding in _finding_rows(row.id, row.version, one.judgement)]
    insert(conn, "findings", _FINDING, rows)
    casework.renew(conn, _asked(conn, retried), at, edited=False, newer=newer, inquiries_from=inquiries_from)


def _asked(conn: sqlite3.Connection, again: Sequence[tuple[Stored, Judged]]) -> list[Asked]:
    written = dict(
        conn.execute(
            "SELECT id, coalesce(created_at, first_seen) FROM messages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([row.id for row, _ in again]),),
        ).fetchall()
    )
    return [
        Asked(row.id, row.page_id, row.institution_id, from_text(written[row.id]), one.judgement.rules, one.cases)
        for row, one in again
    ]
