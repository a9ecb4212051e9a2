"""Municipal web sites: a news feed, or a WordPress site with its posts and comments.

    ref ──► a feed                           ──► its entries, asked for again only when it changed
        ├─► a web page that names a feed      ──► that feed
        ├─► a web page that names WordPress   ──► its REST API (also: option `kind = "wordpress"`)
        └─► any other web page                ──► usual addresses of feeds, a list of news, the sitemap (_newslist.py)

A page's ids begin with its site (host and path of its `url`, else of its `ref`), since a feed's own ids are unique
within it only: a changed `url` makes all its posts new. Option `base_url` is asked in place of `ref`.

Source: RFC 9110 13 (conditional requests); a survey of all Danish municipal sites in 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from collectors.addresses import may_follow, redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError
from collectors.http import Answer, Http
from collectors.platforms._feed import doors, is_web_page, parse_feed
from collectors.platforms._newslist import NewsList, closed_door
from collectors.platforms._text import digest
from collectors.platforms._wordpress import Site, batches
from data.types import Page

APART: Final = 2.0  # seconds between two questions to one site; on loopback nobody needs the pause
ACCEPT: Final = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, text/html;q=0.5"
_REST: Final = re.compile(r"<([^>]+)>\s*;\s*rel=\"?https://api\.w\.org/\"?")


class Website:
    """Reads one web site; comments exist on WordPress sites only."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """One batch for a feed, several for a WordPress site."""
        page = request.page
        start = address(page)
        memory = request.memory if request.memory.get("of") == _mark(start) else {}
        known = rest_root(start) if page.options.get("kind") == "wordpress" else _rest_today(memory, http)
        if known:
            yield from _marked(_wordpress(http, page, start, known, request), start)
            return
        news = NewsList(http, replace(request, memory=memory), start, site_of(page), apart(start))
        if news.remembered():
            yield from _marked(news.batches(None), start)
            return
        answer = fetch(http, memory.get("found") or memory.get("moved") or start, memory)
        root, feed = _named(answer) if answer.status == 200 else ("", "")  # noqa: PLR2004, OK
        if root:
            yield from _marked(_wordpress(http, page, start, root, request), start)
            return
        if feed:
            answer = fetch(http, feed, memory)
        elif answer.status == 200 and is_web_page(answer.data) and not memory.get("hash"):  # noqa: PLR2004, OK
            feed = news.feed()
            if not feed:
                yield from _marked(news.batches(answer), start)
                return
            memory = {"of": _mark(start), "found": feed}
            answer = fetch(http, feed, {})
        yield parse(answer, page, memory, start)


collector = Website()


def _marked(found: Iterator[Batch], start: str) -> Iterator[Batch]:
    """What is asked to be remembered, with the address that it is of."""
    for batch in found:
        yield batch if batch.memory is None else replace(batch, memory={"of": _mark(start), **_kept(batch.memory)})


def _wordpress(http: Http, page: Page, start: str, root: str, request: Request) -> Iterator[Batch]:
    """A WordPress site's batches; its REST root is remembered with what they ask to be remembered."""
    memory = request.memory if request.memory.get("rest") == root else {}
    for batch in batches(Site(http, page, root, site_of(page), apart(start)), request.since, memory):
        yield batch if batch.memory is None else replace(batch, memory={**batch.memory, "rest": root})


def _rest_today(memory: Mapping[str, str], http: Http) -> str:
    """The REST root that was found earlier today; it is looked for anew each day."""
    return memory.get("rest", "") if memory.get("swept") == http.clock().date().isoformat() else ""


def address(page: Page) -> str:
    """Where the page's feed or site is; PageSetupError where none is given."""
    given = page.options.get("base_url") or page.ref or page.url
    if not given.startswith(("http://", "https://")):
        raise PageSetupError("The page has no web address: give the feed's or the site's as `ref` in sideblik.toml.")
    return given


def site_of(page: Page) -> str:
    """The words in front of all ids of the page."""
    parts = urlsplit(page.url if page.url.startswith("http") else page.ref)
    return (parts.netloc.rpartition("@")[2] + parts.path.rstrip("/")).lower()


def rest_root(start: str) -> str:
    """The REST root of a WordPress site that is known to be one."""
    return start if "wp-json" in start or "rest_route" in start else f"{start.rstrip('/')}/wp-json/"


def apart(start: str) -> float:
    return 0.0 if urlsplit(start).hostname in ("127.0.0.1", "localhost", "::1") else APART


def fetch(http: Http, start: str, memory: Mapping[str, str]) -> Answer:
    """The feed or page, or a 304 where it is as the validators in `memory` say; they are sent back unchanged."""
    headers = {"accept": ACCEPT}
    if memory.get("etag"):
        headers["if-none-match"] = memory["etag"]
    if memory.get("modified"):
        headers["if-modified-since"] = memory["modified"]
    return http.get_bytes(start, headers=headers, explain=closed_door, apart=apart(start))


def parse(answer: Answer, page: Page, memory: Mapping[str, str], start: str) -> Batch:
    """What a feed's answer holds. Validators are remembered once all of it is saved, and never of a torn feed.

    A feed holds its newest entries: it reaches back to the visit before where one of that visit's is still in it.
    """
    told = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    told |= {
        "of": _mark(start),
        "found": memory.get("found", ""),
        "moved": answer.url if answer.moved or memory.get("moved") else "",
    }
    if answer.data is None:
        return Batch(unchanged=True, memory={**memory, **_kept(told)})
    told["hash"] = digest(answer.data)
    if told["hash"] == memory.get("hash"):
        return Batch(unchanged=True, memory={**memory, **_kept(told)})
    feed = parse_feed(
        answer.data,
        page=page,
        site=site_of(page),
        url=answer.url,
        content_type=answer.headers.get("content-type", ""),
        endpoint=redact(start),
    )
    told["entries"] = " ".join(digest(one.message_id)[:8] for one in feed.messages) or "none"
    known = memory.get("entries", "").split()
    overlaps = known == ["none"] or not set(known).isdisjoint(told["entries"].split())
    return Batch(feed.messages, reached=overlaps or None, memory={} if feed.torn else _kept(told))


def _mark(start: str) -> str:
    """Which address a memory is of: what is remembered of another one means nothing."""
    return digest(start)[:16]


def _kept(memory: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in memory.items() if value}


def _named(answer: Answer) -> tuple[str, str]:
    """The REST root and the feed that a web page names, each "" where it names none of its own site."""
    if not is_web_page(answer.data):
        return "", ""
    feed, root = doors(answer.data)
    header = _REST.search(answer.headers.get("link", ""))
    root = header[1] if header else root
    whole = [urljoin(answer.url, one) if one else "" for one in (root, feed)]
    root, feed = (one if one and may_follow(answer.url, one) else "" for one in whole)
    return root, feed
