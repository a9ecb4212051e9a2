"""Where a site's news are when it has no feed: robots.txt, lists of news, sitemaps. Pure.

Source: RFC 9309 (robots.txt), sitemaps.org 0.9; a survey of all Danish municipal sites in 2026: news lie below
`/nyheder` by convention, `lastmod` is the last change, and a sitemap is often incomplete.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from collectors.platforms._article import Seen, date_in
from collectors.platforms._text import canonical, link, moment

AGENT: Final = "Sideblik"
NEWS: Final = frozenset({"nyheder", "nyhed", "nyt", "aktuelt", "news", "nyhedsarkiv", "nyhedsoversigt", "artikler"})
USUAL_FEEDS: Final = ("/rss", "/rss.xml", "/feed", "/nyheder/rss", "/nyheder/rss.xml", "/atom.xml", "/rss/nyheder")
USUAL_LISTS: Final = ("/nyheder", "/aktuelt", "/nyt")
FEWEST: Final = 2  # links of one kind make a list
INFLATED: Final = 20_000_000
_BLOCK: Final = re.compile(r"<(url|sitemap)\b[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_LOC: Final = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</loc>", re.DOTALL | re.IGNORECASE)
_LASTMOD: Final = re.compile(r"<lastmod>\s*(.*?)\s*</lastmod>", re.DOTALL | re.IGNORECASE)
_FILES: Final = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".zip", ".xml", ".rss")


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a list or a sitemap names: its address, the date beside it, and when it last changed."""

    url: str
    written: datetime | None = None
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt allows; `sitemaps` are the addresses that it names."""

    parser: RobotFileParser
    sitemaps: tuple[str, ...]

    def allow(self, url: str) -> bool:
        try:
            return self.parser.can_fetch(AGENT, url)
        except ValueError:  # an address that is none once it is unquoted, such as http://%5B
            return False


def parse_robots(text: str) -> Rules:
    """The rules of a robots.txt; a missing one ("") allows everything. A line that is none counts for nothing."""
    parser = RobotFileParser()
    parser.parse([line for line in text.splitlines() if _is_rule(line)])
    return Rules(parser, tuple(parser.site_maps() or ()))


def _is_rule(line: str) -> bool:
    """Whether the parser can read the line: it raises at an address such as `http://[`, and loses the rest."""
    try:
        RobotFileParser().parse(["User-agent: *", line])
    except ValueError:
        return False
    return True


def lists_on(seen: Seen, url: str) -> list[str]:
    """The addresses of lists of news that a page leads to, the shortest path first, on its own host."""
    host = urlsplit(url).hostname
    found = {canonical(address) for href, _ in seen.links if (address := _joined(url, href))}
    mine = [one for one in found if urlsplit(one).hostname == host and _last(one) in NEWS]
    return sorted(mine, key=lambda one: (one.count("/"), one))


def articles_on(seen: Seen, url: str) -> list[Found]:
    """The articles that a list of news names, in its order; none where it holds fewer than two links below itself."""
    base, host = urlsplit(canonical(url)).path.rstrip("/"), urlsplit(url).hostname
    found: dict[str, Found] = {}
    for href, words in seen.links:
        address = _joined(url, href)
        parts = urlsplit(address)
        below = parts.path.startswith(f"{base}/") or bool(NEWS & set(parts.path.strip("/").split("/")[:-1]))
        if not address or parts.hostname != host or not below or _is_no_article(address):
            continue
        key = canonical(address)
        date = date_in(words)
        if key not in found or (date and not found[key].written):
            found[key] = Found(address, date)
    return list(found.values()) if base and len(found) >= FEWEST else []


def parse_sitemap(body: bytes) -> tuple[list[Found], list[str]]:
    """The pages and the further sitemaps that a sitemap names; both empty for what is none. Also gzipped."""
    text = _inflated(body).decode("utf-8", "replace")
    pages: list[Found] = []
    more: list[str] = []
    for block in _BLOCK.finditer(text):
        if not (place := _LOC.search(block[2])):
            continue
        address, stamp = link("", html.unescape(place[1])), _LASTMOD.search(block[2])
        if not address:
            continue
        if block[1].lower() == "sitemap":
            more.append(address)
        else:
            pages.append(Found(address, None, moment(stamp[1]) if stamp else None))
    return pages, more


def news_among(pages: Iterable[Found], url: str) -> list[Found]:
    """The articles among a sitemap's pages, the newest change first."""
    host = urlsplit(url).hostname
    mine = [one for one in pages if urlsplit(one.url).hostname == host and _is_news(one.url)]
    return sorted(mine, key=lambda one: (one.changed is not None, one.changed, one.url), reverse=True)


def _is_news(address: str) -> bool:
    return bool(NEWS & set(urlsplit(address).path.lower().strip("/").split("/")[:-1])) and not _is_no_article(address)


def _is_no_article(address: str) -> bool:
    path = urlsplit(address).path.lower().rstrip("/")
    return path.endswith(_FILES) or _last(address) in NEWS or path.rpartition("/")[2] in ("rss", "feed", "side", "page")


def _last(address: str) -> str:
    return urlsplit(address).path.lower().rstrip("/").rpartition("/")[2]


def _joined(base: str, href: str) -> str:
    if not href or href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return ""
    try:
        return link(base, urljoin(base, href).partition("#")[0])
    except ValueError:
        return ""


def _inflated(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, INFLATED)
    except zlib.error:
        return b""
