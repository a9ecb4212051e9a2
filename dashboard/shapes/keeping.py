"""When a text is deleted, why it is gone, and the legal holds that keep it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard import safe, words
from dashboard.shapes.basics import pill
from dashboard.words import text
from data.keeping_rows import HoldRow, KeptRow
from data.retention import Why

SOON = 60  # days that are told as a number
_REASONS = {Why.TERMS: "keeping.ends_terms", Why.GONE: "keeping.ends_gone"}


def sentence(row: KeptRow, now: datetime) -> str:
    """When the text is deleted, or when and why it was."""
    if row.emptied_at is not None:
        return text(f"keeping.emptied_{row.why}", date=words.date(row.emptied_at, now))
    if row.held:
        return text("keeping.ends_held", date=words.date(row.ends_at, now))
    if row.ends_at <= now:
        return text("keeping.due")
    return text(_REASONS.get(row.why, "keeping.ends"), when=_when(row.ends_at, now))


def line(row: KeptRow | None, now: datetime) -> str:
    """The sentence as a quiet line; "" where nothing is known of the message."""
    return f'<div class="sb-meta">{html.escape(sentence(row, now))}</div>' if row else ""


def holds(rows: Sequence[HoldRow], now: datetime) -> str:
    """Who decided that the thread is kept, until when and why; those that ended say so."""
    items = []
    for row in rows:
        told = text(
            "hold.line", date=words.date(_last_day(row.until), now), person=row.person,
            moment=words.moment(row.at, now),
        )  # fmt: skip
        over = text("hold.lifted", person=row.lifted_by or "") if row.lifted_at else text("hold.over")
        mark = "" if row.in_force(now) else f" {pill(over, '↶')}"
        ground = f'<div class="sb-ground">{safe.highlight(row.ground)}</div>' if row.ground else ""
        items.append(f"<li>{html.escape(told)}{mark}{ground}</li>")
    return f'<div class="sb-decided"><ul>{"".join(items)}</ul></div>' if items else ""


def _when(at: datetime, now: datetime) -> str:
    """In how many days, or on which day where that is far off."""
    days = round((at - now) / timedelta(days=1))
    if not 1 < days <= SOON:
        return words.ago(at, now)
    return text("ago.coming", span=text("unit.days", number=words.number(days)))


def _last_day(end: datetime) -> datetime:
    """A hold ends at the midnight after its last day."""
    return end - timedelta(seconds=1)
