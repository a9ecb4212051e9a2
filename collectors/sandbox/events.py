"""What Meta tells of pages while things happen on them: signed events to an address on loopback, as its webhooks send.

One event a happening on a Facebook or Instagram page, with the text and the writer in it as in a real one: whoever
receives it must keep neither. Instagram tells of comments alone. An event that nobody takes is not sent again.
Source: developers.facebook.com/docs/graph-api/webhooks/reference/page and …/reference/instagram.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final
from urllib.parse import urlsplit

from collectors.sandbox.scenario import Change, Entry, Place, Scenario, moment
from data.types import Kind

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
LOOK: Final = 0.1  # seconds between two looks at what has happened
PATIENCE: Final = 5.0
_VERBS: Final = {"edit": "edited", "hide": "hide", "unhide": "unhide", "delete": "remove"}
_DIRECT: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that Meta tells of, `at` seconds of the scenario, on the page that it calls `ref`."""

    at: float
    kind: str
    ref: str
    field: str
    value: dict[str, Any]

    def body(self, now: float) -> bytes:
        entry = {"id": self.ref, "time": int(now), "changes": [{"field": self.field, "value": self.value}]}
        return json.dumps({"object": self.kind, "entry": [entry]}).encode()


def happenings(scenario: Scenario, after: float = 0.0) -> list[Happening]:
    """What happens after a moment on the pages that Meta tells of, in the order of time."""
    tellers = {"facebook": _facebook, "instagram": _instagram}
    found = [
        one
        for place in scenario.places
        if place.dialect in tellers
        for post in scenario.posts(place.id)
        for entry in (post, *scenario.comments(post.id))
        for one in tellers[place.dialect](scenario, place, entry)
        if one.at > after
    ]
    return sorted(found, key=attrgetter("at"))


def signature(body: bytes, secret: str) -> str:
    """The header X-Hub-Signature-256."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


class Events:
    """Sends what happens, from a thread of its own, for as long as the process lives."""

    def __init__(
        self, scenario: Scenario, t: Callable[[], float], url: str, secret: str, now: Callable[[], float] = time.time
    ) -> None:
        """ValueError for an address that is not on this machine: the sandbox sends nothing to anybody else."""
        if urlsplit(url).hostname not in LOOPBACK:
            raise ValueError("The sandbox sends its events to this machine alone: give an address on 127.0.0.1.")
        self._waiting = happenings(scenario, t())
        self._t = t
        self._url = url
        self._secret = secret
        self._now = now

    def start(self) -> None:
        threading.Thread(target=self._run, name="events", daemon=True).start()

    def send_due(self) -> list[int]:
        """Send what has happened by now; the answers' statuses, 0 where nobody answered."""
        t = self._t()
        due = [one for one in self._waiting if one.at <= t]
        self._waiting = self._waiting[len(due) :]
        return [self._send(one.body(self._now())) for one in due]

    def _run(self) -> None:
        while self._waiting:
            self.send_due()
            time.sleep(LOOK)

    def _send(self, body: bytes) -> int:
        head = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body, self._secret)}
        try:
            asked = urllib.request.Request(self._url, body, head)  # noqa: S310 loopback, checked above
            with _DIRECT.open(asked, timeout=PATIENCE) as answer:
                return int(answer.status)
        except OSError as problem:
            return int(getattr(problem, "code", 0))


def _facebook(scenario: Scenario, place: Place, entry: Entry) -> Iterator[Happening]:
    post = entry.kind is Kind.POST
    value: dict[str, Any] = {"item": "status" if post else "comment", "post_id": entry.thread, "message": entry.text}
    value |= {} if post else {"comment_id": entry.id, "parent_id": entry.parent or entry.thread}
    value["from"] = _writer(place, entry)
    yield _told(scenario, place, entry.at, "page", "feed", {"verb": "add", **value})
    for change in scenario.changes(entry.id):
        yield _told(scenario, place, change.at, "page", "feed", {**value, **_changed(change)})


def _instagram(scenario: Scenario, place: Place, entry: Entry) -> Iterator[Happening]:
    if entry.kind is not Kind.POST:
        value = {"id": entry.id, "text": entry.text, "from": _writer(place, entry), "media": {"id": entry.thread}}
        yield _told(scenario, place, entry.at, "instagram", "comments", value)


def _told(scenario: Scenario, place: Place, at: float, kind: str, field: str, value: dict[str, Any]) -> Happening:
    if kind == "page":
        value = {**value, "created_time": int(moment(scenario, at).timestamp())}
    return Happening(at, kind, place.ref, field, value)


def _changed(change: Change) -> dict[str, str]:
    told = {"verb": _VERBS[change.deed]}
    return told | {"message": change.text} if change.deed == "edit" else told


def _writer(place: Place, entry: Entry) -> dict[str, str]:
    if entry.by_page or entry.author is None:
        return {"id": place.ref, "name": place.name}
    return {"id": entry.author.id, "name": entry.author.name}
