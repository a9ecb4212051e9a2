"""The made-up texts and people of the demo municipality, and the filling in of what a text leaves open."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

HERE = files("collectors.sandbox")
OPEN = re.compile(r"\{([A-Za-z]+[-_+]?)\}")
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)  # modulus 11 of the CPR number (CPR-kontoret, "Personnummeret i CPR")


@dataclass(frozen=True, slots=True)
class Line:
    """A comment as written beforehand; `name` where a reply calls its writer by name, `rare` what pages seldom see."""

    text: str
    name: str = ""
    page: bool = False
    urgent: bool = False
    rare: bool = False
    replies: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """A post of one kind of institution and what is written under it."""

    kind: str
    post: str
    photo: bool = False
    rare: bool = False
    comments: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """What is written at one kind of institution: posts, questions with answers, chat, what is seldom seen.

    `replies` are a page's words that fit most comments.
    """

    posts: tuple[str, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    chat: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()

    def __add__(self, other: Lines) -> Lines:
        return Lines(*(getattr(self, field) + getattr(other, field) for field in self.__slots__))


@cache
def municipality() -> dict[str, Any]:
    """noerreaa.toml, as it stands."""
    return _toml("noerreaa.toml")


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(HERE.joinpath(name).read_text(encoding="utf-8"))


@cache
def threads() -> tuple[Thread, ...]:
    """Posts with their comments, in the order of the file."""
    rows = _rows("threads.jsonl")
    return tuple(
        Thread(row["kind"], row["post"], row.get("photo", False), row.get("rare", False), _lines(row["comments"]))
        for row in rows
    )


@cache
def lines() -> Mapping[str, Lines]:
    """lines.toml by kind of institution; "any" fits everywhere."""
    return {kind: _told(table) for kind, table in _toml("lines.toml").items()}


def _told(table: dict[str, Any]) -> Lines:
    asks = tuple((question, answer) for question, answer in table["asks"])
    told = (tuple(table.get(field, ())) for field in ("chat", "rare", "replies"))
    return Lines(tuple(table["posts"]), asks, *told)


@cache
def happenings() -> dict[str, Any]:
    """live.toml, as it stands."""
    return _toml("live.toml")


@cache
def loose() -> tuple[tuple[str, Line], ...]:
    """Comments that may stand under any post of an institution of their kind."""
    return tuple((row["kind"], _line(row)) for row in _rows("loose.jsonl"))


def _rows(name: str) -> list[dict[str, Any]]:
    text = HERE.joinpath(name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _lines(rows: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> Line:
    flags = {name: bool(row.get(name)) for name in ("page", "urgent", "rare")}
    return Line(row["text"], row.get("name", ""), replies=_lines(row.get("replies", [])), **flags)


def fill(text: str, random: Random, called: str = "") -> str:
    """The text with every `{word}` filled in: made-up numbers, a word of noerreaa.toml, or who is `called`."""
    people = municipality()
    slots = {**people["slots"], "fornavn": people["first_names"], "hvem": [called or "du"]}

    def one(match: re.Match[str]) -> str:
        word = match.group(1)
        if word in NUMBERS:
            return NUMBERS[word](random)
        return str(random.choice(slots[word])) if word in slots else match.group(0)

    return OPEN.sub(one, text)


def made_up_cpr(random: Random) -> str:
    """Ten digits in the form of a CPR number that nobody has: not 1 January, and a wrong check digit."""
    day, month, year = random.randint(2, 28), random.randint(1, 12), random.randint(30, 99)
    head = f"{day:02}{month:02}{year:02}{random.randint(1, 999):03}"
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=False))
    right = -total % 11
    wrong = random.choice([digit for digit in range(10) if digit != right])
    return f"{head}{wrong}"


def _cpr(joint: str) -> Callable[[Random], str]:
    def build(random: Random) -> str:
        number = made_up_cpr(random)
        return number[:6] + joint + number[6:]

    return build


def _phone(random: Random) -> str:
    return f"{random.randint(20, 99)}{random.randint(0, 999999):06}"


def _pairs(random: Random) -> str:
    number = _phone(random)
    return " ".join(number[at : at + 2] for at in range(0, 8, 2))


NUMBERS: Mapping[str, Callable[[Random], str]] = {
    "CPR": _cpr(""),
    "CPR-": _cpr("-"),
    "CPR_": _cpr(" "),
    "CPRX": lambda random: made_up_cpr(random)[:6] + "-xxxx",
    "TLF": _phone,
    "TLF_": _pairs,
    "TLF+": lambda random: f"+45 {_pairs(random)}",
    "SAG": lambda random: f"{random.randint(21, 26)}/{random.randint(1, 39999):06}",
    "KONTO": lambda random: f"{random.randint(1000, 9999)} {random.randint(0, 9999999999):010}",
}
