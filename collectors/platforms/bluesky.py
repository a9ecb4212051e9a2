"""Bluesky accounts: their posts, all replies below them, and what mentions them.

    posts since the look-back ──► threads whose number of replies changed ──► mentions (with an app password)
                                                                                     │
    what is stored of that time and was not listed ──► asked for by its address ◄────┘

Every few hours: all threads of the look-back (a reply to a reply changes no number that the list tells), and older
posts by their addresses. Nothing needs a token. Without one, writers who ask that only members read them are left out.

`ref` is the account's handle or DID; options `base_url` (instead of Bluesky's own hosts), `sweep_days` (90; "0" for
none). A post cannot be edited: a change is a deletion and a new post.

Source: lexicons app.bsky.feed.* and app.bsky.notification.listNotifications (2026-08).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError, ShapeError
from collectors.http import Http
from collectors.platforms._bluesky_api import MEMBERS, PUBLIC, Api, NotThereError, Sessions
from collectors.platforms._bluesky_parse import (
    Json,
    Owner,
    is_open,
    objects,
    parse_post,
    parse_thread,
    part,
    replies,
    uri_of,
    written_at,
)
from collectors.platforms._look import NOTED, look
from collectors.platforms._text import clean, moment
from data.types import Page

KEEP = None  # the network sets no limit on keeping what is public
NEEDS_TOKEN = False
PAGE: Final = 100
TOGETHER: Final = 25  # posts that may be asked for at once
DEPTH: Final = 1000


class Bluesky:
    """Reads one account."""

    def __init__(self) -> None:
        self._sessions = Sessions()

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Posts, then each changed thread, then mentions; the last batch says what a deletion is."""
        account, token = account_of(request.page), request.token or ""
        base = request.page.options.get("base_url", "").rstrip("/") or (MEMBERS if token else PUBLIC)
        api = Api(http, base, account, token, self._sessions)
        known = request.memory if request.memory.get("of") == account else {}
        did = account if account.startswith("did:") else known.get("did") or fetch_did(api, account)
        memory = {**known, "of": account, "did": did}
        yield from _Reading(api, request, Owner(request.page.id, did, member=bool(token)), memory).batches()


collector = Bluesky()


def account_of(page: Page) -> str:
    """The account's handle or DID; PageSetupError where `ref` gives none."""
    account = page.ref.removeprefix("https://bsky.app/profile/").strip("/").removeprefix("@")
    if not account.startswith("did:"):
        account = account.lower()
    if "/" in account or not (account.startswith("did:") or "." in account):
        raise PageSetupError("The page has no usable `ref`: give the account's handle (name.bsky.social) or DID.")
    return account


def fetch_did(api: Api, handle: str) -> str:
    """The account's DID, which stays when the handle changes."""
    did = clean(api.get("com.atproto.identity.resolveHandle", {"handle": handle}).get("did"))
    if not did.startswith("did:"):
        place = redact(f"{api.base}/xrpc/com.atproto.identity.resolveHandle")
        raise ShapeError(f"{place} answered no DID.", endpoint=place)
    return did


class _Reading:
    """One visit's reading of one account."""

    def __init__(self, api: Api, request: Request, owner: Owner, memory: dict[str, str]) -> None:
        self.api, self.owner, self.kept = api, owner, memory
        self.look = look(request, memory, api.http.clock())
        self.listed: set[str] = set()
        self.read: set[str] = set()
        self.below: set[str] = set()
        self.noted = memory.get("noted", "")

    def batches(self) -> Iterator[Batch]:
        wanted = list[str]()
        for batch in self._all(wanted):
            yield replace(batch, memory=dict(self.kept))
        self.kept["noted"] = self.noted  # only now: what was noted is read
        checked = all(uri.startswith("at://") for uri in wanted)
        yield Batch(posts_since=self.look.reach if checked else None, reached=True, memory=self.look.done(self.kept))

    def _all(self, wanted: list[str]) -> Iterator[Batch]:
        """Everything that is listed; `wanted` is filled with what is not, and asked for by address."""
        yield from self._threads(self._posts())
        wanted += [uri for uri in self.look.known if uri not in self.listed]
        if self.api.password:
            yield from self._mentions(wanted)
        yield from self._threads(self._by_address(wanted))

    def _posts(self) -> Iterator[list[Json]]:
        """The account's own posts since the look-back, newest first; reposts and pins are none."""
        asked = {"actor": self.owner.did, "limit": str(PAGE), "filter": "posts_no_replies", "includePins": "false"}
        for page in self.api.pages("app.bsky.feed.getAuthorFeed", asked):
            rows = objects(page, "feed", self._place("app.bsky.feed.getAuthorFeed"))
            own = [part(row, "post") for row in rows if not row.get("reason") and not row.get("reply")]
            yield [post for post in own if self.look.is_young(written_at(post))]
            if rows and not self.look.is_young(_sorted_at(rows[-1])):
                return

    def _mentions(self, wanted: list[str]) -> Iterator[Batch]:
        """What mentions or answers the account: posts of others join `wanted`, threads with a new reply are read."""
        asked: dict[str, str | list[str]] = {"reasons": ["mention", "reply"], "limit": str(PAGE)}
        noted = self.kept.get("noted", "").split()
        for page in self.api.pages("app.bsky.notification.listNotifications", asked):
            rows = objects(page, "notifications", self._place("app.bsky.notification.listNotifications"))
            for row in rows:
                uri, root = uri_of(row), clean(part(part(part(row, "record"), "reply"), "root").get("uri"))
                young = self.look.is_young(moment(row.get("indexedAt")))
                if not young or uri in self.below or uri in noted or uri in self.look.known:
                    continue
                noted.insert(0, uri)
                if root.startswith(f"at://{self.owner.did}/"):
                    yield from self._again(root)
                elif row.get("reason") == "mention":
                    wanted.append(uri)
            if rows and not self.look.is_young(moment(rows[-1].get("indexedAt"))):
                break
        self.noted = " ".join(noted[:NOTED])

    def _again(self, root: str) -> Iterator[Batch]:
        """The page's own thread in which somebody wrote, with the post that it hangs on."""
        if root in self.read:
            return
        for posts in self._by_address([root]):
            for post in posts:
                self.listed.add(root)
                yield Batch((parse_post(post, self.owner),))
                yield from self._thread(root, replies(post))

    def _by_address(self, uris: list[str]) -> Generator[list[Json], None, None]:
        """Posts by their addresses; deleted ones are left out."""
        mine = [uri for uri in uris if uri.startswith("at://")]
        for start in range(0, len(mine), TOGETHER):
            answer = self.api.get("app.bsky.feed.getPosts", {"uris": mine[start : start + TOGETHER]})
            yield objects(answer, "posts", self._place("app.bsky.feed.getPosts"))

    def _threads(self, pages: Iterable[list[Json]]) -> Iterator[Batch]:
        """Posts as they are listed, and the threads of those that changed, or of all that have replies."""
        for page in pages:
            posts = {uri_of(post): post for post in page if is_open(post, self.owner)}
            new = {uri: post for uri, post in posts.items() if uri not in self.listed}
            self.listed |= posts.keys()
            yield Batch(tuple(parse_post(post, self.owner) for post in new.values()))
            for uri, post in new.items():
                count, known = replies(post), self.look.known.get(uri)
                if count == 0 and not known:
                    yield Batch(counts={uri: 0}, whole=frozenset({uri}))
                elif self.look.deep or known != count:
                    yield from self._thread(uri, count)

    def _thread(self, root: str, count: int | None) -> Iterator[Batch]:
        """All replies of a post, deeper ones asked for where they were left out; its number comes with the last."""
        self.read.add(root)
        left, asked = [root], set[str]()
        while left:
            uri = left.pop()
            asked.add(uri)
            try:
                answer = self.api.get("app.bsky.feed.getPostThread", _of(uri))
            except NotThereError:
                if uri == root:
                    yield Batch(refused=frozenset({root}))
                    return
                continue
            found = parse_thread(answer, root, self.owner, self._place("app.bsky.feed.getPostThread"))
            self.below |= {one.message_id for one in found.messages}
            left += [one for one in found.more if one not in asked]
            yield Batch(found.messages)
        yield Batch(counts={} if count is None else {root: count}, whole=frozenset({root}))

    def _place(self, method: str) -> str:
        return redact(f"{self.api.base}/xrpc/{method}")


def _of(uri: str) -> dict[str, str | list[str]]:
    return {"uri": uri, "depth": str(DEPTH), "parentHeight": "0"}


def _sorted_at(row: Json) -> datetime | None:
    """The time that the feed is ordered by: of a repost when it was reposted."""
    return moment(part(row, "reason").get("indexedAt")) or written_at(part(row, "post"))
