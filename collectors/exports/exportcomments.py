"""Lists of visitors' comments by ExportComments and services like it: some lines about the post, then a table.

No file could be had to check against: the layout is from descriptions. The first column has no header and counts the
comments, `1`, `2`; a reply to the second is `2-1`. All rows are comments on one post that the file does not hold.
"""

from __future__ import annotations

import re

from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table
from data.types import Kind

_ALIASES = {
    "message_id": ("comment id", "id"),
    "text": ("comment", "kommentar"),
    "created_at": ("date", "dato"),
    "author_name": ("name", "navn", "name click to view profile", "username"),
    "author_id": ("profile id", "user id"),
    "url": ("comment url", "permalink"),
}
_REPLY = re.compile(r"([0-9]+)[-.][0-9]+")


def _number(row: Row) -> str:
    return row.get("")


def _parent(row: Row) -> str:
    """The number in front of the hyphen, "" for a comment of its own."""
    found = _REPLY.fullmatch(_number(row))
    return found[1] if found else ""


def _layout(_: Table) -> Layout:
    return Layout("exportcomments", _ALIASES, Kind.COMMENT, key=_number, parent=_parent, only=True)


reader = TableReader("exportcomments", frozenset({"", "name", "date", "comment"}), _layout)
