"""The year in figures for the political committee: gathered by the queries that the screens ask, told as a PDF.

No name of a citizen or of anybody on the staff, no text of a message, no order that ranks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data import queries
from data.page_state import State, page_state
from data.queries import Reader
from data.rows import WeekCount
from data.service_rows import Asked, BreachCount, Service, grouped, summed
from data.times import to_text, week_of
from data.types import Scope


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year added up; `stored` counts its weeks of which anything is stored."""

    year: int
    stored: int
    comments: int
    posts: int
    service: Service
    breaches: int


@dataclass(frozen=True, slots=True)
class Year:
    """What the summary tells. `weeks` are the inquiries of each ISO week, in order; names stand in `institutions`."""

    this: YearFigures
    before: YearFigures
    weeks: tuple[tuple[str, int], ...]
    by_institution: Mapping[str, Service]
    by_topic: Mapping[str, Service]
    breaches: Sequence[BreachCount]
    institutions: Mapping[str, str]
    states: Mapping[State, int]
    now: datetime


def weeks_of(year: int) -> list[str]:
    """The ISO weeks of a year, 52 or 53; ValueError for a year that no calendar has."""
    last = date(year, 12, 28).isocalendar().week
    return [f"{year:04}-W{week:02}" for week in range(1, last + 1)]


def begun(year: int, now: datetime) -> int:
    """How many of a year's weeks have begun."""
    return sum(week <= week_of(now) for week in weeks_of(year))


def gather(reader: Reader, scope: Scope, year: int, now: datetime) -> Year:
    """The year's figures as they stand at `now`."""
    asked = queries.asked(reader, scope, weeks_of(year))
    breaches = queries.breaches(reader, scope, weeks_of(year))
    counts = Counter(row.week for row in asked)
    moment = to_text(now)
    return Year(
        this=_figures(reader, scope, year, asked, breaches, moment),
        before=_before(reader, scope, year - 1, moment),
        weeks=tuple((week, counts[week]) for week in weeks_of(year)),
        by_institution=grouped(asked, lambda row: row.institution_id, moment),
        by_topic=grouped(asked, lambda row: row.topic, moment),
        breaches=breaches,
        institutions={place.id: place.name for place in queries.places(reader, scope).institutions},
        states=Counter(page_state(page, now).state for page in queries.pages(reader, scope)),
        now=now,
    )


def _before(reader: Reader, scope: Scope, year: int, now: str) -> YearFigures:
    weeks = weeks_of(year)
    return _figures(
        reader, scope, year, queries.asked(reader, scope, weeks), queries.breaches(reader, scope, weeks), now
    )


def _figures(
    reader: Reader, scope: Scope, year: int, asked: Sequence[Asked], breaches: Sequence[BreachCount], now: str
) -> YearFigures:
    rows: list[WeekCount] = queries.trend(reader, scope, weeks_of(year))
    return YearFigures(
        year=year,
        stored=len({row.week for row in rows}),
        comments=sum(row.comments for row in rows),
        posts=sum(row.posts for row in rows),
        service=summed(asked, now),
        breaches=sum(one.count for one in breaches),
    )
