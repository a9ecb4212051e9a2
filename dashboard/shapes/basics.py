"""Small pieces of HTML that all screens share: marks for states, figures, bars, empty states.

Every state is told by a word and a sign of its own shape; colour only repeats it. Values from outside come in as HTML
that `safe` made.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from dashboard import words
from dashboard.words import text
from data.types import Severity, Status, Visibility

_STATUS_SIGNS = {Status.NEW: "●", Status.TAKEN: "◐", Status.ANSWERED: "✓", Status.CLOSED: "■"}
_BAR_MOST = 100


def pill(words_: str, sign: str = "", tone: str = "plain") -> str:
    """A word with its sign; `tone` is plain, good, warn, bad or accent."""
    before = f'<span aria-hidden="true">{sign}</span> ' if sign else ""
    return f'<span class="sb-pill sb-{tone}">{before}{html.escape(words_)}</span>'


def status_pill(status: Status, taken_by: str | None = None) -> str:
    tone = {Status.NEW: "accent", Status.TAKEN: "plain", Status.ANSWERED: "good", Status.CLOSED: "plain"}[status]
    word = text(f"status.{status}")
    return pill(f"{word}: {taken_by}" if taken_by and status is Status.TAKEN else word, _STATUS_SIGNS[status], tone)


def severity_pill(severity: Severity) -> str:
    """The grave ones stand out, the light ones say so, the usual ones say nothing."""
    if severity is Severity.SERIOUS:
        return pill(text("severity.3"), "▲", "bad")
    return pill(text("severity.1"), "▽") if severity is Severity.NOTE else ""


def visibility_pill(visibility: Visibility) -> str:
    if visibility is Visibility.VISIBLE:
        return ""
    sign = {Visibility.HIDDEN: "◌", Visibility.GONE: "✕", Visibility.UNREACHABLE: "?"}[visibility]
    return pill(text(f"visibility.{visibility}"), sign, "warn")


def bars(values: Sequence[int], label: str) -> str:
    """Small bars, oldest first, the last one in the accent colour; `label` says the same in words."""
    most = max([*values, 1])
    drawn = "".join(f'<i style="height:{max(4, round(value / most * _BAR_MOST))}%"></i>' for value in values)
    return f'<span class="sb-bars" role="img" aria-label="{html.escape(label)}">{drawn}</span>'


def figure(label: str, value: int, *, note: str = "", trend: str = "", href: str = "", tone: str = "plain") -> str:
    """A figure with its name; the whole of it leads somewhere where `href` is given."""
    inner = (
        f'<span class="sb-figure-label">{html.escape(label)}</span>'
        f'<span class="sb-figure-row"><span class="sb-figure-value sb-figure-{tone}">{words.number(value)}</span>'
        f'{trend}</span><span class="sb-figure-note">{html.escape(note)}</span>'
    )
    if href:
        return f'<a class="sb-figure" href="{html.escape(href)}" target="_self">{inner}</a>'
    return f'<div class="sb-figure">{inner}</div>'


def figures(parts: Sequence[str]) -> str:
    return f'<div class="sb-figures">{"".join(parts)}</div>'


def empty(key: str, sign: str = "○") -> str:
    """A kind sentence where there is nothing, with what to do next."""
    return (
        f'<div class="sb-empty"><span class="sb-empty-sign" aria-hidden="true">{sign}</span>'
        f"<p><strong>{html.escape(text(f'{key}.title'))}</strong></p><p>{html.escape(text(f'{key}.more'))}</p></div>"
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, label: str, numbers: frozenset[int]) -> str:
    """A real table, read by a screen reader and scrolled by keyboard. Cells are HTML; `numbers`: set right."""
    head = "".join(
        f'<th scope="col"{" class=sb-num" if place in numbers else ""}>{html.escape(name)}</th>'
        for place, name in enumerate(header)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{html.escape(header[place])}"{" class=sb-num" if place in numbers else ""}>{cell}</td>'
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="sb-table" role="region" tabindex="0" aria-label="{html.escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
