"""Replays: recorded shapes with made-up people, played to a real visit into a real database, and what it kept.

A suite `tests/test_replay_<platform>.py` has the functions that `tests/test_replays.py` names. It builds the platform's
answers with httpx and gives them to `Replay.visit` as a function of the request, or as a list that is played in order.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from analysis.engine import Engine
from analysis.masking import AuthorNames
from collectors.http import Http
from collectors.visit import VisitResult, visit
from data.errors import Who
from data.store import Store
from data.types import Institution, Outcome, Page
from tests.support import Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCHOOL = Institution("skolen", "Nørreå Skole", "school")
TOKEN = "SECRET-token-of-the-page"  # no log and no error may hold it

EMOJI = "Hurra 🎉👩‍👩‍👧‍👦🇩🇰 så er der åbent 👏🏽"
RTL = "مرحبا، متى تفتح المدرسة؟"
MIXED = "Ærø, Åse og Søren skrev שלום to gange: ÆØÅ æøå é ß Ĳ"
FOREIGN = (EMOJI, RTL, MIXED)
PEOPLE = ("Åse Kær", "Bo Lund", "Jørgen Dahl", "Mette Æbelø")

Reply = Callable[[httpx.Request], httpx.Response]
Script = Reply | Sequence[httpx.Response]


def made_up_page(platform: str, ref: str, **options: str) -> Page:
    """The school's page on a platform."""
    return Page("skolen-her", SCHOOL.id, platform, SCHOOL.name, "https://sider.example/skolen", ref, options=options)


def web_page(status: int = 200) -> httpx.Response:
    """What a proxy or a login wall sends where JSON was expected."""
    return httpx.Response(status, html="<!doctype html><title>Velkommen</title><p>Log ind</p>")


def cut_json(text: str = '{"data": [{"id": "1') -> httpx.Response:
    """A body that ends in the middle though the connection did not break."""
    return httpx.Response(200, content=text.encode(), headers={"content-type": "application/json"})


class Torn(httpx.BaseTransport):
    """Plays answers; the body of number `at` (from 0) breaks off half way, and so does every one after it."""

    def __init__(self, script: Script, at: int) -> None:
        self.play = Played(script)
        self.at = at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.play(request)
        if len(self.play.asked) <= self.at:
            return response
        body = response.read()
        return httpx.Response(response.status_code, headers=response.headers, stream=_Half(body))


class _Half(httpx.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self.body = body

    def __iter__(self) -> Any:
        yield self.body[: len(self.body) // 2]
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


class Played:
    """A script as a function of the request, which keeps what was asked; a list that runs out fails the test."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if callable(self.script):
            return self.script(request)
        if len(self.asked) > len(self.script):
            raise AssertionError(f"{request.method} {request.url.path} was asked for; the script had ended.")
        return self.script[len(self.asked) - 1]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds of one message; `versions` are the texts that an edit replaced, oldest first."""

    text: str
    kind: str
    thread: str
    parent: str | None
    visibility: str
    by_page: bool
    author: str
    created_at: str | None
    edited_at: str | None
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One change of what a reader of the platform sees of a message."""

    message: str
    was: str
    became: str


@dataclass
class Replay:
    """A page, a database for it and a clock that is moved by hand; `asked` and `waits` are of the newest visit."""

    folder: Path
    page: Page
    token: str | None = TOKEN
    engine: Engine = field(default_factory=lambda: Engine([]))
    author_names: AuthorNames = "initials"
    asked: list[httpx.Request] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Hand(START)
        self.path = self.folder / "sideblik.db"
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.open() as store:
            store.set_places([SCHOOL], [self.page])

    def open(self) -> Store:
        return Store.open(self.path, clock=self.clock)

    def visit(self, script: Script, **more: Any) -> VisitResult:
        """One visit to the page whose platform answers by the script."""
        played = Played(script)
        self.asked = played.asked
        return self.visit_through(httpx.MockTransport(played), **more)

    def torn(self, script: Script, at: int, **more: Any) -> VisitResult:
        """One visit on which the body of answer number `at` and of all after it breaks off."""
        torn = Torn(script, at)
        self.asked = torn.play.asked
        return self.visit_through(torn, **more)

    def visit_through(self, transport: httpx.BaseTransport, **more: Any) -> VisitResult:
        """One visit through any transport."""
        return self.visit_with(self.client(transport), **more)

    def client(self, transport: httpx.BaseTransport) -> Http:
        """A client whose pauses between retries move the clock instead of lasting."""
        self.waits = []
        return Http(transport=transport, clock=self.clock, sleep=self._pause, addresses=lambda _: ["203.0.113.7"])

    def visit_with(self, http: Http, **more: Any) -> VisitResult:
        """One visit with a client that may have made others before, and keeps their limits."""
        told = {"token": self.token, "engine": self.engine, "author_names": self.author_names} | more
        with self.open() as store:
            return visit(self.page, store=store, http=http, institution=SCHOOL, clock=self.clock, **told)

    def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.move(seconds)

    def later(self, hours: float = 1.0) -> Replay:
        """The same replay with its clock moved on."""
        self.clock.move(hours * 3600)
        return self

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        conn = sqlite3.connect(self.path)
        try:
            return conn.execute(sql, values).fetchall()
        finally:
            conn.close()

    def stored(self) -> dict[str, Kept]:
        """Every message that was ever kept, by the platform's id."""
        earlier: dict[int, list[str]] = {}
        for message, text in self.rows("SELECT message, text FROM versions ORDER BY message, version"):
            earlier.setdefault(message, []).append(text)
        rows = self.rows(
            "SELECT message_id, text, kind, thread_id, parent_id, visibility, by_page, author_name, created_at,"
            " edited_at, id FROM messages ORDER BY id"
        )
        found = {}
        for name, text, kind, thread, parent, visibility, own, author, created, edited, row in rows:
            versions = tuple(earlier.get(row, ()))
            found[name] = Kept(text, kind, thread, parent, visibility, bool(own), author, created, edited, versions)
        return found

    def texts(self) -> dict[str, str]:
        return {name: kept.text for name, kept in self.stored().items()}

    def sightings(self) -> list[Sighting]:
        """All changes of visibility, in the order in which they were seen."""
        sql = "SELECT m.message_id, s.was, s.became FROM sightings s JOIN messages m ON m.id = s.message ORDER BY s.id"
        return [Sighting(*row) for row in self.rows(sql)]

    def open_gaps(self) -> int:
        return len(self.rows("SELECT 1 FROM gaps WHERE ended_at IS NULL"))

    def memory(self) -> dict[str, str]:
        [(told,)] = self.rows("SELECT memory FROM pages WHERE id = ?", self.page.id)
        found: dict[str, str] = json.loads(told)
        return found

    def last_visit(self) -> tuple[str, str | None, str | None]:
        """Outcome, error and who must act, as the newest row tells them."""
        [row] = self.rows("SELECT outcome, error, who FROM visits ORDER BY id DESC LIMIT 1")
        return str(row[0]), row[1], row[2]

    def told(self) -> str:
        """Everything that the visits' rows say in words, to look for what must not be in it."""
        return repr(self.rows("SELECT error, detail, who FROM visits"))


def outcome(result: VisitResult) -> tuple[Outcome, str, Who | None]:
    """How a visit ended, the name of its error, and who must act; ("", None) where nothing was wrong."""
    error = result.error
    return result.outcome, type(error).__name__ if error else "", error.who if error else None
