"""Takes who is named out of texts that are handed on: names and how to reach somebody become as many `█`.

    findings kept with a text ──┐
    the detectors, asked anew ──┼──► names of all texts ──► each of them wherever it stands ──► masked
    names of the writers ───────┘

A name that one text of a thread shows to be a name is taken out of all of them, in the genitive too, and each of its
parts by itself. What is masked too much costs a reader a glance. What identifies somebody without a name ("the boy with
the red bicycle") stays: it is often what the case is about. Lengths are kept, so that places in a text stay right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from analysis.base import Detector, Text
from analysis.cpr import MASK
from analysis.detectors import account, address, case_number, email, person, phone, plate
from analysis.scan import Batch
from data.types import Finding

TAKEN_OUT: Final = frozenset({"person", "phone", "email", "address", "account", "case_number", "plate"})
_DETECTORS: Final[tuple[Detector, ...]] = (
    person.detector, phone.detector, email.detector, address.detector, account.detector, case_number.detector,
    plate.detector,
)  # fmt: skip
_HANDLE: Final = re.compile(r"(?<![\w@])@[\w.-]*\w(?:@[\w.-]*\w)?")
_ADDRESS: Final = re.compile(r"(https?://[^\s/?#]+)([^\s]+)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<!\d)[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}(?!\d)")  # whatever stands beside it
_PART: Final = re.compile(r"[^\W\d_][\w'’-]*")
_SHORTEST: Final = 3  # a part of a name of two letters is too often a word
_AT_ONCE: Final = 400  # names in one pattern


class ThirdParties:
    """What is to be taken out, gathered from texts as they are added; `masked` when all of them are known."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._asked: dict[str, list[Finding]] = {}  # each text is read twice: for its names, and to be masked

    def add_writer(self, name: str) -> None:
        """A writer's name as it is kept: whole, initials or nothing."""
        if name.strip():
            self._add(name)

    def add(self, text: str, findings: Iterable[Finding] = ()) -> None:
        """A text with the findings that were kept with it."""
        for start, end, kind in self._places(text, findings):
            if kind == "person":
                self._add(text[start:end])

    def masked(self, text: str, findings: Iterable[Finding] = ()) -> str:
        """The text without those who are named in any of the texts, and without phone numbers, addresses and handles.

        Of a web address the host stays: a path may name whose page it is.
        """
        signs = list(text)
        spans = [(start, end) for start, end, _ in self._places(text, findings)]
        spans += [match.span(2) for match in _ADDRESS.finditer(text)]
        patterns = (_HANDLE, _NUMBER, *self._patterns)
        spans += [match.span() for pattern in patterns for match in pattern.finditer(text)]
        for start, end in spans:
            signs[start:end] = [sign if sign.isspace() else MASK for sign in signs[start:end]]
        return "".join(signs)

    def _places(self, text: str, findings: Iterable[Finding]) -> list[tuple[int, int, str]]:
        if text not in self._asked:
            self._asked[text] = _found(text)
        return [(one.start, one.end, one.type) for one in (*findings, *self._asked[text]) if one.type in TAKEN_OUT]

    def _add(self, name: str) -> None:
        self.__dict__.pop("_patterns", None)
        self._names.add(" ".join(name.split()))
        self._names.update(part for part in _PART.findall(name) if len(part) >= _SHORTEST)

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        """Longest names first, so that a whole name is found before its parts."""
        names = sorted((name for name in self._names if name), key=lambda name: (-len(name), name))
        return [_pattern(names[at : at + _AT_ONCE]) for at in range(0, len(names), _AT_ONCE)]


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{words})(?:['’]?s)?(?!\w)", re.IGNORECASE)


def _found(text: str) -> list[Finding]:
    batch = Batch([Text(text), *([Text(text.replace("-", " "))] if "-" in text else [])])  # "Jens-Peter" is two names
    return [found for detector in _DETECTORS for _, found in detector.find(batch)]
