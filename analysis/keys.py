"""Pieces of text as numbers: 64-bit keys of any piece by arithmetic over a whole batch, and a table to find keys in.

A key is a polynomial of the piece's characters modulo 2**64. Sums up to each place give that of any piece as a
difference, so that all beginnings, endings and runs of letters of a thousand words cost a few passes. Two pieces with
one key would be taken for one; with an odd factor of 64 bits that is a matter of chance, below one in 10**9 for a
million different words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Keys: TypeAlias = npt.NDArray[np.uint64]
Codes: TypeAlias = npt.NDArray[np.uint32]
Ints: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.int32]

_FACTOR = 0x9E3779B97F4A7C15
_SCATTER = np.uint64(0xD6E8FEB86659FD93)
_KEPT = 1 << 18
_ROOM = 1 << 10


def codes_of(text: str) -> Codes:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class Pieces:
    """A text of which the keys of many pieces are asked."""

    def __init__(self, codes: Codes) -> None:
        self._powers, self._inverse = _powers(len(codes) + 1)
        self._sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(codes * self._powers[:-1], out=self._sums[1:])

    def keys(self, starts: Ints, ends: Ints) -> Keys:
        """The keys of the pieces [start, end); 0 is no key."""
        keys: Keys = (self._sums[ends] - self._sums[starts]) * self._inverse[starts]
        keys[keys == 0] = 1
        return keys


def keys_of(words: Sequence[str]) -> Keys:
    """The keys of these words."""
    sizes = np.array([len(word) for word in words], np.int64)
    ends = np.cumsum(sizes)
    return Pieces(codes_of("".join(words))).keys(ends - sizes, ends)


def _powers(size: int) -> tuple[Keys, Keys]:
    """The factor's powers from 0 up, and of its inverse likewise; longer than a usual batch they are not kept."""
    powers, inverse = _kept_powers() if size <= _KEPT else _made_powers(size)
    return powers[:size], inverse[:size]


@cache
def _kept_powers() -> tuple[Keys, Keys]:
    return _made_powers(_KEPT)


def _made_powers(size: int) -> tuple[Keys, Keys]:
    made = [np.full(size, factor, np.uint64) for factor in (_FACTOR, pow(_FACTOR, -1, 1 << 64))]
    for powers in made:
        powers[:1] = 1
        np.cumprod(powers, out=powers)
    return made[0], made[1]


class Index:
    """From a key to a number: a table at most half full; a key whose place is taken moves on to the next.

    A key may be added by one thread while others look: they find it with its number, or not yet.
    """

    def __init__(self, keys: Keys | None = None) -> None:
        self._table = np.zeros(_ROOM, np.uint64), np.full(_ROOM, -1, np.int32)
        self._taken = 0
        if keys is not None:
            self.add(keys, 0)

    def find(self, keys: Keys) -> Numbers:
        """The number of each key, -1 where it is unknown."""
        known, numbers = self._table
        places = _places(keys, len(known))
        held = known[places]
        found = numbers[places]
        wrong = held != keys
        found[wrong] = -1
        astray = np.flatnonzero(wrong & (held != 0))
        while len(astray):
            places[astray] = (places[astray] + 1) % len(known)
            held = known[places[astray]]
            right = held == keys[astray]
            found[astray[right]] = numbers[places[astray[right]]]
            astray = astray[~right & (held != 0)]
        return found

    def add(self, keys: Keys, first: int) -> None:
        """Number new keys, each given once, from `first` up."""
        known, numbers = self._table
        self._taken += len(keys)
        if self._taken * 2 > len(known):
            kept = known != 0
            known, numbers = self._grown(known[kept], numbers[kept])
        _put(known, numbers, keys, np.arange(first, first + len(keys), dtype=np.int32))
        self._table = known, numbers

    def _grown(self, keys: Keys, values: Numbers) -> tuple[Keys, Numbers]:
        size = _ROOM
        while size < self._taken * 4:
            size *= 2
        known, numbers = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
        _put(known, numbers, keys, values)
        return known, numbers


def _put(known: Keys, numbers: Numbers, keys: Keys, values: Numbers) -> None:
    """Each round writes the keys whose place is free; of several for one place one stays and the others move on."""
    places = _places(keys, len(known))
    left = np.arange(len(keys))
    while len(left):
        at = places[left]
        free = known[at] == 0
        known[at[free]] = keys[left[free]]
        done = known[at] == keys[left]
        numbers[at[done]] = values[left[done]]
        left = left[~done]
        places[left] = (places[left] + 1) % len(known)


def _places(keys: Keys, size: int) -> Ints:
    """The upper bits of a product: those of the keys alone are all alike in short words."""
    return (keys * _SCATTER >> np.uint64(65 - size.bit_length())).astype(np.int64)
