"""Mastodon accounts: their statuses, all public replies below them, and what mentions them.

    statuses since the look-back ──► threads whose number of replies changed ──► mentions (with a token)
                                                                                     │
    what is stored of that time and was not listed ──► asked for by its id ◄─────────┘

Every few hours: all threads of the look-back (a reply to a reply changes no number that the list tells), and older
posts by their ids. Nothing needs a token, but without one a thread shows sixty replies at most, and mentions are not
told.

Only statuses that are public or unlisted are ever taken in. `ref` is `@name@server` or the profile's address; option
`base_url` is asked instead of the server, `sweep_days` (90) is how far back older posts are followed; "0" for none.

Source: Mastodon API (recorded against 4.6): accounts, statuses, notifications.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from collectors.addresses import redact
from collectors.base import Batch, Request
from collectors.errors import PageSetupError, ShapeError
from collectors.http import Http
from collectors.platforms._look import NOTED, look
from collectors.platforms._mastodon_api import Api, NotThereError
from collectors.platforms._mastodon_parse import (
    Json,
    Owner,
    is_own,
    is_public,
    parse_post,
    parse_reply,
    part,
    replies,
    statuses,
)
from collectors.platforms._text import clean, moment
from data.types import Page

KEEP = None  # the platform sets no limit on keeping what is public
NEEDS_TOKEN = False
PAGE: Final = 40  # statuses a call, the most that is given
MENTIONS: Final = 80
BY_ID: Final = 20  # statuses that may be asked for by id at once
SHOWN: Final = 60  # replies of a thread that are shown without a token


class Mastodon:
    """Reads one account of one server."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Posts, then each changed thread, then mentions; the last batch says what a deletion is."""
        name, server = account_of(request.page)
        base = request.page.options.get("base_url", "").rstrip("/") or f"https://{server}"
        api = Api(http, base, request.token or None)
        known = request.memory if request.memory.get("of") == f"{name}@{server}" else {}
        account = known.get("account") or fetch_account(api, name)
        memory = {**known, "of": f"{name}@{server}", "account": account}
        yield from _Reading(api, request, Owner(request.page.id, server, account), memory).batches()


collector = Mastodon()


def account_of(page: Page) -> tuple[str, str]:
    """The account's name and its server; PageSetupError where `ref` gives none."""
    given = page.ref
    if given.startswith(("http://", "https://")):
        parts = urlsplit(given)
        given = f"{parts.path.strip('/').partition('/')[0]}@{parts.netloc}"
    name, _, server = given.removeprefix("@").partition("@")
    if not name or not server or "/" in name + server:
        raise PageSetupError("The page has no usable `ref`: give the account as @name@server in sideblik.toml.")
    return name, server.lower()


def fetch_account(api: Api, name: str) -> str:
    """The account's id on its server."""
    found = api.get("accounts/lookup", {"acct": name})
    ident = clean(found.get("id")) if isinstance(found, dict) else ""
    if not ident:
        place = redact(f"{api.base}/api/v1/accounts/lookup")
        raise ShapeError(f"{place} answered no account with an id.", endpoint=place)
    return ident


class _Reading:
    """One visit's reading of one account."""

    def __init__(self, api: Api, request: Request, owner: Owner, memory: dict[str, str]) -> None:
        self.api, self.owner, self.kept = api, owner, memory
        self.look = look(request, memory, api.http.clock())
        self.listed: set[str] = set()
        self.below: set[str] = set()
        self.mentioned = memory.get("mentioned", "").split()

    def batches(self) -> Iterator[Batch]:
        for batch in self._all():
            yield replace(batch, memory=dict(self.kept))
        checked = yield from self._by_id([one for one in self.look.known if one not in self.listed])
        self.kept["mentioned"] = " ".join(self.mentioned[:NOTED])  # only now: what was noted is read
        yield Batch(posts_since=self.look.reach if checked else None, reached=True, memory=self.look.done(self.kept))

    def _all(self) -> Iterator[Batch]:
        yield from self._threads(self._posts(), every=self.look.deep)
        if self.api.token:
            yield from self._threads(self._mentions(), every=self.look.deep)

    def _posts(self) -> Iterator[list[Json]]:
        """The account's own statuses since the look-back, newest first; what it writes below others comes with them."""
        path = f"accounts/{self.owner.account}/statuses"
        for found in self._list(path, {"limit": str(PAGE), "exclude_reblogs": "true", "exclude_replies": "true"}):
            young = [row for row in found if self._is_young(row)]
            yield [row for row in young if not row.get("in_reply_to_id") and not row.get("reblog")]
            if found and not self._is_young(found[-1]):
                return

    def _mentions(self) -> Iterator[list[Json]]:
        """What mentions the account since the look-back: posts of others, and threads that have a new reply."""
        for found in self._list("notifications", {"types[]": "mention", "limit": str(MENTIONS)}):
            told = [part(row, "status") for row in found if row.get("type") == "mention"]
            yield [
                root
                for one in statuses([row for row in told if row], self._place("notifications"))
                if self._is_young(one) and is_public(one)
                for root in self._roots(one)
            ]
            if found and not self._is_young(found[-1]):
                return

    def _list(self, path: str, params: Mapping[str, str]) -> Iterator[list[Json]]:
        """The pages of a list, newest first, down to its lowest row of an earlier visit: nothing can come below it.

        The last page of a list is empty and costs a call, which this saves.
        """
        name, lowest = f"foot_{path.rpartition('/')[2]}", ""
        foot = self.kept.get(name)
        for page in self.api.pages(path, params):
            found = statuses(page, self._place(path))
            yield found
            idents = [clean(row.get("id")) for row in found]
            if foot and foot in idents:
                return
            lowest = idents[-1] if idents else lowest
        self.kept[name] = lowest

    def _roots(self, row: Json) -> Iterator[Json]:
        """The post that a mention belongs to: itself, or the page's own above it where that was not read yet."""
        ident = self.owner.ident(row.get("id"))
        if not row.get("in_reply_to_id"):
            yield row
        elif ident not in self.below and ident not in self.mentioned:
            self.mentioned.insert(0, ident)
            above = self._context(clean(row.get("id")))
            first = next(iter(statuses(above.get("ancestors"), self._place("statuses"))), None) if above else None
            ours = first is not None and is_own(first, self.owner) and is_public(first)
            yield {**first, "again": True} if ours and first else {**row, "in_reply_to_id": None}

    def _threads(self, pages: Iterable[list[Json]], *, every: bool) -> Iterator[Batch]:
        """Posts as they are listed, and the threads of those that changed, or of all that have replies."""
        for page in pages:
            rows = [row for row in page if is_public(row)]
            posts = {self.owner.ident(row.get("id")): row for row in rows}
            new = {ident: row for ident, row in posts.items() if ident not in self.listed or row.get("again")}
            self.listed |= posts.keys()
            yield Batch(tuple(parse_post(row, self.owner) for row in new.values()))
            for ident, row in new.items():
                count, known = replies(row), self.look.known.get(ident)
                if count == 0 and not known:
                    yield Batch(counts={ident: 0}, whole=frozenset({ident}))
                elif every or row.get("again") or known != count:
                    yield from self._thread(ident, row, count)

    def _thread(self, ident: str, row: Json, count: int | None) -> Iterator[Batch]:
        """All public replies of a post; its number is kept with them, or they would never be read."""
        root = clean(row.get("id"))
        told = self._context(root)
        if told is None:
            yield Batch(refused=frozenset({ident}))
            return
        found = statuses(told.get("descendants"), self._place("statuses"))
        self.below |= {self.owner.ident(one.get("id")) for one in found}
        messages = tuple(parse_reply(one, root, self.owner) for one in found if is_public(one))
        all_there = bool(self.api.token) or len(found) < SHOWN
        counts = {} if count is None else {ident: count}
        yield Batch(messages, counts=counts, whole=frozenset({ident} if all_there else ()))

    def _context(self, local: str) -> Json | None:
        """What stands above and below a status; None where it is not to be seen any more."""
        try:
            found = self.api.get(f"statuses/{local}/context")
        except NotThereError:
            return None
        if not isinstance(found, dict):
            raise ShapeError(f"{self._place('statuses')} answered no context.", endpoint=self._place("statuses"))
        return found

    def _by_id(self, idents: list[str]) -> Generator[Batch, None, bool]:
        """Posts that no list held, asked for by their ids: what is left out was deleted. Returns whether all were."""
        mine = [local for one in idents if (local := self.owner.local(one))]
        for start in range(0, len(mine), BY_ID):
            query = "&".join(f"id[]={local}" for local in mine[start : start + BY_ID])
            try:
                found = statuses(self.api.get(f"statuses?{query}"), self._place("statuses"))
            except NotThereError:  # a server older than 4.3 cannot be asked so
                return False
            for batch in self._threads([found], every=False):
                yield replace(batch, memory=dict(self.kept))
        return len(mine) == len(idents)

    def _is_young(self, row: Json) -> bool:
        return self.look.is_young(moment(row.get("created_at")))

    def _place(self, path: str) -> str:
        return redact(f"{self.api.base}/api/v1/{path}")
