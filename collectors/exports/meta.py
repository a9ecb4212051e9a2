r"""Facebook's and Instagram's downloads in JSON: the page's own posts and comments, no visitor's.

Source: files of 2023 to 2026 as public tools read them. Meta writes the bytes of UTF-8 as `\u00XX`, so each string is
mended once, after parsing. Nothing has an id and no comment tells what it answers; the keys of Instagram's
`string_map_data` follow the user's language, so that they are taken by their form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from collectors.base import Batch, Column, Preview
from collectors.exports import identity
from collectors.exports.items import Item, items_of, looks_like_json, read_whole
from collectors.exports.making import batches
from collectors.platforms._text import clean, link
from data.types import Attachment, Kind, Page, RawMessage

PREVIEWED = 20
_MARKS = re.compile(rb'"(comments_v2|comments_reels_comments|string_map_data|creation_timestamp|update_timestamp)"')
_POST = re.compile(rb'"timestamp"\s*:\s*[0-9]{9,11}\s*,\s*"(data|attachments|title)"')
_MENTION = re.compile(r"@\[[0-9]+:[0-9]+:([^\]]{1,200})\]")
_COLUMNS = (Column("text", "comment / post / title"), Column("created_at", "timestamp"))


def mended(value: str) -> str:
    """The string with Meta's broken letters made whole; one that was never broken stays as it is."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value


def messages_of(content: bytes, page: Page) -> Iterator[RawMessage]:
    """The page's own posts and comments in one JSON file of a download; FileError with the line where it breaks."""
    for _, item in items_of(content):
        message = _comment(item, page) or _instagram_comment(item, page) or _post(item, page)
        if message is not None:
            yield message


class _Meta:
    def recognise(self, head: bytes) -> bool:
        """Whether the beginning has one of the downloads' own keys."""
        return looks_like_json(head) and bool(_MARKS.search(head) or _POST.search(head))

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        """The file's messages; FileError with the line where it breaks, after what stands before it."""
        yield from batches(messages_of(read_whole(path), page))

    def preview(self, path: Path, page: Page) -> Preview:
        """The first twenty messages; nothing is saved."""
        return Preview("meta", _COLUMNS, tuple(islice(messages_of(read_whole(path), page), PREVIEWED)))


reader = _Meta()


def _comment(item: Item, page: Page) -> RawMessage | None:
    for entry in _objects(item.get("data")):
        if isinstance(found := entry.get("comment"), dict):
            return _made(page, Kind.COMMENT, found.get("comment"), found.get("timestamp", item.get("timestamp")))
    return None


def _instagram_comment(item: Item, page: Page) -> RawMessage | None:
    entries = item.get("string_map_data")
    if not isinstance(entries, dict):
        return None
    parts = _objects(list(entries.values()))
    when = next((part["timestamp"] for part in parts if part.get("timestamp")), None)
    text = max((part["value"] for part in parts if isinstance(part.get("value"), str)), key=len, default="")
    return _made(page, Kind.COMMENT, text, when)


def _post(item: Item, page: Page) -> RawMessage | None:
    """A post: Facebook's text stands in `data`, Instagram's as the title of the post or of its only picture."""
    media = _objects(item.get("media"))
    texts = [entry.get("post") for entry in _objects(item.get("data"))]
    if media:
        texts += [item.get("title"), *(one.get("title") for one in media)]
    text = next((text for text in texts if isinstance(text, str) and text), "")
    first = media[0].get("creation_timestamp") if media else None
    when = item.get("timestamp", item.get("creation_timestamp", first))
    return _made(page, Kind.POST, text, when, _attachments(item))


def _attachments(item: Item) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for group in _objects(item.get("attachments")):
        for entry in _objects(group.get("data")):
            if isinstance(outside := entry.get("external_context"), dict):
                found.append(Attachment("link", link("", outside.get("url"))))
            if isinstance(media := entry.get("media"), dict):
                found.append(Attachment("photo", "", mended(clean(media.get("description")))))
    return tuple(found)


def _made(
    page: Page, kind: Kind, text: object, when: object, attachments: tuple[Attachment, ...] = ()
) -> RawMessage | None:
    whole = _MENTION.sub(r"\1", clean(mended(text))) if isinstance(text, str) else ""
    if not whole and not attachments:
        return None
    created_at = _moment(when)
    shown = whole or "\n".join(attachment.text or attachment.url for attachment in attachments)
    message_id = identity.made(page, shown, created_at, page.name)
    return RawMessage(
        platform=page.platform,
        message_id=message_id,
        page_id=page.id,
        kind=kind,
        text=whole,
        thread_id=message_id,
        created_at=created_at,
        by_page=True,
        author_name=page.name,
        attachments=attachments,
    )


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 5 * 10**9:
        return None
    return datetime.fromtimestamp(value, UTC)


def _objects(value: Any) -> list[Item]:  # noqa: ANN401 - whatever stands in the file
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
