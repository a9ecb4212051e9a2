"""A made-up Facebook page with long threads, a database to visit it into, and a look at what the database holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from analysis.engine import Engine
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.facebook import token_for
from collectors.sandbox.faults import Faults
from collectors.sandbox.scenario import Author, Change, Entry, Place, Story, story
from collectors.visit import VisitResult, visit
from data.store import Store
from data.types import Institution, Kind, Page
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
DAY = 86400.0
BASE = "http://127.0.0.1:8000"
SCHOOL = Institution("skolen", "Nørreå Skole", "school")
PLACE = Place("skole_fb", "skolen", "facebook", "Nørreå Skole", "104000000000001")
PAGE = Page(
    "skole_fb", "skolen", "facebook", "Nørreå Skole", "https://www.facebook.com/noerreaaskole", PLACE.ref,
    options={"base_url": f"{BASE}/facebook/v25.0"},
)  # fmt: skip
ENGINE = Engine()
LATER = frozenset({"visits", "gaps"})  # what tells of the visit itself


def school(*changes: Change, posts: int = 60, long: int = 250, more: Sequence[Entry] = ()) -> Story:
    """Sixty posts, so three API pages; one with more comments than come along, others with a few and an answer."""
    entries: list[Entry] = []
    for number in range(posts):
        at = -10 * DAY + number * 10_000
        post = f"{PLACE.ref}_{5000 + number}"
        visitor = number % 20 == 7
        text = f"Opslag {number} om skolens hverdag."
        author = Author("77", "Bo Lund") if visitor else None
        entries.append(Entry(post, PLACE.id, Kind.POST, post, at, text, author=author, by_page=not visitor))
        entries += _thread(number, post, at, long if number == 30 else number % 4)
    return story(7, START, [SCHOOL], [PLACE], [*entries, *more], changes)


def _thread(number: int, post: str, at: float, count: int) -> list[Entry]:
    made: list[Entry] = []
    for place in range(count):
        ident = f"{5000 + number}_{number * 1000 + place}"
        first = made[0].id if made and place % 5 == 3 else None
        kind = Kind.REPLY if first else Kind.COMMENT
        text = f"Hvornår åbner I igen, nummer {place}? Mit cpr er 311299-123{place % 10}."
        if first:
            text = "Hej, vi åbner på mandag."
        writer = None if first else Author(str(9000 + place), f"Åse Kær {place}", shown=place % 2 == 0)
        made.append(
            Entry(ident, PLACE.id, kind, post, at + 60 * place + 60, text, first, writer, by_page=first is not None)
        )
    return made


class Cutting(httpx.BaseTransport):
    """Answers `whole` times; then the line is dead, after half of one more body where `torn`."""

    def __init__(self, inner: httpx.BaseTransport, whole: int, *, torn: bool) -> None:
        self.inner = inner
        self.left = whole
        self.torn = torn

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.left > 0:
            self.left -= 1
            return self.inner.handle_request(request)
        if not self.torn:
            raise httpx.ConnectError("no route to host")
        self.torn = False
        body = self.inner.handle_request(request).read()
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=_Torn(body[: len(body) // 2]))


class _Torn(httpx.SyncByteStream):
    def __init__(self, part: bytes) -> None:
        self.part = part

    def __iter__(self) -> Any:
        yield self.part
        raise httpx.RemoteProtocolError("peer closed connection")


@dataclass
class Visiting:
    """A database in a folder, and visits to a page of a sandbox into it."""

    folder: Path
    scenario: Story
    page: Page = PAGE
    key: bytes = bytes(range(32))  # one key for all, so that databases can be compared

    def __post_init__(self) -> None:
        self.clock = Hand(START)
        self.faults = Faults()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "sideblik.db"
        is_new = not self.path.exists()
        self.app = AppTransport(build(self.scenario, self.clock, self.faults))
        with self.open() as store:
            store.set_places([SCHOOL], [self.page])
        if is_new:
            self.path.with_suffix(".key").write_bytes(self.key)

    def open(self) -> Store:
        return Store.open(self.path, clock=self.clock)

    def http(self, wrap: Callable[[httpx.BaseTransport], httpx.BaseTransport] = lambda inner: inner) -> Http:
        return Http(transport=wrap(self.app), clock=self.clock, sleep=lambda _: None)

    def visit(self, http: Http | None = None, **more: Any) -> VisitResult:
        options = {"token": token_for(self.scenario, PLACE), "engine": ENGINE} | more
        with self.open() as store:
            return visit(
                self.page, store=store, http=http or self.http(), institution=SCHOOL, clock=self.clock, **options
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        conn = sqlite3.connect(self.path)
        try:
            return conn.execute(sql).fetchall()
        finally:
            conn.close()

    def dump(self, leave: frozenset[str] = LATER) -> dict[str, list[tuple[Any, ...]]]:
        """Every table's rows but those of `leave`."""
        names = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [
            name for name in names if name not in leave and "_fts" not in name and not name.startswith(("sqlite_", "_"))
        ]
        return {name: sorted(self.rows(f'SELECT * FROM "{name}"'), key=repr) for name in kept}
