"""The care of a possible breach as it is drawn: hours left, what is checked off, who agreed, what is new."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from dashboard import safe, words
from dashboard.shapes.basics import pill
from dashboard.words import text
from data.care_rows import CheckRow, CheckState, ClockRow, Look, SecondRow, awaits
from data.opening import Opening
from data.rows import CaseRow, MessageRow
from data.times import COPENHAGEN
from data.types import Kind
from data.worktime import is_closed

_HOUR: Final = timedelta(hours=1)
_OFFICE: Final = Opening((*[(8 * 60, 16 * 60)] * 5, None, None), frozenset())
_SIGNS: Final = {CheckState.OPEN: "○", CheckState.DONE: "✓", CheckState.NOT_RELEVANT: "–"}


def left(clock: ClockRow, now: datetime) -> str:
    """The whole hours that are left, or that the deadline is past; never more than there are."""
    remaining = clock.due_at - now
    if remaining >= _HOUR:
        return words.counted("care.left", remaining // _HOUR)
    if remaining > timedelta():
        return text("care.left_under")
    late = -remaining // _HOUR
    return words.counted("care.late", late) if late else text("care.late_under")


def clock_pill(clock: ClockRow | None, now: datetime) -> str:
    """For the card, as long as the clock runs."""
    if clock is None or clock.ended_at is not None:
        return ""
    return pill(left(clock, now), "◷", "bad" if clock.due_at - now <= timedelta(hours=24) else "warn")


def clock_line(clock: ClockRow | None, now: datetime) -> str:
    """For the case: since when and until when, and how long there is; after the end how long it took."""
    if clock is None:
        return ""
    who = safe.name(clock.person)
    began = html.escape(text("care.began", moment=words.moment(clock.began_at, now)))
    if clock.ended_at is not None:
        took = words.hours((clock.ended_at - clock.began_at) / _HOUR)
        ended = html.escape(text("care.ended", moment=words.moment(clock.ended_at, now), took=took))
        return f'<div class="sb-meta">{began} {who}. {ended}</div>'
    over = " sb-over" if clock.due_at <= now else ""
    until = html.escape(text("care.until", moment=words.moment(clock.due_at, now)))
    return (
        f'<div class="sb-deadline{over}"><span aria-hidden="true">◷</span> {html.escape(left(clock, now))}</div>'
        f'<div class="sb-meta">{began} {who}. {until}</div>'
    )


def second_pill(case: CaseRow) -> str:
    return pill(text("care.waits"), "◑", "warn") if awaits(case) else ""


def new_pill() -> str:
    return pill(text("care.new"), "●", "accent")


def fresh(rows: Sequence[MessageRow], message: int, since: datetime | None) -> frozenset[int]:
    """Which of a thread's messages tell something new of the case: the flagged one's edit, and replies to it."""
    looked_at = next((row for row in rows if row.id == message), None)
    if since is None or looked_at is None:
        return frozenset()
    parents = {looked_at.message_id} | ({looked_at.parent_id} if looked_at.kind is Kind.REPLY else set())
    return frozenset(
        row.id
        for row in rows
        if (row.id == message or row.parent_id in parents)
        and ((row.id != message and row.first_seen > since) or any(old.seen_until > since for old in row.versions))
    )


def new_line(count: int, since: datetime, now: datetime) -> str:
    """That there is something new, for the head of a case."""
    told = html.escape(text("care.new_line", moment=words.moment(since, now)))
    return f'<div class="sb-pills">{new_pill()}</div><div class="sb-meta">{told}</div>' if count else ""


def target(clock: ClockRow) -> date:
    """The next working day after a clock began, in Copenhagen: what is confidential is gone by then."""
    day = clock.began_at.astimezone(COPENHAGEN).date() + timedelta(days=1)
    while is_closed(day, _OFFICE):
        day += timedelta(days=1)
    return day


def progress(rows: Iterable[CheckRow], clock: ClockRow | None, now: datetime) -> str:
    """How many items are seen to, and until when all should be."""
    states = [row.state for row in rows]
    settled = sum(state is not CheckState.OPEN for state in states)
    told = text("care.progress", settled=words.number(settled), count=words.number(len(states)))
    if clock is None or settled == len(states):
        return told
    goal = target(clock)
    noon = datetime(goal.year, goal.month, goal.day, 12, tzinfo=COPENHAGEN)
    late = now.astimezone(COPENHAGEN).date() > goal
    return f"{told} {text('care.target_late' if late else 'care.target', day=words.day(noon, now))}"


def checked(row: CheckRow, now: datetime) -> str:
    """Who said how an item stands, and when; "" where nobody has."""
    if row.person is None or row.at is None:
        return ""
    sign = f'<span aria-hidden="true">{_SIGNS[row.state]}</span>'
    told = html.escape(f"{text(f'care.state.{row.state}')}, {words.moment(row.at, now)}")
    return f'<div class="sb-meta">{sign} {told} · {safe.name(row.person)}</div>'


def listed(rows: Iterable[CheckRow], now: datetime) -> str:
    """The checklist for who may not act: each item with its state in words."""
    items = [
        f"<li>{html.escape(text(f'care.item.{row.item}'))}: "
        f"{checked(row, now) or html.escape(text('care.state.open'))}</li>"
        for row in rows
    ]
    return f'<div class="sb-decided"><ul>{"".join(items)}</ul></div>'


def seconds(rows: Iterable[SecondRow], now: datetime) -> str:
    """What came of second looks, newest first."""
    items = []
    for row in rows:
        if row.outcome is Look.WAITING or row.at is None:
            continue
        line = text(f"care.look.{row.outcome}", moment=words.moment(row.at, now))
        why = f": {html.escape(text(f'care.doubt.{row.doubt}'))}" if row.doubt else ""
        items.append(f"<li><strong>{safe.name(row.person or '')}</strong> {html.escape(line)}{why}</li>")
    if not items:
        return ""
    return f'<div class="sb-decided"><h3>{html.escape(text("care.second"))}</h3><ul>{"".join(items)}</ul></div>'
