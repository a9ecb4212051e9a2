"""A scenario of any size for measurements: pages × comments, made when they are asked for and kept no longer.

Ids are written as each dialect writes them, and the last number in one tells where the message stands, so that nothing
is looked up: a post's holds its page's and its own, a comment's also its place under the post. One comment in ten is a
reply to the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from random import Random

from collectors.sandbox.dialects import KINDS, dialect_of
from collectors.sandbox.draft import DAY, headline
from collectors.sandbox.scenario import Author, Change, Entry, Place
from collectors.sandbox.written import fill, lines, loose, municipality
from data.types import Institution, Kind

POST = 10**10  # eleven digits, as many as the shortest kind of id holds
COMMENT = 10**14
MOST_POSTS = 1000
MOST_BELOW = 100_000  # comments under one post
NUMBERS = re.compile(r"[0-9]+")
TEXTS = 4096
WRITERS = 5000


@dataclass(frozen=True)
class Load:
    """`pages` pages, each with `size` comments spread over `count` posts of the last `days` days.

    The pages take turns with `kinds`, the dialects that they speak.
    """

    pages: int = 30
    size: int = 2000
    count: int = 20
    days: float = 12.0
    seed: int = 7
    start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    kinds: tuple[str, ...] = ("facebook",)

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_POSTS:
            raise ValueError(f"A page of the load scenario has 1 to {MOST_POSTS} posts; {self.count} were asked for.")
        if self.size > self.count * MOST_BELOW:
            raise ValueError(f"A post of the load scenario has at most {MOST_BELOW} comments; ask for more posts.")
        if strange := set(self.kinds) - KINDS.keys() or not self.kinds:
            raise ValueError(f"The sandbox speaks {', '.join(KINDS)}; {strange} was asked for.")

    @property
    def institutions(self) -> Sequence[Institution]:
        return _institutions(self.pages)

    @property
    def places(self) -> Sequence[Place]:
        return _places(self.pages, self.kinds, self.seed)

    def posts(self, place: str) -> Sequence[Entry]:
        page = int(place.removeprefix("load-"))
        return [self.post(page, at) for at in range(self.count)]

    def comments(self, post: str) -> Sequence[Entry]:
        where = _where(post, POST)
        return _thread(self, *divmod(where, MOST_POSTS)) if where >= 0 else ()

    def find(self, message: str) -> Entry | None:
        if (place := _where(message, COMMENT)) >= 0:
            stem, number = divmod(place, MOST_BELOW)
            thread = self._thread_at(stem)
            return thread[number] if number < len(thread) and thread[number].id == message else None
        stem = _where(message, POST)
        page, at = divmod(stem, MOST_POSTS)
        if not (0 <= page < self.pages and at < self.count):
            return None
        post = self.post(page, at)
        return post if post.id == message else None

    def _thread_at(self, stem: int) -> Sequence[Entry]:
        page, at = divmod(stem, MOST_POSTS)
        return _thread(self, page, at) if 0 <= page < self.pages and at < self.count else ()

    def changes(self, message: str) -> Sequence[Change]:  # noqa: ARG002 - nothing happens to anything here
        return ()

    def post(self, page: int, at: int) -> Entry:
        place = self.places[page]
        ident = dialect_of(place).post_id(place.ref, POST + page * MOST_POSTS + at)
        text = _texts(self.seed)[(page * 31 + at * 7) % TEXTS]
        when = -DAY * self.days * (self.count - at) / self.count
        title = headline(text)
        return Entry(ident, f"load-{page}", Kind.POST, ident, when, text, by_page=True, title=title, number=at + 1)


@cache
def _institutions(pages: int) -> tuple[Institution, ...]:
    return tuple(Institution(f"load-{at}", f"Institution {at}", "kommune") for at in range(pages))


@cache
def _places(pages: int, kinds: tuple[str, ...], seed: int) -> tuple[Place, ...]:
    return tuple(_place(at, kinds[at % len(kinds)], seed) for at in range(pages))


def _place(at: int, kind: str, seed: int) -> Place:
    name = f"load-{at}"
    return Place(name, name, kind, f"Page {at}", KINDS[kind].ref(seed, name))


def _where(ident: str, first: int) -> int:
    """Where the last number of an id points to, counted from `first`; negative for an id that tells no such place."""
    digits = NUMBERS.findall(ident)
    size = len(str(first))
    return int(digits[-1][-size:]) - first if digits and len(digits[-1]) >= size else -1


@lru_cache(maxsize=256)
def _thread(load: Load, page: int, at: int) -> tuple[Entry, ...]:
    """All comments under one post, in order: half a minute apart, every tenth a reply to the one before."""
    post = load.post(page, at)
    each, over = divmod(load.size, load.count)
    stem = page * MOST_POSTS + at
    write = dialect_of(load.places[page]).comment_id
    names = [write(post.id, COMMENT + stem * MOST_BELOW + number) for number in range(each + (at < over))]
    gap = min(30.0, -post.at / (each + 2))
    return tuple(_comment(load, post, names, number, gap) for number in range(len(names)))


def _comment(load: Load, post: Entry, names: Sequence[str], number: int, gap: float) -> Entry:
    reply = number % 10 == 9  # noqa: PLR2004 - the last of every ten
    drawn = _where(post.id, POST) * 104_729 + number * 7_919
    return Entry(
        id=names[number],
        place=post.place,
        kind=Kind.REPLY if reply else Kind.COMMENT,
        thread=post.id,
        at=post.at + gap * (number + 1),
        text=_texts(load.seed)[drawn % TEXTS],
        parent=names[number - 1] if reply else None,
        author=_writers()[drawn % WRITERS],
        number=post.number * MOST_BELOW + number,
    )


@cache
def _texts(seed: int) -> tuple[str, ...]:
    """The texts that the comments take turns with, of the demo's kinds and in its proportions."""
    random = Random(f"load {seed}")  # noqa: S311 - a load that is the same every time is wanted
    chat = [text for table in lines().values() for text in table.chat]
    asks = [pair[0] for table in lines().values() for pair in table.asks]
    rest = [line.text for _, line in loose()]
    drawn = (random.choice(random.choices((chat, asks, rest), (5, 3, 2))[0]) for _ in range(TEXTS))
    return tuple(fill(text, random) for text in drawn)


@cache
def _writers() -> tuple[Author, ...]:
    people = municipality()
    firsts, lasts = people["first_names"], people["last_names"]
    return tuple(
        Author(str(10**16 + at), f"{firsts[at % len(firsts)]} {lasts[at // len(firsts) % len(lasts)]}", bool(at % 7))
        for at in range(WRITERS)
    )
