"""What the overview and the yearly report tell of how citizens are answered, gathered from one query each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analysis.rising import Rising, Written, rising
from dashboard.settings import PersonSetting, Settings
from data import queries
from data.people import people
from data.queries import Reader
from data.rows import Places, WeekCount
from data.service_rows import Asked, BreachCount, Service, summed
from data.times import COPENHAGEN, same_week_last_year, shift_week, to_text
from data.types import Category, Scope

WEEKS = 12  # that figures by institution, topic and hour are added up over
WORDS_BEFORE = 8  # weeks that a week's words are held against
ASLEEP = 4  # weeks in which a page wrote nothing itself
_KEEPER = Scope(everywhere=True, categories=frozenset(Category), browse=True, acts=True)  # to count, not to show


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A week of the scope; `written` is None where nothing at all is stored of it, which is not the same as none."""

    week: str
    written: WeekCount | None
    service: Service
    breaches: int


@dataclass(frozen=True, slots=True)
class Department:
    """All that the department's part of the overview shows, read at one time. `compared`: the week, the one before
    and the same week last year.
    """

    week: str
    compared: tuple[WeekFigures, WeekFigures, WeekFigures]
    asked: list[Asked]
    breaches: list[BreachCount]
    places: Places
    now: str


@dataclass(frozen=True, slots=True)
class Minding:
    """Of one page: how many administrators its institution has, whether the page sleeps, days that nobody covers."""

    administrators: int
    asleep: bool
    uncovered: int


@dataclass(frozen=True, slots=True)
class Minded:
    """Who looks after the pages, by page id; `rota` is False where nobody keeps one."""

    rota: bool
    pages: dict[str, Minding] = field(default_factory=dict)


def weeks_to(week: str, count: int = WEEKS) -> list[str]:
    """The weeks up to and with this one, oldest first."""
    return [shift_week(week, back) for back in range(1 - count, 1)]


def gather(reader: Reader, scope: Scope, week: str, now: datetime) -> Department:
    """The department's figures of a week and of the twelve up to it."""
    told, last = weeks_to(week), same_week_last_year(week)
    asked = queries.asked(reader, scope, [*told, last])
    breaches = queries.breaches(reader, scope, [*told, last])
    trend = queries.trend(reader, scope, [week, told[-2], last])
    moment = to_text(now)
    this, before, then = (_week(name, trend, asked, breaches, moment) for name in (week, told[-2], last))
    return Department(
        week=week,
        compared=(this, before, then),
        asked=[row for row in asked if row.week != last],
        breaches=[row for row in breaches if row.week != last],
        places=queries.places(reader, scope),
        now=moment,
    )


def _week(
    week: str, trend: Sequence[WeekCount], asked: Sequence[Asked], breaches: Sequence[BreachCount], now: str
) -> WeekFigures:
    rows = [row for row in trend if row.week == week]
    written = WeekCount(
        week, "", *(sum(getattr(row, name) for row in rows) for name in ("posts", "comments", "inquiries", "breaches"))
    )
    return WeekFigures(
        week,
        written if rows else None,
        summed((row for row in asked if row.week == week), now),
        sum(row.count for row in breaches if row.week == week),
    )


def words_that_rise(reader: Reader, scope: Scope, week: str) -> list[Rising] | None:
    """The words that citizens' inquiries of a week hold more than those of the weeks before; None: too few to tell."""
    texts = queries.asked_texts(reader, scope, weeks_to(week, WORDS_BEFORE + 1))
    return rising(
        [
            Written(one.text, one.week == week, one.thread, one.author_key, one.author_name, one.named)
            for one in texts
        ]
    )  # fmt: skip


def minded(reader: Reader, scope: Scope, settings: Settings, week: str, now: datetime) -> Minded:
    """Pages with one administrator or none, pages that sleep, and days of the coming week that nobody covers."""
    whole = [shift_week(week, -back) for back in range(ASLEEP)]
    wrote = queries.written_by_page(reader, scope, whole)
    known = staff(reader, settings)
    missing = queries.uncovered(reader, scope, now.astimezone(COPENHAGEN).date())
    found = {
        page.id: Minding(
            administrators=administrators(known, page.institution_id),
            asleep=page.id not in wrote,
            uncovered=len(missing.get(page.id, ())),
        )
        for page in queries.places(reader, scope).pages
    }
    return Minded(queries.has_rota(reader, scope), found)


def staff(reader: Reader, settings: Settings) -> list[PersonSetting]:
    """The people who look after pages: of the people table where there is a login, else of the configuration."""
    if settings.login is None:
        return list(settings.people)
    return [
        PersonSetting(row.person.name, row.person.role, tuple(row.person.institutions))
        for row in people(reader, _KEEPER)
        if row.ended_at is None
    ]


def administrators(people_: Sequence[PersonSetting], institution_id: str) -> int:
    """How many people look after an institution's pages."""
    return sum(one.role == "administrator" and institution_id in one.institutions for one in people_)
