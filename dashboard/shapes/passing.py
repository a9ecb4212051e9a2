"""Where a case has been, and when a taken one is released: marks and lines."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime, timedelta

from dashboard import safe, words
from dashboard.shapes.basics import pill
from dashboard.words import text
from data.passing_rows import LapseRow, PassingRow
from data.rows import CaseRow
from data.types import Institution, Status

COMMUNICATIONS = "kommune"  # the kind of the institution that stands for the municipality itself


def passed_pill(case: CaseRow) -> str:
    """From where to where a case that is passed on went."""
    if not case.passed_from:
        return ""
    return pill(text("passing.pill", giver=case.passed_from, receiver=case.institution_name), "⇢", "accent")


def lapse_pill(case: CaseRow, now: datetime, hours: int) -> str:
    """When a taken case is nobody's again, where it is released after some hours (0: never)."""
    if not hours or case.status is not Status.TAKEN or case.verdict is not None or case.taken_at is None:
        return ""
    end = case.taken_at + timedelta(hours=hours)
    if end <= now:
        return pill(text("passing.lapses_now"), "↺", "warn")
    return pill(text("passing.lapses", day=words.day(end, now), clock=words.clock(end)), "↺")


def receiver(one: Institution) -> str:
    """An institution as somebody to pass a case on to; the municipality's own says what it is."""
    name = safe.label(one.name)
    return text("passing.communications", name=name) if one.kind == COMMUNICATIONS else name


def away(row: PassingRow, now: datetime) -> str:
    """A case that is with somebody else, for who gave it away."""
    line = text("passing.away", receiver=row.to_name, moment=words.moment(row.at, now))
    more = text("passing.away_more")
    return f'<div class="sb-why"><h3>{html.escape(line)}</h3>{html.escape(more)}</div>'


def history(passings: Iterable[PassingRow], lapses: Iterable[LapseRow], now: datetime) -> str:
    """Each time the case changed hands, newest first; "" for never."""
    told = [(row.at, _passing(row, now)) for row in passings] + [(row.at, _lapse(row, now)) for row in lapses]
    if not told:
        return ""
    items = "".join(f"<li>{line}</li>" for _, line in sorted(told, reverse=True))
    return f'<div class="sb-decided"><h3>{html.escape(text("passing.history"))}</h3><ul>{items}</ul></div>'


def _passing(row: PassingRow, now: datetime) -> str:
    line = text("passing.line", giver=row.from_name, receiver=row.to_name, moment=words.moment(row.at, now))
    ground = text(f"passing.ground.{row.ground}")
    back = ""
    if row.ended_at is not None:
        ended = text("passing.ended", person=row.ended_by or "", moment=words.moment(row.ended_at, now))
        back = f" {pill(ended, '↶')}"
    return (
        f"<strong>{html.escape(line)}</strong> · {safe.name(row.person)}{back}"
        f'<div class="sb-ground">{html.escape(ground)}</div>'
    )


def _lapse(row: LapseRow, now: datetime) -> str:
    taken = words.moment(row.taken_at, now)
    return html.escape(text("passing.lapsed", person=row.taken_by, taken=taken, moment=words.moment(row.at, now)))
