"""Danish stands in the lexicons alone: no string of the code that judges holds one of their words or letters."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from analysis.lexicon import FOLDER

CODE = Path(__file__).parents[1] / "analysis"
SHORTEST = {"forms": 3, "numbers": 4}
"""Of either file's words; shorter ones are codes and English as well: "at", "i", "to"."""
CODES = frozenset(
    [
        *("hvis", "gad"),  # two kinds of sentence, as the trained score knows them
        *("skole", "jobcenter", "bibliotek", "kommune", "borgerservice"),  # kinds of institutions
        *("TLF", "TLF_", "TLF+", "KONTO"),  # what stands for a number in the labelled texts
    ]
)
"""Names of things, as whole strings."""
ENGLISH = frozenset({"under", "store", "person", "social", "service", "mark", "post", "batch", "iban"})
"""Words of both languages that the code names something by."""
LETTER, WORD = re.compile("[æøåÆØÅ]"), re.compile(r"[^\W\d_]+")
ESCAPE = re.compile(r"\\.")


def strings(source: str) -> Iterator[tuple[int, str]]:
    """The string constants of a module by line; a docstring's examples are none."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def moved() -> frozenset[str]:
    """The words of both files that only Danish has; those of a pattern without its escapes."""
    found: set[str] = set()
    for file, shortest in SHORTEST.items():
        lists = tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8")).values()
        entries = (ESCAPE.sub(" ", entry) for groups in lists for group in groups.values() for entry in group)
        found.update(word for entry in entries for word in WORD.findall(entry.lower()) if len(word) >= shortest)
    return frozenset(found) - ENGLISH


def danish(source: str, words: frozenset[str]) -> list[tuple[int, str]]:
    """The strings of a module that hold Danish letters or one of these words."""
    return [
        (line, said)
        for line, said in strings(source)
        if said not in CODES and (LETTER.search(said) or not words.isdisjoint(WORD.findall(said.lower())))
    ]


def test_no_string_of_the_code_is_danish() -> None:
    """A word that decides something stands where it can be read, sourced and changed: in a lexicon."""
    words = moved()
    modules = [path for path in CODE.rglob("*.py") if path.parent != FOLDER]
    assert {} == {path.name: found for path in modules if (found := danish(path.read_text("utf-8"), words))}


def test_danish_in_code_would_be_told() -> None:
    """A word and a letter are found, in sets, patterns and f-strings; what a docstring quotes is not."""
    source = '"""As in "kære mor" here."""\nA = {"mor"}\nB = f"(?:{A}|nabo)"\nC = "[a-zæ]"\nD = "plain"\n'
    assert [2, 3, 4] == sorted(line for line, _ in danish(source, moved()))
