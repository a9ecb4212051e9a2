"""Any table in CSV or XLSX with a header row: columns named by the page's options, or guessed and shown.

Options of the page: `column.<field>` (the header of a field), `kind` (`post` or `comment` for rows that answer
nothing), `date_order` (`dmy` or `mdy`), `zone`. This reader is asked last, since it takes every table.
"""

from __future__ import annotations

from collections.abc import Container

from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Table
from data.types import Kind

_HANGS = frozenset({"parent id", "parent comment id", "svar på", "svar til", "reply to", "in reply to", "thread id"})


def layout(names: Container[str]) -> Layout:
    """Rows that answer nothing are posts where the table tells of answers, else comments on posts not in it."""
    return Layout("generic", {}, Kind.POST if any(name in names for name in _HANGS) else Kind.COMMENT)


def _of_table(table: Table) -> Layout:
    return layout(table.names)


reader = TableReader("generic", frozenset(), _of_table)
