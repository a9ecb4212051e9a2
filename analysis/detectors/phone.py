"""Phone numbers (type `phone`), by the numbering plans of the library `phonenumbers`.

The Danish plan: eight digits, the first 2-9, no area codes (Sdfi/Digst numbering plan, as the library's metadata have
it). The same eight digits may be a CVR number, an invoice or two years, so the words beside them decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from phonenumbers import Leniency, PhoneNumberMatcher

from analysis import near
from analysis.base import Text
from analysis.scan import batch_of
from data.types import Finding

NAME, VERSION = "phone", 1

_GATE = re.compile(
    r"(?<![0-9])[2-9](?:[ .\-/\u00a0\u2010-\u2013]{0,2}[0-9]){7}(?![0-9])|(?:\+|\b00)[1-9](?:[ .()-]?[0-9]){7}"
)
_EIGHT = re.compile(r"(?<![0-9./+-])[2-9][0-9](?:[ .-]?[0-9]{2}){3}(?![0-9]|[./-][0-9])")
_SAYS_PHONE = re.compile(near.either(NAME, "says"))
_SAYS_OTHER = re.compile(near.either(NAME, "other"))
_UNIT = re.compile(rf"\s?{near.either(NAME, 'unit')}")
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-./ ][01][0-9][-./ ][0-3][0-9]|[0-3][0-9][-./ ][01][0-9][-./ ](?:19|20)[0-9]{2}")
_CASE = re.compile(r"[0-9]{2}/[0-9]{6}")  # 24/018233
_YEARS = re.compile(r"(?:19|20)[0-9]{2}\W{1,3}(?:19|20)[0-9]{2}")
_FAR = 24  # "ring til min mand på …"
_SHARED = ("70", "80", "90")

_SCORES = {"phone_number": 0.85, "phone_word": 0.7, "phone_service": 0.4}


class Phone:
    """Finds Danish numbers in all their groupings, and foreign ones that begin with + or 00."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch = batch_of(texts)
        for index in batch.numbered:
            text = batch.folded_text(index)
            if _GATE.search(text):
                for start, end, reason in _numbers(text):
                    yield index, Finding(NAME, VERSION, "phone", start, end, _SCORES[reason], reason)


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    taken = 0
    for found in PhoneNumberMatcher(text, "DK", leniency=Leniency.VALID):
        start = found.start + (text[found.start] == "(" and ")" not in found.raw_string)
        if not _is_other(text, start, found.end):
            service = found.number.country_code == 45 and str(found.number.national_number).startswith(_SHARED)  # noqa: PLR2004
            yield start, found.end, "phone_service" if service else "phone_number"
        taken = max(taken, found.end)
    for match in _EIGHT.finditer(text, taken):
        start, end = match.span()
        if near.just_before(_SAYS_PHONE, text, start, slack=_FAR) and not _is_other(text, start, end):
            yield start, end, "phone_word"


def _is_other(text: str, start: int, end: int) -> bool:
    """Whether these digits are a date, two years, an amount, or a number that another word names."""
    digits = text[start:end]
    if (
        _DATE.fullmatch(digits)
        or _CASE.fullmatch(digits)
        or _YEARS.fullmatch(digits)
        or _UNIT.match(near.after(text, end))
    ):
        return True
    if text[start - 1 : start] in {"/", "=", "_", "-", "."} or text[end : end + 1] in {"/", "_"}:
        return not near.just_before(_SAYS_PHONE, text, start)
    return near.just_before(_SAYS_OTHER, text, start, slack=6)


detector = Phone()
