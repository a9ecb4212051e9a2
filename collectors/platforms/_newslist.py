"""A web site without a feed, read as a person would: its list of news, else its sitemap, then each new article.

    robots.txt ──► usual feed addresses ──► a list of news ──► the sitemap ──► nothing: the operator must act
                                              └──────┬──────────┘
                                        articles not read yet ──► one batch each few

What was found is remembered, and looked for anew after `AGAIN`. A list holds the newest articles, so what it lists no
longer is not deleted. While articles of the look-back wait for the next visit, this one has not read everything; a list
with no address that is known (`lost`) does not reach back to the visit before. A page that asks to prove to be a person
is an error, never "no news". Source: RFC 9309.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError, PassingError, PermissionMissingError, ShapeError, VisitError
from collectors.http import Answer, Http
from collectors.platforms._article import decoded, is_challenge, parse_article, read
from collectors.platforms._feed import is_web_page
from collectors.platforms._sitemap import (
    USUAL_FEEDS,
    USUAL_LISTS,
    Found,
    Rules,
    articles_on,
    lists_on,
    news_among,
    parse_robots,
    parse_sitemap,
)
from collectors.platforms._text import digest
from collectors.refusals import is_closed_door
from data.types import RawMessage

AGAIN: Final = timedelta(days=30)  # a site may get a feed, or a new list
MOST: Final = 40  # articles a visit; the rest comes with the next ones
TOGETHER: Final = 10  # articles a batch
MAPS: Final = 20  # sitemaps that one index may lead to
REREAD: Final = timedelta(days=1)  # how often the newest articles are read again, for edits
NEWEST: Final = 10
URL: Final = 8  # letters of a mark that stand for the address
REMEMBERED: Final = 5_000  # articles that are known to be read; a list or sitemap is followed no further
_NOT_HERE: Final = (PageSetupError, ShapeError, PermissionMissingError)


class NewsList:
    """One visit to one site; `apart` is the pause between two questions, in seconds."""

    def __init__(self, http: Http, request: Request, start: str, site: str, apart: float) -> None:
        self._http, self._page, self._start = http, request.page, start
        self._site, self._apart, self._memory, self._since = site, apart, request.memory, request.since
        self._rules: Rules | None = None

    def feed(self) -> str:
        """The first usual address that answers a feed; "" where none does."""
        for path in USUAL_FEEDS:
            address = urljoin(self._start, path)
            if (answer := self._try(address)) and looks_like_feed(answer.data):
                return address
        return ""

    def remembered(self) -> bool:
        """Whether a list or a sitemap was found lately."""
        return self._memory.get("way") in ("list", "sitemap") and not self._older("looked", AGAIN)

    def batches(self, front: Answer | None) -> Iterator[Batch]:
        """The articles that were not read yet, and once a day the newest again; `front` is the page at the start."""
        way, at, found = self._again() if front is None else self._look(front)
        if not found:
            raise PageSetupError(
                f"{redact(self._start)} has no feed, no list of news and no sitemap with news; give the address of one"
                " of them as the page's `ref` in sideblik.toml.",
                endpoint=redact(self._start),
            )
        looked = self._now() if front is not None else self._memory.get("looked", self._now())
        kept = {"way": way, "at": at, "looked": looked}
        yield from self._articles(found[:REMEMBERED], kept)

    def _again(self) -> tuple[str, str, list[Found]]:
        way, at = self._memory["way"], self._memory["at"]
        if way == "sitemap":
            return way, at, self._sitemap(at)
        answer = self._page_at(at)
        return way, at, articles_on(read(_text(answer)), answer.url)

    def _look(self, front: Answer) -> tuple[str, str, list[Found]]:
        seen = read(_text(front))
        self.allowed(front.url)
        if found := articles_on(seen, front.url):
            return "list", front.url, found
        usual = [urljoin(front.url, path) for path in USUAL_LISTS]
        for address in dict.fromkeys([*lists_on(seen, front.url), *usual]):
            answer = self._try(address)
            if answer and is_web_page(answer.data) and (found := articles_on(read(_text(answer)), answer.url)):
                return "list", address, found
        for address in (*self.rules().sitemaps, urljoin(front.url, "/sitemap.xml")):
            if found := self._sitemap(address):
                return "sitemap", address, found
        return "", "", []

    def _sitemap(self, address: str) -> list[Found]:
        """The news that a sitemap names, or the sitemaps that it leads to."""
        left, pages, asked = [address], list[Found](), 0
        while left and asked <= MAPS:
            answer = self._try(left.pop(0))
            asked += 1
            if answer is not None:
                more_pages, more = parse_sitemap(answer.data or b"")
                pages += more_pages
                left += more
        return news_among(pages, self._start)

    def _articles(self, found: list[Found], kept: dict[str, str]) -> Iterator[Batch]:
        read_before = self._memory.get("read", "").split()
        before = set(read_before)
        again = {mark(one) for one in found[:NEWEST]} if self._older("reread", REREAD) else set()
        new = [one for one in found if mark(one) not in before]
        chosen = (new + [one for one in found if mark(one) in before & again])[:MOST]
        waiting = [one for one in new[MOST:] if self._within(one)]
        known = {one[:URL] for one in before}
        lost = bool(self._memory.get("lost") or (known and known.isdisjoint(mark(one)[:URL] for one in found)))
        kept["reread"] = self._now() if again else self._memory.get("reread", "")
        done = list(read_before)
        for start in range(0, len(chosen), TOGETHER):
            some = chosen[start : start + TOGETHER]
            messages = tuple(message for one in some if (message := self._article(one)))
            done = [*dict.fromkeys([*(mark(one) for one in some), *done])][:REMEMBERED]
            yield Batch(messages, memory={**kept, "read": " ".join(done), "lost": "yes" if lost else ""})
        if waiting:
            raise self._more(len(waiting))
        yield Batch(unchanged=not chosen and not lost, reached=not lost, memory={**kept, "read": " ".join(done)})

    def _more(self, count: int) -> PassingError:
        place = redact(self._start)
        return PassingError(
            f"{place} names {count} more new articles than one visit reads; the next ones read the rest.",
            endpoint=place,
        )

    def _within(self, one: Found) -> bool:
        """Whether an article may have been written or changed since the look-back began."""
        told = one.changed or one.written
        return told is None or told >= self._since

    def _article(self, one: Found) -> RawMessage | None:
        """An article; None where it is not there any more, is closed by robots.txt, or has no text."""
        answer = self._try(one.url)
        if answer is None or not is_web_page(answer.data):
            return None
        seen = read(_text(answer))
        return parse_article(seen, page=self._page, site=self._site, url=answer.url, hint=one.written)

    def allowed(self, url: str) -> None:
        """PageSetupError where the site's robots.txt keeps Sideblik out of an address."""
        if not self.rules().allow(url):
            raise PageSetupError(
                f"The robots.txt of {redact(url)} keeps Sideblik out; ask the site's operator to allow it, or give the"
                " address of a feed as the page's `ref` in sideblik.toml.",
                endpoint=redact(url),
            )

    def rules(self) -> Rules:
        """The site's robots.txt, asked for once a visit; one that is missing or refused allows everything."""
        if self._rules is None:
            try:
                answer = self._get(urljoin(self._start, "/robots.txt"))
                text = "" if is_web_page(answer.data) else decoded(answer.data)
            except _NOT_HERE as error:
                self._stop_at_closed_door(error)
                text = ""
            self._rules = parse_robots(text)
        return self._rules

    def _page_at(self, url: str) -> Answer:
        self.allowed(url)
        answer = self._get(url)
        if not is_web_page(answer.data):
            raise ShapeError(f"{redact(url)} answered no web page where a list of news was.", endpoint=redact(url))
        return answer

    def _try(self, url: str) -> Answer | None:
        """An answer, or None where the address holds nothing for Sideblik; what passes, or is closed, is raised."""
        if not self.rules().allow(url) or urlsplit(url).hostname != urlsplit(self._start).hostname:
            return None
        try:
            return self._get(url)
        except _NOT_HERE as error:
            self._stop_at_closed_door(error)
            return None

    def _stop_at_closed_door(self, error: VisitError) -> None:
        if isinstance(error, ClosedDoorError):
            raise error

    def _get(self, url: str) -> Answer:
        answer = self._http.get_bytes(url, explain=closed_door, apart=self._apart)
        guard(answer)
        return answer

    def _older(self, name: str, than: timedelta) -> bool:
        """Whether a remembered time is older, or not there."""
        try:
            return self._http.clock() - datetime.fromisoformat(self._memory.get(name, "")) > than
        except (ValueError, TypeError):
            return True

    def _now(self) -> str:
        return self._http.clock().isoformat(timespec="seconds")


class ClosedDoorError(PageSetupError):
    """A firewall or a challenge answered in the site's place."""


def closed_door(answer: Answer) -> VisitError | None:
    """The error of a firewall's answer, whatever its status."""
    body = answer.data if isinstance(answer.data, bytes) else b""
    if is_closed_door(answer.headers, body) or (is_web_page(body) and is_challenge(_text(answer))):
        return ClosedDoorError(
            f"{redact(answer.url)} is closed to Sideblik: a firewall or a challenge for browsers answered; ask the"
            " site's operator to let Sideblik through.",
            endpoint=redact(answer.url),
        )
    return None


def guard(answer: Answer) -> None:
    """ShapeError for an empty answer: it is no page without news."""
    if answer.status == 200 and not (answer.data or b"").strip():  # noqa: PLR2004, OK
        place = redact(answer.url)
        raise ShapeError(f"{place} answered nothing.", endpoint=place)


def looks_like_feed(body: bytes | None) -> bool:
    """Whether bytes begin as RSS or Atom."""
    head = (body or b"")[:1024].lower()
    return not is_web_page(body or b"") and any(sign in head for sign in (b"<rss", b"<feed", b"<rdf:rdf"))


def mark(one: Found) -> str:
    """A short sign of an article's address, and of its last change as the sitemap tells it."""
    return digest(one.url)[:URL] + digest(str(one.changed))[:4]


def _text(answer: Answer) -> str:
    return decoded(answer.data or b"", answer.headers.get("content-type", ""))
