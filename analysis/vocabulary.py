"""The words met so far in this process, each asked once what it is, and their bits in columns that NumPy can gather.

A word is found by the 64-bit key of its written form in a table with open places, a batch at a time: a dict of strings
costs 4 µs a text (the strings must be made first), a dict of keys 2.7 µs, this 0.5 µs.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.forms import COLUMNS, OPENED, Forms
from analysis.lexicon import Lexicon, lexicon
from analysis.phrases import Bits, Ints, Phrases, columns_of
from analysis.scan import Batch, lowered
from analysis.tokens import Keys, Tokens

KEPT = 200_000
_SCATTER = np.uint64(0xD6E8FEB86659FD93)
_ROOM = 1 << 16

Numbers: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of one word as written. `bits` are its classes and what `analysis.forms` says."""

    number: int
    token: str
    lower: str
    bits: int


class Vocabulary:
    """Words by number. `bits[c][n]` is column c of word n; `starts` and `steps` are its numbers in the phrases.

    Numbers never change; the arrays are replaced by longer ones as words come, so what a batch has gathered stays right
    while another thread adds words.
    """

    def __init__(self, lists: Lexicon) -> None:
        self.made: list[Word] = []
        self.phrases = Phrases(lists)
        self.bits: Bits = np.zeros((COLUMNS, 1024), np.uint64)
        self.starts: Ints = np.full(1024, -1, np.int64)
        self.steps: Ints = np.full(1024, -1, np.int64)
        self._lists = lists
        self._forms = Forms(lists)
        self._index = _Index()
        self._lock = Lock()

    def numbers(self, batch: Batch, tokens: Tokens) -> Numbers:
        """The number of each token's word; words not met before are added."""
        numbers = self._index.find(tokens.keys)
        missing = np.flatnonzero(numbers < 0)
        if len(missing):
            with self._lock:
                keys, where = np.unique(tokens.keys[missing], return_index=True)
                unknown = self._index.find(keys) < 0  # another thread may have added some
                places = missing[where[unknown]]
                spans = zip(tokens.starts[places].tolist(), tokens.ends[places].tolist(), strict=True)
                self._add(keys[unknown], [batch.joined[start:end] for start, end in spans])
            numbers[missing] = self._index.find(tokens.keys[missing])
        return numbers

    def _add(self, keys: Keys, tokens: list[str]) -> None:
        first = len(self.made)
        words = [self._word(first + at, token) for at, token in enumerate(tokens)]
        size = first + len(words)
        self._make_room(size)
        self.bits[:, first:size] = columns_of([word.bits for word in words])
        self.starts[first:size] = [self.phrases.start(word.lower) for word in words]
        self.steps[first:size] = [self.phrases.step(word.lower) for word in words]
        self.made.extend(words)
        self._index.add(keys, first)

    def _word(self, number: int, token: str) -> Word:
        lower = lowered(token).replace("’", "'")
        classes = self._lists.of(lower)
        bits = classes | self._forms.of(token, lower, classes)
        return Word(number, token, lower, bits | OPENED if self.phrases.opened(lower) else bits)

    def _make_room(self, size: int) -> None:
        while self.starts.size < size:
            self.bits = np.concatenate([self.bits, np.zeros_like(self.bits)], axis=1)
            self.starts = np.concatenate([self.starts, np.full_like(self.starts, -1)])
            self.steps = np.concatenate([self.steps, np.full_like(self.steps, -1)])


class _Index:
    """From a key to a number: a table with open places, at most half of them taken; a key that is taken moves on."""

    def __init__(self) -> None:
        self._table = np.zeros(_ROOM, np.uint64), np.full(_ROOM, -1, np.int32)
        self._taken = 0

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, -1 where it is unknown."""
        known, numbers = self._table
        places = self._places(keys, len(known))
        found = numbers[places]
        held = known[places]
        astray = np.flatnonzero((held != keys) & (held != 0))
        found[held != keys] = -1
        while len(astray):
            places[astray] = (places[astray] + 1) % len(known)
            held = known[places[astray]]
            right = held == keys[astray]
            found[astray[right]] = numbers[places[astray[right]]]
            astray = astray[~right & (held != 0)]
        return found

    def add(self, keys: Keys, first: int) -> None:
        """Number new keys from `first` up."""
        known, numbers = self._table
        self._taken += len(keys)
        if self._taken * 2 > len(known):
            kept = known != 0
            known, numbers = self._grown(known[kept], numbers[kept])
        self._put(known, numbers, keys, np.arange(first, first + len(keys), dtype=np.int32))
        self._table = known, numbers

    def _grown(self, keys: Keys, values: Numbers) -> tuple[Keys, Numbers]:
        size = _ROOM
        while size < self._taken * 4:
            size *= 2
        known, numbers = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
        self._put(known, numbers, keys, values)
        return known, numbers

    def _put(self, known: Keys, numbers: Numbers, keys: Keys, values: Numbers) -> None:
        """The number is written before the key, so that a thread that finds the key finds its number."""
        places = self._places(keys, len(known))
        for key, place, value in zip(keys.tolist(), places.tolist(), values.tolist(), strict=True):
            while known[place]:
                place = (place + 1) % len(known)  # noqa: PLW2901 the next place
            numbers[place] = value
            known[place] = key

    def _places(self, keys: Keys, size: int) -> Ints:
        """The upper bits of a product: those of the keys alone are all alike in short words."""
        return (keys * _SCATTER >> np.uint64(65 - size.bit_length())).astype(np.int64)


_vocabulary: Vocabulary | None = None


def vocabulary() -> Vocabulary:
    """The words met so far in this process, begun anew when they have grown too many."""
    global _vocabulary  # noqa: PLW0603 one vocabulary a process is the point
    if _vocabulary is None or len(_vocabulary.made) > KEPT:
        _vocabulary = Vocabulary(lexicon())
    return _vocabulary
