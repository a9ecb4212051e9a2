"""The words met so far in this process, each asked once what it is, and their bits in columns that NumPy can gather.

Real comments bring about one word a text that nobody wrote before, so what a new word costs counts as much as what a
known one does: those of a batch are asked together (measured: 20 µs a word when each was asked alone, 6 µs so).
"""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

import numpy as np

from analysis.bits import COLUMNS, Bits, sets_of
from analysis.forms import OPENED, Forms
from analysis.keys import Index, Ints, Keys, Numbers
from analysis.lexicon import Lexicon, lexicon
from analysis.phrases import Phrases
from analysis.scan import Batch, lowered
from analysis.tokens import QUESTION_MARKS, Tokens

KEPT = 60_000
_COLUMN = 64
_GAP = "\x00"  # stands in no token
_ONE_FORM = str.maketrans({"’": "'"} | dict.fromkeys(QUESTION_MARKS, "?"))


class Word(NamedTuple):
    """One word as written, in lower case, and what is known of it: its classes and what `analysis.forms` says."""

    token: str
    lower: str
    bits: int


class Vocabulary:
    """Words by number. `sets[n]` are the bits of word n and `bits[c][n]` their column c.

    `starts` and `steps` are the numbers of words in the phrases.

    Numbers never change; the arrays are replaced by longer ones as words come, so what a batch has gathered stays right
    while another thread adds words.
    """

    def __init__(self, lists: Lexicon) -> None:
        self.made: list[Word] = []
        self.sets: list[int] = []
        self.phrases = Phrases(lists)
        self.bits: Bits = np.zeros((COLUMNS, 1024), np.uint64)
        self.starts: Ints = np.full(1024, -1, np.int64)
        self.steps: Ints = np.full(1024, -1, np.int64)
        self._lists = lists
        self._forms = Forms(lists)
        self._index = Index()
        self._shared: dict[int, int] = {}  # most words are of the same few sets, and of 100,000 each object counts
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
        if not tokens:
            return
        lower = lowered(_GAP.join(tokens)).translate(_ONE_FORM).split(_GAP)
        bits = self._lists.columns(lower)
        forms = self._forms.of(tokens, lower, bits)
        opened = [OPENED if self.phrases.opened(word) else 0 for word in lower]
        bits[-1] |= np.array(
            [(a | b) >> _COLUMN * (COLUMNS - 1) for a, b in zip(forms, opened, strict=True)], np.uint64
        )
        first, size = len(self.made), len(self.made) + len(tokens)
        self._make_room(size)
        self.bits[:, first:size] = bits
        self.starts[first:size] = [self.phrases.start(word) for word in lower]
        self.steps[first:size] = [self.phrases.step(word) for word in lower]
        self.sets.extend(self._shared.setdefault(one, one) for one in sets_of(bits))
        kept = [token if token == low else low for token, low in zip(tokens, lower, strict=True)]
        self.made.extend(map(Word._make, zip(tokens, kept, self.sets[first:], strict=True)))
        self._index.add(keys, first)

    def _make_room(self, size: int) -> None:
        while self.starts.size < size:
            self.bits = np.concatenate([self.bits, np.zeros_like(self.bits)], axis=1)
            self.starts = np.concatenate([self.starts, np.full_like(self.starts, -1)])
            self.steps = np.concatenate([self.steps, np.full_like(self.steps, -1)])


_vocabulary: Vocabulary | None = None


def vocabulary() -> Vocabulary:
    """The words met so far in this process, begun anew when they have grown too many."""
    global _vocabulary  # noqa: PLW0603 one vocabulary a process is the point
    if _vocabulary is None or len(_vocabulary.made) > KEPT:
        _vocabulary = Vocabulary(lexicon())
    return _vocabulary
