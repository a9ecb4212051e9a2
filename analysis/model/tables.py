"""The weights of a model by what they are asked for: by word, by pair of words, by class, by sentence, by place.

Everything that can be added up before a text comes is added up here: the parts of a word once a word, the forms of a
sentence with each company that they may have, the places that texts stand in as they are met.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from analysis.bits import COLUMNS, WIDTH
from analysis.keys import Index, Ints, Numbers, Pieces, codes_of, keys_of
from analysis.model.features import CLASSES, COMPANY, LONGEST, SHORTEST, SIGNS
from analysis.shape import FORMS
from analysis.vocabulary import Vocabulary, Word

_MOST_SUMS = 10_000

Rows: TypeAlias = npt.NDArray[np.float32]
_Kind = TypeVar("_Kind", bound=np.generic)


def sums(rows: Rows, numbers: Ints | Numbers, sizes: Ints) -> Rows:
    """The sums of consecutive groups of rows; a group may be empty."""
    out: Rows = np.zeros((len(sizes), rows.shape[1]), np.float32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        starts = (np.cumsum(sizes) - sizes)[filled]
        out[filled] = np.add.reduceat(rows[numbers], starts, axis=0)
    return out


def by_class(at: Mapping[str, int], weights: Rows, beginning: str) -> Rows:
    """A row for each bit of a word: the weight of its class's feature with this beginning."""
    rows = np.zeros((COLUMNS * WIDTH, weights.shape[1]), np.float32)
    for bit, name in CLASSES.items():
        if (number := at.get(beginning + name)) is not None:
            rows[bit.bit_length() - 1] = weights[number]
    return rows


def by_sign(at: Mapping[str, int], weights: Rows, rows: Rows) -> Rows:
    """The rows of classes with those of the signs that are bits as well."""
    for bit, name in SIGNS:
        if (number := at.get(name)) is not None:
            rows[bit.bit_length() - 1] = weights[number]
    return rows


def by_form(at: Mapping[str, int], weights: Rows) -> Rows:
    """A row for each form and each set of company: `form << len(COMPANY) | company`."""
    rows = np.zeros((len(FORMS) << len(COMPANY), weights.shape[1]), np.float32)
    for number in range(len(rows)):
        form = FORMS[number >> len(COMPANY)]
        company = [f"{form}&{name}" for place, (_, name) in enumerate(COMPANY) if number >> place & 1]
        known = [at[feature] for feature in (form, *company) if feature in at]
        rows[number] = weights[known].sum(axis=0)
    return rows


class KeptSums:
    """The sums of sets of features met before, by number; number 0 is the sum of none.

    A few thousand sets make nearly all texts, and to add up one anew takes ten times as long as to find it here.
    """

    def __init__(self, at: Mapping[str, int], weights: Rows) -> None:
        self._at, self._weights = at, weights
        self._numbers: dict[Hashable, int] = {}
        self._made = 1
        self.rows: Rows = np.zeros((1024, weights.shape[1]), np.float32)
        self._lock = Lock()

    @property
    def full(self) -> bool:
        return self._made > _MOST_SUMS

    def number(self, key: Hashable) -> int | None:
        """The number of a set of features; None where it is met for the first time."""
        return self._numbers.get(key)

    def add(self, key: Hashable, names: Iterable[str]) -> int:
        """Number a set of features."""
        known = [self._at[name] for name in names if name in self._at]
        with self._lock:
            number, self._made = self._made, self._made + 1
            if number == len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            self.rows[number] = self._weights[known].sum(axis=0)
            self._numbers[key] = number
        return number


class WordTable:
    """The rows of the words of one vocabulary, and their numbers in the pairs; longer as words come.

    The last row of the weights is empty: it is what -1 finds.
    """

    def __init__(self, features: Sequence[str], at: Mapping[str, int], weights: Rows) -> None:
        self._at, self._weights = at, weights
        runs = {feature[2:]: number for number, feature in enumerate(features) if feature.startswith("c:")}
        self._index, self._runs = Index(keys_of(list(runs))), np.array(list(runs.values()), np.int64)
        self._firsts, self._seconds, self._pairs = _pairs(features)
        self._known = 0
        self._rows: Rows = np.zeros((1024, weights.shape[1]), np.float32)
        self._pair = np.zeros((1024, 2), np.int32)
        self._lock = Lock()

    def sums(self, numbers: Numbers, sizes: Ints, last: npt.NDArray[np.bool_], vocabulary: Vocabulary) -> Rows:
        """For each text the sum over its words and pairs of words; `last` are the last tokens of texts."""
        if self._known < len(vocabulary.made):
            with self._lock:
                self._learn(vocabulary.made)
        found = sums(self._rows, numbers, sizes)
        first, second = self._pair[numbers].T
        pairs = self._pairs[first[:-1], second[1:]]
        places = np.flatnonzero((pairs >= 0) & ~last[:-1])
        np.add.at(found, np.repeat(np.arange(len(sizes)), sizes)[places], self._weights[pairs[places]])
        return found

    def _learn(self, made: Sequence[Word]) -> None:
        first, size = self._known, len(made)
        words = [word.lower for word in made[first:size]]
        rows, pair = _with_room(self._rows, size), _with_room(self._pair, size)
        rows[first:size] = self._whole(words) + self._run_sums(words)
        pair[first:size, 0] = [self._firsts.get(word, 0) for word in words]
        pair[first:size, 1] = [self._seconds.get(word, 0) for word in words]
        self._rows, self._pair, self._known = rows, pair, size

    def _whole(self, words: Sequence[str]) -> Rows:
        """The rows of the words themselves, a number's being one for all numbers."""
        found = [self._at.get("w:0" if word[0].isdigit() else f"w:{word}", -1) for word in words]
        return self._weights[found]

    def _run_sums(self, words: Sequence[str]) -> Rows:
        """The sums over `features.runs` of each word that has any."""
        wholes = [f"^{word}$" if word[0].isalpha() else "" for word in words]
        sizes = np.array([len(whole) for whole in wholes], np.int64)
        pieces = Pieces(codes_of("".join(wholes)))
        owner = np.repeat(np.arange(len(words)), sizes)
        left = np.cumsum(sizes)[owner] - np.arange(len(owner))  # characters up to the end of the word
        found = np.zeros((len(words), self._weights.shape[1]), np.float32)
        for size in range(SHORTEST, LONGEST + 1):
            starts = np.flatnonzero(left >= size)
            numbers = self._index.find(pieces.keys(starts, starts + size))
            hits = np.flatnonzero(numbers >= 0)
            counts = np.bincount(owner[starts[hits]], minlength=len(words))
            found += sums(self._weights, self._runs[numbers[hits]], counts)
        return found


def _with_room(rows: npt.NDArray[_Kind], size: int) -> npt.NDArray[_Kind]:
    """The rows as they are, or a copy with room for so many: twice, four times … as much."""
    if size <= len(rows):
        return rows
    longer = np.zeros((1 << (size - 1).bit_length(), *rows.shape[1:]), rows.dtype)
    longer[: len(rows)] = rows
    return longer


def _pairs(features: Sequence[str]) -> tuple[dict[str, int], dict[str, int], npt.NDArray[np.signedinteger[Any]]]:
    """First words, second words, and the feature of each two, -1 for none; the numbers begin with 1."""
    told = {number: feature[2:].split(" ") for number, feature in enumerate(features) if feature.startswith("b:")}
    firsts = {word: at for at, word in enumerate(dict.fromkeys(first for first, _ in told.values()), 1)}
    seconds = {word: at for at, word in enumerate(dict.fromkeys(second for _, second in told.values()), 1)}
    table = np.full((len(firsts) + 1, len(seconds) + 1), -1, np.min_scalar_type(-len(features)))
    for number, (first, second) in told.items():
        table[firsts[first], seconds[second]] = number
    return firsts, seconds, table
