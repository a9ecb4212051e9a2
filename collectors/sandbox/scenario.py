"""What the sandbox knows: places, the messages on them, and what happens to each message over time.

Time is seconds from the scenario's start: what lies before it is history (negative), what comes after happens while
one looks. A scenario is fixed by its seed; `view` and `listed` are pure functions of it and of a moment `t`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from data.types import Institution, Kind

Deed = Literal["edit", "hide", "unhide", "delete"]


@dataclass(frozen=True, slots=True)
class Place:
    """An official page of the scenario; `ref` is what the platform calls it: an id, a name, a word in an address.

    `dialect` is one of the words that a dialect says it serves (dialects.py). `quirks` are words that the dialect's
    module knows: what real sites of this kind get wrong. `opening` is "always" where somebody is there day and night.
    """

    id: str
    institution_id: str
    dialect: str
    name: str
    ref: str
    goal_open_hours: int = 16
    quirks: frozenset[str] = frozenset()
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """A made-up writer; `shown` is False where the platform keeps the writer to itself."""

    id: str
    name: str
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, comment or reply as first written. `thread` is the id of its post; `number` counts within the place."""

    id: str
    place: str
    kind: Kind
    thread: str
    at: float
    text: str
    parent: str | None = None
    author: Author | None = None
    by_page: bool = False
    title: str = ""
    photo: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happens to a message after it was written; `text` is the new text of an edit."""

    at: float
    message: str
    deed: Deed
    text: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A message as it stands at one moment."""

    entry: Entry
    text: str
    hidden: bool = False
    edited_at: float | None = None


class Scenario(Protocol):
    """Where the sandbox looks things up. All sequences are ordered by time, oldest first."""

    @property
    def seed(self) -> int: ...
    @property
    def start(self) -> datetime: ...
    @property
    def institutions(self) -> Sequence[Institution]: ...
    @property
    def places(self) -> Sequence[Place]: ...
    def posts(self, place: str) -> Sequence[Entry]: ...
    def comments(self, post: str) -> Sequence[Entry]: ...
    def find(self, message: str) -> Entry | None: ...
    def changes(self, message: str) -> Sequence[Change]: ...


@dataclass(frozen=True)
class Story:
    """A scenario held in memory: every entry and every change, in the order of time."""

    seed: int
    start: datetime
    institutions: tuple[Institution, ...]
    places: tuple[Place, ...]
    by_place: Mapping[str, tuple[Entry, ...]]
    by_post: Mapping[str, tuple[Entry, ...]]
    by_id: Mapping[str, Entry]
    by_message: Mapping[str, tuple[Change, ...]]

    def posts(self, place: str) -> Sequence[Entry]:
        return self.by_place.get(place, ())

    def comments(self, post: str) -> Sequence[Entry]:
        return self.by_post.get(post, ())

    def find(self, message: str) -> Entry | None:
        return self.by_id.get(message)

    def changes(self, message: str) -> Sequence[Change]:
        return self.by_message.get(message, ())


def story(
    seed: int,
    start: datetime,
    institutions: Iterable[Institution],
    places: Iterable[Place],
    entries: Iterable[Entry],
    changes: Iterable[Change] = (),
) -> Story:
    """Index entries and changes; the order in which they are given does not matter."""
    by_place: dict[str, list[Entry]] = {}
    by_post: dict[str, list[Entry]] = {}
    by_message: dict[str, list[Change]] = {}
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.id))
    for entry in ordered:
        where = (
            by_place.setdefault(entry.place, []) if entry.kind is Kind.POST else by_post.setdefault(entry.thread, [])
        )
        where.append(entry)
    for change in sorted(changes, key=lambda change: change.at):
        by_message.setdefault(change.message, []).append(change)
    return Story(
        seed=seed,
        start=start,
        institutions=tuple(institutions),
        places=tuple(places),
        by_place={key: tuple(value) for key, value in by_place.items()},
        by_post={key: tuple(value) for key, value in by_post.items()},
        by_id={entry.id: entry for entry in ordered},
        by_message={key: tuple(value) for key, value in by_message.items()},
    )


def view(scenario: Scenario, entry: Entry, t: float) -> View | None:
    """How the message stands at `t`; None before it is written and once it is deleted, or its post or parent is."""
    if entry.at > t or _uprooted(scenario, entry, t):
        return None
    text, hidden, edited_at = entry.text, False, None
    for change in scenario.changes(entry.id):
        if change.at > t:
            break
        if change.deed == "delete":
            return None
        if change.deed == "edit":
            text, edited_at = change.text, change.at
        else:
            hidden = change.deed == "hide"
    return View(entry, text, hidden, edited_at)


def _uprooted(scenario: Scenario, entry: Entry, t: float) -> bool:
    roots = {entry.thread, entry.parent} - {entry.id, None}
    return any(
        change.deed == "delete" and change.at <= t for root in roots if root for change in scenario.changes(root)
    )


def written(entries: Sequence[Entry], t: float) -> Sequence[Entry]:
    """The entries written up to `t`, deleted ones among them; a slice, whatever the size."""
    return entries[: bisect_right(entries, t, key=lambda entry: entry.at)]


def listed(scenario: Scenario, entries: Sequence[Entry], t: float) -> list[View]:
    """The messages that stand at `t`, oldest first."""
    views = (view(scenario, entry, t) for entry in written(entries, t))
    return [one for one in views if one is not None]


def moved(scenario: Scenario, post: Entry, t: float) -> float:
    """When the post or anything under it last changed, seen from `t`."""
    comments = written(scenario.comments(post.id), t)
    edits = [change.at for change in scenario.changes(post.id) if change.at <= t]
    return max([post.at, *edits, *(entry.at for entry in comments[-1:])])


def moment(scenario: Scenario, at: float) -> datetime:
    """The time of day of a moment, in whole seconds as the platforms give it."""
    return moment_of(scenario.start, at)


def moment_of(start: datetime, at: float) -> datetime:
    return start + timedelta(seconds=int(at // 1))


def place(scenario: Scenario, ref: str) -> Place | None:
    """The place that a platform knows by this reference."""
    return next((one for one in scenario.places if one.ref == ref), None)
