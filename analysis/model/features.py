"""What the model sees of a text: parts of its words, classes of the lexicons, who stands beside what, where it stands.

Word features depend on a word alone (or two neighbours) and are counted; cues are there or not. Here each has its name,
one text at a time, as the training sees it; `scorer` adds up the same cues for a batch by number, and a test holds both
together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analysis.base import Text
from analysis.forms import ASKS, AT, EMOJI, SHOUTS
from analysis.lexicon import lexicon
from analysis.relations import Picture
from analysis.shape import shape
from analysis.tokens import QUESTION_MARKS
from analysis.words import Reading

CLASSES = {1 << at: name for at, name in enumerate(lexicon().classes) if name != "people.not_names"}
SHORTEST, LONGEST = 3, 5
_BIT = lexicon().bit
COMPANY = tuple(
    (_BIT[f"grammar.{name}"], name) for name in ("laughs", "hearts", "to_friends", "to_page", "denial", "defect")
)
LENGTHS = ((4, "len:4"), (9, "len:9"), (16, "len:16"), (30, "len:30"), (60, "len:60"))
LONGER = "len:more"
SIGNS = ((SHOUTS, "!"), (EMOJI, "emoji"))
_AFTER_QUESTION = " \n🙏😊😉❤️"


def parts(word: str) -> Iterator[str]:
    """A word and its runs of three to five letters, its ends marked; a number is one form whatever its digits."""
    yield f"w:{'0' if word[0].isdigit() else word}"
    if word[0].isalpha():
        yield from (f"c:{run}" for run in runs(word))


def runs(word: str) -> Iterator[str]:
    """The runs of a word's letters."""
    whole = f"^{word}$"
    for size in range(SHORTEST, LONGEST + 1):
        for at in range(len(whole) - size + 1):
            yield whole[at : at + size]


def pairs(reading: Reading) -> Iterator[str]:
    """Neighbouring words."""
    words = [word.lower for word in reading.words]
    for first, second in pairwise(words):
        yield f"b:{first} {second}"


def cues(reading: Reading, text: Text, picture: Picture) -> Iterator[str]:
    """Everything that is there or not."""
    present = reading.all
    yield from (f"k:{name}" for bit, name in CLASSES.items() if present & bit)
    yield from beside(picture, by_page=text.by_page)
    built = tuple(shape(reading))
    yield from built
    for bit, name in COMPANY:
        if present & bit:
            yield from (f"{form}&{name}" for form in built)
    yield from place(text)
    yield from (name for bit, name in SIGNS if present & bit)
    yield from signs(text.text, asks=bool(present & ASKS), tags=bool(present & AT))
    first = _first(reading)
    yield from (f"first:k:{name}" for bit, name in CLASSES.items() if first & bit)
    size = len(reading.words)
    yield next((name for most, name in LENGTHS if size <= most), LONGER)


def beside(picture: Picture, *, by_page: bool) -> Iterator[str]:
    """Who stands beside what; in a page's own words that is another matter."""
    for cue in picture.cues:
        yield f"r:{cue}"
        if by_page:
            yield f"r:page:{cue}"


def place(text: Text) -> Iterator[str]:
    """Where a text stands and who wrote it."""
    yield f"by:{'page' if text.by_page else 'citizen'}"
    yield f"in:{text.institution}"
    if text.by_page:
        yield f"in:page:{text.institution}"
    yield f"kind:{text.kind}"
    if text.context:
        yield "under"


def signs(text: str, *, asks: bool, tags: bool) -> Iterator[str]:
    """Where a question mark or a tag stands."""
    if asks:
        yield "q"
        yield "q:end" if text.rstrip(_AFTER_QUESTION)[-1] in QUESTION_MARKS else "q:inside"
    if tags:
        yield "tag:first" if text.startswith("@") else "tag"


def _first(reading: Reading) -> int:
    """The classes that a text begins with, as a word or a phrase."""
    found = reading.bits[0] if reading.words else 0
    for mark in reading.marks:
        if mark.at:
            break
        found |= mark.bits
    return found
