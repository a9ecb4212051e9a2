"""What the database holds of messages, as the writing side needs it: a little to compare with, all to judge with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from data import emptied
from data.times import from_text, to_text
from data.types import Attachment, Kind, Message, Visibility


@dataclass(frozen=True, slots=True)
class Stored:
    """The little of a stored message that tells whether a new reading of it changes anything."""

    id: int
    message_id: str
    page_id: str
    institution_id: str
    digest: str
    version: int
    visibility: str
    missing: int
    failed: str


_FIELDS = ", ".join(Stored.__slots__)


def stored(conn: sqlite3.Connection, platform: str, message_ids: Iterable[str]) -> dict[str, Stored]:
    """What is stored under these ids, by message_id."""
    rows = conn.execute(
        f"SELECT {_FIELDS} FROM messages WHERE platform = ? AND message_id IN (SELECT value FROM json_each(?))",  # noqa: S608, own names
        (platform, json.dumps(list(message_ids))),
    )
    return {row[1]: Stored(*row) for row in rows}


def digests(conn: sqlite3.Connection, platform: str, message_ids: Iterable[str]) -> dict[str, str]:
    """The stored digest of each id; "" for one that is to be taken for changed.

    That is a message that was not judged whole, and one that was emptied because it was gone and is listed again.
    """
    held = stored(conn, platform, message_ids)
    again = emptied.back(conn, [row.id for row in held.values()])
    return {name: row.digest if row.failed == "[]" and row.id not in again else "" for name, row in held.items()}


def counted(conn: sqlite3.Connection, page_id: str, begin: datetime, end: datetime) -> dict[str, int | None]:
    """The platform's last number of comments of a page's posts written in [begin, end), by message_id.

    None for a post whose number was never told, or under which something was missed once and is neither back nor gone.
    """
    rows = conn.execute(
        """SELECT message_id, CASE WHEN EXISTS (
                   SELECT 1 FROM messages AS below WHERE below.platform = messages.platform
                       AND below.thread_id = messages.message_id AND below.missing > 0 AND below.visibility <> 'gone'
               ) THEN NULL ELSE comment_count END
           FROM messages WHERE page_id = ? AND kind = 'post' AND visibility <> 'gone'
               AND coalesce(created_at, first_seen) >= ? AND coalesce(created_at, first_seen) < ?""",
        (page_id, to_text(begin), to_text(end)),
    )
    return dict(rows.fetchall())


def thread(conn: sqlite3.Connection, platform: str, thread_id: str) -> tuple[Message, ...]:
    """The stored messages of a thread, the post first, then oldest first."""
    rows = conn.execute(
        "SELECT * FROM messages WHERE platform = ? AND thread_id = ? ORDER BY kind <> 'post', created_at, id",
        (platform, thread_id),
    )
    return tuple(message(row) for row in rows)


def message(row: sqlite3.Row) -> Message:
    return Message(
        platform=row["platform"],
        message_id=row["message_id"],
        page_id=row["page_id"],
        kind=Kind(row["kind"]),
        text=row["text"],
        thread_id=row["thread_id"],
        digest=row["digest"],
        parent_id=row["parent_id"],
        created_at=from_text(row["created_at"]) if row["created_at"] else None,
        edited_at=from_text(row["edited_at"]) if row["edited_at"] else None,
        by_page=bool(row["by_page"]),
        author_key=row["author_key"],
        author_name=row["author_name"],
        url=row["url"],
        visibility=Visibility(row["visibility"]),
        attachments=read_attachments(row["attachments"]),
        comment_count=row["comment_count"],
    )


def write_attachments(attachments: tuple[Attachment, ...]) -> str:
    return words(asdict(attachment) for attachment in attachments) if attachments else "[]"


def read_attachments(text: str) -> tuple[Attachment, ...]:
    return tuple(Attachment(**fields) for fields in json.loads(text)) if text != "[]" else ()


def words(values: Iterable[object]) -> str:
    """A JSON list as stored."""
    return json.dumps(list(values), ensure_ascii=False)
