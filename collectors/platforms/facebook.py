"""Facebook pages through the Graph API: the page's own posts, visitors' posts, and every comment under them.

    published_posts, visitor_posts ──► posts with their first comments ──► the post's own /comments to its end

    once a day: every thread to its end; older posts' numbers of comments ──► the threads whose number changed

One call brings 25 posts with their newest 100 comments each, so that most calls bring a whole week; where more posts
are known, up to 100 with as many comments fewer, so that a visit which finds nothing stays at two calls. The rest of a
longer thread is read where its number moved, and once a day for what was edited, hidden or removed in it. Nothing is
written and no other edge is read. Once a day the platform is also asked when the token ends (`_graph_key.py`).

Options of a page: `version` (of the API), `base_url` (instead of Facebook's own address), `visitor_posts = "no"`,
`own_ids` (further ids under which the institution writes, with commas between), and `sweep_days` (how old a post may be
whose number of comments is asked for once a day; 90, and "0" for none).

Source: Graph API reference v25.0, Page Feed, Comment; measurements of v25.0 and v26.0 in 2026.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError
from collectors.http import Http
from collectors.platforms._facebook_parse import Owner, parse_comment, parse_post, rows, total
from collectors.platforms._graph import Graph, Json, NoCommentsError, NotThereError, following
from collectors.platforms._graph_key import key, memory_of_token, remembering
from data.types import Page, RawMessage

log = logging.getLogger(__name__)

VERSION: Final = "v25.0"
HOME: Final = "https://graph.facebook.com"
EMPTY_GONE: Final = True  # Meta Platform Terms 3.d.i: what is no longer there is deleted as soon as possible
SHAPES: Final = ((25, 100), (50, 50), (100, 25))  # posts a call, and comments with each: more are refused (code 1)
COMMENTS: Final = 100

COMMENT_FIELDS: Final = (
    "id,message,created_time,from{id,name},parent{id},comment_count,is_hidden,permalink_url,attachment"
)
SWEPT: Final = "100"  # posts a call, where only their numbers of comments are asked for
SWEEP_FIELDS: Final = "id,comments.filter(stream).limit(0).summary(true)"
SWEEP_DAYS: Final = 90
_WITH_HIDDEN: Final = {"visitor_posts": {"include_hidden": "true"}}  # else what the page hid would pass for removed
WANTED: Final = frozenset({"pages_read_user_content"})  # without it nobody's comments are shown
FAR_APART: Final = 10  # so many comments fewer than told, and less than half, are worth a second reading


class Facebook:
    """Reads one Facebook page with its own page token."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Batches of posts with their comments; the last one says from when on every post was listed."""
        held = key(request)
        graph = Graph(http, base(request.page), held.token, held.proof)
        visitors = request.page.options.get("visitor_posts", "yes") != "no"
        own = frozenset({request.page.ref, *_words(request.page.options.get("own_ids", ""))})
        reading = _Reading(graph, request, Owner(request.page.id, own))
        try:
            reading.memory = memory_of_token(graph, held, request, WANTED, page_only=True)
            yield from remembering(reading.posts("published_posts", own_edge=True), request, reading.memory)
            if visitors:
                yield from reading.posts("visitor_posts", own_edge=False)
                yield Batch(
                    posts_since=request.since + timedelta(seconds=1)
                )  # whether `since` includes its own second is not told
            else:
                yield Batch(reached=True)
            yield from reading.sweep(("published_posts", *(["visitor_posts"] if visitors else [])))
        except NotThereError as error:
            raise PageSetupError(
                f"Facebook knows no page at {error.endpoint}, or not for this token; check the page's `ref` and token.",
                endpoint=error.endpoint,
            ) from error


collector = Facebook()


def base(page: Page) -> str:
    """The API's address with its version."""
    if not page.ref or not page.ref.replace("_", "").replace(".", "").isalnum():
        raise PageSetupError("The page has no usable `ref`: give Facebook's page id in sideblik.toml.")
    given = page.options.get("base_url", "").rstrip("/")
    return given or f"{HOME}/{page.options.get('version', VERSION)}"


def sweep_days(page: Page) -> int:
    """How far back old posts are looked at once a day; 0 for not at all."""
    given = page.options.get("sweep_days", str(SWEEP_DAYS))
    if not (given.isascii() and given.isdigit() and len(given) < 5):  # noqa: PLR2004, ten thousand days are too many
        raise PageSetupError("The page's option `sweep_days` is no number of days; correct it in sideblik.toml.")
    return int(given)


def post_fields(comments: int) -> str:
    """What is asked of a post, with so many of its newest comments."""
    return (
        "id,message,story,created_time,from{id,name},permalink_url,is_hidden,"
        "attachments{media_type,type,title,description,url,unshimmed_url},"
        f"comments.filter(stream).order(reverse_chronological).limit({comments}).summary(true){{{COMMENT_FIELDS}}}"
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


class _Reading:
    """One visit's reading of one page."""

    def __init__(self, graph: Graph, request: Request, owner: Owner) -> None:
        self.graph = graph
        self.page = request.page
        self.request = request
        self.owner = owner
        self.since = str(int(request.since.timestamp()))
        self.memory: Mapping[str, str] = request.memory
        self.today = graph.http.clock().date().isoformat()
        self.first_today = request.memory.get("swept") != self.today
        self.known = request.counted(request.since, graph.http.clock())

    def posts(self, edge: str, *, own_edge: bool) -> Iterator[Batch]:
        """Each API page of posts with the comments that came along, then the rest of each thread."""
        path = f"{self.page.ref}/{edge}"
        endpoint = redact(f"{self.graph.base}/{path}")
        limit, comments = self._shape()
        fields = post_fields(comments)
        asked = {"limit": str(limit), "since": self.since, "fields": fields, **_WITH_HIDDEN.get(edge, {})}
        for page in self.graph.pages(path, asked):
            found = rows(page, endpoint)
            if own_edge:
                self._learn_own_id(found)
            batch = self._batch(found, own_edge=own_edge, endpoint=endpoint)
            yield _told_when_whole(batch)
            for row in found:
                if self._is_due(row):
                    yield from self._counted_rest(row, batch)

    def _shape(self) -> tuple[int, int]:
        """Posts a call and comments with each: all known posts at once where that goes, but not on a day's first visit.

        That one reads every thread to its end, which costs least with the most comments a call.
        """
        most = len(self.known)
        return SHAPES[0] if self.first_today else next((one for one in SHAPES if most <= one[0]), SHAPES[-1])

    def _is_due(self, row: Json) -> bool:
        """Whether the rest of a thread is read: where its number moved, and on the day's first visit in any case."""
        below = row.get("comments")
        told = total(below) if isinstance(below, dict) else None
        return self.first_today or told is None or told != self.known.get(str(row.get("id")))

    def _counted_rest(self, row: Json, batch: Batch) -> Iterator[Batch]:
        """The rest of a thread; its number is kept with the last of it, or what a cut leaves would not be read."""
        ident = str(row["id"])
        counts = {ident: batch.counts[ident]} if ident in batch.counts else {}
        for part in self._rest(row):
            yield replace(part, counts=counts) if part.whole else part

    def sweep(self, edges: Iterable[str]) -> Iterator[Batch]:
        """Once a day, the threads of stored posts older than the look-back whose number of comments changed."""
        begin, end = self.graph.http.clock() - timedelta(days=sweep_days(self.page)), self.request.since
        if not self.first_today:
            return
        known = self.request.counted(begin, end) if begin < end else {}
        for edge in edges if known else ():
            for post in self._moved(edge, known, {"since": str(int(begin.timestamp())), "until": self.since}):
                yield from self._thread(post, own_edge=edge == "published_posts")
        yield Batch(memory={**self.memory, "swept": self.today})

    def _moved(self, edge: str, known: Mapping[str, int | None], times: Mapping[str, str]) -> Iterator[str]:
        """The ids of known posts that have another number of comments than when their threads were last read."""
        path = f"{self.page.ref}/{edge}"
        endpoint = redact(f"{self.graph.base}/{path}")
        asked = {"limit": SWEPT, "fields": SWEEP_FIELDS, **times, **_WITH_HIDDEN.get(edge, {})}
        for page in self.graph.pages(path, asked):
            for row in rows(page, endpoint):
                ident, below = str(row.get("id")), row.get("comments")
                told = total(below) if isinstance(below, dict) else None
                if ident in known and told is not None and told != known[ident]:
                    yield ident

    def _thread(self, post: str, *, own_edge: bool) -> Iterator[Batch]:
        """One post with its whole thread; its number is kept with the last of it, or the rest would never be read."""
        try:
            row = self.graph.get(post, {"fields": post_fields(COMMENTS)})
        except (NotThereError, NoCommentsError):
            yield Batch(refused=frozenset({post}))
            return
        batch = self._batch([row], own_edge=own_edge, endpoint=redact(f"{self.graph.base}/{post}"))
        yield _told_when_whole(batch)
        yield from self._counted_rest(row, batch)

    def _learn_own_id(self, found: list[Json]) -> None:
        """A page that is referred to by its name has its number in front of its posts' ids."""
        numbers = {str(row.get("id", "")).partition("_")[0] for row in found} - {""}
        self.owner = replace(self.owner, ids=self.owner.ids | numbers)

    def _batch(self, found: list[Json], *, own_edge: bool, endpoint: str) -> Batch:
        messages: list[RawMessage] = []
        counts: dict[str, int] = {}
        whole: set[str] = set()
        for row in found:
            post = parse_post(row, self.owner, own_edge=own_edge, endpoint=endpoint)
            messages.append(post)
            below = row.get("comments")
            if isinstance(below, dict):
                listed = rows(below, endpoint)
                messages += [parse_comment(one, post.message_id, self.owner, endpoint=endpoint) for one in listed]
                counts |= {post.message_id: post.comment_count} if post.comment_count is not None else {}
                whole |= {post.message_id} if _is_whole(below) else set()
        return Batch(tuple(messages), counts=counts, whole=frozenset(whole))

    def _rest(self, row: Json) -> Iterator[Batch]:
        """The comments that did not come with the post, from its own edge."""
        below = row.get("comments")
        if not isinstance(below, dict) or _is_whole(below):
            return
        post = str(row["id"])
        asked = {"filter": "stream", "order": "reverse_chronological", "summary": "true"}
        asked |= following(below) or {}
        asked |= {"limit": str(COMMENTS), "fields": COMMENT_FIELDS}
        path = f"{post}/comments"
        endpoint = redact(f"{self.graph.base}/{path}")
        try:
            for page in self.graph.pages(path, asked):
                found = [parse_comment(one, post, self.owner, endpoint=endpoint) for one in rows(page, endpoint)]
                end = following(page) is None
                yield Batch(tuple(found), whole=frozenset({post}) if end else frozenset())
        except (NotThereError, NoCommentsError):
            log.warning("%s was listed and then refused", endpoint)
            yield Batch(refused=frozenset({post}))


def _told_when_whole(batch: Batch) -> Batch:
    """The batch without the numbers of comments of threads that are not whole yet."""
    messages = (
        one if one.message_id in batch.whole else replace(one, comment_count=None) if one.comment_count else one
        for one in batch.messages
    )
    counts = {name: number for name, number in batch.counts.items() if name in batch.whole}
    return replace(batch, messages=tuple(messages), counts=counts)


def _is_whole(below: Json) -> bool:
    """Whether the comments that came with a post are all that can be read.

    `next` may be missing in a nested list though there is more; the platform's own count, which is often too high,
    then tells where a second look is worth its call.
    """
    if following(below) is not None:
        return False
    listed, told = len(below.get("data", ())), total(below) or 0
    return told - listed < FAR_APART or listed * 2 >= told
