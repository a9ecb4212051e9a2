"""The demo's scenario: six weeks of history on thirty pages, then something new every few seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from random import Random

from collectors.sandbox.scenario import Author, Change, Entry, Place, Story, moment, story
from collectors.sandbox.web import COPENHAGEN
from collectors.sandbox.written import Line, Thread, fill, loose, municipality, threads
from data.types import Institution, Kind

DAY = 86400.0
HISTORY = 42 * DAY


def demo(seed: int, start: datetime) -> Story:
    """The made-up municipality as it is at `start` and what happens there in the hours after."""
    return Teller(seed, start).tell()


def institutions() -> tuple[Institution, ...]:
    return tuple(Institution(row["id"], row["name"], row["kind"]) for row in municipality()["institution"])


def places(seed: int) -> tuple[Place, ...]:
    """The pages; a Facebook page's id comes from the seed, a site is called by its own word."""
    return tuple(_place(row, seed) for row in municipality()["page"])


def _place(row: dict, seed: int) -> Place:
    ref = str(_number(seed, row["id"], 15)) if row["dialect"] == "facebook" else row["id"]
    quirks = frozenset(row.get("quirks", ()))
    return Place(row["id"], row["institution"], row["dialect"], row["name"], ref, row["goal_hours"], quirks)


def _number(seed: int, key: str, digits: int) -> int:
    """A number of so many digits that seed and key always give."""
    low = 10 ** (digits - 1)
    return low + int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest()[:8], "big") % (9 * low)


class Teller:
    """Writes the story down, from one seed."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.seed = seed
        self.start = start
        self.random = Random(seed)  # noqa: S311 - a demo that is the same every time is wanted
        self.institutions = institutions()
        self.places = places(seed)
        self.entries: list[Entry] = []
        self.changes: list[Change] = []
        self.numbers: dict[str, int] = {}

    def tell(self) -> Story:
        kinds = {one.id: one.kind for one in self.institutions}
        for thread in threads():
            homes = [place for place in self.places if kinds[place.institution_id] == thread.kind]
            self.thread(self.home(thread, homes), thread)
        return story(self.seed, self.start, self.institutions, self.places, self.entries, self.changes)

    def home(self, thread: Thread, homes: list[Place]) -> Place:
        """A page of the thread's kind; one that the post names goes first."""
        named = [place for place in homes if place.name in thread.post]
        return self.random.choice(named or homes)

    def thread(self, place: Place, thread: Thread) -> None:
        at = -self.random.uniform(3600.0, HISTORY)
        post = self.post(place, fill(thread.post, self.random), at, photo=thread.photo)
        if place.dialect in ("rss", "atom"):
            return
        for line in thread.comments:
            at += self.random.expovariate(1 / 5400)
            self.comment(post, line, at)

    def post(self, place: Place, text: str, at: float, *, photo: bool = False) -> Entry:
        number = self.count(place.id)
        ident = f"{place.ref}_{_number(self.seed, f'{place.id}/{number}', 15)}"
        title = text.partition("\n")[0].partition(". ")[0][:80]
        entry = Entry(
            ident, place.id, Kind.POST, ident, at, text, by_page=True, title=title, photo=photo, number=number
        )
        self.entries.append(entry)
        return entry

    def comment(self, post: Entry, line: Line, at: float, parent: Entry | None = None) -> Entry:
        number = self.count(post.place)
        stem = post.id.partition("_")[2]
        ident = f"{stem}_{_number(self.seed, f'{post.place}/{number}', 15)}"
        entry = Entry(
            ident,
            post.place,
            Kind.REPLY if parent else Kind.COMMENT,
            post.id,
            at,
            fill(line.text, self.random),
            parent=parent.id if parent else None,
            author=None if line.page else self.author(line.name),
            by_page=line.page,
            number=number,
        )
        self.entries.append(entry)
        for reply in line.replies:
            at += self.random.expovariate(1 / 5400)
            self.comment(post, reply, at, parent=parent or entry)
        return entry

    def author(self, name: str) -> Author:
        people = municipality()
        first = name or self.random.choice(people["first_names"])
        whole = first if " " in first else f"{first} {self.random.choice(people['last_names'])}"
        return Author(str(_number(self.seed, whole, 17)), whole, shown=self.random.random() > 0.15)

    def count(self, place: str) -> int:
        self.numbers[place] = self.numbers.get(place, 100) + 1
        return self.numbers[place]
