"""Queues and cases.

A queue is read branch by branch: one branch an institution and status, gravest first, each a range of one index with
its own limit, merged here. So a page costs some dozens of short reads whatever the size of the database; one statement
over `institution_id IN (…)` would sort every open case of the scope.

Words are looked up the other way round where few messages hold them: from the search index to the cases. Where many
do, the first cases of each branch soon hold them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from data.queries import making, veiling
from data.queries.narrowing import QueueFilter, branches, narrowing
from data.queries.reader import Reader
from data.queries.words import is_rare, match
from data.rows import CaseRow
from data.scoping import marks, readable, within_cases
from data.types import Category, Scope, Severity

MOST: Final = 1000  # a count stops here; a screen says "1000 or more"
_TRIES: Final = 4  # pages of cases that are looked through for words that are not masked
_COUNTED: Final = 100  # cases with masked words that are counted: each is read for it
_LINES: Final = 200  # cases read at a time for a report
_LATEST: Final = (0, "9999", 0)  # after every time


_EVERYTHING_OPEN: Final = QueueFilter()


def queue(
    reader: Reader,
    scope: Scope,
    category: Category,
    filters: QueueFilter = _EVERYTHING_OPEN,
    *,
    before: tuple[int, str, int] | None = None,
    limit: int = 25,
) -> list[CaseRow]:
    """Cases of a category, gravest first, then by deadline (or age), then by number.

    `before` is the `key` of the last case of the page before (`newest_key` where the newest come first); None begins
    at the top. Where third parties are masked their names find nothing.
    """
    found: list[CaseRow] = []
    for _ in range(_TRIES if scope.masked and match(filters.words) else 1):
        rows = _cases(reader, scope, _numbers(reader, scope, category, filters, before, limit))
        found += veiling.holding(filters.words, scope, rows)
        if len(found) >= limit or len(rows) < limit:
            break
        before = rows[-1].newest_key if filters.newest else rows[-1].key
    return found[:limit]


def _numbers(
    reader: Reader,
    scope: Scope,
    category: Category,
    filters: QueueFilter,
    before: tuple[int, str, int] | None,
    limit: int,
) -> list[int]:
    """The cases of one page of the queue."""
    if is_rare(reader, filters.words):
        return _holding(reader, scope, category, filters, before, limit)
    if filters.newest:
        return _newest(reader, scope, category, filters, before, limit)
    found: list[tuple[str, int]] = []
    for severity in sorted(Severity, reverse=True):
        if before is not None and severity > before[0]:
            continue
        after = before[1:] if before is not None and severity == before[0] else ("", 0)
        ranked = sorted(_ranked(reader, scope, category, filters, severity, after, limit - len(found)))
        found += ranked[: limit - len(found)]
        if len(found) >= limit:
            break
    return [number for _, number in found]


def queue_count(reader: Reader, scope: Scope, category: Category, filters: QueueFilter = _EVERYTHING_OPEN) -> int:
    """How many cases the queue holds; counting stops at `MOST`, with words in masked texts at 100."""
    if scope.masked and match(filters.words):
        return len(queue(reader, scope, category, filters, limit=_COUNTED))
    if is_rare(reader, filters.words):
        return len(_holding(reader, scope, category, filters, None, MOST))
    total = 0
    for condition, values in branches(scope, category, filters):
        total += reader.number(
            f"SELECT count(*) FROM (SELECT 1 FROM cases WHERE {condition} LIMIT ?)",  # noqa: S608, placeholders only
            (*values, MOST - total),
        )
        if total >= MOST:
            break
    return total


def newest(reader: Reader, scope: Scope) -> int:
    """A case number that no case has passed yet, as the mark that `arrived` counts from; 0 for who has no cases."""
    condition, names = within_cases(scope)
    held = reader.number(f"SELECT count(*) FROM (SELECT 1 FROM cases WHERE {condition} LIMIT 1)", names)  # noqa: S608, placeholders only
    return reader.number("SELECT max(id) FROM cases", ()) if held else 0


def arrived(
    reader: Reader, scope: Scope, category: Category, filters: QueueFilter = _EVERYTHING_OPEN, *, since: int = 0
) -> int:
    """How many cases of the queue were opened after case number `since`; counting stops at `MOST`.

    Cases are numbered as they are opened, so that this tells what came, whatever left the queue meanwhile. It is read
    by number and by no other index: the few that came, not the many that wait.
    """
    if (filters.overdue and filters.now is None) or (scope.masked and match(filters.words)):
        return 0
    condition, names = within_cases(scope)
    narrowed, values = narrowing(filters)
    statuses = tuple(sorted(filters.statuses))
    return reader.number(
        f"""SELECT count(*) FROM (SELECT 1 FROM cases NOT INDEXED
            WHERE id > ? AND category = ? AND status IN ({marks(len(statuses))}) AND {condition}{narrowed}
            LIMIT ?)""",  # noqa: S608, placeholders only
        (since, category.value, *statuses, *names, *values, MOST),
    )


def case(reader: Reader, scope: Scope, case_id: int) -> CaseRow | None:
    """One case, or None where it is not the viewer's to see; who gave it away reads on."""
    condition, names = readable(scope)
    row = reader.first(f"SELECT id FROM cases WHERE id = ? AND {condition}", (case_id, *names))  # noqa: S608, placeholders only
    return _cases(reader, veiling.within_case(scope, case_id), [row["id"]])[0] if row else None


def cases_of(reader: Reader, scope: Scope, message: int) -> list[CaseRow]:
    """The cases of one message, at most one of each category."""
    condition, names = readable(scope)
    rows = reader.execute(
        f"SELECT id FROM cases WHERE message = ? AND {condition} ORDER BY category",  # noqa: S608, placeholders only
        (message, *names),
    )
    return _cases(reader, scope, [row["id"] for row in rows])


def case_lines(reader: Reader, scope: Scope, week: str) -> Iterator[CaseRow]:
    """Every case of messages written in an ISO week, by number; read some at a time, so that no lock is held long."""
    condition, names = within_cases(scope)
    numbers = [
        row["id"]
        for row in reader.execute(
            f"SELECT id FROM cases WHERE week = ? AND {condition} ORDER BY id",  # noqa: S608, placeholders only
            (week, *names),
        )
    ]
    for begin in range(0, len(numbers), _LINES):
        yield from _cases(reader, scope, numbers[begin : begin + _LINES])


def _cases(reader: Reader, scope: Scope, numbers: Sequence[int]) -> list[CaseRow]:
    return veiling.of_cases(reader, scope, making.cases_by_id(reader, numbers))


def _ranked(
    reader: Reader,
    scope: Scope,
    category: Category,
    filters: QueueFilter,
    severity: Severity,
    after: tuple[str, int],
    limit: int,
) -> Iterator[tuple[str, int]]:
    """The first cases of one severity from every branch, as (sort, id)."""
    for condition, values in branches(scope, category, filters):
        rows = reader.execute(
            f"SELECT sort, id FROM cases WHERE {condition} AND severity = ? AND (sort, id) > (?, ?)"  # noqa: S608, placeholders only
            " ORDER BY sort, id LIMIT ?",
            (*values, int(severity), *after, limit),
        )
        yield from ((row["sort"], row["id"]) for row in rows)


def _newest(
    reader: Reader,
    scope: Scope,
    category: Category,
    filters: QueueFilter,
    before: tuple[int, str, int] | None,
    limit: int,
) -> list[int]:
    """The numbers of the cases written last, merged from every branch."""
    found: list[tuple[str, int]] = []
    for condition, values in branches(scope, category, filters):
        rows = reader.execute(
            f"SELECT written_at, id FROM cases WHERE {condition} AND (written_at, id) < (?, ?)"  # noqa: S608, placeholders only
            " ORDER BY written_at DESC, id DESC LIMIT ?",
            (*values, *(before or _LATEST)[1:], limit),
        )
        found += [(row["written_at"], row["id"]) for row in rows]
    return [number for _, number in sorted(found, reverse=True)[:limit]]


def _holding(
    reader: Reader,
    scope: Scope,
    category: Category,
    filters: QueueFilter,
    before: tuple[int, str, int] | None,
    limit: int,
) -> list[int]:
    """The numbers of the first cases in the order of a queue, read from the messages that hold the words."""
    if filters.overdue and filters.now is None:
        return []
    condition, names = within_cases(scope)
    narrowed, values = narrowing(filters, with_words=False)
    statuses = tuple(sorted(filters.statuses))
    start, marker, order = _start(filters, before)
    rows = reader.execute(
        f"""SELECT cases.id FROM messages_fts CROSS JOIN cases ON cases.message = messages_fts.rowid
            WHERE messages_fts MATCH ? AND cases.category = ? AND status IN ({marks(len(statuses))}) AND {condition}
                {narrowed} AND {start} ORDER BY {order} LIMIT ?""",  # noqa: S608, placeholders only
        (match(filters.words), category.value, *statuses, *names, *values, *marker, limit),
    )
    return [row["id"] for row in rows]


def _start(filters: QueueFilter, before: tuple[int, str, int] | None) -> tuple[str, tuple[Any, ...], str]:
    """Where a page begins, with its values, and the order of the queue."""
    if filters.newest:
        return "(written_at, cases.id) < (?, ?)", (before or _LATEST)[1:], "written_at DESC, cases.id DESC"
    grave, *after = before or (len(Severity) + 1, "", 0)
    start = "(severity < ? OR (severity = ? AND (sort, cases.id) > (?, ?)))"
    return start, (grave, grave, *after), "severity DESC, sort, cases.id"
