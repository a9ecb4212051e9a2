"""Bluesky's dialect: an account's feed, its threads with what it hid, and who mentions it, with a login or without.

Source: lexicons app.bsky.feed.*, app.bsky.notification.listNotifications, com.atproto.server.* (2026-08).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_fediverse import BLUESKY, bluesky_refusal
from collectors.sandbox.paging import cursor, window
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment

Json = dict[str, Any]
TOGETHER = 25
THREAD = "app.bsky.feed.defs#threadViewPost"


@cache
def token_of(seed: int, ref: str) -> str:
    """The app password that the sandbox accepts for the account."""
    return f"bsky-{hashlib.sha256(f'{seed}:{ref}'.encode()).hexdigest()[:16]}"


def asked(scenario: Scenario, ask: Ask) -> Place | None:
    """The account whose word the address begins with."""
    word = ask.path.strip("/").partition("/")[0]
    return next((one for one in scenario.places if one.dialect == "bluesky" and one.ref.endswith(f":{word}")), None)


def bluesky(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call; `ask.path` is the account's word, `xrpc` and the method."""
    target, method = asked(scenario, ask), ask.path.rpartition("/")[2]
    if target is None:
        return bluesky_refusal(400, "InvalidRequest", "Profile not found")
    password = token_of(scenario.seed, target.ref)
    if method.startswith("com.atproto.server."):
        fresh = method.endswith("createSession") and password.encode() in ask.body
        if not fresh and ask.token != f"refresh-{password}":
            return bluesky_refusal(401, "AuthenticationRequired")
        return as_json({"did": target.ref, "accessJwt": f"access-{password}", "refreshJwt": f"refresh-{password}"})
    if ask.token and ask.token != f"access-{password}":
        return bluesky_refusal(400, "ExpiredToken")
    return Account(scenario, target, ask).get(method)


class Account:
    """One account at a moment."""

    def __init__(self, scenario: Scenario, target: Place, ask: Ask) -> None:
        self.scenario, self.target, self.ask = scenario, target, ask
        self.counted: dict[str, Counter[str]] = {}

    def get(self, method: str) -> Answer:
        posts = self.scenario.posts(self.target.id)
        match method:
            case "app.bsky.feed.getAuthorFeed":
                own = [one for one in posts if one.by_page]
                return self._page("feed", own, lambda one: {"post": self._post(one)})
            case "app.bsky.notification.listNotifications" if self.ask.token:
                return self._page("notifications", [one for one in posts if not one.by_page], self._notification)
            case "app.bsky.feed.getPosts":
                wanted = self.ask.params.get("uris", "").split(",")[:TOGETHER]
                found = [one for uri in wanted if (one := self.scenario.find(uri))]
                return as_json({"posts": [self._post(one) for one in listed(self.scenario, found, self.ask.t)]})
            case "app.bsky.feed.getPostThread":
                return self._thread()
        return bluesky_refusal(501, "MethodNotImplemented")

    def _page(self, name: str, entries: Sequence[Entry], show: Callable[[View], Json]) -> Answer:
        told = self.ask.params.get("limit", "50")
        size = min(int(told) if told.isdigit() else 50, 100)
        written = [one for one in entries if one.at <= self.ask.t][::-1]
        place = window(written, {"after": self.ask.params.get("cursor", "")}, size, newest_first=True)
        if place is None:
            return bluesky_refusal(400, "InvalidRequest", "Malformed cursor")
        chosen = written[place[0] : place[1]]
        views = [view for one in chosen for view in listed(self.scenario, [one], self.ask.t)]
        more = {"cursor": cursor(chosen[-1])} if place[1] < len(written) else {}
        return as_json({name: [show(one) for one in views], **more})

    def _thread(self) -> Answer:
        found = self.scenario.find(self.ask.params.get("uri", ""))
        views = listed(self.scenario, [found], self.ask.t) if found else []
        if not views:
            return bluesky_refusal(400, "NotFound", "Post not found")
        below = listed(self.scenario, self.scenario.comments(views[0].entry.thread), self.ask.t)
        children: dict[str, list[View]] = {}
        for one in below:
            children.setdefault(one.entry.parent or one.entry.thread, []).append(one)
        hidden = [one.entry.id for one in below if one.hidden]
        gate = {"threadgate": {"record": {"hiddenReplies": hidden}}} if hidden else {}
        return as_json({"thread": self._node(views[0], children), **gate})

    def _node(self, one: View, children: Mapping[str, list[View]]) -> Json:
        rows = [self._node(child, children) for child in children.get(one.entry.id, [])]
        return {"$type": THREAD, "post": self._post(one), "replies": rows}

    def _notification(self, one: View) -> Json:
        return {**self._post(one), "reason": "mention", "isRead": False}

    def _post(self, one: View) -> Json:
        entry, at = one.entry, moment(self.scenario, one.entry.at).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        record: Json = {"$type": "app.bsky.feed.post", "createdAt": at, "langs": ["da"], "text": one.text}
        if entry.photo:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": "", "image": {"$type": "blob"}}]}
        if entry.id != entry.thread:
            record["reply"] = {"root": {"uri": entry.thread}, "parent": {"uri": entry.parent or entry.thread}}
        return {"uri": entry.id, "cid": "bafy", "author": self._author(entry), "record": record,
                "replyCount": self._direct(entry), "indexedAt": at, "labels": []}  # fmt: skip

    def _direct(self, entry: Entry) -> int:
        """How many answer a post directly; a thread is counted once a question."""
        if entry.thread not in self.counted:
            below = listed(self.scenario, self.scenario.comments(entry.thread), self.ask.t)
            self.counted[entry.thread] = Counter(row.entry.parent or row.entry.thread for row in below)
        return self.counted[entry.thread][entry.id]

    def _author(self, entry: Entry) -> Json:
        if entry.by_page or entry.author is None:
            return {"did": self.target.ref, "handle": "noerreaa.example", "displayName": self.target.name}
        return {"did": f"did:plc:borger{entry.author.id}", "handle": "handle.invalid", "displayName": entry.author.name}


def _address(base_url: str, one: Place) -> Address:
    return one.ref, {"base_url": f"{base_url}/bluesky/{one.ref.rpartition(':')[2]}"}


DIALECT = Dialect(
    mount="bluesky",
    platform="bluesky",
    kinds=("bluesky",),
    answer=bluesky,
    asked=asked,
    address=_address,
    token=token_of,
    instead=BLUESKY,
    wall=True,
    edits=False,
    hides=True,
    ref=lambda seed, page: f"did:plc:{hashlib.sha256(f'{seed}:{page}'.encode()).hexdigest()[:24]}",
    post_id=lambda ref, drawn: f"at://{ref}/app.bsky.feed.post/{drawn}",
    comment_id=lambda thread, drawn: f"{thread}c{drawn}",
)
