"""Web pages of a site as articles and links: pure.

Source: a survey of all Danish municipal sites in 2026 (JSON-LD where present, `cmspageupdated` tells a change and no
publication, dates of the year 1, site names behind titles); schema.org NewsArticle; Open Graph.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from collectors.platforms._feed import joined
from collectors.platforms._text import Markup, canonical, clean, link, moment, plain
from data.types import Kind, Page, RawMessage

_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"\d{1,2}(?:\. ?[a-zæøå]{3,9}\.? \d{4}|[./-]\d{1,2}[./ -]\d{2,4})", re.IGNORECASE)
_TAIL: Final = re.compile(r"\s+[|–-]\s+(?=[^|–-]*$)")
_ASIDE: Final = frozenset({"nav", "header", "footer", "aside", "form", "script", "style", "noscript", "button"})
_VOID: Final = frozenset({"meta", "link", "br", "img", "input", "hr", "source", "wbr", "area", "base", "col", "embed"})
_CHANGED: Final = ("article:modified_time", "cmspageupdated", "last-modified", "dcterms.modified")
_PUBLISHED: Final = ("article:published_time", "dcterms.issued", "dc.date.issued", "pubdate")
_CHALLENGE: Final = re.compile(
    r"just a moment|enable javascript and cookies|checking your browser|captcha|slå javascript til", re.IGNORECASE
)
SHORT: Final = 400  # characters; a page that says less and asks for JavaScript says nothing else


@dataclass(slots=True)
class Seen:
    """What a web page holds: links as (address, words), names in its head, and the text of its main part."""

    links: list[tuple[str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""
    heading: str = ""
    main: str = ""
    body: str = ""
    times: list[str] = field(default_factory=list)
    linked_data: list[str] = field(default_factory=list)
    canonical: str = ""


def decoded(body: bytes, content_type: str = "") -> str:
    """A page's text: what the header or the page declares where it is true, else UTF-8, else Windows-1252."""
    named = re.search(r"charset=[\"']?([\w-]+)", content_type)
    declared = _CHARSET.search(body[:4096])
    for charset in (named[1] if named else "", declared[1].decode("ascii") if declared else "", "utf-8"):
        try:
            return body.decode(charset or "utf-8-sig").removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("cp1252", "replace")


def read(text: str) -> Seen:
    """A web page taken apart."""
    reader = _Reader()
    reader.feed(clean(text))
    reader.close()
    return reader.seen()


def is_challenge(text: str) -> bool:
    """Whether a page asks the reader to prove to be a person, or for JavaScript, and holds nothing else."""
    return bool(_CHALLENGE.search(text)) and len(plain(text)) < SHORT


def parse_article(seen: Seen, *, page: Page, site: str, url: str, hint: datetime | None = None) -> RawMessage | None:
    """An article as a post; None where the page has no text. `hint` is a date that the list of news told."""
    text = joined(_title(seen), plain(seen.main or seen.body))
    if not text:
        return None
    address = address_of(seen, url)
    told = dict(_linked(seen))
    published = _first(told.get("datePublished"), *(seen.meta.get(name) for name in _PUBLISHED), *seen.times[:1])
    changed = _first(told.get("dateModified"), *(seen.meta.get(name) for name in _CHANGED))
    written = published or hint
    ident = identity(site, address)
    return RawMessage(
        platform="website",
        message_id=ident,
        page_id=page.id,
        kind=Kind.POST,
        text=text,
        thread_id=ident,
        created_at=written,
        edited_at=changed if written and changed and changed > written else None,
        by_page=True,
        url=address,
    )


def identity(site: str, address: str) -> str:
    return f"{site}:{canonical(address)}"


def address_of(seen: Seen, url: str) -> str:
    """The address that the page gives itself where it is one of the same host and no front page, else its own."""
    told = link(url, seen.canonical) if seen.canonical else ""
    same = urlsplit(told).hostname == urlsplit(url).hostname and urlsplit(told).path.strip("/")
    return told if told and same else link(url, url)


def date_in(words: str) -> datetime | None:
    """The first date that stands in a text as Danish sites write it."""
    found = _WRITTEN.search(words)
    return moment(found[0]) if found else None


def _title(seen: Seen) -> str:
    """The heading; else the title without the site's name behind it."""
    if seen.heading:
        return plain(seen.heading)
    title = plain(seen.meta.get("og:title") or seen.title)
    parts = _TAIL.split(title, maxsplit=1)
    return parts[0] if len(parts) > 1 and parts[1] == seen.meta.get("og:site_name", parts[1]) else title


def _first(*told: str | None) -> datetime | None:
    return next((when for one in told if one and (when := moment(one))), None)


def _linked(seen: Seen) -> Iterator[tuple[str, str]]:
    """The dates of the articles that the page's linked data (JSON-LD) describes."""
    for text in seen.linked_data:
        try:
            left = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        while left:
            value = left.pop()
            if isinstance(value, list):
                left.extend(value)
            elif isinstance(value, dict):
                left.extend(one for one in value.values() if isinstance(one, list | dict))
                if "Article" in str(value.get("@type")):
                    yield from ((name, date) for name, date in value.items() if isinstance(date, str))


class _Reader(Markup):
    """Takes a page apart in one pass; what stands in navigation, forms and the like is no text of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._seen = Seen()
        self._aside: list[str] = []
        self._main = 0
        self._anchor: tuple[str, list[str]] | None = None
        self._into: list[str] | None = None
        self._title: list[str] = []
        self._heading: list[str] = []
        self._data: list[str] = []
        self._text: dict[bool, list[str]] = {False: [], True: []}

    def seen(self) -> Seen:
        self._close_anchor()
        seen = self._seen
        seen.title, seen.heading = "".join(self._title).strip(), "".join(self._heading).strip()
        seen.main, seen.body = "".join(self._text[True]), "".join(self._text[False])
        return seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._note(tag, told)
        if tag in ("main", "article"):
            self._main += 1
        elif tag in _ASIDE:
            self._aside.append(tag)
        elif tag not in _VOID or tag == "br":
            self._put(f"<{tag}>")
        if tag == "a":
            self._close_anchor()
            self._anchor = (told.get("href", ""), [])

    def _note(self, tag: str, told: Mapping[str, str]) -> None:
        if tag == "meta" and (name := (told.get("property") or told.get("name", "")).lower()):
            self._seen.meta.setdefault(name, told.get("content", ""))
        elif tag == "link" and "canonical" in told.get("rel", "").lower().split():
            self._seen.canonical = self._seen.canonical or told.get("href", "")
        elif tag == "time" and told.get("datetime"):
            self._seen.times.append(told["datetime"])
        elif tag == "title" and not self._title:
            self._into = self._title
        elif tag == "h1" and not self._heading:
            self._into = self._heading
        elif tag == "script" and told.get("type") == "application/ld+json":
            self._into = self._data = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "h1"):
            self._into = None
        elif tag == "script" and self._data:
            self._seen.linked_data.append("".join(self._data))
            self._data, self._into = [], None
        if tag == "a":
            self._close_anchor()
        if tag in ("main", "article"):
            self._main = max(self._main - 1, 0)
        elif tag in self._aside:
            del self._aside[len(self._aside) - 1 - self._aside[::-1].index(tag) :]
        elif tag not in _VOID:
            self._put(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
        if self._into is self._title or self._into is self._data:
            return
        if self._anchor:
            self._anchor[1].append(data)
        self._put(data.replace("&", "&amp;").replace("<", "&lt;"))

    def _put(self, markup: str) -> None:
        if not self._aside:
            self._text[self._main > 0].append(markup)

    def _close_anchor(self) -> None:
        if self._anchor:
            self._seen.links.append((self._anchor[0], " ".join("".join(self._anchor[1]).split())))
            self._anchor = None
