"""Every entry of every word list: found where it stands, not in a false friend, and made idle by no other entry."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from analysis.base import Text
from analysis.bits import sets_of
from analysis.lexicon import FILES, FOLDER, Lexicon, lexicon
from analysis.scan import Batch
from analysis.words import Readings

BEGINS, ENDS, BETWEEN = "mellem", "erne", "altså"


def groups(file: str) -> Iterator[tuple[str, list[str]]]:
    """The lists of a file by the names of their classes."""
    for section, lists in tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8")).items():
        for group, entries in lists.items():
            yield (f"{file}.{section}" if group == "words" else f"{file}.{section}.{group}"), entries


def classes_of(said: list[str]) -> list[int]:
    """The classes that a sentence around each of these is read to hold."""
    return sets_of(Readings(Batch([Text(f"Se, {one} hører til her.") for one in said])).unions)


def spoken(entry: str) -> str:
    """An entry as it may stand in a text."""
    ended = entry[:-1] + ENDS if entry.endswith("*") else entry
    return BEGINS + ended[1:] if ended.startswith("*") else ended


def covers(wider: str, entry: str) -> bool:
    """Whether whatever the second catches is caught by the first."""
    if wider == entry or (" " in wider) != (" " in entry) or "*" not in wider:
        return False
    core, word = wider.strip("*"), entry.strip("*")
    if " " in wider or not wider.startswith("*"):
        return not entry.startswith("*") and word.startswith(core)
    return core in word if wider.endswith("*") else not entry.endswith("*") and word.endswith(core)


@pytest.mark.parametrize("file", FILES)
def test_every_entry_is_written_once_and_needed(file: str) -> None:
    """A star stands at an end, and nothing is caught by another entry of the same list already."""
    for name, entries in groups(file):
        assert [] == [(name, entry) for entry in entries if "*" in entry.strip("*") or not entry.strip("* ")]
        assert len(entries) == len(set(entries)), name
        wide = [entry for entry in entries if "*" in entry]
        assert [] == [(name, other, entry) for entry in entries for other in wide if covers(other, entry)]


@pytest.mark.parametrize("file", FILES)
def test_every_entry_is_found_where_it_stands(file: str) -> None:
    """A sentence with the entry in it is read to hold its class: an entry that no text can meet is a mistake."""
    asked = [(name, entry) for name, entries in groups(file) for entry in entries]
    bit = lexicon().bit
    held = classes_of([spoken(entry) for _, entry in asked])
    assert [] == [one for one, found in zip(asked, held, strict=True) if not found & bit[one[0]]]


@pytest.mark.parametrize("file", FILES)
def test_no_word_is_found_in_a_false_friend(file: str) -> None:
    """A word within a longer one is another word, but where a star says that it is not."""
    words = [entry for _, entries in groups(file) for entry in entries if " " not in entry]
    for entry in words:
        friends = [entry.strip("*") + "x"] * (not entry.endswith("*")) + ["x" + entry.strip("*")] * (entry[0] != "*")
        if friends:
            assert not Lexicon({"own": [entry]}).columns(friends).any(), entry


@pytest.mark.parametrize("file", FILES)
def test_no_phrase_is_found_where_its_words_stand_apart(file: str) -> None:
    """Another word after the first makes it another saying, but where one of the parts is listed for itself."""
    asked = [(name, entry) for name, entries in groups(file) for entry in entries if " " in entry]
    parts = [spoken(entry).partition(" ") for _, entry in asked]
    apart = classes_of([f"{first} {BETWEEN} {rest}" for first, _, rest in parts])
    alone = [a | b for a, b in zip(*(classes_of([part[at] for part in parts]) for at in (0, 2)), strict=True)]
    bit = lexicon().bit
    found = zip(asked, apart, alone, strict=True)
    assert [] == [one for one, held, own in found if held & bit[one[0]] and not own & bit[one[0]]]
