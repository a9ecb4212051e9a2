"""Facepager's CSV export: a tree of nodes, visitors' comments among them.

Source: the export code of strohne/Facepager. `id` and `parent_id` are numbers of nodes in Facepager's own database,
`object_id` is the platform's id. Rows of `object_type` other than `data` (seed, offcut, headers, error) are no content.
"""

from __future__ import annotations

from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table
from data.types import Kind

_ALIASES = {
    "message_id": ("object id",),
    "text": ("message", "text", "snippet textdisplay", "snippet toplevelcomment snippet textdisplay", "story"),
    "created_at": ("created time", "snippet publishedat", "snippet toplevelcomment snippet publishedat"),
    "author_name": ("from name", "snippet authordisplayname", "username"),
    "author_id": ("from id", "snippet authorchannelid value"),
    "url": ("permalink url", "permalink"),
    "comment_count": ("comment count", "comments summary total count"),
}


def _is_content(row: Row) -> bool:
    return row.get("object type") in {"data", "unpacked"} and row.get("object id") not in {"", "None"}


def _parent(row: Row) -> str:
    """The parent's node number; "" at the top, for the seed that asked for a post is no part of its thread."""
    asked = row.get("query type").rstrip("/").rpartition("/")[2].casefold()
    if asked in {"posts", "feed", "published_posts", "visitor_posts", "tagged", "media"}:
        return ""
    if row.get("level") == "1" and "comment" not in asked and "repl" not in asked:
        return ""
    return row.get("parent id").replace("None", "")


def _layout(_: Table) -> Layout:
    return Layout(
        "facepager", _ALIASES, Kind.POST, key=lambda row: row.get("id"), parent=_parent, keep=_is_content, only=True
    )


reader = TableReader("facepager", frozenset({"object id", "object type", "query status"}), _layout)
