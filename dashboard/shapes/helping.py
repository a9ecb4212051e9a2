"""What a view's short help and a first visit's three steps say, as HTML from our own texts."""

from __future__ import annotations

import html

from dashboard.words import known, text


def lines(view: str) -> str:
    """What one sees, what one can do, and what does not happen here; "" for a view without help."""
    if not known(f"help.{view}.see"):
        return ""
    said = (text(f"help.{view}.{part}") for part in ("see", "do", "not"))
    return f'<ul class="sb-help">{"".join(f"<li>{html.escape(one)}</li>" for one in said)}</ul>'


def steps(*, acts: bool, browses: bool) -> str:
    """The three steps for somebody who may act, or only read, or who sees possible breaches alone."""
    first = "queues" if browses else "breaches"
    chosen = (first, "open", "act" if acts else "read")
    told = (
        f"<li><strong>{html.escape(text(f'welcome.{one}.title'))}</strong>{html.escape(text(f'welcome.{one}.more'))}</li>"
        for one in chosen
    )
    return f'<ol class="sb-steps">{"".join(told)}</ol>'
