"""Descriptions that single somebody out without a name: relatives, rooms and classes, figures with what marks them out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from analysis.forms import BARE, BESIDE, CAPITAL, CLASS, NAMES, NUMBER, PREPOSITION, PRONOUN, STOP, WHOSE
from analysis.lexicon import lexicon
from analysis.near import among
from analysis.people import Seen
from analysis.words import Reading

_BIT = lexicon().bit
KIN, OWN, THIRD, YOU, FIGURE, LOOKS, ROOM, DWELLING = (
    _BIT[f"people.{name}"] for name in ("kin", "own", "third", "you", "figure", "looks", "room", "dwelling")
)
_told = partial(among, "described")
_ADJECTIVES, _NUMBER_BEFORE, _YOUR, _WHERE = (
    _told(group) for group in ("adjectives", "number_before", "your", "where")
)
_NEIGHBOUR, _BARE_NEIGHBOUR = tuple(_told("neighbour")), tuple(_told("bare_neighbour"))
_ROOM_NAMED, _ROOM_ENDING, _AGED = _told("room_named"), tuple(_told("room_ending")), among("names", "aged")


def descriptions(reading: Reading, places: Iterable[int] | None = None) -> list[Seen]:
    """Relatives ("min mand"), rooms and classes ("stue 4", "3.b"), figures ("ham den skaldede ved …").

    `places` are the tokens to look at, in order, where a look has found them before.
    """
    found: list[Seen] = []
    bits = reading.bits
    for at in range(len(bits)) if places is None else places:
        here = bits[at]
        if here & KIN:
            reason = _kin(reading, at)
            if reason:
                found.append(Seen("identifying", reason, *_kin_span(reading, at)))
        if here & (THIRD | FIGURE):
            reason = _figure(reading, at)
            if reason:
                found.append(Seen("identifying", reason, at, min(len(bits), at + 4)))
        if here & (NUMBER | ROOM):
            reason = _room(reading, at)
            if reason:
                found.append(Seen("identifying", reason, max(0, at - 1), at + 1))
    return found


def _kin_span(reading: Reading, at: int) -> tuple[int, int]:
    start = at
    while (
        start > 0
        and at - start < 3
        and reading.words[start - 1].lower not in {".", ","}
        and (reading.bits[start - 1] & (OWN | YOU) or reading.words[start - 1].lower in _ADJECTIVES)
    ):
        start -= 1
    return start, at + 1


def _kin(reading: Reading, at: int) -> str:
    """Whose relative: the writer's own, the one spoken to's, a third person's, or a bare "mor"."""
    words, bits = reading.words, reading.bits
    back = at - 1
    while (
        back >= 0
        and at - back <= 3
        and (words[back].lower in _ADJECTIVES or (bits[back] & KIN and words[back].lower.endswith("s")))
    ):
        back -= 1
    before = words[back].lower if back >= 0 else ""
    if back >= 0 and bits[back] & OWN:
        if words[at].lower.startswith(_NEIGHBOUR):
            return "identifying_neighbour"
        aged = at + 2 < len(words) and words[at + 1].lower in _AGED and bool(bits[at + 2] & NUMBER)
        return "identifying_own_kin_age" if aged else "identifying_own_kin"
    if back >= 0 and bits[back] & WHOSE:
        return "identifying_your_kin" if before in _YOUR else "identifying_their_kin"
    if before.endswith("s") and bits[back] & NAMES:
        return "identifying_their_kin"
    if bits[at] & BARE and words[at].lower == words[at].token.lower():
        return "identifying_neighbour" if words[at].lower.startswith(_BARE_NEIGHBOUR) else "identifying_bare_kin"
    return ""


def _figure(reading: Reading, at: int) -> str:
    """A pronoun or figure with what singles it out: "ham den skaldede ved skranken", "drengen i 3.b"."""
    words, bits, size = reading.words, reading.bits, len(reading.bits)
    if at + 1 >= size:
        return ""
    following = words[at + 1].lower
    pronoun = bits[at] & THIRD and bits[at] & PRONOUN
    if not bits[at + 1] & (PREPOSITION | BESIDE if pronoun else PREPOSITION):
        return ""
    reach = range(at + 1, min(size, at + 9))
    window = 0
    for ahead in reach:
        if bits[ahead] & STOP and words[ahead].lower != ".":
            break
        window |= bits[ahead]
    words_near = [words[k].lower for k in reach]
    if any(bits[ahead] & CLASS for ahead in reach) or (window & ROOM and not window & DWELLING):
        return "identifying_figure_room"
    if any(w in _NUMBER_BEFORE for w in words_near) or window & DWELLING:
        return "identifying_figure_home"
    if window & LOOKS:
        return "identifying_figure_looks"
    return "identifying_figure" if pronoun or following in _WHERE else ""


def _room(reading: Reading, at: int) -> str:
    words, size = reading.words, len(reading.words)
    token = words[at].lower
    if reading.bits[at] & CLASS:
        return "identifying_class"
    if not reading.bits[at] & ROOM:
        return ""
    if at + 1 < size and reading.bits[at + 1] & NUMBER and len(reading.words[at + 1].token) <= 3:
        return "identifying_room_number"
    if at > 0 and reading.bits[at - 1] & CAPITAL and token in _ROOM_NAMED:
        return "identifying_room_named"
    return (
        "identifying_room_named"
        if reading.bits[at] & CAPITAL and token.endswith(_ROOM_ENDING) and len(token) > 6
        else ""
    )
