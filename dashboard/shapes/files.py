"""How an export file is understood, before anything of it is saved. Texts are masked here as they will be kept."""

from __future__ import annotations

import html
from collections.abc import Mapping

from analysis.masking import mask
from collectors.base import Preview
from dashboard import safe, words
from dashboard.shapes.basics import table
from dashboard.words import text

FIRST = 5
_META = ("facebook", "instagram")
# The platforms whose texts a file holds, by the name of its format; none named: of any.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "facepager": ("facebook", "instagram", "youtube"),
    "fourcat": (),
    "ytdt": ("youtube",),
    "exportcomments": (),
    "generic": (),
    "business_suite": _META,
    "meta": _META,
    "takeout": ("youtube",),
    "analytics": ("linkedin",),
}


def sources(platform: str) -> str:
    """Which files there are for a page of the platform, what each holds and how to get it: told before one is given."""
    header = [text(f"import.{name}") for name in ("source", "posts", "comments", "get")]
    rows = [
        [html.escape(text(f"import.{key}.{name}")) for name in ("name", "posts", "comments", "get")]
        for key, platforms in SOURCES.items()
        if not platforms or platform in platforms
    ]
    return f"<p>{html.escape(text('import.sources_more'))}</p>" + table(
        header, rows, label=text("import.sources"), numbers=frozenset()
    )


def preview(seen: Preview) -> str:
    """Format, columns and the first messages; what stands in the file is foreign text."""
    columns = [[html.escape(_field(column.field)), safe.name(mask(column.header))] for column in seen.columns]
    rows = [
        [
            html.escape(words.moment(one.created_at) if one.created_at else text("thread.no_time")),
            html.escape(text(f"message.{one.kind}")),
            safe.excerpt(mask(one.text), 120),
        ]
        for one in seen.messages[:FIRST]
    ]
    header = [text("import.when"), text("import.kind"), text("import.text")]
    fields = [text("import.field"), text("import.column")]
    return (
        _line(text("import.format", name=text(f"import.{seen.format}.name")))
        + (_titled("import.columns", fields, columns) if columns else "")
        + _titled("import.first", header, rows)
    )


def _titled(title: str, header: list[str], rows: list[list[str]]) -> str:
    """A table under a line that says what it holds."""
    return _line(text(title)) + table(header, rows, label=text(title), numbers=frozenset())


def _line(words_: str) -> str:
    return f'<p class="sb-over-table">{html.escape(words_)}</p>'


def _field(name: str) -> str:
    return text(f"field.{name}") if words.known(f"field.{name}") else name
