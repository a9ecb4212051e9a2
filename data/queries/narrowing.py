"""What a queue is narrowed to, as SQL: branches that are each a range of one index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from data.queries.words import match
from data.scoping import within
from data.times import to_text
from data.types import Category, Scope, Status

_OPEN: Final = frozenset({Status.NEW, Status.TAKEN})


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue is narrowed to; "", False and None narrow nothing. `overdue` needs `now`.

    `due_from` and `due_until` bound the deadline (the end excluded). `newest` puts what was written last first.
    `awaits`: True for what is decided and waits for a second person, False for what is not decided.
    """

    statuses: frozenset[Status] = _OPEN
    institution_id: str = ""
    page_id: str = ""
    kind: str = ""
    topic: str = ""
    overdue: bool = False
    now: datetime | None = None
    words: str = ""
    taken_by: str = ""
    not_taken_by: str = ""
    awaits: bool | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    newest: bool = False


def branches(scope: Scope, category: Category, filters: QueueFilter) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Conditions that together hold the queue and overlap nowhere; none for what is out of scope."""
    if category not in scope.categories or (filters.overdue and filters.now is None):
        return
    narrowed, values = narrowing(filters)
    for status in sorted(filters.statuses):
        for place, name in _places(scope, filters):
            yield f"{place}category = ? AND status = ?{narrowed}", (*name, category.value, status.value, *values)


def _places(scope: Scope, filters: QueueFilter) -> Iterator[tuple[str, tuple[str, ...]]]:
    if filters.institution_id and not scope.everywhere and filters.institution_id not in scope.institutions:
        return
    if filters.page_id:  # a page is one branch; the plus keeps the scope from being taken for the way in
        condition, names = within(scope, "+institution_id")
        yield f"{condition} AND ", names
    elif filters.institution_id:
        yield "institution_id = ? AND ", (filters.institution_id,)
    elif scope.everywhere:
        yield "", ()
    else:
        for name in sorted(scope.institutions):
            yield "institution_id = ? AND ", (name,)


def narrowing(filters: QueueFilter, *, with_words: bool = True) -> tuple[str, tuple[Any, ...]]:
    """The conditions of a filter but status and category, and their values."""
    parts: list[tuple[str, Any]] = [
        (condition, value)
        for condition, value in (
            ("cases.institution_id = ?", filters.institution_id),
            ("cases.page_id = ?", filters.page_id),
            ("cases.kind = ?", filters.kind),
            ("cases.topic = ?", filters.topic),
            ("cases.taken_by = ?", filters.taken_by),
            ("cases.taken_by <> ?", filters.not_taken_by),
        )
        if value
    ]
    if filters.awaits is not None:
        parts.append(("(cases.verdict IS NOT NULL) = ?", int(filters.awaits)))
    if filters.overdue and filters.now is not None:
        parts.append(("due_at IS NOT NULL AND sort < ?", to_text(filters.now)))
    if filters.due_from is not None:
        parts.append(("due_at IS NOT NULL AND sort >= ?", to_text(filters.due_from)))
    if filters.due_until is not None:
        parts.append(("due_at IS NOT NULL AND sort < ?", to_text(filters.due_until)))
    if with_words and match(filters.words):
        held = "EXISTS (SELECT 1 FROM messages_fts WHERE messages_fts MATCH ? AND rowid = cases.message)"
        parts.append((held, match(filters.words)))
    return "".join(f" AND {condition}" for condition, _ in parts), tuple(value for _, value in parts)
