"""LinkedIn organisation pages through the Community Management API: posts, comments and replies.

    posts since the look-back ──► their numbers of comments, fifty a call ──► threads whose number changed ──► replies

    once a day: every thread that has comments, and older posts whose number changed

Off by default. LinkedIn lets members' comments be kept for 48 hours and their profiles for 24: a page is read only
where its option `accept_48_hours = "yes"` says that this is known and wanted, and no member's name is taken in at all.

Options: `accept_48_hours`, `version` (YYYYMM), `daily_calls` (what the app may ask a day, for all pages of one token),
`sweep_days` (how much older than the look-back a post may be whose number of comments is asked for; 90), `base_url` and
`feed_url` (instead of LinkedIn's own addresses).

Source: LinkedIn Posts, Comments and Social Metadata APIs, and "Data storage requirements" (Microsoft Learn).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError, PermissionMissingError, TokenError
from collectors.http import Http
from collectors.platforms._linkedin_api import DAY, Api, Json, NotForUsError, encoded, listing
from collectors.platforms._linkedin_parse import (
    FEED,
    Owner,
    comment_count,
    comment_id,
    elements,
    modified,
    parse_comment,
    parse_post,
    part,
    replies,
    urn_of,
)
from collectors.platforms._linkedin_renewal import LinkedInRenewer
from collectors.platforms._quota import Budget, Ledger, Meter, whole
from data.types import Page, RawMessage

KEEP: Final = timedelta(hours=48)  # "Data storage requirements": members' social activity
KEEP_NAMES: Final = timedelta(hours=24)  # the same: members' profile data
EMPTY_GONE: Final = True
NEEDS_TOKEN: Final = True
HOME: Final = "https://api.linkedin.com/rest"
VERSION: Final = "202609"
PAGE: Final = 100  # posts or comments a call
SUMMARIES: Final = 50  # posts a call
SWEEP_DAYS: Final = 90


class LinkedIn:
    """Reads one organisation's page with the token of one of its administrators."""

    def __init__(self) -> None:
        self._ledger = Ledger()

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Batches of posts, then of each changed thread; the last one says what the next visit compares with."""
        page = request.page
        urn = organisation(page)
        if not request.token:
            raise TokenError("The page has no token: a page administrator must connect the page to Sideblik.")
        meter = None
        if calls := whole(page, "daily_calls", 0):
            meter = Meter(Budget(calls, DAY), self._ledger, request.token, page.id, request.memory, http.clock)
        base = page.options.get("base_url", "").rstrip("/") or HOME
        api = Api(http, base, request.token, version(page), meter)
        api.count(0)  # what was spent before a restart, before the first call
        yield from _Reading(api, request, Owner(page.id, urn, page.options.get("feed_url", FEED))).batches()


renewer = LinkedInRenewer()
collector = LinkedIn()


def organisation(page: Page) -> str:
    """The page's URN; PageSetupError where LinkedIn's terms are not accepted or `ref` names no organisation."""
    if page.options.get("accept_48_hours") != "yes":
        raise PageSetupError(
            "LinkedIn is off: its data storage terms let members' comments be kept for 48 hours only, profiles 24."
            ' Write accept_48_hours = "yes" among the page\'s options if that is known and the page is wanted.'
        )
    number = page.ref.removeprefix("urn:li:organization:")
    if not (number.isascii() and number.isdigit()):
        raise PageSetupError("The page has no usable `ref`: give LinkedIn's organisation number in sideblik.toml.")
    return f"urn:li:organization:{number}"


def version(page: Page) -> str:
    """The version of the API that is asked for."""
    given = page.options.get("version", VERSION)
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", given):
        raise PageSetupError("The page's option `version` is no year and month (YYYYMM); correct it in sideblik.toml.")
    return given


class _Reading:
    """One visit's reading of one organisation's page."""

    def __init__(self, api: Api, request: Request, owner: Owner) -> None:
        self.api = api
        self.request = request
        self.owner = owner
        self.now = api.http.clock()
        self.kept = {"swept": request.memory["swept"]} if "swept" in request.memory else {}
        self.torn: set[str] = set()
        self.shown = self.refused = 0

    def batches(self) -> Iterator[Batch]:
        today = self.now.date().isoformat()
        daily = self.kept.get("swept") != today and (self.api.meter is None or self.api.meter.ample())
        known = dict(self.request.counted(self.request.since - timedelta(days=sweep_days(self.request.page)), self.now))
        listed: list[str] = []
        for batch in self._posts():
            listed += [one.message_id for one in batch.messages]
            yield self._noted(batch)
        yield self._noted(Batch(posts_since=self.request.since))
        for batch in self._threads(listed, known, every=daily):
            yield self._noted(batch)
        closed = self.refused > 0 == self.shown  # of posts that are listed; another one may be gone
        if daily:
            for batch in self._threads(sorted(known.keys() - set(listed)), known, every=False):
                yield self._noted(batch)
            self.kept["swept"] = today
        if closed:
            raise PermissionMissingError(
                "LinkedIn shows the comments of none of the page's posts; a page administrator must grant"
                " r_organization_social_feed, and be ADMINISTRATOR of the page."
            )
        yield self._noted(Batch(reached=True))

    def _noted(self, batch: Batch) -> Batch:
        spent = self.api.meter.memory() if self.api.meter else {}
        return replace(batch, memory={**self.kept, **spent})

    def _posts(self) -> Iterator[Batch]:
        """The posts that were written or changed since the look-back, newest change first."""
        query = f"author={encoded(self.owner.urn)}&q=author&sortBy=LAST_MODIFIED"
        place = self._place("posts")
        for page in self.api.pages("posts", query, PAGE, method="FINDER"):
            found = elements(page, place)
            young = [row for row in found if (at := modified(row)) is None or at >= self.request.since]
            posts = [parse_post(row, self.owner, place) for row in young]
            yield Batch(tuple(one for one in posts if one))
            if found and not young:
                return

    def _threads(self, posts: list[str], known: Mapping[str, int | None], *, every: bool) -> Iterator[Batch]:
        """The threads of posts whose number of comments changed, or of all that have any."""
        for post, count in self._numbers(posts):
            if count == 0 and not known.get(post):
                yield Batch(counts={post: 0}, whole=frozenset({post}))
            elif every or known.get(post) != count:
                yield from self._thread(post, count)

    def _numbers(self, posts: list[str]) -> Iterator[tuple[str, int | None]]:
        """Each post with the platform's number of its comments; None where it tells none."""
        for start in range(0, len(posts), SUMMARIES):
            some = posts[start : start + SUMMARIES]
            answer = self.api.get("socialMetadata", f"ids={listing(some)}", method="BATCH_GET")
            found = part(answer, "results")
            for post in some:
                yield post, comment_count(part(found, post))

    def _thread(self, post: str, count: int | None) -> Iterator[Batch]:
        """A thread to its end; its number is kept with the last of it, or the rest would never be read."""
        try:
            for page in self._pages(post):
                found = elements(page, self._place("socialActions"))
                yield Batch(self._messages(found, post))
                for row in found:
                    if replies(row) and urn_of(row):
                        yield from self._replies(row, post)
        except NotForUsError:
            self.refused += 1
            yield Batch(refused=frozenset({post}))
            return
        self.shown += 1
        read = post not in self.torn
        yield Batch(counts={post: count} if read and count is not None else {}, whole=frozenset({post} if read else ()))

    def _replies(self, row: Json, post: str) -> Iterator[Batch]:
        parent = comment_id(row)
        try:
            for page in self._pages(urn_of(row)):
                yield Batch(self._messages(elements(page, self._place("socialActions")), post, parent))
        except NotForUsError:  # deleted while it was read
            self.torn.add(post)

    def _pages(self, urn: str) -> Iterator[Json]:
        return self.api.pages(f"socialActions/{encoded(urn)}/comments", "", PAGE)

    def _messages(self, found: Iterable[Json], post: str, parent: str = "") -> tuple[RawMessage, ...]:
        place = self._place("socialActions")
        return tuple(parse_comment(row, post, self.owner, parent=parent, endpoint=place) for row in found)

    def _place(self, path: str) -> str:
        return redact(f"{self.api.base}/{path}")


def sweep_days(page: Page) -> int:
    """How much older than the look-back a post may be whose number of comments is asked for once a day."""
    return whole(page, "sweep_days", SWEEP_DAYS)
