"""Who a text speaks of: names and how they are meant, initials, relatives, and descriptions that single somebody out.

A name is told apart by its company: greeted, tagged, signed, in an office, part of a street or a title; what is left is
a third person. Reasons are the codes of the findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from analysis.forms import CAPITAL, DOUBTFUL, FAMILY, GIVEN, INITIALS, LEADS, LOWER_NAME, NAMES, NUMBER, STOP
from analysis.lexicon import lexicon
from analysis.near import among, words
from analysis.words import Reading

_BEGINS = LEADS | INITIALS

_BIT = lexicon().bit
KIN, OWN, OFFICIAL, NOT_NAME, THING = (
    _BIT[f"people.{name}"] for name in ("kin", "own", "official", "not_names", "thing")
)

_told = partial(among, "names")
_GREETING, _GREETING_TO, _TO = _told("greeting"), _told("greeting_to"), _told("to")
_SPOKEN_TO, _SPOKEN_TO_FIRST = _told("spoken_to"), _told("spoken_to_first") | {","}
_SIGNED, _REACHED = _told("signed"), _told("reached")
_INTRODUCES, _IS, _AGED, _OWN_NAME = _told("introduces"), _told("is"), _told("aged"), _told("own")
_PLACE_AFTER = _told("place_after")
_PLACE_AFTER_ENDINGS, _PLACE_ENDINGS = tuple(_told("place_after_ending")), tuple(_told("place_ending"))
_BEFORE_SURNAME, _BEFORE_SURNAME_SHORT = _told("before_surname"), _told("before_surname_short")
_WITH_OFFICE, _OF_OFFICE = _told("with_office"), _told("of_office")
_NOT_INITIALS = _told("not_initials")
_KNOWN, _KNOWN_ALONE = (frozenset(words("people", group, file="known")) for group in ("full", "alone"))


_THIRD = frozenset({"person_full", "person_given", "person_first_start", "person_lower_full", "person_named"})


class Seen(NamedTuple):
    """Somebody at tokens [at, end) of a text, and how they are spoken of."""

    type: str  # person or identifying
    reason: str
    at: int
    end: int


def persons(
    reading: Reading, places: Iterable[int] | None = None, *, author: str = "", debate: bool = False
) -> list[Seen]:
    """Names and initials, in order; `places` are the tokens to look at where a look has found them before.

    `debate`: the page has no users of its own, so that a name from the newspapers means whom all think of.
    """
    found: list[Seen] = []
    bits, past = reading.bits, 0
    for at in [at for at, here in enumerate(bits) if here & _BEGINS] if places is None else places:
        if at < past:
            continue
        end = _name_end(reading, at) if bits[at] & LEADS else at
        if end > at:
            past = end
            reason = _how(reading, at, end, author)
            if debate and reason in _THIRD and _is_known(reading, at, end):
                reason = "person_known"
            if reason:
                found.append(Seen("person", reason, at, end))
        elif bits[at] & INITIALS and _is_initials(reading, at):
            found.append(Seen("person", "person_initials", at, at + 1))
    return found


def _name_end(reading: Reading, at: int) -> int:
    """Where the name that begins here ends; `at` where none does."""
    bits, end = reading.bits, at + 1
    here = bits[at]
    if here & LOWER_NAME:
        while end < len(bits) and bits[end] & (LOWER_NAME | FAMILY) and not bits[end] & NOT_NAME:
            end += 1
        return end
    if not here & CAPITAL:
        return at
    while end < len(bits) and bits[end] & CAPITAL and not bits[end] & NOT_NAME and _may_go_on(reading, end):
        end += 1
    if not here & (GIVEN | DOUBTFUL):
        return end if _surname_alone(reading, at) else at
    return end


def _may_go_on(reading: Reading, at: int) -> bool:
    token = reading.words[at].token
    return (
        bool(reading.bits[at] & NAMES)
        or (len(token) == 1 and token.isupper())
        or (
            len(token) > 2
            and not token.isupper()
            and not reading.words[at].lower.endswith(_PLACE_ENDINGS)
            and reading.words[at].lower not in _PLACE_AFTER
        )
    )


def _surname_alone(reading: Reading, at: int) -> bool:
    """A family name by itself is somebody only after hr., fru or familien."""
    return (at > 0 and reading.words[at - 1].lower in _BEFORE_SURNAME) or (
        at > 1 and reading.words[at - 1].lower == "." and reading.words[at - 2].lower in _BEFORE_SURNAME_SHORT
    )


def _starts_sentence(reading: Reading, at: int) -> bool:
    if at == 0:
        return True
    before = reading.words[at - 1].token
    return (
        bool(reading.bits[at - 1] & STOP)
        or before in {":", "#"}
        or not (before[0].isalnum() or before in {",", "@", ";"})
    )


def _how(reading: Reading, at: int, end: int, author: str) -> str:
    """The reason code of a name, "" where it names no person."""
    before = reading.words[at - 1].lower if at else ""
    if _is_place(reading, at, end) or before == "#" or _is_doubtful(reading, at, end):
        return ""
    if before == "@":
        return "person_tagged"
    if author and reading.words[at].lower == author.casefold().split(maxsplit=1)[0]:
        return "person_author"
    if _is_signed(reading, at, end):
        return "person_signed"
    if before in _INTRODUCES or (before in _IS and at > 1 and reading.words[at - 2].lower in _INTRODUCES):
        return "person_self" if _own_name(reading, at) else "person_named"
    if _is_thing(reading, at):
        return "person_thing"
    if _is_official(reading, at, end):
        return "person_official"
    return "person_greeted" if _is_greeted(reading, at, end) else _third(reading, at, end)


def _is_doubtful(reading: Reading, at: int, end: int) -> bool:
    """A word that is a name and a thing, alone where its capital letter tells nothing."""
    bits = reading.bits[at]
    if end > at + 1 or not bits & DOUBTFUL or bits & GIVEN:
        return False
    return _starts_sentence(reading, at) or reading.words[at].token.isupper()


def _third(reading: Reading, at: int, end: int) -> str:
    """How somebody is named who is neither the writer, spoken to, nor in an office."""
    bits = reading.bits
    kin = any(bits[back] & KIN for back in range(max(0, at - 2), at))
    if kin and any(bits[back] & OWN for back in range(max(0, at - 5), at)):
        return "person_relative"
    if bits[at] & LOWER_NAME:
        return "person_lower_full" if end > at + 1 else "person_lower"
    if end > at + 1:
        return "person_full"
    if _starts_sentence(reading, at):
        return "person_first_start"
    aged = end + 1 < len(bits) and reading.words[end].lower in _AGED and bits[end + 1] & NUMBER
    return "person_given_age" if aged else "person_given"


def _is_place(reading: Reading, at: int, end: int) -> bool:
    words, size = reading.words, len(reading.words)
    if end < size and (words[end].lower in _PLACE_AFTER or words[end].lower.endswith(_PLACE_AFTER_ENDINGS)):
        return True
    if words[end - 1].token.lower().endswith(_PLACE_ENDINGS) and end - at <= 2:
        return True
    shouted = words[at].token.isupper() and len(words[at].token) > 2 and end == at + 1
    return (
        shouted
        and bool(reading.bits[at] & DOUBTFUL)
        and any(word.token.islower() and len(word.token) > 3 for word in words)
    )


def _is_signed(reading: Reading, at: int, end: int) -> bool:
    words, size = reading.words, len(reading.words)
    rest = size - end
    if rest > 4:
        return _is_letterhead(reading, at, end)
    near = {words[back].lower for back in range(max(0, at - 3), at)}
    return bool(near & _SIGNED) or (
        rest == 0 and at > 0 and reading.words[at - 1].token[0] in ".!?\n" and end - at <= 3 and at > 4
    )


def _is_letterhead(reading: Reading, at: int, end: int) -> bool:
    """A sentence that begins with a full name and goes on with how to reach them: "… Karl Brink, mobil …"."""
    return (
        at > 0
        and bool(reading.bits[at - 1] & STOP)
        and end > at + 1
        and any(reading.words[ahead].lower in _REACHED for ahead in range(end, end + 2))
    )


def _is_thing(reading: Reading, at: int) -> bool:
    """A toy, an animal or somebody in a book: the word for it stands in the same sentence or the one before."""
    return any(bits & THING for bits in reading.bits[max(0, at - 9) : at + 5])


def _is_known(reading: Reading, at: int, end: int) -> bool:
    """Somebody whom the whole country knows, by two of their names or by a family name alone; a genitive is one too."""
    said = [word.lower for word in reading.words[at:end]]
    ended = [*said[:-1], said[-1].removesuffix("s")]
    if len(said) == 1:
        return not _KNOWN_ALONE.isdisjoint((said[0], ended[0]))
    return any(f"{first} {last}" in _KNOWN for names in (said, ended) for first, last in pairwise(names))


def _own_name(reading: Reading, at: int) -> bool:
    return any(reading.words[back].lower in _OWN_NAME for back in range(max(0, at - 3), at))


def _is_official(reading: Reading, at: int, end: int) -> bool:
    bits, words = reading.bits, reading.words
    if any(mark.bits & OFFICIAL and (mark.end == at or mark.at == end) for mark in reading.marks):
        return True
    for back in range(max(0, at - 2), at):
        if bits[back] & STOP:
            continue
        if bits[back] & OFFICIAL and not any(bits[k] & STOP for k in range(back, at)):
            return True
    if at > 1 and words[at - 1].lower in _WITH_OFFICE and any(bits[k] & OFFICIAL for k in range(max(0, at - 4), at)):
        return True
    after = range(end, min(len(bits), end + 4))
    for ahead in after:
        if bits[ahead] & STOP:
            break
        if bits[ahead] & OFFICIAL and (ahead - end <= 1 or words[end].lower in _OF_OFFICE):
            return True
    return False


def _is_greeted(reading: Reading, at: int, end: int) -> bool:
    """Spoken to: "Hej Camilla", "Cathrine, er det", "Ole du er", "… lidt mere, Sabrina."."""
    words, size = reading.words, len(reading.words)
    before = words[at - 1].lower if at else ""
    after = words[end].lower if end < size else ""
    if at <= 2 and before in _GREETING and (before not in _GREETING_TO or after not in _TO):
        return True
    if at == 0 and after in _SPOKEN_TO_FIRST:
        return True
    if after in _SPOKEN_TO and at <= 3:
        return True
    return before == "," and (end >= size or bool(reading.bits[end] & STOP))


def _is_initials(reading: Reading, at: int) -> bool:
    letters, size = reading.words[at].token, len(reading.words)
    if len(letters) == 1:
        dot = at + 1 < size and reading.words[at + 1].token.startswith(".")
        return (
            dot
            and at > 0
            and letters not in _NOT_INITIALS
            and not (at + 2 < size and reading.bits[at + 2] & NAMES)
            and not reading.bits[at - 1] & (NAMES | NUMBER)
        )
    return not (at + 1 < size and reading.bits[at + 1] & CAPITAL)
