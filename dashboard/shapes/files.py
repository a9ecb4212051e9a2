"""How an export file is understood, before anything of it is saved. Texts are masked here as they will be kept."""

from __future__ import annotations

import html

from analysis.masking import mask
from collectors.base import Preview
from dashboard import safe, words
from dashboard.shapes.basics import table
from dashboard.words import text

FIRST = 5


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
    return (
        f"<p>{html.escape(text('import.format', name=seen.format))}</p>"
        + table(
            [text("import.field"), text("import.column")], columns, label=text("import.columns"), numbers=frozenset()
        )
        + table(header, rows, label=text("import.first"), numbers=frozenset())
    )


def _field(name: str) -> str:
    return text(f"field.{name}") if words.known(f"field.{name}") else name
