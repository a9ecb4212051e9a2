"""A page's posts and the hits of a search, as cards."""

from __future__ import annotations

import html
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes.basics import pill, visibility_pill
from dashboard.words import text
from data.rows import MessageRow, PostRow

EXCERPT = 220


def title(row: MessageRow, now: datetime) -> str:
    """Kind and time, in our own words: safe as a label."""
    when = words.moment(row.created_at, now) if row.created_at else text("thread.no_time")
    return f"{text(f'message.{row.kind}').capitalize()} · {when}"


def post(row: PostRow) -> str:
    open_cases = pill(words.counted("post.open", row.open_cases), "●", "accent") if row.open_cases else ""
    comments = pill(words.counted("post.comments", row.comments))
    claimed = row.message.comment_count
    missing = ""
    if claimed is not None and claimed > row.comments:
        missing = pill(text("post.claimed", count=words.number(claimed)), "◔", "warn")
    return (
        f'<div class="sb-excerpt">{_text(row.message)}</div>'
        f'<div class="sb-pills">{open_cases}{comments}{missing}{visibility_pill(row.message.visibility)}</div>'
    )


def hit(row: MessageRow) -> str:
    own = pill(text("thread.own"), "◆", "accent") if row.by_page else ""
    return (
        f'<div class="sb-meta">{safe.name(row.page_name)}</div><div class="sb-excerpt">{_text(row)}</div>'
        f'<div class="sb-pills">{own}{visibility_pill(row.visibility)}</div>'
    )


def _text(row: MessageRow) -> str:
    return safe.excerpt(row.text, EXCERPT) if row.text.strip() else html.escape(text("post.no_text"))
