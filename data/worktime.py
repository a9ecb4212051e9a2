"""Working time: from when to when somebody looks after a page, and the deadlines that follow from it.

Days are those of Copenhagen. Public holidays are what the `holidays` library knows of Denmark (MIT; Store Bededag is
one until 2023); what a municipality closes besides stands in its configuration. No database and no clock here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from holidays import country_holidays

from data.opening import Opening
from data.times import COPENHAGEN
from data.types import Page

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = 24 * 60
_SHUT: Final = 400  # days in a row without an opening: such a page never opens again
_HOLIDAYS: Final = country_holidays("DK")


def deadline(page: Page, written_at: datetime, *, urgent: bool) -> datetime:
    """When an inquiry must be answered: by the page's goal, an urgent one by the clock where that is sooner.

    Nobody who asks for help on a Friday evening is served by a deadline on Tuesday.
    """
    by_goal = due(written_at, timedelta(hours=page.goal_hours), page.opening)
    return min(by_goal, written_at + timedelta(hours=page.urgent_hours)) if urgent else by_goal


def due(written_at: datetime, goal: timedelta, opening: Opening | None) -> datetime:
    """The moment at which `goal` of open time has passed, in UTC; by the clock where `opening` is None (always open).

    A goal that is used up as the page closes is due then, and not when it opens again. ValueError for times without
    a zone and for a page that does not open within a year.
    """
    if opening is None:
        return written_at + goal
    left = goal
    for begin, end in _spans(written_at, opening):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise AssertionError  # the spans end in an error of their own


def worked(begin: datetime, end: datetime, opening: Opening | None) -> timedelta:
    """How much open time lies between two moments; none where the end is not after the beginning."""
    if end <= begin or opening is None:
        return max(end - begin, timedelta())
    total = timedelta()
    for opens, shuts in _spans(begin, opening):
        if opens >= end:
            break
        total += min(shuts, end) - opens
    return total


def is_closed(day: date, opening: Opening) -> bool:
    """Whether the page is closed all that day."""
    return (
        opening.week[day.weekday()] is None
        or f"{day:%m-%d}" in opening.closed
        or day.isoformat() in opening.closed
        or day in _HOLIDAYS
    )


def _spans(since: datetime, opening: Opening) -> Iterator[tuple[datetime, datetime]]:
    """The open spans after a moment, in UTC and in order, the first one from that moment on; without end."""
    since = since.astimezone(UTC)
    day = since.astimezone(COPENHAGEN).date()
    shut = 0
    while shut < _SHUT:
        span = _open(day, opening)
        day, shut = day + _DAY, shut + 1
        if span is not None and span[1] > since:
            shut = 0
            yield max(span[0], since), span[1]
    raise ValueError("The opening hours leave no day open for more than a year; give [service] opening a weekday.")


@lru_cache(maxsize=8192)
def _open(day: date, opening: Opening) -> tuple[datetime, datetime] | None:
    """A day's open span in UTC; None where it is closed, or lies in the hour that summer time skips."""
    hours = opening.week[day.weekday()]
    if hours is None or is_closed(day, opening):
        return None
    begin, end = _moment(day, hours[0], 0), _moment(day, hours[1], 1)
    return (begin, end) if begin < end else None


def _moment(day: date, minute: int, fold: int) -> datetime:
    """A time of the day in UTC. Of the hour that comes twice a beginning takes the first and an end the second."""
    if minute == _MIDNIGHT:
        day, minute = day + _DAY, 0
    return datetime.combine(day, time(*divmod(minute, 60), fold=fold), COPENHAGEN).astimezone(UTC)
