"""Time in one form: aware UTC inside, `YYYY-MM-DDTHH:MM:SSZ` in the database, ISO weeks as Danes count them.

A week begins on Monday at midnight in Copenhagen, so the two weeks in which the clock is moved last 167 and 169 hours.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
CLOCK_SLACK = timedelta(minutes=5)  # what is further ahead of the clock than this was written before it was set back
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


def now() -> datetime:
    """This moment, aware, in UTC, in whole seconds (the resolution of what is stored)."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(moment: datetime) -> str:
    """An aware time as stored, `2026-11-23T06:00:00Z`; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A time without a zone was given; Sideblik keeps aware times only.")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> datetime:
    """A stored time as an aware UTC datetime; ValueError for another form."""
    return datetime.fromisoformat(text).astimezone(UTC)


def week_of(moment: datetime) -> str:
    """The ISO week, `2026-W47`, that a moment belongs to in Copenhagen."""
    year, week, _ = moment.astimezone(COPENHAGEN).isocalendar()
    return f"{year:04}-W{week:02}"


def week_bounds(week: str) -> tuple[datetime, datetime]:
    """Start and end of an ISO week in UTC, the end excluded; ValueError for a week that does not exist."""
    monday = _monday(week)
    return _midnight(monday), _midnight(monday + timedelta(days=7))


def shift_week(week: str, count: int) -> str:
    """The week `count` weeks later (earlier where negative), across new year."""
    year, number, _ = (_monday(week) + timedelta(weeks=count)).isocalendar()
    return f"{year:04}-W{number:02}"


def same_week_last_year(week: str) -> str:
    """The ISO week of the same number a year before; the last one where that year had no week 53."""
    year, number = int(week[:4]) - 1, int(week[-2:])
    last = date(year, 12, 28).isocalendar().week
    return f"{year:04}-W{min(number, last):02}"


def _monday(week: str) -> date:
    found = _WEEK.fullmatch(week)
    if found is None:
        raise ValueError("A week is written as in 2026-W47: the year, -W, and two digits.")
    return date.fromisocalendar(int(found[1]), int(found[2]), 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)
