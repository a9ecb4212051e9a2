"""What the model sees of a text: parts of its words, classes of the lexicons, who stands beside what, where it stands.

Word features depend on a word alone (or two neighbours) and are counted; cues are there or not. The same functions feed
the training and the scorer, so that they cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.relations import Picture
from analysis.shape import shape
from analysis.words import Reading

_CLASSES = {1 << at: f"k:{name}" for at, name in enumerate(lexicon().classes) if name != "people.not_names"}
_KNOWN = sum(_CLASSES)
_EMOJI = re.compile("[\U0001f300-\U0001faff]")
SHORTEST, LONGEST = 3, 5
_BIT = lexicon().bit
_COMPANY = tuple(
    (_BIT[f"grammar.{name}"], name) for name in ("laughs", "hearts", "to_friends", "to_page", "denial", "defect")
)
_LENGTHS = ((4, "len:4"), (9, "len:9"), (16, "len:16"), (30, "len:30"), (60, "len:60"))


def parts(word: str) -> Iterator[str]:
    """A word and its runs of three to five letters, its ends marked; a number is one form whatever its digits."""
    if word[0].isdigit():
        yield "w:0"
        return
    yield f"w:{word}"
    if not word[0].isalpha():
        return
    whole = f"^{word}$"
    for size in range(SHORTEST, LONGEST + 1):
        for at in range(len(whole) - size + 1):
            yield f"c:{whole[at : at + size]}"


def pairs(reading: Reading) -> Iterator[str]:
    """Neighbouring words."""
    words = [word.lower for word in reading.words]
    for first, second in pairwise(words):
        yield f"b:{first} {second}"


def cues(reading: Reading, text: Text, picture: Picture) -> Iterator[str]:
    """Everything that is there or not."""
    present = reading.all
    yield from _names(present & _KNOWN)
    side = "page" if text.by_page else "citizen"
    for cue in picture.cues:
        yield f"r:{cue}"
        if text.by_page:
            yield f"r:page:{cue}"
    built = set(shape(reading))
    yield from built
    for bit, name in _COMPANY:
        if present & bit:
            yield from (f"{form}&{name}" for form in built)
    yield f"by:{side}"
    yield f"in:{text.institution}"
    if text.by_page:
        yield f"in:page:{text.institution}"
    yield f"kind:{text.kind}"
    yield from _form(reading, text.text, bool(text.context))


def _form(reading: Reading, text: str, under: bool) -> Iterator[str]:
    if under:
        yield "under"
    if "?" in text:
        yield "q"
        yield "q:end" if text.rstrip(" \n🙏😊😉❤️")[-1:] == "?" else "q:inside"
    if "!" in text:
        yield "!"
    if "@" in text:
        yield "tag:first" if text.startswith("@") else "tag"
    if reading.words:
        first = reading.words[0].bits
        for mark in reading.marks:
            if mark.at:
                break
            first |= mark.bits
        yield from _first(first & _KNOWN)
    size = len(reading.words)
    yield next((name for most, name in _LENGTHS if size <= most), "len:more")
    if _EMOJI.search(text):
        yield "emoji"


def _names(bits: int) -> Iterator[str]:
    while bits:
        low = bits & -bits
        yield _CLASSES[low]
        bits ^= low


@lru_cache(maxsize=10_000)
def _first(bits: int) -> tuple[str, ...]:
    return tuple(f"first:{name}" for name in _names(bits))
