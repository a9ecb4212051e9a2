"""One person's day: what is urgent, waits for their agreement, is overdue, taken by them, by nobody, by colleagues.

The parts are read through the queue, so that a case stands here and there alike; each part stops at `limit`. A case
stands once, in the first part that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Final

from data.queries.cases import arrived, queue
from data.queries.narrowing import QueueFilter
from data.queries.reader import Reader
from data.rows import CaseRow
from data.types import Category, Scope, Severity, Status

_CATEGORIES: Final = (Category.INQUIRY, Category.CONFIDENTIALITY, Category.TONE)  # those that have a queue


@dataclass(frozen=True, slots=True)
class News:
    """How many cases of each queue were opened since a look, whatever became of them."""

    inquiries: int = 0
    breaches: int = 0
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The parts in the order in which they are worked through, each gravest first, then by deadline."""

    urgent: tuple[CaseRow, ...] = ()
    second: tuple[CaseRow, ...] = ()
    overdue: tuple[CaseRow, ...] = ()
    mine: tuple[CaseRow, ...] = ()
    fresh: tuple[CaseRow, ...] = ()
    others: tuple[CaseRow, ...] = ()


def day(reader: Reader, scope: Scope, person: str, now: datetime, limit: int = 10) -> Day:
    """What waits for `person`; urgent and overdue leave out what a colleague looks after, `others` holds it.

    `second` are decisions of colleagues that wait for somebody to agree; one's own that wait stand among the others.
    """
    new, taken = (
        QueueFilter(statuses=frozenset({status}), now=now, awaits=False) for status in (Status.NEW, Status.TAKEN)
    )
    mine, others = replace(taken, taken_by=person), replace(taken, not_taken_by=person)
    decided = [_first(reader, scope, replace(one, awaits=True), limit) for one in (others, mine)]
    most = limit * 4  # so many may already stand in the parts before
    untaken = _first(reader, scope, new, most)
    own = _first(reader, scope, mine, most)
    late = _merged(_first(reader, scope, replace(one, overdue=True), most) for one in (new, mine))
    shown: set[int] = set()
    return Day(
        urgent=_part((case for case in _merged((untaken, own)) if case.severity is Severity.SERIOUS), shown, limit),
        second=_part(decided[0], shown, limit),
        overdue=_part(late, shown, limit),
        mine=_part(own, shown, limit),
        fresh=_part(untaken, shown, limit),
        others=_part(_merged((_first(reader, scope, others, most), decided[1])), shown, limit),
    )


def news(reader: Reader, scope: Scope, since: int) -> News:
    """What came to the queues of the scope after case number `since`."""
    every = QueueFilter(statuses=frozenset(Status))
    return News(*(arrived(reader, scope, one, every, since=since) for one in _CATEGORIES))


def _first(reader: Reader, scope: Scope, filters: QueueFilter, limit: int) -> list[CaseRow]:
    """The first cases of all queues that the scope has, as one list."""
    queues = (queue(reader, scope, one, filters, limit=limit) for one in _CATEGORIES)
    return list(islice(_merged(queues), limit))


def _merged(lists: Iterable[Iterable[CaseRow]]) -> Iterable[CaseRow]:
    return merge(*lists, key=lambda case: (-case.severity, case.sort, case.id))


def _part(cases: Iterable[CaseRow], shown: set[int], limit: int) -> tuple[CaseRow, ...]:
    """The first cases that no part before has shown; marked as shown."""
    found = tuple(islice((case for case in cases if case.id not in shown), limit))
    shown.update(case.id for case in found)
    return found
