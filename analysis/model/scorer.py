"""Scores texts by the weights of `weights.tsv`: a sparse sum over what `features` sees, for a whole batch in NumPy.

The weights of a word's parts are added up once and kept, so a text costs one row for each of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.base import Text
from analysis.model.features import cues, parts
from analysis.relations import Picture
from analysis.words import Reading, Word

WEIGHTS = Path(__file__).parent / "weights.tsv"
HEADS = ("inquiry", "question", "request", "complaint", "urgent", "breach", "clear", "self", "tone", "hate", "threat")
CUE, PART = 0.5, 0.5
LEAST_WORDS = 4

Rows: TypeAlias = npt.NDArray[np.float32]


class Scorer:
    """The shipped model, or another of the same form."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.bias, scale = _header(lines)
        features, weights = _body(lines)
        self.at = {feature: number for number, feature in enumerate(features)}
        self.weights: Rows = (weights * scale).astype(np.float32)
        self.weights[[feature.startswith("c:") for feature in features]] *= PART
        self._pairs = _pairs(features)
        self._nothing = len(features)
        self._words: Rows = np.zeros((1024, len(HEADS)), np.float32)
        self._seen: list[Word] = []

    def score(self, readings: Sequence[Reading], texts: Sequence[Text], pictures: Sequence[Picture]) -> Rows:
        """For each text and head the odds' logarithm: above 0 speaks for, below against."""
        sizes = np.array([max(LEAST_WORDS, len(reading.words)) for reading in readings], np.float32)
        scored = self._word_sums(readings) / np.sqrt(sizes)[:, None]
        scored += CUE * self._cue_sums(readings, texts, pictures) + self.bias
        return scored.astype(np.float32)

    def _word_sums(self, readings: Sequence[Reading]) -> Rows:
        numbers = [word.number for reading in readings for word in reading.words]
        self._learn(readings)
        sums = _sums(self._words, numbers, [len(reading.words) for reading in readings])
        found: list[int] = []
        lengths = []
        for reading in readings:
            before = len(found)
            self._find_pairs(reading, found)
            lengths.append(len(found) - before)
        return np.add(sums, _sums(self.weights, found, lengths))

    def _learn(self, readings: Sequence[Reading]) -> None:
        for reading in readings:
            for word in reading.words:
                number = word.number
                if number < len(self._seen) and self._seen[number] is word:
                    continue
                self._keep(word)

    def _keep(self, word: Word) -> None:
        while len(self._words) <= word.number:
            self._words = np.concatenate([self._words, np.zeros_like(self._words)])
        while len(self._seen) <= word.number:
            self._seen.append(word)
        self._seen[word.number] = word
        known = [self.at[part] for part in parts(word.lower) if part in self.at]
        self._words[word.number] = self.weights[known].sum(axis=0)

    def _find_pairs(self, reading: Reading, found: list[int]) -> None:
        starts: dict[str, int] | None = None
        for word in reading.words:
            if starts is not None:
                number = starts.get(word.lower)
                if number is not None:
                    found.append(number)
            starts = self._pairs.get(word.lower)

    def _cue_sums(self, readings: Sequence[Reading], texts: Sequence[Text], pictures: Sequence[Picture]) -> Rows:
        found: list[int] = []
        lengths = []
        at = self.at
        for reading, text, picture in zip(readings, texts, pictures, strict=True):
            known = {at[cue] for cue in cues(reading, text, picture) if cue in at}
            found.extend(known)
            lengths.append(len(known))
        return _sums(self.weights, found, lengths)


def _sums(rows: Rows, numbers: Sequence[int], lengths: Sequence[int]) -> Rows:
    """The sums of consecutive groups of rows; a group may be empty."""
    out: Rows = np.zeros((len(lengths), rows.shape[1]), np.float32)
    if not numbers:
        return out
    sizes = np.array(lengths)
    filled = np.flatnonzero(sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])[filled]
    out[filled] = np.add.reduceat(rows[np.array(numbers)], starts, axis=0)
    return out


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


def _pairs(features: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, feature in enumerate(features):
        if feature.startswith("b:"):
            first, _, second = feature[2:].partition(" ")
            found.setdefault(first, {})[second] = number
    return found


@cache
def scorer() -> Scorer:
    """The shipped model, read once."""
    return Scorer(WEIGHTS.read_text(encoding="utf-8").split("\n")[:-1])
