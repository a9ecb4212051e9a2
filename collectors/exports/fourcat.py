"""4CAT's CSV export: posts or comments of any platform, one row each.

Source: the columns that 4CAT writes for every data set (digitalmethodsinitiative/4cat). `unix_timestamp` is to be
trusted; `timestamp` is the server's time, normally UTC. `thread_id` is the post, or the top comment of a comment list.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table
from data.types import Kind

_ALIASES = {
    "message_id": ("id",),
    "thread_id": ("thread id",),
    "text": ("body",),
    "title": ("subject", "title"),
    "created_at": ("unix timestamp", "timestamp"),
    "author_name": ("author fullname", "author name", "author"),
    "author_id": ("author id",),
    "parent_id": ("parent id", "reply to", "in reply to"),
    "url": ("url", "link", "permalink"),
    "comment_count": ("comments", "num comments", "replies"),
}


def _is_content(row: Row) -> bool:
    return bool(row.get("id"))


def _layout(_: Table) -> Layout:
    return Layout("fourcat", _ALIASES, Kind.POST, zone=ZoneInfo("UTC"), keep=_is_content, only=True)


reader = TableReader("fourcat", frozenset({"id", "thread id", "timestamp", "author", "body"}), _layout)
