"""The rota as it is asked: its duties, who is on duty at a moment, and the days on which nobody is."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from typing import Final

from data.queries.reader import Reader
from data.rota import Duty, DutyKind, on_day
from data.rota import on_duty as _on_duty
from data.scoping import within
from data.types import Scope

_WORKDAYS: Final = 5  # nobody is asked for on a Saturday or Sunday


def duties(reader: Reader, scope: Scope, page_id: str) -> list[Duty]:
    """A page's duties that are not over or taken out by now, those that began first at the front."""
    condition, names = within(scope)
    rows = reader.execute(
        f"SELECT * FROM duties WHERE page_id = ? AND removed_at IS NULL AND {condition} ORDER BY begins, id",  # noqa: S608, placeholders only
        (page_id, *names),
    )
    return [_duty(row) for row in rows]


def on_duty(reader: Reader, scope: Scope, page_id: str, moment: datetime) -> tuple[str, ...]:
    """The people who look after a page at a moment, by name; () where nobody does or the page is out of scope."""
    return _on_duty(duties(reader, scope, page_id), moment)


def uncovered(reader: Reader, scope: Scope, first: date, days: int = 7) -> dict[str, tuple[date, ...]]:
    """For each active page, the days from Monday to Friday on which nobody looks after it; pages without are left out.

    Empty where the scope's rota holds nothing at all: a municipality that keeps none is not told so a page at a time.
    """
    condition, names = within(scope)
    pages = [row["id"] for row in reader.execute(f"SELECT id FROM pages WHERE active = 1 AND {condition}", names)]  # noqa: S608, placeholders only
    kept = {page: duties(reader, scope, page) for page in pages}
    if not any(kept.values()):
        return {}
    asked = [day for day in (first + timedelta(days=n) for n in range(days)) if day.isoweekday() <= _WORKDAYS]
    found = {page: tuple(day for day in asked if not on_day(held, day)) for page, held in kept.items()}
    return {page: missing for page, missing in found.items() if missing}


def has_rota(reader: Reader, scope: Scope) -> bool:
    """Whether anybody has put anything into the rota of the scope's pages."""
    condition, names = within(scope)
    row = reader.first(
        f"""SELECT 1 FROM pages WHERE active = 1 AND {condition}
                AND EXISTS (SELECT 1 FROM duties WHERE page_id = pages.id AND removed_at IS NULL) LIMIT 1""",  # noqa: S608, placeholders only
        names,
    )
    return row is not None


def _duty(row: sqlite3.Row) -> Duty:
    return Duty(
        id=row["id"],
        page_id=row["page_id"],
        person=row["person"],
        kind=DutyKind(row["kind"]),
        begins=date.fromisoformat(row["begins"]),
        ends=date.fromisoformat(row["ends"]) if row["ends"] else None,
        weekdays=frozenset(day for day in range(1, 8) if row["weekdays"] & 1 << day - 1),
        from_minute=row["from_minute"],
        until_minute=row["until_minute"],
    )
