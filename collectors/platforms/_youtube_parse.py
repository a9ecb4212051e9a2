"""YouTube's videos, threads and replies as `RawMessage`s: pure, and forgiving where the platform leaves things out.

Source: YouTube Data API v3, playlistItem, video, commentThread and comment. `authorChannelId` and `videoId` may be
missing; a comment under the channel's own page (no video) hangs on itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from collectors.errors import ShapeError
from collectors.platforms._text import clean, digest, moment
from collectors.platforms._youtube_api import Json
from data.types import Attachment, Kind, RawMessage, Visibility

WATCH: Final = "https://www.youtube.com/watch?v="
_TAG: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose videos are read: Sideblik's page, and the channels under which the institution writes."""

    page_id: str
    ids: frozenset[str] = field(default_factory=frozenset)
    home: str = WATCH


def rows(page: Json, endpoint: str) -> list[Json]:
    """The objects on one page of a list, none where it has no `items`; ShapeError where those are no list of them."""
    items = page.get("items", [])
    if not isinstance(items, list) or not all(isinstance(row, dict) for row in items):
        raise ShapeError(f"{endpoint} answered no list of objects in `items`.", endpoint=endpoint)
    if "items" not in page and not str(page.get("kind", "")).endswith("ListResponse"):
        raise ShapeError(f"{endpoint} answered neither `items` nor a list's `kind`.", endpoint=endpoint)
    return items


def tag(page: Json) -> str:
    """The list's version, as it can be sent back in a header; "" where it cannot."""
    told = page.get("etag")
    return told if isinstance(told, str) and _TAG.fullmatch(told) else ""


def video_id(row: Json) -> str:
    """The video of a playlist item."""
    return clean(part(row, "contentDetails").get("videoId")) or clean(
        part(part(row, "snippet"), "resourceId").get("videoId")
    )


def parse_upload(row: Json, owner: Owner) -> RawMessage | None:
    """A video in the list of uploads; None for one that was deleted or is nobody's to see (it has no time then)."""
    snippet, details = part(row, "snippet"), part(row, "contentDetails")
    published = details.get("videoPublishedAt") if details else snippet.get("publishedAt")
    if not video_id(row) or moment(published) is None:
        return None
    private = part(row, "status").get("privacyStatus") == "private"
    return _video(video_id(row), snippet, published, owner, private=private)


def parse_video(row: Json, owner: Owner) -> RawMessage:
    """A video asked for by its id."""
    snippet = part(row, "snippet")
    private = part(row, "status").get("privacyStatus") == "private"
    return _video(clean(row.get("id")), snippet, snippet.get("publishedAt"), owner, private=private)


def comment_count(row: Json) -> int | None:
    """A video's number of comments; None where they are switched off."""
    told = part(row, "statistics").get("commentCount")
    return int(told) if isinstance(told, (str, int)) and str(told).isdigit() else None


def parse_comment(
    row: Json, owner: Owner, *, video: str = "", parent: str = "", hidden: bool = False, endpoint: str = ""
) -> RawMessage:
    """A top comment, or a reply under `parent`; `video` counts where the comment names none itself.

    `hidden` says that the list it stands in holds what is held back; the comment's own word goes before it.
    """
    snippet = part(row, "snippet")
    ident, parent = clean(row.get("id")), parent or clean(snippet.get("parentId"))
    if not ident:
        raise ShapeError(f"{endpoint} listed a comment without `id`.", endpoint=endpoint)
    thread = video or clean(snippet.get("videoId")) or parent or ident
    written, edited = moment(snippet.get("publishedAt")), moment(snippet.get("updatedAt"))
    writer = clean(part(snippet, "authorChannelId").get("value"))
    return RawMessage(
        platform="youtube",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        text=clean(snippet.get("textOriginal")) or clean(snippet.get("textDisplay")),
        thread_id=thread,
        parent_id=parent or (thread if thread != ident else None),
        created_at=written,
        edited_at=edited if edited and written and edited > written else None,
        by_page=writer in owner.ids,
        author_id=writer or None,
        author_name=clean(snippet.get("authorDisplayName")).removeprefix("@") or None,
        url=f"{owner.home}{quote(thread)}&lc={quote(ident)}" if thread != (parent or ident) else "",
        visibility=_visibility(snippet, hidden=hidden),
        attachments=(Attachment("photo"),) if snippet.get("imageUrl") else (),  # its address is signed and dies
    )


def replies(row: Json) -> tuple[int, list[Json]]:
    """How many replies a thread has, and those of them that came with it."""
    total, came = part(row, "snippet").get("totalReplyCount"), part(row, "replies").get("comments")
    told: list[Json] = [one for one in came if isinstance(one, dict)] if isinstance(came, list) else []
    return total if isinstance(total, int) else 0, told


def is_before(row: Json, since: datetime) -> bool:
    """Whether a thread began before a moment."""
    at = moment(part(part(part(row, "snippet"), "topLevelComment"), "snippet").get("publishedAt"))
    return at is not None and at < since


def mark(found: Iterable[Json]) -> str:
    """What a page of threads says, without what changes though nobody writes (likes, tags of versions)."""
    told: list[object] = []
    for row in found:
        total, came = replies(row)
        tops = (part(part(row, "snippet"), "topLevelComment"), *came)
        told.append([total, *([one.get("id"), part(one, "snippet").get("updatedAt")] for one in tops)])
    return digest(json.dumps(told))


def part(value: Json, name: str) -> Mapping[str, Any]:
    """An object within an object; an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _video(ident: str, snippet: Json, published: object, owner: Owner, *, private: bool) -> RawMessage:
    told = (clean(snippet.get("title")), clean(snippet.get("description")))
    return RawMessage(
        platform="youtube",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.POST,
        text="\n\n".join(words for words in told if words),
        thread_id=ident,
        created_at=moment(published),
        by_page=True,
        author_id=clean(snippet.get("channelId")) or None,
        author_name=clean(snippet.get("channelTitle")) or None,
        url=f"{owner.home}{quote(ident)}",
        visibility=Visibility.HIDDEN if private else Visibility.VISIBLE,
        attachments=(Attachment("video", f"{owner.home}{quote(ident)}"),),
    )


def _visibility(snippet: Json, *, hidden: bool) -> Visibility:
    word = snippet.get("moderationStatus")
    if word in ("heldForReview", "likelySpam", "rejected"):
        return Visibility.HIDDEN
    return Visibility.HIDDEN if hidden and word != "published" else Visibility.VISIBLE
