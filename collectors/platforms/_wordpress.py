"""WordPress sites through their REST API: posts, and comments as the site shows them.

    posts since …
    the newest comments, and how many there are ──► as before: nothing more is read
    comments since …   ──► the posts' threads, whole where the posts' own number of comments agrees, else read by post;
                           comments under older posts come along, their threads are not whole
    once a day: older posts changed since …, and comments since … in any case

A post's number of comments is what came of it, told where the sum over the posts is the site's own (X-WP-Total): no
answer tells it post by post. Comments have no "changed since": an edit below the newest hundred is met once a day. The
address of a writer's picture holds a hash of the writer's e-mail address and is not read.

Source: WordPress REST API handbook: Posts, Comments, Pagination. Times are told in UTC without saying so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from collectors.addresses import redact
from collectors.base import Batch
from collectors.errors import PageSetupError, PermissionMissingError, ShapeError, VisitError
from collectors.http import Answer, Http
from collectors.platforms._feed import joined
from collectors.platforms._text import clean, digest, link, moment, plain
from data.times import to_text
from data.types import Kind, Page, RawMessage

Row = Mapping[str, Any]

PER_PAGE: Final = 100
SECOND: Final = timedelta(seconds=1)
TOGETHER: Final = 100  # posts whose comments are asked for at once
POST_FIELDS: Final = "id,date_gmt,modified_gmt,link,title,content,author"
COMMENT_FIELDS: Final = "id,post,parent,author,author_name,date_gmt,content,link,status"
_LOCKED: Final = ("rest_cannot_read", "rest_forbidden", "rest_login_required", "rest_not_logged_in")


class PastTheEndError(VisitError):
    """The list has no such page: it ended before, as it does for those who count pages."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site's REST API and how its page is called."""

    http: Http
    page: Page
    root: str
    name: str
    apart: float

    def rows(self, kind: str, params: Mapping[str, str]) -> Iterator[list[Row]]:
        """The pages of a list to its end."""
        return (rows for rows, _ in self.pages(kind, params))

    def pages(self, kind: str, params: Mapping[str, str]) -> Iterator[tuple[list[Row], Answer]]:
        """The same, each with the answer that it came in."""
        parts = urlsplit(self.root)
        base, fixed = parts._replace(query="", fragment="").geturl(), dict(parse_qsl(parts.query))
        path = f"wp/v2/{kind}"
        if "rest_route" in fixed:
            fixed["rest_route"] = f"{fixed['rest_route'].rstrip('/')}/{path}"
        else:
            base = f"{base.rstrip('/')}/{path}"
        number = 1
        while True:
            asked = {**fixed, "per_page": str(PER_PAGE), **params, "page": str(number)}
            try:
                answer = self.http.get_json(base, params=asked, explain=explain, apart=self.apart)
            except PastTheEndError:
                return
            yield checked(answer), answer
            if number >= last_page(answer, number):
                return
            number += 1

    def first(self, kind: str, params: Mapping[str, str]) -> tuple[list[Row], int | None]:
        """The first page of a list, and how long the list is where the site tells it."""
        for rows, answer in self.pages(kind, params):
            return rows, told_total(answer)
        return [], 0


def told_total(answer: Answer) -> int | None:
    """How long a list is, where the site tells it."""
    told = answer.headers.get("x-wp-total", "")
    return int(told) if told.isascii() and told.isdigit() else None


def last_page(answer: Answer, number: int) -> int:
    """The number of the last page, by the header, or else by how full this one is."""
    told = answer.headers.get("x-wp-totalpages", "")
    if told.isascii() and told.isdigit():
        return int(told)
    return number + 1 if len(answer.data) >= PER_PAGE else number


def checked(answer: Answer) -> list[Row]:
    """The list of objects with ids that an answer must be; ShapeError otherwise."""
    data = answer.data
    if not isinstance(data, list) or not all(isinstance(row, dict) and _number(row.get("id")) for row in data):
        place = redact(answer.url)
        raise ShapeError(f"{place} answered no list of objects with an `id`.", endpoint=place)
    return data


def explain(answer: Answer) -> VisitError | None:
    """The error that WordPress tells; its sentences are in the site's language, its codes are not."""
    code = answer.data.get("code") if isinstance(answer.data, dict) else None
    place = redact(answer.url)
    if code == "rest_post_invalid_page_number":
        return PastTheEndError(f"{place} has no further page.", endpoint=place)
    if code == "rest_no_route":
        return PageSetupError(f"{place} is switched off or no WordPress; correct the page's `ref`.", endpoint=place)
    if code in _LOCKED:
        return PermissionMissingError(f"{place} is locked; the site's administrator must open it.", endpoint=place)
    if code in ("rest_invalid_param", "rest_missing_callback_param"):
        return ShapeError(f"{place} does not know what it was asked; Sideblik must be corrected.", endpoint=place)
    return None


def batches(site: Site, since: datetime, memory: Mapping[str, str]) -> Iterator[Batch]:
    """Everything since a time; the last batch holds what the next visit compares with."""
    reading = _Reading(site)
    after = to_text(since)
    for rows in site.rows("posts", {"after": after, "orderby": "date", "order": "desc", "_fields": POST_FIELDS}):
        yield reading.posts(rows)
    listed = sorted(reading.known)
    today = site.http.clock().date().isoformat()
    daily = memory.get("swept") != today
    if daily:
        changed = {"modified_after": after, "before": after, "orderby": "modified", "order": "asc"}
        for rows in site.rows("posts", {**changed, "_fields": POST_FIELDS}):
            yield reading.posts(rows)
    newest = reading.newest()
    if daily or not newest or newest["comments"] != memory.get("comments"):
        yield from reading.comments(after)
        yield from reading.threads(listed)
        if not reading.only_more(memory):
            newest.pop("comments", "")  # what vanished is gone when two readings do not list it
    # `after` leaves out what was written in that very second
    yield Batch(posts_since=since + SECOND, memory={**newest, "swept": today})


class _Reading:
    """One visit's reading: which posts came, how many comments under each, and who writes posts here."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.known: set[int] = set()
        self.below: Counter[int] = Counter()
        self.ids: list[int] = []
        self.total: int | None = None
        own = site.page.options.get("own_ids", "")
        self.writers = {int(word) for word in own.split(",") if word.strip().isdigit()}

    def posts(self, rows: list[Row]) -> Batch:
        self.known |= {row["id"] for row in rows}
        self.writers |= {_number(row.get("author")) for row in rows} - {0}
        return Batch(tuple(parse_post(row, self.site) for row in rows))

    def newest(self) -> dict[str, str]:
        """A mark of the newest comments, how many there are and the last id; empty where the site does not count."""
        rows, self.total = self.site.first(
            "comments", {"orderby": "date_gmt", "order": "desc", "_fields": COMMENT_FIELDS}
        )
        self.ids = [row["id"] for row in rows]
        if self.total is None:
            return {}
        told = json.dumps([self.total, sorted(self.known), rows], sort_keys=True)
        return {"comments": digest(told), "total": str(self.total), "last": str(max(self.ids, default=0))}

    def only_more(self, memory: Mapping[str, str]) -> bool:
        """Whether all that was counted before is still counted, as far as numbers tell."""
        total, last = memory.get("total", ""), memory.get("last", "")
        if not (total.isdigit() and last.isdigit()):
            return not total
        return self.total == int(total) + sum(one > int(last) for one in self.ids)

    def comments(self, after: str) -> Iterator[Batch]:
        """All comments since a time, with the older posts that some of them stand under."""
        asked = {"after": after, "orderby": "date_gmt", "order": "asc", "_fields": COMMENT_FIELDS}
        seen: set[int] = set()
        for rows in self.site.rows("comments", asked):
            new = [row for row in rows if row["id"] not in seen]
            seen |= {row["id"] for row in new}
            under = Counter(_number(row.get("post")) for row in new)
            self.below += under
            if missing := sorted(under.keys() - self.known - {0}):
                include = ",".join(map(str, missing))
                for posts in self.site.rows("posts", {"include": include, "_fields": POST_FIELDS}):
                    yield self.posts(posts)
            yield self._comments(rows)

    def threads(self, numbers: list[int]) -> Iterator[Batch]:
        """The threads of some posts are whole: as many came as the site counts, or else they are read one by one.

        A post that was dated anew has comments from before its own time, which the list since a time leaves out.
        """
        for at in range(0, len(numbers), TOGETHER):
            some = numbers[at : at + TOGETHER]
            asked = {"post": ",".join(map(str, some)), "orderby": "date_gmt", "order": "asc"}
            below, total = self.below, None
            if not (proved := self._all_came(some, asked)):
                below = Counter()
                for rows, answer in self.site.pages("comments", {**asked, "_fields": COMMENT_FIELDS}):
                    below += Counter(_number(row.get("post")) for row in rows)
                    total = told_total(answer)
                    yield self._comments(rows)
                proved = total == below.total()
            counts = {post_id(self.site, one): below[one] for one in some if proved}
            yield Batch(whole=frozenset(post_id(self.site, one) for one in some), counts=counts)

    def _all_came(self, some: list[int], asked: Mapping[str, str]) -> bool:
        """Whether the list since a time held all comments of these posts: it held all of the site, or their number."""
        if self.total == self.below.total():
            return True
        _, total = self.site.first("comments", {**asked, "per_page": "1", "_fields": "id"})
        return total == sum(self.below[one] for one in some)

    def _comments(self, rows: Iterable[Row]) -> Batch:
        return Batch(tuple(parse_comment(row, self.site, self.writers) for row in rows))


def post_id(site: Site, number: int) -> str:
    """Posts and comments are counted apart in WordPress, so that the bare number would be ambiguous."""
    return f"{site.name}:post-{number}"


def comment_id(site: Site, number: int) -> str:
    return f"{site.name}:comment-{number}"


def parse_post(row: Row, site: Site) -> RawMessage:
    """A post with its title."""
    ident = post_id(site, row["id"])
    written, changed = _utc(row.get("date_gmt")), _utc(row.get("modified_gmt"))
    return RawMessage(
        platform="website",
        message_id=ident,
        page_id=site.page.id,
        kind=Kind.POST,
        text=joined(_rendered(row.get("title")), _rendered(row.get("content"))),
        thread_id=ident,
        created_at=written,
        edited_at=changed if written and changed and changed > written else None,
        by_page=True,
        url=link(site.root, row.get("link")),
    )


def parse_comment(row: Row, site: Site, writers: set[int]) -> RawMessage:
    """A comment; it is the page's own when its writer is logged in as one who writes posts here."""
    post, parent = _number(row.get("post")), _number(row.get("parent"))
    if not post:
        place = redact(site.root)
        raise ShapeError(f"{place} listed a comment without the number of its `post`.", endpoint=place)
    return RawMessage(
        platform="website",
        message_id=comment_id(site, row["id"]),
        page_id=site.page.id,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        text=_rendered(row.get("content")),
        thread_id=post_id(site, post),
        parent_id=comment_id(site, parent) if parent else post_id(site, post),
        created_at=_utc(row.get("date_gmt")),
        by_page=_number(row.get("author")) in writers,
        author_name=plain(clean(row.get("author_name"))) or None,
        url=link(site.root, row.get("link")),
    )


def _number(value: object) -> int:
    """A number as WordPress counts, from 1; 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _rendered(value: object) -> str:
    return plain(clean(value.get("rendered"))) if isinstance(value, Mapping) else ""


def _utc(value: object) -> datetime | None:
    return moment(f"{value}+00:00") if isinstance(value, str) and value else None
