"""What reads bytes from outside, each as a function of them: for fuzzing that is guided by coverage, and without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from collectors.bodies import decode
from collectors.platforms import _article, _feed, _sitemap
from collectors.platforms._text import clean, moment
from dashboard import webhook
from dashboard.login.routes import following
from data.errors import SideblikError
from data.types import Page

URL = "https://noerreaa.example/nyheder"
PAGE = Page("side", "noerreaa", "website", "Hjemmesiden", URL, URL)
RSS = """<rss version='2.0'><channel><item><title>Nyt</title><link>https://noerreaa.example/1</link>
<pubDate>Mon, 16 Nov 2026 08:02:11 +0100</pubDate></item></channel></rss>"""
FRONT = """<html><head><title>Nyt</title></head><body><article><time datetime='2026-11-16'>16. november 2026</time>
<p>Hej</p><a href='/nyheder/1'>mere</a></article></body></html>"""
SEEDS = (
    RSS.encode(),
    b"<urlset><url><loc>https://noerreaa.example/nyheder/1</loc><lastmod>2026-11-16</lastmod></url></urlset>",
    FRONT.encode(),
    b"User-agent: *\nDisallow: /lukket\nSitemap: https://noerreaa.example/sitemap.xml",
    b'{"object":"page","entry":[{"id":"1","time":1794816131,"changes":[{"field":"feed"}]}]}',
    b"/brud?sag=2&fra=3|x|1",
)


def _a_feed(body: bytes) -> None:
    _feed.parse_feed(body, page=PAGE, site="s", url=URL, content_type="application/rss+xml", endpoint="feed")


def _a_front_page(body: bytes) -> None:
    seen = _article.read(_article.decoded(body))
    _feed.doors(body)
    for found in (*_sitemap.articles_on(seen, URL), *(map(_sitemap.Found, _sitemap.lists_on(seen, URL)))):
        _article.identity("s", found.url)
    _article.parse_article(seen, page=PAGE, site="s", url=URL, hint=datetime(2026, 11, 16, tzinfo=UTC))
    _article.is_challenge(_article.decoded(body, "text/html; charset=iso-8859-1"))


def _a_sitemap(body: bytes) -> None:
    pages, _ = _sitemap.parse_sitemap(body)
    _sitemap.news_among(pages, URL)


def _robots(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    rules = _sitemap.parse_robots(text)
    for url in (URL, *text.split()):
        rules.allow(url)


def _a_webhook(body: bytes) -> None:
    with suppress(webhook.ShapeError):
        webhook.told(body)


def _words(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    for one in (text, text[:40]):
        clean(one).encode()
        moment(one)
        assert following(one).startswith("/")


BYTE_DOORS: dict[str, Callable[[bytes], object]] = {
    "json": decode, "feed": _a_feed, "front page": _a_front_page, "sitemap": _a_sitemap, "robots": _robots,
    "webhook": _a_webhook, "words": _words,
}  # fmt: skip


def through(body: bytes) -> int:
    """The bytes through every door; how many told that they could not be read."""
    refused = 0
    for door in BYTE_DOORS.values():
        try:
            door(body)
        except SideblikError:
            refused += 1
    return refused
