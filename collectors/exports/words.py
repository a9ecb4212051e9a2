"""The words by which columns and months are known (`aliases.toml`), and how a header is compared with them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """A header for comparison: composed (NFC), casefolded, punctuation and spaces as one space; æ, ø, å stay."""
    return _NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", header[:200]).casefold()).strip()


def _load() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, int]]:
    table = tomllib.loads(files("collectors.exports").joinpath("aliases.toml").read_text("utf-8"))
    return {field: tuple(map(folded, words)) for field, words in table["fields"].items()}, table["months"]


ALIASES, MONTHS = _load()
KNOWN = frozenset(word for words in ALIASES.values() for word in words)
