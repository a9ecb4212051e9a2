"""The word lists of `lexicons/`, read once and put into forms that answer for a word, or a run of words, in one look.

A group of a list ("matters.health.strong") is a class; a word's classes are the bits of one integer. Notation of the
lists: `x*` begins so, `*x` ends so, `*x*` holds it, several words are a phrase.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

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

    def of(self, word: str) -> int:
        """The classes of one lower-case word, a phrase's left out."""
        found = self.exact.get(word, 0)
        size = min(len(word), LONGEST)
        for length in range(SHORTEST, size + 1):
            found |= self.first.get(word[:length], 0) | self.last.get(word[-length:], 0)
        for part, bits in self.held.items():
            if part in word:
                found |= bits
        if word.endswith("s") and not self.exact.get(word):
            found |= self.exact.get(word[:-1].rstrip("'’"), 0)
        return found


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


TOKEN = re.compile(r"\w+(?:[.'’/-]\w+)*|[.!?…\n]+|[,:@#;]|[\u2600\u2764\U0001f300-\U0001faff]|\x00")
STOPS = frozenset(".!?…\n")
