"""What sideblik.toml says of when citizens are answered: each page's goal and opening hours.

    [service] ◄─ the institution's own ◄─ the page's own; each key by itself

`goal_open_hours` counts hours in which the page is open. `goal_hours` is a promise by the clock, nights and Sundays
included, and leaves no room for opening hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from dashboard.settings_file import File, InstitutionTable, PageTable, ServiceTable, WeekTable
from data.opening import Opening

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEAP: Final = "2028"  # a year that has every day


def service_of(file: File, page: PageTable) -> dict[str, Any]:
    """The goal of a page as `data.types.Page` has it."""
    owners: tuple[InstitutionTable | PageTable, ...] = (
        page,
        *(one for one in file.institution if one.id == page.institution),
    )
    urgent = file.service.urgent_hours
    if by_clock := page.goal_hours or (not any(one.goal_open_hours for one in owners) and file.municipality.goal_hours):
        return {"goal_hours": by_clock, "opening": None, "urgent_hours": urgent}
    goal = next((one.goal_open_hours for one in owners if one.goal_open_hours), file.service.goal_open_hours)
    return {"goal_hours": goal, "opening": _opening(owners, file.service), "urgent_hours": urgent}


def service_problems(file: File) -> Iterator[str]:
    """Promises that exclude each other, days that no calendar has, hours that end before they begin."""
    for page in file.page:
        if page.goal_hours and (page.goal_open_hours or page.opening):
            yield (
                f"page {page.id!r}: found goal_hours with goal_open_hours or opening; goal_hours counts by the clock, "
                "so leave it or the others out"
            )
    for where, table in _tables(file):
        yield from (
            f"{where}.closed_days: found {day!r}; a day is written as 12-24 (every year) or 2026-05-15"
            for day in table.closed_days or ()
            if not _is_day(day)
        )
        if table.opening and not table.opening.always:
            yield from _wrong_hours(where, table.opening)


def _tables(file: File) -> Iterator[tuple[str, InstitutionTable | PageTable | ServiceTable]]:
    yield "service", file.service
    yield from ((f"institution {one.id!r}", one) for one in file.institution)
    yield from ((f"page {one.id!r}", one) for one in file.page)


def _wrong_hours(where: str, week: WeekTable) -> Iterator[str]:
    given = [(name, getattr(week, name)) for name in _DAYS]
    if not any(span for _, span in given):
        yield f'{where}.opening: found no day; give one such as mon = "08:00-16:00", or opening = "always"'
    for name, span in given:
        if span and _minutes(span)[0] >= _minutes(span)[1]:
            yield f"{where}.opening.{name}: found {span!r}; the end must come after the beginning"


def _opening(owners: Sequence[InstitutionTable | PageTable], service: ServiceTable) -> Opening | None:
    opening = next((one.opening for one in owners if one.opening is not None), service.opening)
    if opening.always:
        return None
    closed = next((one.closed_days for one in owners if one.closed_days is not None), service.closed_days)
    spans = (getattr(opening, name) for name in _DAYS)
    return Opening(tuple(_minutes(span) if span else None for span in spans), frozenset(closed))


def _minutes(span: str) -> tuple[int, int]:
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return begin, end


def _is_day(day: str) -> bool:
    try:
        found = date.fromisoformat(day if len(day) == len("2026-05-15") else f"{_LEAP}-{day}")
    except ValueError:
        return False
    return found.isoformat() in {day, f"{_LEAP}-{day}"}
