"""The rota as it is read: the coming week a line a page, and a duty as one sentence."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from dashboard import safe, words
from dashboard.shapes.basics import pill, table
from dashboard.shapes.labels import pages as page_labels
from dashboard.words import text
from data.rota import DAY, EVERY_DAY, Duty, on_day
from data.rows import Places
from data.times import COPENHAGEN

_AHEAD = 7
_SATURDAY = 6


def week_table(places: Places, held: Mapping[str, Sequence[Duty]], today: date) -> str:
    """Who covers each page on the next seven days; a working day that nobody covers is marked in words."""
    days = [today + timedelta(days=n) for n in range(_AHEAD)]
    header = [text("rota.page"), *(_day(day) for day in days)]
    rows = [
        [html.escape(name), *(_covered(held.get(page, ()), day) for day in days)]
        for page, name in page_labels(places).items()
    ]
    return f'<div class="sb-wide">{table(header, rows, label=text("rota.week"), numbers=frozenset())}</div>'


def _covered(duties: Sequence[Duty], day: date) -> str:
    people = on_day(duties, day)
    if people:
        return ", ".join(safe.name(person) for person in people)
    if day.isoweekday() >= _SATURDAY:
        return f'<span class="sb-meta">{html.escape(text("rota.weekend"))}</span>'
    return pill(text("rota.nobody"), "▲", "warn")


def line(duty: Duty) -> str:
    """A duty: who, on which days of the week, when on the day, between which days."""
    told = text(f"rota.kind_{duty.kind}_short")
    what = text("rota.line", days=_weekdays(duty), clock=_clock(duty), span=_span(duty))
    return f"{pill(told)} <strong>{safe.name(duty.person)}</strong> <span class='sb-meta'>{html.escape(what)}</span>"


def _weekdays(duty: Duty) -> str:
    if duty.weekdays == EVERY_DAY:
        return text("rota.every_day")
    if duty.weekdays == frozenset(range(1, _SATURDAY)):
        return text("rota.workdays")
    return ", ".join(text(f"calendar.day{day}") for day in sorted(duty.weekdays))


def _clock(duty: Duty) -> str:
    if (duty.from_minute, duty.until_minute) == (0, DAY):
        return text("rota.all_day")
    begin, end = (f"{minute // 60:02}.{minute % 60:02}" for minute in (duty.from_minute, duty.until_minute))
    return text("rota.clock", begin=begin, end=end)


def _span(duty: Duty) -> str:
    if duty.ends is None:
        return text("rota.since", begin=_date(duty.begins))
    return text("rota.between", begin=_date(duty.begins), end=_date(duty.ends))


def _day(day: date) -> str:
    return words.date(_noon(day)).rsplit(" ", 1)[0]


def _date(day: date) -> str:
    return f"{words.date(_noon(day))} {day.year}"


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), COPENHAGEN)
