"""Scores texts by the weights of `weights.tsv`: a sparse sum over what `features` sees, for a whole batch in NumPy.

What depends on a word alone is added up when the word is first met, so a text costs one row for each of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from analysis.base import Text
from analysis.bits import Bits
from analysis.forms import ASKS, AT
from analysis.keys import Ints
from analysis.model.features import COMPANY, LENGTHS, LONGER, place, signs, told
from analysis.model.tables import Rows, WordTable, by_class, by_form, by_sign, sums
from analysis.relations import Picture
from analysis.shape import built
from analysis.vocabulary import Vocabulary
from analysis.words import Readings

WEIGHTS = Path(__file__).parent / "weights.tsv"
HEADS = ("inquiry", "question", "request", "complaint", "urgent", "breach", "clear", "self", "tone", "hate", "threat")
CUE, PART = 0.5, 0.5
LEAST_WORDS = 4


class Scorer:
    """The shipped model, or another of the same form."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.bias, scale = _header(lines)
        features, weights = _body(lines)
        self.at = {feature: number for number, feature in enumerate(features)}
        self.weights: Rows = (weights * scale).astype(np.float32)
        self.weights[[feature.startswith("c:") for feature in features]] *= PART
        self._features = features
        self._classes = by_sign(self.at, self.weights, by_class(self.at, self.weights, "k:"))
        self._first = by_class(self.at, self.weights, "first:k:")
        self._forms = by_form(self.at, self.weights)
        self._lengths = np.array([self._sum([name]) for name in (*(name for _, name in LENGTHS), LONGER)])
        self._places: dict[tuple[object, ...], int] = {}
        self._place_sums: list[Rows] = []
        self._lock = Lock()
        self._words: WeakKeyDictionary[Vocabulary, WordTable] = WeakKeyDictionary()

    def score(self, readings: Readings, texts: Sequence[Text], pictures: Mapping[int, Picture]) -> Rows:
        """For each text and head the odds' logarithm: above 0 speaks for, below against."""
        if not len(readings):
            return np.zeros((0, len(HEADS)), np.float32)
        sizes = np.maximum(readings.sizes, LEAST_WORDS).astype(np.float32)
        scored = self._word_sums(readings) / np.sqrt(sizes)[:, None]
        scored += CUE * self._cue_sums(readings, texts, pictures) + self.bias
        return scored.astype(np.float32)

    def _word_sums(self, readings: Readings) -> Rows:
        words = self._words.get(readings.vocabulary)
        if words is None:
            words = self._words[readings.vocabulary] = WordTable(self._features, self.at, self.weights)
        last = np.zeros(len(readings.numbers), bool)
        last[readings.first[1:][readings.sizes > 0] - 1] = True
        return words.sums(readings.numbers, readings.sizes, last, readings.vocabulary)

    def _cue_sums(self, readings: Readings, texts: Sequence[Text], pictures: Mapping[int, Picture]) -> Rows:
        total = _bit_sums(self._classes, readings.unions)
        total += _bit_sums(self._first, _first_bits(readings))
        total += self._form_sums(readings)
        total += self._lengths[np.searchsorted([most for most, _ in LENGTHS], readings.sizes)]
        total += self._place_rows(texts)
        found, sizes = self._told(readings, texts, pictures)
        return np.add(total, sums(self.weights, found, sizes))

    def _form_sums(self, readings: Readings) -> Rows:
        text, form = np.nonzero(built(readings.bits, readings.first))
        company = sum(readings.holding(bit).astype(np.int64) << at for at, (bit, _) in enumerate(COMPANY))
        numbers = (form << len(COMPANY)) | np.asarray(company)[text]
        return sums(self._forms, numbers, np.bincount(text, minlength=len(readings)))

    def _told(self, readings: Readings, texts: Sequence[Text], pictures: Mapping[int, Picture]) -> tuple[Ints, Ints]:
        """The features that few texts have, and how many each text has: signs, and who stands beside what."""
        asks, tags = readings.holding(ASKS), readings.holding(AT)
        found: list[int] = []
        sizes = np.zeros(len(texts), np.int64)
        for index in sorted({*np.flatnonzero(asks | tags).tolist(), *pictures}):
            before = len(found)
            text = texts[index]
            names = list(signs(text.text, asks=asks[index], tags=tags[index]))
            if index in pictures:
                names += told(pictures[index], by_page=text.by_page)
            found += [self.at[name] for name in names if name in self.at]
            sizes[index] = len(found) - before
        return np.array(found, np.int64), sizes

    def _place_rows(self, texts: Sequence[Text]) -> Rows:
        numbers = [self._place(text) for text in texts]
        return np.array(self._place_sums)[numbers]

    def _place(self, text: Text) -> int:
        """The number of a text's place among those met so far."""
        key = text.by_page, text.institution, text.kind, not text.context
        found = self._places.get(key)
        if found is None:
            with self._lock:
                self._place_sums.append(self._sum(list(place(text))))
                found = self._places[key] = len(self._place_sums) - 1
        return found

    def _sum(self, names: Sequence[str]) -> Rows:
        found: Rows = self.weights[[self.at[name] for name in names if name in self.at]].sum(axis=0)
        return found


def _bit_sums(rows: Rows, columns: Bits) -> Rows:
    """For each column of bits the sum of their rows."""
    octets = np.ascontiguousarray(columns.T).view(np.uint8)
    text, bit = np.divmod(np.flatnonzero(np.unpackbits(octets, bitorder="little").view(bool)), len(rows))
    return sums(rows, bit, np.bincount(text, minlength=columns.shape[1]))


def _first_bits(readings: Readings) -> Bits:
    """The bits that each text begins with, as a word or a phrase."""
    found = np.zeros_like(readings.unions)
    filled = readings.sizes > 0
    begin = readings.first[:-1]
    found[:, filled] = readings.bits[:, begin[filled]]
    marks = readings.marks
    where = readings.text[marks.at]
    leading = marks.at == begin[where]
    for column, bits in zip(found, readings.vocabulary.phrases.columns[:, marks.entry[leading]], strict=True):
        np.bitwise_or.at(column, where[leading], bits)
    return found


def _header(lines: Sequence[str]) -> tuple[Rows, Rows]:
    values = {name: numbers for name, *numbers in (line[2:].split() for line in lines if line.startswith("#="))}
    return np.array(values["bias"], np.float32), np.array(values["scale"], np.float32)


def _body(lines: Sequence[str]) -> tuple[list[str], Rows]:
    body = [line.split("\t") for line in lines if not line.startswith("#")]
    weights: Rows = np.zeros((len(body), len(HEADS)), np.float32)
    for row, (_, given) in enumerate(body):
        for weight in given.split():
            head, _, value = weight.partition(":")
            weights[row, int(head)] = int(value)
    return [feature for feature, _ in body], weights


@cache
def scorer() -> Scorer:
    """The shipped model, read once."""
    return Scorer(WEIGHTS.read_text(encoding="utf-8").split("\n")[:-1])
