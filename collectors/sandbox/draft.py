"""Writing a scenario down: entries with their ids, writers and numbers, all from one seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from random import Random

from collectors.sandbox.dialects import dialect_of
from collectors.sandbox.numbers import number
from collectors.sandbox.scenario import Author, Change, Deed, Entry, Place, Story, moment_of, story
from collectors.sandbox.written import Line, fill, municipality
from data.times import COPENHAGEN
from data.types import Institution, Kind

HOUR = 3600.0
DAY = 86400.0
NIGHT = (7, 21)  # a page writes and most people comment between these hours


@dataclass(frozen=True, slots=True)
class Asked:
    """A citizen's question, and the answer that the page would give."""

    entry: Entry
    answer: str


class Draft:
    """The messages written so far; `random` is the only source of chance."""

    def __init__(
        self, seed: int, start: datetime, institutions: tuple[Institution, ...], places: tuple[Place, ...]
    ) -> None:
        self.seed = seed
        self.start = start
        self.random = Random(f"sandbox {seed}")  # noqa: S311 - a demo that is the same every time is wanted
        self.institutions = institutions
        self.places = places
        self.entries: list[Entry] = []
        self.changes: list[Change] = []
        self._numbers: dict[str, int] = {}
        self._places = {one.id: one for one in places}

    def done(self) -> Story:
        return story(self.seed, self.start, self.institutions, self.places, self.entries, self.changes)

    def post(self, place: str, text: str, at: float, *, photo: bool = False, visitor: bool = False) -> Entry:
        """A post of the page, or of a visitor on its wall."""
        count = self._count(place)
        home = self._places[place]
        ident = dialect_of(home).post_id(home.ref, number(self.seed, f"{place}/{count}", 15))
        words = fill(text, self.random)
        entry = Entry(
            id=ident,
            place=place,
            kind=Kind.POST,
            thread=ident,
            at=at,
            text=words,
            author=self.author() if visitor else None,
            by_page=not visitor,
            title=headline(words),
            photo=photo,
            number=count,
        )
        self.entries.append(entry)
        return entry

    def comment(self, above: Entry, line: Line, at: float) -> Entry:
        """A comment under a post, or a reply under a comment (then also under its post)."""
        count = self._count(above.place)
        reply = above.kind is not Kind.POST
        write = dialect_of(self._places[above.place]).comment_id
        called = above.author.name.split()[0] if above.author else ""
        entry = Entry(
            id=write(above.thread, number(self.seed, f"{above.place}/{count}", 15)),
            place=above.place,
            kind=Kind.REPLY if reply else Kind.COMMENT,
            thread=above.thread,
            at=at,
            text=fill(line.text, self.random, called),
            parent=(above.parent or above.id) if reply else None,
            author=None if line.page else self.author(line.name),
            by_page=line.page,
            number=count,
        )
        self.entries.append(entry)
        return entry

    def change(self, entry: Entry, deed: Deed, at: float, text: str = "") -> None:
        self.changes.append(Change(at, entry.id, deed, fill(text, self.random)))

    def author(self, name: str = "") -> Author:
        """A writer with this name or first name; one in seven is not shown by the platform."""
        people = municipality()
        first = name or self.random.choice(people["first_names"])
        whole = first if " " in name else f"{first} {self.random.choice(people['last_names'])}"
        return Author(str(number(self.seed, whole, 17)), whole, shown=self.random.random() > 1 / 7)

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def awake(self, at: float) -> float:
        """The same moment, or the next one in the waking hours of Denmark."""
        hour = moment_of(self.start, at).astimezone(COPENHAGEN).hour
        if NIGHT[0] <= hour < NIGHT[1]:
            return at
        return at + ((NIGHT[0] - hour) % 24) * HOUR

    def _count(self, place: str) -> int:
        self._numbers[place] = self._numbers.get(place, 100) + 1
        return self._numbers[place]


def headline(text: str) -> str:
    """The first sentence of a text, as a site would put it above it; a full stop after a number is no end."""
    first = text.partition("\n")[0]
    end = re.search(r"(?<!\d)[.!?](?=\s)", first)
    return first[: end.start() if end else len(first)][:90].strip()
