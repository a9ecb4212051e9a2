"""YouTube Takeout's comments.csv: what the account itself wrote, no visitor's comment.

Source: files of 2023 and of after June 2024 (columns in another order). The text is JSON within CSV: one object with
`takeoutSegments`, since 2024 several objects with commas between them, which is no JSON value of its own.
"""

from __future__ import annotations

import json

from collectors.errors import FileError
from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table
from data.types import Kind

_ALIASES = {
    "message_id": ("comment id",),
    "text": ("comment text",),
    "created_at": ("comment create timestamp",),
    "author_id": ("channel id",),
    "parent_id": ("parent comment id",),
    "thread_id": ("video id",),
}


def comment_text(written: str, line: int) -> str:
    """The segments' texts in a row; FileError with the line for what is no JSON."""
    try:
        parts = json.loads(f"[{written}]", strict=False)
    except (ValueError, RecursionError):
        raise FileError(f"The text in line {line} is not in YouTube's form. Export it again.", line=line) from None
    segments: list[object] = []
    for part in parts:
        inner = part.get("takeoutSegments") if isinstance(part, dict) else None
        segments.extend(inner if isinstance(inner, list) else [part])
    texts = (segment.get("text") for segment in segments if isinstance(segment, dict))
    return "".join(text for text in texts if isinstance(text, str))


def _is_content(row: Row) -> bool:
    return bool(row.get("comment id"))


def _layout(_: Table) -> Layout:
    return Layout("takeout", _ALIASES, Kind.COMMENT, keep=_is_content, text=comment_text, only=True, own=True)


reader = TableReader(
    "takeout", frozenset({"comment id", "channel id", "comment create timestamp", "comment text"}), _layout
)
