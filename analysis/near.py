"""What stands just before or after a number, and the words of the lexicons that say what it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from analysis.base import Text
from analysis.scan import batch_of

REACH = 40

_LEXICONS = Path(__file__).parent / "lexicons"
_ENDING = re.compile(r"^[\w.-]*\W*")
_STOP = re.compile(r"[,;!?]")


@cache
def _lexicon(file: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_LEXICONS / f"{file}.toml").read_text(encoding="utf-8"))


def words(section: str, group: str, *, file: str = "numbers") -> tuple[str, ...]:
    """One list of a lexicon."""
    return tuple(_lexicon(file)[section][group])


def either(section: str, group: str, *, file: str = "numbers") -> str:
    """One list of a lexicon as the fragment of a pattern."""
    return "(?:" + "|".join(words(section, group, file=file)) + ")"


def among(section: str, group: str) -> frozenset[str]:
    """One list of `forms.toml`, to ask whether a word is on it."""
    return frozenset(words(section, group, file="forms"))


def letters(size: str) -> str:
    """The Danish letters, "small" or "capital", as what stands between the brackets of a pattern's set."""
    return words("letters", size, file="forms")[0]


def before(text: str, start: int, reach: int = REACH) -> str:
    """The lower-case words on the same line before a place, at most `reach` characters."""
    return text[max(0, start - reach) : start].rpartition("\n")[2].lower()


def after(text: str, end: int, reach: int = REACH) -> str:
    """The lower-case words on the same line after a place."""
    return text[end : end + reach].partition("\n")[0].lower()


def told(
    texts: Sequence[Text], pattern: re.Pattern[str], reason: Callable[[str, re.Match[str]], str]
) -> Iterator[tuple[int, re.Match[str], str]]:
    """Every match in the texts that hold a number, with its text's index and its reason; "" for a reason drops it."""
    batch = batch_of(texts)
    for index in batch.numbered:
        text = batch.folded_text(index)
        for match in pattern.finditer(text):
            if found := reason(text, match):
                yield index, match, found


def just_before(telling: re.Pattern[str], text: str, start: int, slack: int = 14) -> bool:
    """Whether a telling word stands before, with at most `slack` characters after its own ending and no comma."""
    line = before(text, start)
    ends = [match.end() for match in telling.finditer(line)]
    if not ends:
        return False
    rest = line[ends[-1] :]
    return not _STOP.search(rest) and len(_ENDING.sub("", rest)) <= slack
