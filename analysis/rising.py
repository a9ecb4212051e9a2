"""Words that citizens use more than they did, counted over masked texts, and never a name among them.

A word is counted once a text. Left out is whatever may tell who somebody is: what a detector marked, every word on the
lists of given and family names that is no common word besides, every word with a capital (a name that no list knows),
and what stands in an address, a tag or a number. What is left must be used in at least `LEAST_TEXTS` texts by at least
`LEAST_WRITERS` writers.

Writers of different threads cannot be told apart (their keys are salted by the thread), so the number of writers is the
least that is sure: different initials, or different keys within one thread.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from analysis.lexicon import names

LEAST_TEXTS: Final = 5
LEAST_WRITERS: Final = 3
LEAST_BEFORE: Final = 30  # texts to compare with; fewer tell nothing of what is usual
TWICE: Final = 2.0  # a word rises when its share of the texts is at least so many times what it was
LEAST_MORE: Final = 3.0  # and it is in so many texts more than its earlier share would have given
SHORTEST: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_GENITIVE: Final = ("'s", "s")


@dataclass(frozen=True, slots=True)
class Written:
    """A masked text, whether it is of the time that is asked about, and the spans that may tell of somebody."""

    text: str
    new: bool
    thread: str
    author_key: str
    author_name: str
    named: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Rising:
    """`usual`: in how many of as many texts it stood before."""

    word: str
    texts: int
    usual: float


@dataclass(slots=True)
class _Use:
    new: int = 0
    old: int = 0
    initials: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def writers(self) -> int:
        return max([len(self.initials), *(len(keys) for keys in self.keys.values())])


def rising(written: Sequence[Written], most: int = 12) -> list[Rising] | None:
    """The words that rose, those used in most texts first; None where too little was written before to tell."""
    fresh = sum(one.new for one in written)
    if len(written) - fresh < LEAST_BEFORE:
        return None
    uses: dict[str, _Use] = defaultdict(_Use)
    for one in written:
        for word in words_of(one.text, one.named):
            _count(uses[word], one)
    scale = fresh / (len(written) - fresh)
    found = [Rising(word, use.new, use.old * scale) for word, use in uses.items() if _shown(use)]
    risen = [one for one in found if one.texts >= max(TWICE * one.usual, one.usual + LEAST_MORE)]
    return sorted(risen, key=lambda one: (-one.texts, one.word))[:most]


def _shown(use: _Use) -> bool:
    return use.new >= LEAST_TEXTS and use.writers() >= LEAST_WRITERS


def words_of(text: str, named: Sequence[tuple[int, int]]) -> set[str]:
    """The words of a masked text that tell of nobody."""
    return {
        found[0]
        for found in _WORD.finditer(text)
        if len(found[0]) >= SHORTEST
        and found[0].islower()
        and not any(begin < found.end() and found.start() < end for begin, end in named)
        and not _alone(text, found)
        and not _may_name(found[0])
    }


def _count(use: _Use, one: Written) -> None:
    if not one.new:
        use.old += 1
        return
    use.new += 1
    if one.author_name:
        use.initials.add(one.author_name)
    if one.author_key:
        use.keys[one.thread].add(one.author_key)


def _alone(text: str, found: re.Match[str]) -> bool:
    """Part of an address, a tag or a number: not a word of the language."""
    around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
    return any(sign in "@#/_█&=" or sign.isdigit() for sign in around)


def _may_name(word: str) -> bool:
    """Whether a list of names holds it, with or without the ending of the genitive."""
    given, family = names("given"), names("family")
    stems = {word, *(word.removesuffix(ending) for ending in _GENITIVE), *word.split("-")}
    return any(given.get(stem) is False or family.get(stem) is False for stem in stems)
