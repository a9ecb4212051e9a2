"""Mastodon's statuses as `RawMessage`s: pure. Only what is public or unlisted is ever taken in.

Source: Mastodon API, entity Status (recorded against 4.6). Ids are of one server, so its name goes before them. Text is
HTML; a content warning belongs before it; what a picture shows is told in its description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from collectors.errors import ShapeError
from collectors.platforms._text import clean, link, moment, plain
from data.types import Attachment, Kind, RawMessage

Json = Mapping[str, Any]
_QUOTED: Final = re.compile(r"<p class=\"quote-inline\">.*?</p>", re.DOTALL)
_KINDS: Final = {"image": "photo", "gifv": "video", "video": "video"}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose statuses are read: Sideblik's page, the server's name and the account's id there."""

    page_id: str
    server: str
    account: str

    def ident(self, local: object) -> str:
        """The identity of a status by its id on the server."""
        return f"{self.server}:{clean(local)}"

    def local(self, ident: str) -> str:
        """The server's own id of a stored status; "" for one of another server."""
        server, _, local = ident.rpartition(":")
        return local if server == self.server else ""


def statuses(value: object, endpoint: str) -> list[Json]:
    """A list of statuses; ShapeError where there is none."""
    if not isinstance(value, list) or not all(isinstance(row, dict) and clean(row.get("id")) for row in value):
        raise ShapeError(f"{endpoint} answered no list of statuses with ids.", endpoint=endpoint)
    return value


def is_public(row: Json) -> bool:
    """Whether everybody may read a status; anything but a clear yes is a no."""
    return row.get("visibility") in ("public", "unlisted")


def is_own(row: Json, owner: Owner) -> bool:
    return clean(part(row, "account").get("id")) == owner.account


def parse_post(row: Json, owner: Owner) -> RawMessage:
    """A status that begins a thread: the page's own, or one that mentions it."""
    ident = owner.ident(row.get("id"))
    return _message(row, owner, Kind.POST, ident, None)


def parse_reply(row: Json, root: str, owner: Owner) -> RawMessage:
    """A status below the one whose id on the server is `root`."""
    above = clean(row.get("in_reply_to_id")) or root
    kind = Kind.COMMENT if above == root else Kind.REPLY
    return _message(row, owner, kind, owner.ident(root), owner.ident(above))


def replies(row: Json) -> int | None:
    """The server's number of direct replies."""
    told = row.get("replies_count")
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def part(value: Json, name: str) -> Json:
    """An object within an object; an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _message(row: Json, owner: Owner, kind: Kind, thread: str, parent: str | None) -> RawMessage:
    writer, own = part(row, "account"), is_own(row, owner)
    return RawMessage(
        platform="mastodon",
        message_id=owner.ident(row.get("id")),
        page_id=owner.page_id,
        kind=kind,
        text=_text(row),
        thread_id=thread,
        parent_id=parent,
        created_at=moment(row.get("created_at")),
        edited_at=moment(row.get("edited_at")),
        by_page=own,
        author_id=clean(writer.get("acct")) or None,
        author_name=clean(writer.get("display_name")) or clean(writer.get("acct")) or None,
        url=link("", row.get("url")) or link("", row.get("uri")),
        attachments=_attachments(row),
    )


def _text(row: Json) -> str:
    warning = clean(row.get("spoiler_text")).strip()
    body = plain(_QUOTED.sub("", clean(row.get("content"))))
    return "\n\n".join(one for one in (warning, body) if one)


def _attachments(row: Json) -> tuple[Attachment, ...]:
    media = row.get("media_attachments")
    found = [
        Attachment(_KINDS.get(clean(one.get("type")), "file"), link("", one.get("url")), clean(one.get("description")))
        for one in (media if isinstance(media, list) else [])
        if isinstance(one, Mapping)
    ]
    if card := part(row, "card"):
        found.append(Attachment("link", link("", card.get("url")), clean(card.get("title"))))
    options = part(row, "poll").get("options")
    told = [
        clean(one.get("title")) for one in (options if isinstance(options, list) else []) if isinstance(one, Mapping)
    ]
    if told:
        found.append(Attachment("file", "", "\n".join(told)))
    return tuple(found)
