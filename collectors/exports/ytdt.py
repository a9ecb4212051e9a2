r"""YouTube Data Tools' list of a video's comments: visitors' comments without an API key of one's own.

Source: the columns that 4CAT asks for when it imports these files. Quotation marks within a text are doubled; a file
that escapes them by `\` instead is told as broken at that line. `isReplyTo` is the parent comment's id, "" at the top.
The video is the thread where a column tells it.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table
from data.types import Kind

_ALIASES = {
    "message_id": ("id",),
    "text": ("text",),
    "created_at": ("publishedat",),
    "author_name": ("authorname",),
    "author_id": ("authorchannelid",),
    "parent_id": ("isreplyto",),
    "thread_id": ("videoid", "video id"),
}


def _is_content(row: Row) -> bool:
    return bool(row.get("id"))


def _layout(_: Table) -> Layout:
    return Layout("ytdt", _ALIASES, Kind.COMMENT, zone=ZoneInfo("UTC"), keep=_is_content, only=True)


reader = TableReader("ytdt", frozenset({"id", "isreplyto", "authorname", "text", "publishedat"}), _layout)
