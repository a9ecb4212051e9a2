"""The writing side of own posts with pictures: noted as they are read, answered by people.

Nothing of a picture is kept but that there is one. A post asks once for each set of pictures: one that gets more of
them asks again, and an answer holds until its day of review.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from data import journal
from data.connection import writing
from data.errors import ChangedError, OutOfScopeError
from data.photo_rows import PhotoAnswer
from data.scoping import within
from data.times import to_text
from data.types import Kind, Message, Scope

GONE_WITHIN: Final = timedelta(days=2)  # what was removed must be gone by then; two of a sleeping page's visits


def pictures(message: Message) -> int:
    """How many pictures and films the platform tells of; an album may count as one. YouTube's films are no picture."""
    kinds = {"photo"} if message.platform == "youtube" else {"photo", "video"}
    return sum(one.kind in kinds for one in message.attachments)


def noted(conn: sqlite3.Connection, messages: Iterable[tuple[int, Message]], at: datetime) -> None:
    """Note the pictures of own posts that are new or edited, in the caller's transaction."""
    own = [(number, pictures(one)) for number, one in messages if one.by_page and one.kind is Kind.POST]
    conn.executemany(
        "UPDATE photos SET pictures = 0 WHERE message = ?", [(number,) for number, count in own if not count]
    )
    conn.executemany(
        """INSERT INTO photos (message, page_id, institution_id, pictures, asks_from)
               SELECT id, page_id, institution_id, ?2, coalesce(created_at, first_seen) FROM messages WHERE id = ?1
           ON CONFLICT DO UPDATE SET
               revision = revision + (answer IS NOT NULL AND excluded.pictures > pictures),
               asks_from = CASE WHEN answer IS NOT NULL AND excluded.pictures > pictures THEN ?3 ELSE asks_from END,
               answer = CASE WHEN excluded.pictures > pictures THEN NULL ELSE answer END,
               pictures = excluded.pictures""",
        [(number, count, to_text(at)) for number, count in own if count],
    )


class Photos:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def answer_photo(
        self, scope: Scope, person: str, message: int, revision: int, answer: PhotoAnswer, note: str, review: timedelta
    ) -> int:
        """Say how it is with a post's pictures; the answer's id, to undo it by. It is asked again after `review`.

        `note` must be masked and of at most `NOTE_LENGTH` code points. ChangedError where the post changed since
        `revision`, OutOfScopeError where it is not the viewer's.
        """
        with writing(self._conn):
            return _answer(self._conn, scope, person, (message, revision), answer, note, self._clock(), review)

    def undo_photo(self, scope: Scope, person: str, answer: int) -> None:
        """Take an answer back that is still in force; errors as `answer_photo`."""
        with writing(self._conn):
            _undo(self._conn, scope, person, answer, self._clock())


def _answer(
    conn: sqlite3.Connection,
    scope: Scope,
    person: str,
    asked: tuple[int, int],
    answer: PhotoAnswer,
    note: str,
    at: datetime,
    review: timedelta,
) -> int:
    message, revision = asked
    was = _theirs(conn, scope, message)
    if was["revision"] != revision:
        raise ChangedError(f"The post {message} has changed since it was read; nothing was written. Look at it again.")
    until = at + (GONE_WITHIN if answer is PhotoAnswer.REMOVED else review)
    conn.execute(
        "UPDATE photos SET answer = ?, asks_from = ?, revision = revision + 1 WHERE message = ?",
        (answer.value, to_text(until), message),
    )
    number = conn.execute(
        """INSERT INTO photo_answers (message, answer, note, person, at, was, was_asks_from)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (message, answer.value, note, person, to_text(at), was["answer"], was["asks_from"]),
    ).lastrowid
    assert number is not None  # an INSERT has one
    _note(conn, at, person, "photo", message, was["institution_id"], answer.value)
    return number


def _undo(conn: sqlite3.Connection, scope: Scope, person: str, answer: int, at: datetime) -> None:
    row = conn.execute("SELECT * FROM photo_answers WHERE id = ?", (answer,)).fetchone()
    post = _theirs(conn, scope, row["message"] if row else 0)
    last = conn.execute(
        "SELECT max(id) FROM photo_answers WHERE message = ? AND undone_at IS NULL", (row["message"],)
    ).fetchone()[0]
    if last != answer or post["answer"] is None:
        raise ChangedError("That answer is not in force any more; nothing was written. Look at the post again.")
    conn.execute("UPDATE photo_answers SET undone_at = ?, undone_by = ? WHERE id = ?", (to_text(at), person, answer))
    conn.execute(
        "UPDATE photos SET answer = ?, asks_from = ?, revision = revision + 1 WHERE message = ?",
        (row["was"], row["was_asks_from"], row["message"]),
    )
    _note(conn, at, person, "photo_undone", row["message"], post["institution_id"], row["answer"])


def _theirs(conn: sqlite3.Connection, scope: Scope, message: int) -> sqlite3.Row:
    condition, names = within(scope)
    row: sqlite3.Row | None = conn.execute(
        f"SELECT * FROM photos WHERE message = ? AND {condition}",  # noqa: S608, placeholders only
        (message, *names),
    ).fetchone()
    if row is None or not (scope.acts and scope.browse):
        raise OutOfScopeError("That post does not exist for you; nothing was written. Ask for one of your own list.")
    return row


def _note(
    conn: sqlite3.Connection, at: datetime, person: str, action: str, message: int, institution: str, answer: str
) -> None:
    """The note stays beside the answer, where it can be cleared one day; the journal has none."""
    journal.append(
        conn, at=at, actor=person, action=action, subject=f"message:{message}", institution_id=institution,
        detail={"answer": answer},
    )  # fmt: skip
