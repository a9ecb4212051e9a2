"""Mastodon's dialect: a server with one account, its statuses, the threads below them and what mentions it.

Without a token sixty replies of a thread are shown and no mentions. Source: Mastodon API, recorded against 4.6.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_fediverse import MASTODON, mastodon_refusal
from collectors.sandbox.numbers import number
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment

Json = dict[str, Any]
SHOWN = 60
LIMITS = {"statuses": (20, 40), "notifications": (40, 80)}  # by default, and at most
BY_ID = 20


@cache
def token_of(seed: int, ref: str) -> str:
    """The token that the sandbox accepts from the account's owner."""
    return f"masto{hashlib.sha256(f'{seed}:{ref}'.encode()).hexdigest()[:38]}"


def asked(scenario: Scenario, ask: Ask) -> Place | None:
    """The account whose server is asked: the first word of the address."""
    word = ask.path.strip("/").partition("/")[0]
    mine = (one for one in scenario.places if one.dialect == "mastodon")
    return next((one for one in mine if name_of(one.ref) == word), None)


def name_of(ref: str) -> str:
    return ref.removeprefix("@").partition("@")[0]


def mastodon(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call; `ask.path` begins with the server's word."""
    target = asked(scenario, ask)
    word, _, path = ask.path.strip("/").partition("/")
    if target is None or not path.startswith("api/v1/"):
        return Answer(404, b"<!doctype html><title>404</title>", {"content-type": "text/html; charset=utf-8"})
    if ask.token and ask.token != token_of(scenario.seed, target.ref):
        return mastodon_refusal(401, "The access token is invalid")
    return Server(scenario, target, ask, f"{ask.base}/{word}/{path}").get(path.removeprefix("api/v1/").split("/"))


class Server:
    """One server at a moment."""

    def __init__(self, scenario: Scenario, target: Place, ask: Ask, here: str) -> None:
        self.scenario, self.target, self.ask, self.here = scenario, target, ask, here
        self.counted: dict[str, Counter[str]] = {}
        self.server = target.ref.rpartition("@")[2]
        self.account = str(number(scenario.seed, target.ref, 18))

    def get(self, path: list[str]) -> Answer:
        match path:
            case ["accounts", "lookup"] if self.ask.params.get("acct") == name_of(self.target.ref):
                return as_json(self._writer(None))
            case ["accounts", account, "statuses"] if account == self.account:
                own = [one for one in self._posts() if one.entry.by_page]
                return self._page("statuses", own, [self._status(one) for one in own])
            case ["notifications"]:
                return self._notifications()
            case ["statuses"]:
                wanted = self.ask.params.get("id[]", "").split(",")[:BY_ID]
                return as_json([self._status(one) for one in self._posts() if self._local(one.entry.id) in wanted])
            case ["statuses", local, "context"]:
                return self._context(f"{self.server}:{local}")
        return mastodon_refusal(404, "Record not found")

    def _posts(self) -> list[View]:
        """All that begins a thread, newest first."""
        return listed(self.scenario, self.scenario.posts(self.target.id), self.ask.t)[::-1]

    def _notifications(self) -> Answer:
        if not self.ask.token:
            return mastodon_refusal(401, "The access token is invalid")
        told = [one for one in self._posts() if not one.entry.by_page]
        rows = [{"id": self._local(one.entry.id), "type": "mention", "status": self._status(one)} for one in told]
        return self._page("notifications", told, rows)

    def _context(self, ident: str) -> Answer:
        entry = self.scenario.find(ident)
        if entry is None or not listed(self.scenario, [entry], self.ask.t):
            return mastodon_refusal(404, "Record not found")
        below = [self._status(one) for one in self._below(entry)]
        return as_json({"ancestors": [], "descendants": below if self.ask.token else below[:SHOWN]})

    def _below(self, post: Entry) -> list[View]:
        found = listed(self.scenario, self.scenario.comments(post.thread), self.ask.t)
        hidden = {one.entry.id for one in found if one.hidden}
        return [one for one in found if not {one.entry.id, one.entry.parent} & hidden]

    def _page(self, kind: str, views: Sequence[View], rows: list[Json]) -> Answer:
        usual, most = LIMITS[kind]
        told = self.ask.params.get("limit", "")
        size = min(int(told) if told.isdigit() else usual, most)
        ids = [self._local(one.entry.id) for one in views]
        highest = self.ask.params.get("max_id")
        start = ids.index(highest) + 1 if highest in ids else 0
        shown = rows[start : start + size]
        if not shown:
            return as_json([])
        link = f'<{self.here}?limit={size}&max_id={shown[-1]["id"]}>; rel="next"'
        return as_json(shown, headers={"link": link})

    def _status(self, one: View) -> Json:
        entry = one.entry
        replied = None if entry.id == entry.thread else self._local(entry.parent or entry.thread)
        edited = None if one.edited_at is None else self._time(one.edited_at)
        return {
            "id": self._local(entry.id),
            "created_at": self._time(entry.at),
            "in_reply_to_id": replied,
            "spoiler_text": "",
            "visibility": "public",
            "url": f"{self.ask.seen}/{self.target.ref}" if self.ask.seen else f"https://{self.server}/{entry.number}",
            "replies_count": self._direct(entry),
            "edited_at": edited,
            "content": f"<p>{escape(one.text)}</p>".replace("\n", "<br />"),
            "reblog": None,
            "media_attachments": self._media(entry),
            "account": self._writer(entry),
        }

    def _media(self, entry: Entry) -> list[Json]:
        """The one picture of a status that has one; nobody described it, as is usual."""
        address = f"https://{self.server}/media/{entry.number}.jpg"
        return [{"id": "1", "type": "image", "url": address, "description": None}] if entry.photo else []

    def _direct(self, entry: Entry) -> int:
        """How many answer a status directly; a thread is counted once a question."""
        if entry.thread not in self.counted:
            below = self._below(entry)
            self.counted[entry.thread] = Counter(row.entry.parent or row.entry.thread for row in below)
        return self.counted[entry.thread][entry.id]

    def _writer(self, entry: Entry | None) -> Json:
        if entry is None or entry.by_page or entry.author is None:
            name = name_of(self.target.ref)
            return {"id": self.account, "acct": name, "username": name, "display_name": self.target.name}
        acct = f"borger{entry.author.id}@andre.example"
        return {"id": f"9{entry.author.id}", "acct": acct, "display_name": entry.author.name}

    def _time(self, at: float) -> str:
        return moment(self.scenario, at).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _local(self, ident: str) -> str:
        return ident.rpartition(":")[2]


def _address(base_url: str, one: Place) -> Address:
    options: Mapping[str, object] = {"base_url": f"{base_url}/mastodon/{name_of(one.ref)}"}
    return one.ref, options


DIALECT = Dialect(
    mount="mastodon",
    platform="mastodon",
    kinds=("mastodon",),
    answer=mastodon,
    asked=asked,
    address=_address,
    token=token_of,
    instead=MASTODON,
    wall=True,
    ref=lambda _seed, page: f"@{page}@{page}.social.example",
    post_id=lambda ref, drawn: f"{ref.rpartition('@')[2]}:1{drawn}",
    comment_id=lambda thread, drawn: f"{thread.rpartition(':')[0]}:2{drawn}",
)
