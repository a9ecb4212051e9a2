"""Addresses (type `address`): street and house number, with floor, door, postcode; and codes of doors.

Source: danmarksadresser.dk (house numbers 1-999 and one letter, floor st, kl, 1-99, door tv, mf, th or a number). The
endings cover 83 % of 53,335 Danish street names; the rest ("Ballebjerg 4") is taken after "bor på" alone. A street and
a number say little by themselves (a broken lamp stands there too), so the reason tells how much stood beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from analysis import near
from analysis.base import Text
from analysis.forms import HOME, NUMBER, STREET
from analysis.keys import Codes, Ints
from analysis.scan import Batch, batch_of, lowered
from analysis.words import readings
from data.types import Finding

NAME, VERSION = "address", 1

_CAPITAL, _SMALL_LETTERS = near.letters("capital"), near.letters("small")
_NUMBERED_WORD, _GROUND, _STOREY = (near.either(NAME, group) for group in ("numbered", "ground", "storey"))
_BEFORE_NUMBER = re.compile(rf" (?:{_NUMBERED_WORD} )?[1-9]")
_ENDINGS = tuple(word.lower() for group in ("strong", "weak", "last") for word in near.words(NAME, group))
_ASCII = 127  # past it, digits of other scripts
_LIVING, _NUMBERED = near.words(NAME, "living_signs"), near.words(NAME, "numbered_signs")
(_CODE_WORD,) = near.words(NAME, "code_sign")
_TELLING = (*_LIVING, *_NUMBERED, _CODE_WORD)
_DOOR_SIGN = re.compile(rf"[0-9.] ?{near.either(NAME, 'door_sign')}")
_SMALL = 0x20  # the bit by which small letters of ASCII differ from large ones
_SIDE_SIGNS = near.words(NAME, "side_signs")
_SIDE_WORD = re.compile(
    rf"(?:[0-9.],|{near.either(NAME, 'before_side')}),? ?"
    rf"{near.either(NAME, 'side_after_sign')}"
)
_LONGEST = max(map(len, _ENDINGS))
_NAME = rf"[{_CAPITAL}É][\w.'-]*"
_STRONG, _WEAK = near.either(NAME, "strong"), near.either(NAME, "weak")
_STREET = (
    rf"(?:(?:{near.either(NAME, 'fore')} )?[{_CAPITAL}É][{_SMALL_LETTERS}éü'-]*(?:{_STRONG}|{_WEAK})"
    rf"|(?:{_NAME} ){{1,3}}{near.either(NAME, 'last')}"
    rf"|[{_SMALL_LETTERS}éü]{{3,}}{_STRONG})"
)
_NUMBER = rf"(?: {_NUMBERED_WORD})? [1-9][0-9]{{0,2}}(?: ?[{_CAPITAL}a-h](?!\w))?(?![0-9]|[.,:][0-9]|[-–/][0-9])"
_SIDE = rf"{near.either(NAME, 'side')}\b\.?"
_FLOOR = rf"(?:{near.either(NAME, 'floor')}|[1-9][0-9]?)\.?(?: ?{_STOREY})?"
_FLOOR_AND_SIDE = rf",? ?{_FLOOR},? ?{_SIDE}"
_ALONE = rf"{near.either(NAME, 'ground_alone')}\b(?: {_SIDE})?"
_DOOR = rf"(?P<door>{_FLOOR_AND_SIDE}|,? ?(?:[1-9][0-9]?\. ?{_STOREY}\b|{_GROUND}\. ?{_STOREY}\b|{_ALONE}))?"
_POST = rf"(?P<post>,? [1-9][0-9]{{3}} [{_CAPITAL}][{_SMALL_LETTERS}]+(?: [{_CAPITAL}]\b)?)?"
_ADDRESS = re.compile(rf"(?<!\w)(?P<street>{_STREET}){_NUMBER}{_DOOR}{_POST}")
_LIVES_BEFORE = re.compile(rf"{near.either(NAME, 'lives')}\b.{{0,30}}$")
_ODD_NAME = rf"(?P<street>{_NAME}(?: {_NAME}){{0,2}})"
_LIVES_AT = near.either(NAME, "lives_at")
_ODD = re.compile(rf"\b{_LIVES_AT} {_ODD_NAME}{_NUMBER}{_DOOR}{_POST}")
_BY_DOOR = re.compile(rf"(?<!\w)(?P<street>{_NAME}){_NUMBER}(?P<door>{_FLOOR_AND_SIDE}){_POST}")
_REVERSED = re.compile(
    rf"\b{near.either(NAME, 'numbered_first')} [1-9][0-9]{{0,2}} ?[a-z]? "
    rf"{near.either(NAME, 'ahead_of_street')} (?P<street>{_STREET})\b"
)
_CODE = re.compile(
    rf"\b{near.either(NAME, 'code')}\W{{0,3}}(?:\w+ ){{0,3}}?(?P<code>[0-9#*]{{3,8}})(?!\w)", re.IGNORECASE
)
_CODE_SIGN = _CODE_WORD if all(_CODE_WORD in word for word in near.words(NAME, "code")) else ""
_NOT_STREETS = frozenset(near.words(NAME, "not_streets"))

_SCORES = {"address_lives": 0.9, "address_door": 0.85, "address_full": 0.8, "address_street": 0.4, "address_code": 0.85}


class Address:
    """Finds addresses and says how much stood beside the street: lives, door, postcode, or nothing."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch = batch_of(texts)
        for index in _looked_at(batch):
            text = batch.folded_text(index)
            low = lowered(text)
            street = _has_street(low)
            if street or _worth_a_look(low):
                for start, end, reason in _addresses(text, low, street=street):
                    yield index, Finding(NAME, VERSION, "address", start, end, _SCORES[reason], reason)


def _looked_at(batch: Batch) -> list[int]:
    """The texts with a digit and a word of homes, a street's ending before a number, or what may be a door's side."""
    read = readings(batch)
    told = read.holding(HOME)
    told[read.text[:-1][read.having(STREET)[:-1] & read.having(NUMBER)[1:]]] = True
    digits = batch.digits()
    told[batch.where(_DOOR_SIGN, folded=True, among=batch.texts_at(_sides(batch.codes)))] = True
    return [index for index in digits if told[index]]


def _sides(codes: Codes) -> Ints:
    """Where "tv", "th" or "mf" may begin: t or m after a number or a point, perhaps with a blank between."""
    small = codes | np.uint32(_SMALL)
    places = np.flatnonzero((small == ord("t")) | (small == ord("m")))
    before = codes[np.maximum(places - 1, 0)]
    before = np.where(before == ord(" "), codes[np.maximum(places - 2, 0)], before)
    found: Ints = places[(before == ord(".")) | (before > _ASCII) | ((before >= ord("0")) & (before <= ord("9")))]
    return found


def _worth_a_look(low: str) -> bool:
    """Whether a word tells that someone lives there, of a door or of a code."""
    return any(word in low for word in _TELLING) or bool(_DOOR_SIGN.search(low))


def _has_street(low: str) -> bool:
    """Whether a number follows a street's ending."""
    starts = (match.start() for match in _BEFORE_NUMBER.finditer(low))
    return any(low[max(0, start - _LONGEST) : start].endswith(_ENDINGS) for start in starts)


def _may_have_side(low: str) -> bool:
    return any(sign in low for sign in _SIDE_SIGNS) and bool(_DOOR_SIGN.search(low) or _SIDE_WORD.search(low))


def _addresses(text: str, low: str, *, street: bool) -> Iterator[tuple[int, int, str]]:
    taken: list[tuple[int, int]] = []
    for start, end, reason in _candidates(text, low, street=street):
        if not any(first < end and start < last for first, last in taken):
            taken.append((start, end))
            yield start, end, reason


def _candidates(text: str, low: str, *, street: bool) -> Iterator[tuple[int, int, str]]:
    """The surest first; what overlaps an earlier one is left out.

    A pattern runs where its own signs stand: all five over every text worth a look took five times as long.
    """
    for match in _ADDRESS.finditer(text) if street else ():
        if match["street"].lower().split()[-1] not in _NOT_STREETS:
            yield *match.span(), _reason(text, match)
    for match in _ODD.finditer(text) if any(word in low for word in _LIVING) else ():
        yield match.start("street"), match.end(), "address_lives"
    for match in _BY_DOOR.finditer(text) if _may_have_side(low) else ():
        yield *match.span(), "address_door"
    for match in _REVERSED.finditer(text) if any(word in low for word in _NUMBERED) else ():
        yield *match.span(), "address_street"
    for match in _CODE.finditer(text) if _CODE_SIGN in low else ():
        yield *match.span("code"), "address_code"


def _reason(text: str, match: re.Match[str]) -> str:
    if _LIVES_BEFORE.search(near.before(text, match.start())):
        return "address_lives"
    if match["door"]:
        return "address_door"
    return "address_full" if match["post"] else "address_street"


detector = Address()
