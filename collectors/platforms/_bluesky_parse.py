"""Bluesky's posts as `RawMessage`s: pure.

Source: lexicons app.bsky.feed.defs, app.bsky.richtext.facet, app.bsky.feed.threadgate (2026-08). Offsets of facets
count bytes of UTF-8. A post cannot be edited. `createdAt` is what the writer's app says, `indexedAt` what the server
saw; the earlier of the two is when it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from collectors.errors import ShapeError
from collectors.platforms._text import clean, link, moment
from data.types import Attachment, Kind, RawMessage, Visibility

Json = Mapping[str, Any]
MEMBERS_ONLY: Final = "!no-unauthenticated"
THREAD: Final = "app.bsky.feed.defs#threadViewPost"
_LINK: Final = "app.bsky.richtext.facet#link"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose posts are read: Sideblik's page and the account's DID. `member` where it is logged in."""

    page_id: str
    did: str
    member: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """The replies of a post that may be kept, and the posts below which more stands than was told."""

    messages: tuple[RawMessage, ...]
    more: tuple[str, ...]


def part(value: object, name: str) -> Json:
    """An object within an object; an empty one where there is none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def objects(value: object, name: str, endpoint: str) -> list[Json]:
    """A list of objects by name; ShapeError where there is none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise ShapeError(f"{endpoint} answered no list of objects in `{name}`.", endpoint=endpoint)
    return found


def uri_of(post: Json, endpoint: str = "") -> str:
    """A post's address in the network; ShapeError where it has none."""
    uri = clean(post.get("uri"))
    if not uri.startswith("at://"):
        raise ShapeError(f"{endpoint} listed a post without a `uri`.", endpoint=endpoint)
    return uri


def is_open(post: Json, owner: Owner) -> bool:
    """Whether a post may be read: writers may ask that only members of Bluesky do."""
    rows = [*_rows(part(post, "author").get("labels")), *_rows(post.get("labels"))]
    return owner.member or not any(row.get("val") == MEMBERS_ONLY for row in rows)


def written_at(post: Json) -> datetime | None:
    """When a post was written, in UTC; None where nothing tells."""
    told = [moment(part(post, "record").get("createdAt")), moment(post.get("indexedAt"))]
    return min((one for one in told if one), default=None)


def replies(post: Json) -> int | None:
    """The network's number of direct replies."""
    told = post.get("replyCount")
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def parse_post(post: Json, owner: Owner, endpoint: str = "") -> RawMessage:
    """A post that begins a thread: the page's own, or one that mentions it."""
    return _message(post, owner, Kind.POST, uri_of(post, endpoint), None)


def parse_thread(answer: Json, root: str, owner: Owner, endpoint: str = "") -> Thread:
    """Everything below a post in one answer, whatever hides it in Bluesky's own app."""
    hidden = part(part(answer, "threadgate"), "record").get("hiddenReplies")
    out_of_sight = {clean(one) for one in hidden} if isinstance(hidden, list) else set()
    messages: list[RawMessage] = []
    more: list[str] = []
    for node, parent in _nodes(part(answer, "thread")):
        post = part(node, "post")
        if not isinstance(node.get("replies"), list) and replies(post):
            more.append(uri_of(post, endpoint))
        if parent is None or not is_open(post, owner):
            continue
        above = clean(part(part(part(post, "record"), "reply"), "parent").get("uri")) or parent
        kind = Kind.COMMENT if above == root else Kind.REPLY
        seen = Visibility.HIDDEN if uri_of(post, endpoint) in out_of_sight else Visibility.VISIBLE
        messages.append(_message(post, owner, kind, root, above, seen))
    return Thread(tuple(messages), tuple(more))


def _nodes(top: Json) -> Iterator[tuple[Json, str | None]]:
    """The posts of a thread with the address of the one above, None for the top; blocked and missing ones left out."""
    left: list[tuple[Json, str | None]] = [(top, None)]
    while left:
        node, parent = left.pop()
        if node.get("$type") != THREAD:
            continue
        yield node, parent
        left += [(one, clean(part(node, "post").get("uri"))) for one in _rows(node.get("replies"))]


def _message(
    post: Json,
    owner: Owner,
    kind: Kind,
    thread: str,
    parent: str | None,
    visibility: Visibility = Visibility.VISIBLE,
) -> RawMessage:
    author, record, uri = part(post, "author"), part(post, "record"), uri_of(post)
    did, _, key = uri.removeprefix("at://").replace("/app.bsky.feed.post/", " ").partition(" ")
    return RawMessage(
        platform="bluesky",
        message_id=uri,
        page_id=owner.page_id,
        kind=kind,
        text=_text(record),
        thread_id=thread,
        parent_id=parent,
        created_at=written_at(post),
        by_page=clean(author.get("did")) == owner.did,
        author_id=clean(author.get("did")) or None,
        author_name=clean(author.get("displayName")) or clean(author.get("handle")) or None,
        url=link("", f"https://bsky.app/profile/{did}/post/{key}"),
        visibility=visibility,
        attachments=_attachments(part(record, "embed")),
    )


def _text(record: Json) -> str:
    """The text with links as they lead; what is displayed of a long one ends in dots."""
    whole = clean(record.get("text")).encode()
    for facet in sorted(_rows(record.get("facets")), key=_start, reverse=True):
        start, end = _start(facet), part(facet, "index").get("byteEnd")
        target = next((one for row in _rows(facet.get("features")) if (one := _target(row))), "")
        if target and isinstance(end, int) and 0 <= start < end <= len(whole):
            whole = whole[:start] + target.encode() + whole[end:]
    return whole.decode("utf-8", "replace")


def _start(facet: Json) -> int:
    told = part(facet, "index").get("byteStart")
    return told if isinstance(told, int) and not isinstance(told, bool) else -1


def _target(feature: Json) -> str:
    return link("", feature.get("uri")) if feature.get("$type") == _LINK else ""


def _attachments(embed: Json) -> tuple[Attachment, ...]:
    media = part(embed, "media") or embed
    found = [Attachment("photo", "", clean(one.get("alt"))) for one in _rows(media.get("images"))]
    if clean(media.get("$type")).startswith("app.bsky.embed.video"):
        found.append(Attachment("video", "", clean(media.get("alt"))))
    if external := part(media, "external"):
        words = "\n".join(one for one in (clean(external.get("title")), clean(external.get("description"))) if one)
        found.append(Attachment("link", link("", external.get("uri")), words))
    return tuple(found)


def _rows(value: object) -> list[Json]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
