"""A made-up page of any dialect behind a real server on loopback, visited into a database, and the two compared."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from analysis.engine import Engine
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.dialects import KINDS
from collectors.sandbox.faults import Faults
from collectors.sandbox.scenario import Author, Change, Entry, Place, Story, listed, story
from collectors.visit import VisitResult, visit
from data.store import Store
from data.types import Institution, Kind, Page
from tests.support import Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCHOOL = Institution("skolen", "Nørreå Skole", "skole")
HOUR = 3600.0


def made_up(dialect: str, *changes: Change, posts: int = 12, long: int = 230, back: float = 240.0) -> Story:
    """A page with its posts over `back` hours; one with `long` comments, one of which has twelve replies."""
    spoken = KINDS[dialect]
    place = Place("siden", SCHOOL.id, dialect, "Nørreå Skole", spoken.ref(7, "siden"))
    entries: list[Entry] = []
    for number in range(posts):
        post, at = spoken.post_id(place.ref, 50_000_000_000 + number), -back * HOUR + number * back / posts * HOUR
        entries.append(Entry(post, place.id, Kind.POST, post, at, f"Opslag {number} om hverdagen.", by_page=True,
                             title=f"Opslag {number}", number=number))  # fmt: skip
        count = long if number == 3 else number % 4
        entries += _thread(dialect, place, post, at, count, 1000 * number)
    return story(7, START, [SCHOOL], [place], entries, changes)


def _thread(dialect: str, place: Place, post: str, at: float, count: int, first: int) -> Iterator[Entry]:
    names = [KINDS[dialect].comment_id(post, 60_000_000 + first + number) for number in range(count)]
    for number, name in enumerate(names):
        reply = number in range(2, 14)
        own = number == 5
        writer = None if own else Author(str(7000 + number), f"Åse Kær {number}", shown=number % 7 > 0)
        yield Entry(
            name,
            place.id,
            Kind.REPLY if reply else Kind.COMMENT,
            post,
            at + 60.0 * (number + 1),
            f"Hvornår åbner I, nummer {number}? 🎉",
            names[1] if reply else None,
            writer,
            by_page=own,
        )


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of a real server for as long as it is needed."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@dataclass
class Served:
    """A story's one page behind a server, a database for it, and a clock that both live by."""

    folder: Path
    scenario: Story
    address: str
    clock: Hand
    faults: Faults
    options: dict[str, str] = field(default_factory=dict)
    calls: int = 0

    def __post_init__(self) -> None:
        self.place = self.scenario.places[0]
        spoken = KINDS[self.place.dialect]
        ref, told = spoken.address(self.address, self.place)
        given = {name: str(value) for name, value in told.items()} | self.options
        self.page = Page(self.place.id, SCHOOL.id, spoken.platform, SCHOOL.name, "", ref, options=given)
        self.token = spoken.token(self.scenario.seed, self.place.ref) if spoken.token else None
        with self.open() as store:
            store.set_places([SCHOOL], [self.page])

    def open(self) -> Store:
        return Store.open(self.folder / "sideblik.db", clock=self.clock)

    def visit(self, **more: Any) -> VisitResult:
        http = Http(clock=self.clock, sleep=self.clock.move)
        told = {"token": self.token, "engine": Engine([])} | more
        try:
            with self.open() as store:
                return visit(self.page, store=store, http=http, institution=SCHOOL, clock=self.clock, **told)
        finally:
            self.calls = http.calls
            http.close()

    def stored(self) -> dict[str, tuple[str, str, str, str | None]]:
        """Text, visibility, thread and parent of everything that is kept and not gone."""
        with self.open() as store:
            rows = [
                one for post in self.scenario.posts(self.place.id) for one in store.thread(self.page.platform, post.id)
            ]
        return {
            one.message_id: (one.text, one.visibility.value, one.thread_id, one.parent_id)
            for one in rows
            if one.visibility.value != "gone"
        }

    def shown(self) -> dict[str, tuple[str, str, str, str | None]]:
        """The same of everything that stands in the scenario at this moment."""
        t = (self.clock() - self.scenario.start).total_seconds()
        found = {}
        for post in self.scenario.posts(self.place.id):
            for one in listed(self.scenario, [post, *self.scenario.comments(post.id)], t):
                entry, seen = one.entry, "hidden" if one.hidden else "visible"
                above = entry.parent or (entry.thread if entry.kind is not Kind.POST else None)
                found[entry.id] = (one.text, seen, entry.thread, above)
        return found


@contextmanager
def served(folder: Path, scenario: Story, **options: str) -> Iterator[Served]:
    clock, faults = Hand(START), Faults()
    with serving(build(scenario, clock, faults)) as address:
        yield Served(folder, scenario, address, clock, faults, options)


def ids_of(scenario: Story, wanted: Callable[[Entry], bool]) -> list[str]:
    """The ids of the comments that are meant."""
    place = scenario.places[0].id
    return [one.id for post in scenario.posts(place) for one in scenario.comments(post.id) if wanted(one)]
