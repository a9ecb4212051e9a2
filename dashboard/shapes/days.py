"""What came since a viewer last looked, in one sentence."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from dashboard import words
from dashboard.words import text
from data.queries import News


def since(news: News, at: datetime, now: datetime) -> str:
    """How many cases of each queue are new; a queue without any is left out."""
    counts = [
        words.counted(f"day.since.{one.name}", count) for one in fields(news) if (count := getattr(news, one.name))
    ]
    when = text("calendar.moment", date=words.day(at, now), clock=words.clock(at))
    return text("day.since.told" if counts else "day.since.quiet", when=when, counts=", ".join(counts))
