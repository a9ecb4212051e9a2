"""A remembered decision as a card: which words, on which page, who decided, what it has kept back since."""

from __future__ import annotations

import html
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes.basics import pill
from dashboard.words import text
from data.remembered_rows import RememberedRow

SHOWN = 6  # words of one text; more are read in the case
LENGTH = 60


def card(row: RememberedRow, now: datetime) -> str:
    """The card's body; the words come from a masked text and are the viewer's to see, since the case is."""
    quoted = ", ".join(f"<q>{safe.excerpt(one, LENGTH)}</q>" for one in row.words[:SHOWN])
    names = dict.fromkeys((row.institution_name, row.page_name))
    place = " · ".join(safe.name(one) for one in names)
    decided = html.escape(text("remembered.decided", moment=words.both(row.at, now)))
    return (
        f'<div class="sb-excerpt">{quoted or html.escape(text("remembered.no_words"))}</div>'
        f'<div class="sb-meta">{place}</div><div class="sb-meta">{decided} · {safe.name(row.person)}</div>'
        f'<div class="sb-pills">{pill(words.counted("remembered.kept", row.kept_back))}</div>'
    )
