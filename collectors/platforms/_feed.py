"""News feeds, RSS and Atom of any kind, as `RawMessage`s: pure.

Source: RSS 2.0, RFC 4287; a survey of all Danish municipal sites in 2026 (dates of the year 1, relative links, empty
descriptions, HTML escaped twice, a web page with status 200 where a feed was). A feed lists its newest entries only:
what it lists no longer is not deleted. The author of an entry is an employee and is not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import feedparser

from collectors.errors import PageSetupError, ShapeError
from collectors.platforms._text import Markup, canonical, clean, link, moment, plain
from data.types import Attachment, Kind, Page, RawMessage

_HTML: Final = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml")
_HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed held. `torn` is True where it was not well-formed, and so perhaps not all there."""

    messages: tuple[RawMessage, ...]
    torn: bool


def is_web_page(body: bytes) -> bool:
    """Whether the bytes are an HTML page, by their beginning."""
    return bool(_HTML.match(body[:_HEAD].removeprefix(b"\xef\xbb\xbf")))


def parse_feed(body: bytes, *, page: Page, site: str, url: str, content_type: str, endpoint: str) -> Feed:
    """The entries of a feed, the first of several with one identity; ShapeError for what is no feed.

    `site` goes before every id, `url` is where the feed came from: relative links hang on it.
    """
    if is_web_page(body):
        raise PageSetupError(
            f"{endpoint} answered a web page where a feed was expected; correct the page's `ref` in sideblik.toml.",
            endpoint=endpoint,
        )
    parsed = _parsed(body, content_type, url, endpoint)
    if not parsed.get("version") and not parsed.entries:
        raise ShapeError(f"{endpoint} answered neither RSS nor Atom.", endpoint=endpoint)
    found: dict[str, RawMessage] = {}
    for entry in parsed.entries:
        message = parse_entry(
            dict(entry), page=page, site=site, url=url
        )  # its own lookups guess: updated for published
        found.setdefault(message.message_id, message)
    return Feed(tuple(found.values()), torn=bool(parsed.bozo))


def _parsed(body: bytes, content_type: str, url: str, endpoint: str) -> feedparser.FeedParserDict:
    try:
        return feedparser.parse(body, response_headers={"content-type": content_type, "content-location": url})
    except Exception:  # noqa: BLE001 feedparser 6.0.12 fails on bytes that its own declaration denies, found by fuzzing
        raise ShapeError(f"{endpoint} answered what no feed parser can read.", endpoint=endpoint) from None


def parse_entry(entry: Mapping[str, Any], *, page: Page, site: str, url: str) -> RawMessage:
    """One entry: title and text as a reader sees them, the address made whole."""
    title, body = plain(clean(entry.get("title"))), plain(_markup(entry))
    address = link(url, entry.get("link"))
    written, changed = moment(entry.get("published")), moment(entry.get("updated"))
    ident = f"{site}:{_identity(entry, title, address)}"
    return RawMessage(
        platform="website",
        message_id=ident,
        page_id=page.id,
        kind=Kind.POST,
        text=joined(title, body),
        thread_id=ident,
        created_at=written or changed,
        edited_at=changed if written and changed and changed > written else None,
        by_page=True,
        url=address,
        attachments=tuple(_attachment(one, url) for one in entry.get("links", ()) if one.get("rel") == "enclosure"),
    )


def joined(title: str, body: str) -> str:
    """Title and body as one text, the title once."""
    if not title or body.startswith(title):
        return body
    return f"{title}\n\n{body}" if body else title


def _markup(entry: Mapping[str, Any]) -> str:
    """The longest that the feed tells: its content, else the summary."""
    contents = [clean(one.get("value")) for one in entry.get("content", ())]
    return max(contents, key=len, default="") or clean(entry.get("summary"))


def _identity(entry: Mapping[str, Any], title: str, address: str) -> str:
    """The feed's own id, else the address, else a digest of what there is."""
    own = clean(entry.get("id")).strip()
    if own:
        return own
    if address:
        return canonical(address)
    told = f"{title}\n{clean(entry.get('published'))}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _attachment(one: Mapping[str, Any], url: str) -> Attachment:
    kind = clean(one.get("type")).partition("/")[0]
    return Attachment({"image": "photo", "video": "video"}.get(kind, "file"), link(url, one.get("href")))


def doors(body: bytes) -> tuple[str, str]:
    """The feed and the WordPress REST root that a web page names in its head; "" for what it does not name."""
    reader = _Links()
    reader.feed(body[:500_000].decode("utf-8", "replace"))
    return reader.feed_address, reader.rest_root


class _Links(Markup):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed_address = ""
        self.rest_root = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            return
        told = {name: value or "" for name, value in attrs}
        if "alternate" in told.get("rel", "").lower().split() and told.get("type", "").lower() in _FEED_TYPES:
            self.feed_address = self.feed_address or told.get("href", "")
        if told.get("rel") == "https://api.w.org/":
            self.rest_root = self.rest_root or told.get("href", "")
