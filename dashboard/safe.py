"""The one way of foreign text to the screen: everything is escaped, nothing of it can act, move or flip the page.

What citizens, platforms and files wrote (texts, names of writers and pages, titles of attachments, addresses) passes
through here as HTML and is drawn by `st.html` alone. It is never part of a label, a toast, a title, a caption or
Markdown: there an image would be fetched and tell the platform who is looking.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

SHOWN = 4000  # code points of a text that are drawn at once; the rest opens on request
NAME_SHOWN = 80
_REST_SHOWN = 20_000  # beyond this a text is no reading matter, and a browser slows down
_KEPT_CONTROLS = frozenset("\n\t")
_NOTHING = frozenset("\u200b\u2060\ufeff")  # zero-width and harmless: they are left out, not shown
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text to be marked: `[start, end)` in code points, its class, and why in our own words."""

    start: int
    end: int
    kind: str
    why: str


def highlight(text: str, spans: Iterable[Span] = (), *, more: str = "", note: str = "") -> str:
    """The text as HTML, the spans marked, line breaks kept; a long text is cut with `more` as the label to open it.

    `note` is said where even the opened text ends before its end. Both are our own words and escaped all the same.
    """
    marked = sorted((span for span in spans if span.start < span.end), key=lambda span: (span.start, -span.end))
    body = _marked(text, marked, 0, SHOWN)
    if len(text) > SHOWN:
        end = SHOWN + _REST_SHOWN
        tail = f"<p><em>{html.escape(note)}</em></p>" if len(text) > end else ""
        rest = f'<div class="sb-text" dir="auto">{_marked(text, marked, SHOWN, end)}</div>{tail}'
        body += f"…</div><details><summary>{html.escape(more or '…')}</summary>{rest}</details>"
        return f'<div class="sb-foreign"><div class="sb-text" dir="auto">{body}</div>'
    return f'<div class="sb-foreign"><div class="sb-text" dir="auto">{body}</div></div>'


def excerpt(text: str, length: int) -> str:
    """The beginning of a text on one line, as HTML."""
    line = " ".join(text[: length * 2].split())
    cut = line if len(line) <= length and len(text) <= length * 2 else line[:length].rstrip() + "…"
    return f'<bdi class="sb-text">{clean(cut)}</bdi>'


def name(value: str, *, otherwise: str = "") -> str:
    """A writer's, a page's or an institution's name as HTML; `otherwise`, our own words, where there is none."""
    line = " ".join(value.split())
    if not line:
        return html.escape(otherwise)
    cut = line if len(line) <= NAME_SHOWN else line[:NAME_SHOWN].rstrip() + "…"
    return f'<bdi class="sb-name">{clean(cut)}</bdi>'


def label(value: str) -> str:
    """A name that must stand in a widget's option, where Streamlit draws plain text: controls out, one line, cut."""
    line = " ".join(plain(value).split())
    return line if len(line) <= NAME_SHOWN else line[:NAME_SHOWN].rstrip() + "…"


def platform_link(url: str, words: str, *, otherwise: str = "") -> str:
    """A link that opens in its own tab and names its host; `otherwise` where the address is none that we follow.

    Only http and https, no user name in front of the host (it would feign another), no controls.
    """
    host = _host(url)
    if host is None:
        return f'<span class="sb-muted">{html.escape(otherwise)}</span>' if otherwise else ""
    return (
        f'<a class="sb-link" href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">'
        f'{html.escape(words)} <span class="sb-host"><bdi>{html.escape(host)}</bdi> '
        '<span aria-hidden="true">↗</span></span></a>'
    )


def clean(text: str) -> str:
    """Escaped text in which no control character is left to act: each shows as a replacement character."""
    return html.escape(plain(text))


def plain(text: str) -> str:
    """The text with nothing in it that acts, not escaped: for where no HTML is read."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_REPLACEMENT if _acts(sign) else sign for sign in text if sign not in _NOTHING)


def _acts(sign: str) -> bool:
    """Whether a character steers instead of standing for something: controls, and marks that turn the direction.

    Joiners (U+200C, U+200D) stay: scripts and emoji are made with them.
    """
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return sign not in _KEPT_CONTROLS
    return kind in {"Cf", "Zl", "Zp", "Cs", "Co"} and sign not in "\u200c\u200d\u00ad" and not _is_tag(sign)


def _is_tag(sign: str) -> bool:
    return "\U000e0020" <= sign <= "\U000e007f"  # parts of flags such as Wales's


def _marked(text: str, spans: list[Span], begin: int, end: int) -> str:
    """The part [begin, end) of the text with its marks; overlapping spans are drawn one after the other."""
    parts: list[str] = []
    at, end = begin, min(end, len(text))
    for span in spans:
        start, stop = max(span.start, at), min(span.end, end)
        if start >= stop:
            continue
        parts.append(clean(text[at:start]))
        why = html.escape(span.why)
        inner = clean(text[start:stop])
        parts.append(f'<mark class="sb-mark sb-mark-{html.escape(span.kind)}" title="{why}">{inner}</mark>')
        at = stop
    return "".join([*parts, clean(text[at:end])])


def _host(url: str) -> str | None:
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return host
