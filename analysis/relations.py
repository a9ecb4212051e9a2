"""Who stands beside what: private matters near a person, in the words that the model and the rules know them by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from analysis.base import Text
from analysis.described import descriptions
from analysis.forms import STOP
from analysis.lexicon import lexicon
from analysis.people import Seen, persons
from analysis.words import Reading, read

CATEGORIES = ("health", "social", "family", "economy", "crime", "behaviour", "belief", "sexuality", "death", "asylum")
_BIT = lexicon().bit
WEIGHTS = ("strong", "weak", "hint")
_TABLES = {weight: {_BIT[f"matters.{name}.{weight}"]: name for name in CATEGORIES} for weight in WEIGHTS}
_ANY = {weight: sum(table) for weight, table in _TABLES.items()}
MATTERS = sum(_ANY.values())
SELF, YOU, THIRD, GENERAL = (_BIT[f"people.{name}"] for name in ("self", "you", "third", "general"))
# Kinds of institution where "Mette Frederiksen" may be a resident, a pupil or a patient of that name
WITH_USERS = frozenset({"dagtilbud", "skole", "plejecenter", "sundhed", "familie", "jobcenter"})
NEAR = 14
_EARLIER = 4
_NAMED = frozenset(
    {"person_full", "person_given", "person_given_age", "person_official", "person_named", "person_first_start"}
)
_OUTSIDE = frozenset(
    {
        "person_thing", "person_tagged", "person_official", "person_known", "person_signed", "person_self",
        "person_author",
    }
)  # fmt: skip


class Matter(NamedTuple):
    """A private matter at tokens [at, end): its category, and how telling its words are (one of `WEIGHTS`)."""

    category: str
    weight: str
    at: int
    end: int


class Picture(NamedTuple):
    """What one text holds of people and their matters."""

    people: tuple[Seen, ...]
    matters: tuple[Matter, ...]
    cues: frozenset[str]


EMPTY = Picture((), (), frozenset())


class Places(NamedTuple):
    """Where in a text a look has found that somebody may be named or described; None where no look was taken."""

    naming: Sequence[int] | None = None
    describing: Sequence[int] | None = None


UNSEEN = Places()


def picture(
    reading: Reading, text: Text, places: Places = UNSEEN, named: Callable[[str], bool] | None = None
) -> Picture:
    """People, matters and the cues of who stands beside what; `named` tells whether another text names somebody."""
    debate = text.institution not in WITH_USERS
    people = (
        *persons(reading, places.naming, author=text.author, debate=debate),
        *descriptions(reading, places.describing),
    )
    matters = tuple(_matters(reading)) if reading.all & MATTERS else ()
    cues = set(_cues(reading, people, matters)) if people or matters else set()
    if reading.all & THIRD and not any(seen.type == "person" and seen.reason not in _OUTSIDE for seen in people):
        cues.update(around(reading.all, text, named or names_somebody))
    return Picture(people, matters, frozenset(cues)) if cues else EMPTY


def around(union: int, text: Text, named: Callable[[str], bool]) -> tuple[str, ...]:
    """Of whom "she" is said: a person named by the post or earlier in the thread, where the text itself names none."""
    weight = next((weight for weight, bits in _ANY.items() if union & bits), "none")
    for place, others in (("post", (text.context,)), ("thread", text.earlier[-_EARLIER:])):
        if any(other and named(other) for other in others):
            return f"around:{place}", f"around:{place}:{weight}"
    return ()


def others(text: Text) -> tuple[str, ...]:
    """The texts in which "she" may be named."""
    return text.context, *text.earlier[-_EARLIER:]


def names_somebody(other: str) -> bool:
    """Whether a text names a person."""
    return tells(read(other))


def tells(reading: Reading, places: Sequence[int] | None = None) -> bool:
    """The same of a text that is read already."""
    return any(seen.reason in _NAMED for seen in persons(reading, places))


def _matters(reading: Reading) -> Iterator[Matter]:
    for mark in reading.having(MATTERS):
        for category, weight in _of(mark.bits):
            yield Matter(category, weight, mark.at, mark.end)


@cache
def _of(bits: int) -> tuple[tuple[str, str], ...]:
    """The categories of these classes, each with how telling its words are."""
    return tuple(
        (category, weight) for weight, table in _TABLES.items() for bit, category in table.items() if bits & bit
    )


def _cues(reading: Reading, people: tuple[Seen, ...], matters: tuple[Matter, ...]) -> Iterator[str]:
    for seen in people:
        yield seen.reason
        if seen.type == "person" and seen.reason not in _OUTSIDE:
            yield "any_person"
        if seen.type == "identifying":
            yield "any_identifying"
    for matter in matters:
        weight = matter.weight
        yield f"{weight}:{matter.category}"
        yield f"any_{weight}"
        yield from _beside(reading, matter, weight)
        for seen in people:
            distance = _distance(reading, seen, matter)
            if distance <= NEAR:
                yield f"near:{seen.reason}:{weight}"
                if seen.reason not in _OUTSIDE:
                    yield f"near:{seen.type}:{weight}"
                    yield f"near:{seen.type}:{matter.category}"


def _distance(reading: Reading, seen: Seen, matter: Matter) -> int:
    """Words between, an end of a sentence counted as six."""
    first, last = (seen.end, matter.at) if seen.end <= matter.at else (matter.end, seen.at)
    gap = max(0, last - first)
    if gap > NEAR:
        return gap
    return gap + 5 * sum(bool(reading.bits[at] & STOP) for at in range(first, last))


def _beside(reading: Reading, matter: Matter, weight: str) -> Iterator[str]:
    window, first = 0, max(0, matter.at - 6)
    for at, here in enumerate(reading.bits[first : matter.end + 4], first):
        if here & STOP and at >= matter.at:
            break
        window = here if here & STOP else window | here
    for bit, name in ((SELF, "self"), (YOU, "you"), (THIRD, "third"), (GENERAL, "general")):
        if window & bit:
            yield f"beside:{name}:{weight}"
