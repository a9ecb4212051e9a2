"""Own posts with pictures: a post as a card, what is known of it, and who said what of its pictures.

The pictures are on the platform and nowhere else; what is shown is that there are some.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes.basics import pill
from dashboard.shapes.cases import platform
from dashboard.words import text
from data.photo_rows import PhotoAnswer, PhotoAnswerRow, PhotoRow

EXCERPT = 190
ANSWERS = tuple(PhotoAnswer)
_SIGNS = {PhotoAnswer.CONSENT: "✓", PhotoAnswer.SITUATION: "○", PhotoAnswer.REMOVED: "✕"}


def title(row: PhotoRow, now: datetime) -> str:
    """When it was written, in our own words: safe as a label."""
    return text("photo.title", moment=words.moment(row.written_at, now))


def answer(one: PhotoAnswer) -> str:
    return text(f"photo.is.{one}")


def meaning(one: PhotoAnswer) -> str:
    return text(f"photo.means.{one}")


def card(row: PhotoRow, now: datetime) -> str:
    """The card's body below its title."""
    where = f"{safe.name(row.institution_name)} · {html.escape(platform(row.platform))}"
    body = safe.excerpt(row.text, EXCERPT) if row.text.strip() else html.escape(text("post.no_text"))
    return (
        f'<div class="sb-meta">{where}</div><div class="sb-excerpt">{body}</div>'
        f'<div class="sb-pills">{_pills(row, now)}</div>'
    )


def head(row: PhotoRow, now: datetime) -> str:
    """Which post, and how it stands."""
    names = dict.fromkeys((row.institution_name, row.page_name))
    place = " · ".join([*(safe.name(one) for one in names), html.escape(platform(row.platform))])
    number = html.escape(text("photo.number", number=row.message))
    body = (
        safe.highlight(row.text, more=text("thread.more"), note=text("thread.cut"))
        if row.text.strip()
        else f'<p class="sb-muted">{html.escape(text("post.no_text"))}</p>'
    )
    return (
        f'<div class="sb-head"><h2>{html.escape(title(row, now))} <span class="sb-muted">{number}</span></h2>'
        f'<div class="sb-pills">{_pills(row, now)}</div><div class="sb-meta">{place}</div></div>'
        f'<div class="sb-bubble sb-own">{body}</div>'
    )


def answers(rows: Iterable[PhotoAnswerRow], now: datetime) -> str:
    """What was said, newest first; an answer taken back stays and says so."""
    items = []
    for row in rows:
        line = html.escape(text("photo.line", answer=answer(row.answer), moment=words.moment(row.at, now)))
        undone = f" {pill(text('decision.undone', person=row.undone_by or ''), '↶')}" if row.undone_at else ""
        note = f'<div class="sb-ground">{safe.highlight(row.note)}</div>' if row.note else ""
        items.append(f"<li><strong>{line}</strong> · {safe.name(row.person)}{undone}{note}</li>")
    if not items:
        return ""
    return f'<div class="sb-decided"><h3>{html.escape(text("photo.answers"))}</h3><ul>{"".join(items)}</ul></div>'


def _pills(row: PhotoRow, now: datetime) -> str:
    told = [pill(words.counted("photo.pictures", row.pictures), "▣", "accent")]
    if row.answer is not None:
        told.append(pill(answer(row.answer), _SIGNS[row.answer], "plain" if _asks(row, now) else "good"))
    if row.grown:
        told.append(pill(text("photo.grown"), "＋", "warn"))
    if row.answer is PhotoAnswer.REMOVED and _asks(row, now):
        told.append(pill(text("photo.still"), "!", "warn"))
    return "".join(told)


def _asks(row: PhotoRow, now: datetime) -> bool:
    return row.asks_from <= now
