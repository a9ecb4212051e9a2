"""Instagram's media and comments as `RawMessage`s: pure, and forgiving where the platform leaves things out.

Source: Instagram Platform reference for IG Media and IG Comment, v25.0. `caption` is absent where it is empty, `from`
and `username` may be; `from.id` is scoped to the app and differs from ids in exports. A comment cannot be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from collectors.errors import ShapeError
from collectors.platforms._graph import Json
from collectors.platforms._text import clean, link, moment
from data.types import Attachment, Kind, RawMessage, Visibility

_KINDS: Final[Mapping[str, str]] = {"IMAGE": "photo", "CAROUSEL_ALBUM": "photo", "VIDEO": "video"}


@dataclass(frozen=True, slots=True)
class Account:
    """Whose media are read: Sideblik's page, and the ids and names under which the institution writes."""

    page_id: str
    ids: frozenset[str]
    names: frozenset[str] = frozenset()

    def wrote(self, row: Json) -> bool:
        """Whether the institution wrote this comment."""
        return writer_id(row) in self.ids or writer_name(row) in self.names


def writer_id(row: Json) -> str:
    found = _dict(row.get("from")).get("id") or _dict(row.get("user")).get("id")
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else clean(found)


def writer_name(row: Json) -> str:
    return clean(row.get("username")) or clean(_dict(row.get("from")).get("username"))


def parse_media(row: Json, account: Account, *, endpoint: str = "") -> RawMessage:
    """A picture, film or album with its caption. Its number of comments is told by who has read them all."""
    ident = clean(row.get("id"))
    if not ident:
        raise ShapeError(f"{endpoint} listed media without `id`.", endpoint=endpoint)
    address = link("", row.get("permalink"))
    kind = _KINDS.get(clean(row.get("media_type")), "file")
    return RawMessage(
        platform="instagram",
        message_id=ident,
        page_id=account.page_id,
        kind=Kind.POST,
        text=clean(row.get("caption")),
        thread_id=ident,
        created_at=moment(row.get("timestamp")),
        by_page=True,
        author_name=clean(row.get("username")) or None,
        url=address,
        attachments=(Attachment(kind, address),),
    )


def parse_comment(row: Json, media: RawMessage, account: Account, *, above: str = "", endpoint: str = "") -> RawMessage:
    """A comment, or a reply to the comment `above`; the platform has no address of its own for either."""
    ident = clean(row.get("id"))
    if not ident:
        raise ShapeError(f"{endpoint} listed a comment without `id`.", endpoint=endpoint)
    parent = clean(row.get("parent_id")) or above
    return RawMessage(
        platform="instagram",
        message_id=ident,
        page_id=account.page_id,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        text=clean(row.get("text")),
        thread_id=media.message_id,
        parent_id=parent or media.message_id,
        created_at=moment(row.get("timestamp")),
        by_page=account.wrote(row),
        author_id=writer_id(row) or None,
        author_name=writer_name(row) or None,
        url=media.url,
        visibility=Visibility.HIDDEN if row.get("hidden") is True else Visibility.VISIBLE,
    )


def count(row: Json) -> int | None:
    """The platform's own number of comments, replies and hidden ones included; None where it gives none."""
    told = row.get("comments_count")
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
