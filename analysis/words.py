"""A batch read word by word, once for all language detectors: each word's classes, where it stands, what runs of words say.

The whole batch is held in arrays (`Readings`): most texts are asked nothing but what their words have in common, and a
text's own `Reading` is made when a rule looks closer.
"""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from analysis.base import Text
from analysis.bits import COLUMNS, Bits, Mask, any_of, sets_of
from analysis.forms import OPENED
from analysis.phrases import Marked
from analysis.scan import Batch
from analysis.tokens import tokens
from analysis.vocabulary import Word, vocabulary


class Mark(NamedTuple):
    """A word or phrase of one or more classes: tokens [at, end) of a text."""

    at: int
    end: int
    bits: int


class Reading:
    """One text as words. `bits` are those of each word, `marks` its phrases, `all` the union of both."""

    __slots__ = ("all", "bits", "marks", "words")

    def __init__(self, words: list[Word], bits: list[int], marks: list[Mark], union: int) -> None:
        self.words = words
        self.bits = bits
        self.marks = marks
        self.all = union

    def having(self, bit: int) -> list[Mark]:
        """Words and phrases of any of these classes, in order."""
        found = [Mark(at, at + 1, bits & bit) for at, bits in enumerate(self.bits) if bits & bit]
        marks = [mark for mark in self.marks if mark.bits & bit]
        return sorted(found + marks, key=_at) if marks else found


class Readings:
    """A batch as arrays.

    `numbers[t]` is the word of token t, `first[i]` the first token of text i (`first[-1]` their count), `text[t]` the
    text of token t. `bits[c]` are the tokens' bits and `unions[c]` the texts', phrases included, by columns of 64;
    `marks` are the phrases by place in the batch.
    """

    def __init__(self, batch: Batch) -> None:
        self.vocabulary = vocabulary()
        self.tokens = tokens(batch)
        self.numbers = self.vocabulary.numbers(batch, self.tokens)
        self.first = self.tokens.first
        self.sizes = np.diff(self.first)
        self.text = np.repeat(np.arange(len(batch)), self.sizes)
        self.bits: Bits = self.vocabulary.bits[:, self.numbers]
        self.marks = self._phrases()
        self.unions = self._union()
        self._made: dict[int, Reading] = {}

    def __len__(self) -> int:
        return len(self.sizes)

    def _phrases(self) -> Marked:
        words = self.vocabulary
        return words.phrases.find(
            words.starts[self.numbers],
            words.steps[self.numbers],
            np.flatnonzero(self.having(OPENED)),
            self.first[1:][self.text],
            self._lower,
        )

    def _lower(self, token: int) -> str:
        return self.vocabulary.made[int(self.numbers[token])].lower

    def _union(self) -> Bits:
        unions: Bits = np.zeros((COLUMNS, len(self)), np.uint64)
        filled = np.flatnonzero(self.sizes)
        if len(filled):
            unions[:, filled] = np.bitwise_or.reduceat(self.bits, self.first[filled], axis=1)
        where = self.text[self.marks.at]
        for column, marked in zip(unions, self.vocabulary.phrases.columns[:, self.marks.entry], strict=True):
            np.bitwise_or.at(column, where, marked)
        return unions

    def having(self, bits: int) -> Mask:
        """Which tokens have any of these bits."""
        return any_of(self.bits, bits)

    def holding(self, bits: int) -> Mask:
        """Which texts hold a word or phrase with any of these bits."""
        return any_of(self.unions, bits)

    def __getitem__(self, index: int) -> Reading:
        """One text's own, made once."""
        found = self._made.get(index)
        if found is None:
            found = self._made[index] = self._reading(index)
        return found

    def place(self, index: int, at: int, end: int) -> tuple[int, int]:
        """The span of tokens [at, end) of a text in that text."""
        first, begin = int(self.first[index]), int(self.tokens.begins[index])
        return int(self.tokens.starts[first + at]) - begin, int(self.tokens.ends[first + end - 1]) - begin

    def _reading(self, index: int) -> Reading:
        numbers, first, marks, firsts, unions = self._lists
        own = numbers[first[index] : first[index + 1]]
        words = list(map(self.vocabulary.made.__getitem__, own))
        bits = list(map(self.vocabulary.sets.__getitem__, own))
        return Reading(words, bits, marks[firsts[index] : firsts[index + 1]], unions[index])

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[Mark], list[int], list[int]]:
        """The batch as lists that a text's own are cut from: half of the texts are looked at, and slices cost little."""
        bits = self.vocabulary.phrases.bits
        marks, begin = self.marks, self.first[:-1][self.text[self.marks.at]]
        places = zip((marks.at - begin).tolist(), (marks.end - begin).tolist(), marks.entry.tolist(), strict=True)
        return (
            self.numbers.tolist(),
            self.first.tolist(),
            [Mark(at, end, bits[entry]) for at, end, entry in places],
            np.searchsorted(marks.at, self.first).tolist(),
            sets_of(self.unions),
        )


_at = attrgetter("at")


_read: WeakKeyDictionary[Batch, Readings] = WeakKeyDictionary()


def readings(batch: Batch) -> Readings:
    """The batch read, made once however many detectors ask."""
    found = _read.get(batch)
    if found is None:
        found = _read[batch] = Readings(batch)
    return found


def read(text: str) -> Reading:
    """One text alone."""
    return Readings(Batch([Text(text)]))[0]
