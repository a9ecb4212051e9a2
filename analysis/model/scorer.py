"""Scores texts by the weights of `weights.tsv`: a sparse sum over what `features` sees, for a whole batch in NumPy.

What depends on a word alone is added up when the word is first met, so a text costs one row for each of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from analysis.base import Text
from analysis.bits import Bits
from analysis.forms import ASKS, AT
from analysis.model.features import COMPANY, LENGTHS, LONGER, beside, place, signs
from analysis.model.sorts import COLUMNS, HEADS, answers
from analysis.model.tables import KeptSums, Rows, WordTable, by_class, by_form, by_sign, sums
from analysis.relations import Picture
from analysis.shape import built
from analysis.vocabulary import Vocabulary
from analysis.words import Readings

WEIGHTS = Path(__file__).parent / "weights.tsv"
CUE, PART = 0.25, 0.5
LEAST_WORDS = 4


class Scorer:
    """The shipped model, or another of the same form."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.bias, scale = _header(lines)
        features, weights = _body(lines)
        self.at = {feature: number for number, feature in enumerate(features)}
        weights *= scale
        weights[:-1][[feature.startswith("c:") for feature in features]] *= PART
        self.weights = weights
        self._features = features
        self._classes = by_sign(self.at, self.weights, by_class(self.at, self.weights, "k:"))
        self._first = by_class(self.at, self.weights, "first:k:")
        self._forms = by_form(self.at, self.weights)
        self._sums = KeptSums(self.at, self.weights)
        names = [*(name for _, name in LENGTHS), LONGER]
        numbers = [self._sums.add(name, [name]) for name in names]
        self._lengths = self._sums.rows[numbers]
        self._words: WeakKeyDictionary[Vocabulary, WordTable] = WeakKeyDictionary()

    def score(self, readings: Readings, texts: Sequence[Text], pictures: Mapping[int, Picture]) -> Rows:
        """For each text and head the odds' logarithm: above 0 speaks for, below against."""
        if not len(readings):
            return np.zeros((0, len(HEADS)), np.float32)
        sizes = np.maximum(readings.sizes, LEAST_WORDS).astype(np.float32)
        scored = self._word_sums(readings) / np.sqrt(sizes)[:, None]
        scored += CUE * self._cue_sums(readings, texts, pictures) + self.bias
        return answers(scored.astype(np.float32), np.array([text.by_page for text in texts], bool))

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
        return np.add(total, self._told_rows(readings, texts, pictures))

    def _form_sums(self, readings: Readings) -> Rows:
        text, form = np.nonzero(built(readings.bits, readings.first))
        company = sum(readings.holding(bit).astype(np.int64) << at for at, (bit, _) in enumerate(COMPANY))
        numbers = (form << len(COMPANY)) | np.asarray(company)[text]
        return sums(self._forms, numbers, np.bincount(text, minlength=len(readings)))

    def _told_rows(self, readings: Readings, texts: Sequence[Text], pictures: Mapping[int, Picture]) -> Rows:
        """What is said of a text as a whole: where it stands, where its signs stand, who stands beside what."""
        kept = self._kept()
        found = np.zeros((3, len(texts)), np.int64)
        found[0] = [_place_number(kept, text) for text in texts]
        asks, tags = readings.holding(ASKS), readings.holding(AT)
        for index in np.flatnonzero(asks | tags).tolist():
            told = tuple(signs(texts[index].text, asks=asks[index], tags=tags[index]))
            found[1, index] = kept.number(told) or kept.add(told, told)
        for index, picture in pictures.items():
            key = picture.cues, texts[index].by_page
            found[2, index] = kept.number(key) or kept.add(key, beside(picture, by_page=key[1]))
        total: Rows = kept.rows[found].sum(axis=0)
        return total

    def _kept(self) -> KeptSums:
        """The sums made so far, begun anew when they are too many; a batch keeps to one."""
        if self._sums.full:
            self._sums = KeptSums(self.at, self.weights)
        return self._sums


def _place_number(kept: KeptSums, text: Text) -> int:
    key = text.by_page, text.institution, text.kind, not text.context
    return kept.number(key) or kept.add(key, place(text))


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
    body = [line for line in lines if not line.startswith("#")]
    features: list[str] = []
    weights: Rows = np.zeros((len(body) + 1, len(COLUMNS)), np.float32)  # the last is no feature's
    for row, line in enumerate(body):
        feature, _, given = line.partition("\t")
        features.append(feature)
        for weight in given.split():
            column, _, value = weight.partition(":")
            weights[row, int(column)] = int(value)
    return features, weights


@cache
def scorer() -> Scorer:
    """The shipped model, read once."""
    return Scorer(WEIGHTS.read_text(encoding="utf-8").split("\n")[:-1])
