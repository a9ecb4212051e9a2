"""Threads, posts and search."""

from __future__ import annotations

from typing import Final

from data.queries import veiling
from data.queries.making import messages_by_id
from data.queries.reader import Reader
from data.queries.words import match
from data.rows import MessageRow, PostRow
from data.scoping import Condition, readable, within, within_cases
from data.types import Scope

_TRIES: Final = 8  # pages of hits that are looked through for words that are not masked


def thread(reader: Reader, scope: Scope, case_id: int) -> list[MessageRow]:
    """The whole thread of a case's message, the post first, then oldest first, with findings and older versions.

    Whom a case was passed on to reads its thread too, as far as it stands with the institution that it was written to.
    """
    condition, names = readable(scope)
    row = reader.first(
        f"""SELECT message, messages.institution_id FROM cases JOIN messages ON messages.id = message
            WHERE cases.id = ? AND {condition}""",  # noqa: S608, placeholders only
        (case_id, *names),
    )
    if row is None:
        return []
    own, places = within(scope)
    shown = (f"({own} OR institution_id = ?)", (*places, row["institution_id"]))
    return veiling.of_messages(reader, veiling.within_case(scope, case_id), _thread_of(reader, shown, row["message"]))


def thread_of_post(reader: Reader, scope: Scope, message: int) -> list[MessageRow]:
    """The whole thread that a message stands in; needs a scope that may browse."""
    return veiling.of_messages(reader, scope, _thread_of(reader, within(scope), message)) if scope.browse else []


def posts(
    reader: Reader, scope: Scope, page_id: str, *, before: tuple[str, int] | None = None, limit: int = 20
) -> list[PostRow]:
    """A page's posts, newest first; needs a scope that may browse. `before` is the `key` of the last one shown."""
    if not scope.browse:
        return []
    condition, names = within(scope)
    start, values = ("", ()) if before is None else (" AND (coalesce(created_at, first_seen), id) < (?, ?)", before)
    rows = reader.execute(
        f"SELECT id FROM messages WHERE page_id = ? AND kind = 'post' AND {condition}{start}"  # noqa: S608, placeholders only
        " ORDER BY coalesce(created_at, first_seen) DESC, id DESC LIMIT ?",
        (page_id, *names, *values, limit),
    )
    found = veiling.of_messages(reader, scope, messages_by_id(reader, [row["id"] for row in rows]))
    waiting = _open_cases(reader, scope, page_id)
    return [PostRow(post, _comments(reader, post), waiting.get(post.thread_id, 0)) for post in found]


def search(reader: Reader, scope: Scope, words: str, *, before: int | None = None, limit: int = 25) -> list[MessageRow]:
    """Messages that hold all the words, last seen first; needs a scope that may browse.

    `before` is the `id` of the last one shown. What is masked cannot be searched for.
    Order is by number and not by rank: ranking would read every hit.
    """
    if not scope.browse or not match(words):
        return []
    found: list[MessageRow] = []
    for _ in range(_TRIES if scope.masked else 1):
        hits = _hits(reader, scope, words, before, limit)
        found += veiling.holding(words, scope, veiling.of_messages(reader, scope, hits))
        if len(found) >= limit or len(hits) < limit:
            break
        before = hits[-1].id
    return found[:limit]


def _hits(reader: Reader, scope: Scope, words: str, before: int | None, limit: int) -> list[MessageRow]:
    condition, names = within(scope, "messages.institution_id")
    rows = reader.execute(
        f"""SELECT messages.id FROM messages_fts JOIN messages ON messages.id = messages_fts.rowid
            WHERE messages_fts MATCH ? AND messages_fts.rowid < ? AND {condition}
            ORDER BY messages_fts.rowid DESC LIMIT ?""",  # noqa: S608, placeholders only
        (match(words), before if before is not None else 2**63 - 1, *names, limit),
    )
    return messages_by_id(reader, [row["id"] for row in rows])


def _thread_of(reader: Reader, shown: Condition, message: int) -> list[MessageRow]:
    condition, names = shown
    place = reader.first(
        f"SELECT platform, thread_id FROM messages WHERE id = ? AND {condition}",  # noqa: S608, placeholders only
        (message, *names),
    )
    if place is None:
        return []
    rows = reader.execute(
        f"SELECT id FROM messages WHERE platform = ? AND thread_id = ? AND {condition}"  # noqa: S608, placeholders only
        " ORDER BY kind <> 'post', created_at, id",
        (*place, *names),
    )
    return messages_by_id(reader, [row["id"] for row in rows])


def _comments(reader: Reader, post: MessageRow) -> int:
    return reader.number(
        "SELECT count(*) - 1 FROM messages WHERE platform = ? AND thread_id = ?", (post.platform, post.thread_id)
    )


def _open_cases(reader: Reader, scope: Scope, page_id: str) -> dict[str, int]:
    """Open cases in scope on a page, by thread."""
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT messages.thread_id, count(*) FROM cases JOIN messages ON messages.id = cases.message
            WHERE cases.page_id = ? AND cases.status IN ('new', 'taken') AND {condition}
            GROUP BY messages.thread_id""",  # noqa: S608, placeholders only
        (page_id, *names),
    )
    return {row[0]: row[1] for row in rows}
