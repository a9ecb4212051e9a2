"""A scenario of any size for measurements: pages × comments, made when they are asked for and kept no longer.

Ids tell where a message stands, so that nothing is looked up: a post's number holds its page's and its own, a
comment's its place under the post. One comment in ten is a reply to the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from random import Random

from collectors.sandbox.draft import DAY, headline
from collectors.sandbox.scenario import Author, Change, Entry, Place
from collectors.sandbox.written import fill, lines, loose, municipality
from data.types import Institution, Kind

PAGE = 700_000_000_000_000
POST = 800_000_000_000_000
COMMENT = 900_000_000_000_000
MOST_POSTS = 1000
TEXTS = 4096
WRITERS = 5000


@dataclass(frozen=True)
class Load:
    """`pages` Facebook pages, each with `size` comments spread over `count` posts of the last `days` days."""

    pages: int = 30
    size: int = 2000
    count: int = 20
    days: float = 12.0
    seed: int = 7
    start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_POSTS:
            raise ValueError(f"A page of the load scenario has 1 to {MOST_POSTS} posts; {self.count} were asked for.")

    @property
    def institutions(self) -> Sequence[Institution]:
        return _institutions(self.pages)

    @property
    def places(self) -> Sequence[Place]:
        return _places(self.pages)

    def posts(self, place: str) -> Sequence[Entry]:
        page = int(place.removeprefix("load-"))
        return [self.post(page, at) for at in range(self.count)]

    def comments(self, post: str) -> Sequence[Entry]:
        page, at = divmod(int(post.partition("_")[2]) - POST, MOST_POSTS)
        return _thread(self, page, at)

    def find(self, message: str) -> Entry | None:
        first, _, last = message.partition("_")
        if not (first.isdigit() and last.isdigit()):
            return None
        stem = int(first) if int(last) >= COMMENT else int(last)
        page, at = divmod(stem - POST, MOST_POSTS)
        if not (0 <= page < self.pages and at < self.count):
            return None
        post = self.post(page, at)
        if int(last) < COMMENT:
            return post if post.id == message else None
        thread = _thread(self, page, at)
        return thread[int(last) - COMMENT] if int(last) - COMMENT < len(thread) else None

    def changes(self, message: str) -> Sequence[Change]:  # noqa: ARG002 - nothing happens to anything here
        return ()

    def post(self, page: int, at: int) -> Entry:
        ident = f"{PAGE + page}_{POST + page * MOST_POSTS + at}"
        text = _texts(self.seed)[(page * 31 + at * 7) % TEXTS]
        when = -DAY * self.days * (self.count - at) / self.count
        title = headline(text)
        return Entry(ident, f"load-{page}", Kind.POST, ident, when, text, by_page=True, title=title, number=at)


@cache
def _institutions(pages: int) -> tuple[Institution, ...]:
    return tuple(Institution(f"load-{at}", f"Institution {at}", "kommune") for at in range(pages))


@cache
def _places(pages: int) -> tuple[Place, ...]:
    return tuple(Place(f"load-{at}", f"load-{at}", "facebook", f"Page {at}", str(PAGE + at)) for at in range(pages))


@lru_cache(maxsize=256)
def _thread(load: Load, page: int, at: int) -> tuple[Entry, ...]:
    """All comments under one post, in order: half a minute apart, every tenth a reply to the one before."""
    post = load.post(page, at)
    each, over = divmod(load.size, load.count)
    stem = POST + page * MOST_POSTS + at
    gap = min(30.0, -post.at / (each + 2))
    return tuple(_comment(load, post, stem, number, gap) for number in range(each + (at < over)))


def _comment(load: Load, post: Entry, stem: int, number: int, gap: float) -> Entry:
    reply = number % 10 == 9  # noqa: PLR2004 - the last of every ten
    drawn = stem * 104_729 + number * 7_919
    return Entry(
        id=f"{stem}_{COMMENT + number}",
        place=post.place,
        kind=Kind.REPLY if reply else Kind.COMMENT,
        thread=post.id,
        at=post.at + gap * (number + 1),
        text=_texts(load.seed)[drawn % TEXTS],
        parent=f"{stem}_{COMMENT + number - 1}" if reply else None,
        author=_writers()[drawn % WRITERS],
        number=number,
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
