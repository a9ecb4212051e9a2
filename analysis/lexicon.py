"""The word lists of `lexicons/`, read once and put into forms that answer for a word, or a run of words, in one look.

A group of a list ("matters.health.strong") is a class; a word's classes are the bits of one integer. Notation of the
lists: `x*` begins so, `*x` ends so, `*x*` holds it, several words are a phrase.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from analysis.bits import Bits, columns_of
from analysis.keys import Index, Ints, Keys, Pieces, codes_of, keys_of

FOLDER = Path(__file__).parent / "lexicons"
FILES = ("grammar", "inquiry", "matters", "people", "tone", "topics", "urgent")
SHORTEST, LONGEST = 2, 24

Trie = dict[str, "Trie | int"]
END, OPEN = "", "*"


class Lexicon:
    """All classes of all files. `classes` are their names; class i is the bit `1 << i`."""

    def __init__(self, groups: Mapping[str, list[str]]) -> None:
        self.classes = tuple(groups)
        self.bit = {name: 1 << at for at, name in enumerate(self.classes)}
        self.exact: dict[str, int] = {}
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.held: dict[str, int] = {}
        self.phrases: Trie = {}
        for name, entries in groups.items():
            for entry in entries:
                self._add(entry, self.bit[name])

    def _add(self, entry: str, bit: int) -> None:
        if " " in entry:
            self._add_phrase(entry.split(), bit)
            return
        table = {(0, 0): self.exact, (0, 1): self.first, (1, 0): self.last, (1, 1): self.held}
        chosen = table[entry.startswith("*"), entry.endswith("*")]
        word = entry.strip("*")
        chosen[word] = chosen.get(word, 0) | bit

    def add_endings(self, endings: Sequence[str], bit: int) -> None:
        """Words with these endings get the bit as well; before any word is asked for."""
        for ending in endings:
            assert SHORTEST <= len(ending) <= LONGEST, "an ending of this length is never looked up"
            self.last[ending] = self.last.get(ending, 0) | bit

    def _add_phrase(self, words: list[str], bit: int) -> None:
        node = self.phrases
        open_end = words[-1].endswith("*")
        for word in words[:-1] if open_end else words:
            step = node.setdefault(word, {})
            assert isinstance(step, dict)
            node = step
        if open_end:
            ends = node.setdefault(OPEN, {})
            assert isinstance(ends, dict)
            before = ends.get(words[-1][:-1], 0)
            assert isinstance(before, int)
            ends[words[-1][:-1]] = before | bit
            return
        before = node.get(END, 0)
        assert isinstance(before, int)
        node[END] = before | bit

    def columns(self, words: Sequence[str]) -> Bits:
        """The classes of lower-case words, as columns; a phrase's are left out.

        All beginnings and endings of all words are looked up together: word by word that took 3.3 µs each.
        """
        sizes = np.array([len(word) for word in words], np.int64)
        ends = np.cumsum(sizes)
        starts, pieces = ends - sizes, Pieces(codes_of("".join(words)))
        exact, first, last = self._tables
        found = exact.bits(pieces.keys(starts, ends))
        counts = np.maximum(np.minimum(sizes, LONGEST) - SHORTEST + 1, 0)
        word = np.repeat(np.arange(len(words)), counts)
        length = np.arange(len(word)) - np.repeat(np.cumsum(counts) - counts, counts) + SHORTEST
        first.join(found, pieces.keys(starts[word], starts[word] + length), word)
        last.join(found, pieces.keys(ends[word] - length, ends[word]), word)
        for at, bits in self._odd(words):
            found[:, at] |= columns_of([bits])[:, 0]
        return found

    def _odd(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """What no table tells: parts within words, and the genitive of a word that is listed whole."""
        for part, bits in self.held.items():
            yield from ((at, bits) for at, word in enumerate(words) if part in word)
        for at, word in enumerate(words):
            if word.endswith("s") and not self.exact.get(word):
                bits = self.exact.get(word[:-1].rstrip("'’"), 0)
                if bits:
                    yield at, bits

    @cached_property
    def _tables(self) -> tuple[_Table, _Table, _Table]:
        return _Table(self.exact), _Table(self.first), _Table(self.last)


class _Table:
    """The bits of words by their keys."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._index = Index(keys_of(list(words)))
        self._columns = columns_of([*words.values(), 0])  # the last is what -1 finds

    def bits(self, keys: Keys) -> Bits:
        found: Bits = self._columns[:, self._index.find(keys)]
        return found

    def join(self, found: Bits, keys: Keys, word: Ints) -> None:
        """Add the bits of these keys to those of the words that they belong to."""
        numbers = self._index.find(keys)
        hits = np.flatnonzero(numbers >= 0)
        for column, bits in zip(found, self._columns[:, numbers[hits]], strict=True):
            np.bitwise_or.at(column, word[hits], bits)


@cache
def lexicon() -> Lexicon:
    """The lists of this project, in a fixed order of classes."""
    return Lexicon(dict(_groups()))


def _groups() -> Iterator[tuple[str, list[str]]]:
    for file in FILES:
        for name, groups in tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8")).items():
            for group, entries in groups.items():
                yield (f"{file}.{name}" if group == "words" else f"{file}.{name}.{group}"), entries


@cache
def names(kind: str) -> Mapping[str, bool]:
    """Given or family names in lower case, each with whether it is a common word too."""
    lines = (FOLDER / f"names_{kind}.txt").read_text(encoding="utf-8").splitlines()
    kept = (line for line in lines if line and not line.startswith("#"))
    return {line.rstrip("*"): line.endswith("*") for line in kept}
