"""Runs of words of the lexicons, found in a whole batch at once: each step takes all beginnings one word further.

Few beginnings live past their second word, so the steps shrink quickly (measured: 0.4 µs a text in all).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.bits import columns_of
from analysis.keys import Ints
from analysis.lexicon import END, OPEN, Lexicon, Trie

Found: TypeAlias = list[tuple[Ints, Ints, Ints]]


@dataclass(frozen=True, slots=True)
class Marked:
    """Phrases in a batch by place: tokens [at, end), and which entry of `Phrases.bits` they are."""

    at: Ints
    end: Ints
    entry: Ints


class Phrases:
    """The phrases of the lexicons as numbered nodes. `bits` are the classes of each entry, `columns` the same by 64."""

    def __init__(self, lists: Lexicon) -> None:
        self._steps: dict[str, int] = {}
        self._edges: dict[tuple[int, int], int] = {}
        self._open: dict[int, list[tuple[str, int]]] = {}
        self.bits: list[int] = []
        self._starts = {
            word: self._walk(node) for word, node in lists.phrases.items() if isinstance(node, dict) and word != OPEN
        }
        self._openings = tuple({beginning for ends in self._open.values() for beginning, _ in ends})
        edges = sorted((node * len(self._steps) + step, target) for (node, step), target in self._edges.items())
        self._keys = np.array([key for key, _ in edges] + [np.iinfo(np.int64).max], np.int64)
        self._targets = np.array([target for _, target in edges] + [0], np.int64)
        self._numbers = {word: number for number, word in enumerate(self._starts)}
        self._first = np.array([*self._starts.values(), 0], np.int64)
        self._second = self._seconds()
        self.columns = columns_of(self.bits)
        self._ends = np.array([bits != 0 for bits in self.bits], bool)

    def _walk(self, trie: Trie) -> int:
        """Number a node and all below it; its entry in `bits` is 0 where no phrase ends."""
        bits = trie.get(END, 0)
        number = self._entry(bits if isinstance(bits, int) else 0)
        for word, below in trie.items():
            if not isinstance(below, dict):
                continue
            if word == OPEN:
                ends = [(beginning, self._entry(ending)) for beginning, ending in _ints(below)]
                self._open[number] = ends
            else:
                step = self._steps.setdefault(word, len(self._steps))
                self._edges[number, step] = self._walk(below)
        return number

    def _seconds(self) -> npt.NDArray[np.int32]:
        """From the number of a first word and that of the next to the node of both, -1 for none.

        Most beginnings end here, so that this step is a table and the later ones a search.
        """
        table = np.full((len(self._starts), len(self._steps) + 1), -1, np.int32)  # the last column is what -1 finds
        numbers = {node: number for number, node in enumerate(self._starts.values())}
        for (node, step), target in self._edges.items():
            if node in numbers:
                table[numbers[node], step] = target
        return table

    def _entry(self, bits: int) -> int:
        self.bits.append(bits)
        return len(self.bits) - 1

    def start(self, lower: str) -> int:
        """The number of a word as the first one of a phrase, -1 for none."""
        return self._numbers.get(lower, -1)

    def step(self, lower: str) -> int:
        """The number of a word as a later one of a phrase, -1 for none."""
        return self._steps.get(lower, -1)

    def opened(self, lower: str) -> bool:
        """Whether it begins as the last word of some phrase may begin."""
        return lower.startswith(self._openings)

    def find(self, starts: Ints, steps: Ints, opened: Ints, last: Ints, lower: Callable[[int], str]) -> Marked:
        """All phrases of a batch, by place and length.

        `starts` and `steps` are each token's numbers, `opened` the tokens with such a beginning, `last[i]` where the
        text of token i ends, `lower` gives a token in lower case.
        """
        at = np.flatnonzero(starts >= 0)
        at = at[at + 1 < last[at]]
        found: Found = [_arrays(self._open_ends(at, self._first[starts[at]], at + 1, opened, lower))]
        nodes = self._second[starts[at], steps[at + 1]].astype(np.int64)
        at, nodes = at[nodes >= 0], nodes[nodes >= 0]
        here = at + 2
        while len(at):
            ending = self._ends[nodes]
            found.append((at[ending], here[ending], nodes[ending]))
            more = here < last[at]
            at, nodes, here = at[more], nodes[more], here[more]
            found.append(_arrays(self._open_ends(at, nodes, here, opened, lower)))
            at, nodes, here = self._take(at, nodes, here, steps)
        every = [np.concatenate(parts) for parts in zip(*found, strict=True)]
        order = np.lexsort((every[1], every[0]))
        return Marked(*(part[order] for part in every))

    def _take(self, at: Ints, nodes: Ints, here: Ints, steps: Ints) -> tuple[Ints, Ints, Ints]:
        """One word further, those alone that the lexicons go on with."""
        step = steps[here]
        kept = step >= 0
        at, here, keys = at[kept], here[kept], nodes[kept] * len(self._steps) + step[kept]
        places = np.searchsorted(self._keys, keys)
        hit = self._keys[places] == keys
        return at[hit], self._targets[places[hit]], here[hit] + 1

    def _open_ends(
        self, at: Ints, nodes: Ints, here: Ints, opened: Ints, lower: Callable[[int], str]
    ) -> Iterator[tuple[int, int, int]]:
        for place in np.flatnonzero(np.isin(here, opened)) if len(opened) else ():
            token = int(here[place])
            for beginning, entry in self._open.get(int(nodes[place]), ()):
                if lower(token).startswith(beginning):
                    yield int(at[place]), token + 1, entry


def _ints(ends: Trie) -> Iterator[tuple[str, int]]:
    return ((beginning, bits) for beginning, bits in ends.items() if isinstance(bits, int))


def _arrays(found: Iterator[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    rows = np.array(list(found), np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]
