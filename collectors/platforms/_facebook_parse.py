"""Facebook's posts and comments as `RawMessage`s: pure, and forgiving where the platform is known to leave things out.

Source: Graph API reference for Post and Comment, v25.0. `from` is often absent, also with every permission; a page that
is read through an app's public access gives comments no `id`, which then stands in `permalink_url` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from collectors.errors import ShapeError
from collectors.platforms._graph import Json
from collectors.platforms._text import clean, link, moment
from data.types import Attachment, Kind, RawMessage, Visibility

_PICTURES: Final = ("photo", "sticker", "animated_image", "album", "cover_photo", "profile_media")
_LINKS: Final = ("share", "link", "event", "note")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose posts are read: Sideblik's page, and the ids under which the institution writes."""

    page_id: str
    ids: frozenset[str] = field(default_factory=frozenset)


def rows(page: Json, endpoint: str) -> list[Json]:
    """The objects on one page of a list; ShapeError where there is no such list."""
    data = page.get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ShapeError(f"{endpoint} answered no list of objects in `data`.", endpoint=endpoint)
    return data


def parse_post(row: Json, owner: Owner, *, own_edge: bool, endpoint: str = "") -> RawMessage:
    """A post; `own_edge` says that it stands in a list of the page's own posts (`from` is often absent there)."""
    ident = clean(row.get("id"))
    if not ident:
        raise ShapeError(f"{endpoint} listed a post without `id`.", endpoint=endpoint)
    author = _dict(row.get("from"))
    return RawMessage(
        platform="facebook",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.POST,
        text=clean(row.get("message")) or clean(row.get("story")),
        thread_id=ident,
        created_at=moment(row.get("created_time")),
        by_page=own_edge or _text(author, "id") in owner.ids,
        author_id=_text(author, "id") or None,
        author_name=_text(author, "name") or None,
        url=link("", row.get("permalink_url")),
        visibility=_visibility(row),
        attachments=_attachments(_dict(row.get("attachments")).get("data")),
        comment_count=total(_dict(row.get("comments"))),
    )


def parse_comment(row: Json, post_id: str, owner: Owner, *, endpoint: str = "") -> RawMessage:
    """A comment or reply of a post; ShapeError for one that nothing identifies."""
    ident, address = clean(row.get("id")), clean(row.get("permalink_url"))
    named = {} if ident and "reply_comment_id" not in address else _query(address)
    stem = post_id.rpartition("_")[2]
    inner = named.get("reply_comment_id") or named.get("comment_id")
    ident = ident or (f"{stem}_{inner}" if inner else "")
    if not ident:
        raise ShapeError(f"{endpoint} listed a comment with neither `id` nor `permalink_url`.", endpoint=endpoint)
    parent = _text(_dict(row.get("parent")), "id")
    if not parent and "reply_comment_id" in named and named.get("comment_id"):
        parent = f"{stem}_{named['comment_id']}"
    author = _dict(row.get("from"))
    return RawMessage(
        platform="facebook",
        message_id=ident,
        page_id=owner.page_id,
        kind=Kind.REPLY if parent and parent != post_id else Kind.COMMENT,
        text=clean(row.get("message")),
        thread_id=post_id,
        parent_id=parent or post_id,
        created_at=moment(row.get("created_time")),
        by_page=_text(author, "id") in owner.ids,
        author_id=_text(author, "id") or None,
        author_name=_text(author, "name") or None,
        url=link("", row.get("permalink_url")),
        visibility=_visibility(row),
        attachments=_attachments([row["attachment"]] if "attachment" in row else []),
    )


def total(comments: Json) -> int | None:
    """The platform's own number of comments, which counts some that nobody can read; None where it gives none."""
    count = _dict(comments.get("summary")).get("total_count")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def _visibility(row: Json) -> Visibility:
    return Visibility.HIDDEN if row.get("is_hidden") is True else Visibility.VISIBLE


def _attachments(found: object) -> tuple[Attachment, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(_attachment(one) for one in found if isinstance(one, Mapping))


def _attachment(one: Json) -> Attachment:
    """Addresses of the platform's own page of the picture; those of the picture file are signed and die."""
    word = clean(one.get("media_type")) or clean(one.get("type"))
    kind = "photo" if word.startswith(_PICTURES) else "video" if "video" in word else "file"
    kind = "link" if word.startswith(_LINKS) else kind
    address = one.get("unshimmed_url") or one.get("url") or _dict(one.get("target")).get("url")
    told = clean(one.get("description"))
    if kind != "photo":  # a photo's title is the platform's own phrase
        told = "\n".join(part for part in (clean(one.get("title")), told) if part)
    return Attachment(kind, link("", address), told)


def _query(address: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address).query))
    except ValueError:
        return {}


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json, name: str) -> str:
    found = value.get(name)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else clean(found)
