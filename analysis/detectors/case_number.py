"""Case and journal numbers (type `case_number`) as municipalities and courts write them.

`24/018233`, `2024-018233`, `S2024-1234`, `EMN-2024-01234`, `BS-12345/2024-KBH`, and KLE `27.24.00-G01-12-24`
(group.subgroup.subject-facet-serial-year). No single source defines them; the forms are those seen in public letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis import near
from analysis.base import Text
from data.types import Finding

NAME, VERSION = "case_number", 1

_CAPITAL, _COURT = near.letters("capital"), near.either(NAME, "court")
_SHAPE = re.compile(
    r"(?<![\w/.-])(?:"
    rf"(?P<kle>[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{2}}-[{_CAPITAL}]"
    r"[0-9]{2}-[0-9]{1,6}-[0-9]{2})|"
    rf"(?P<court>{_COURT}-[0-9]{{1,6}}/20[0-9]{{2}}-[{_CAPITAL}]{{3}})|"
    rf"(?P<letters>{near.either(NAME, 'letters')}-?20[0-9]{{2}}-[0-9]{{3,7}})|"
    r"(?P<year>[1-3][0-9]/[0-9]{5,6})|"
    r"(?P<loose>20[0-9]{2}[-/][0-9]{4,7}|[0-9]{2,4}[-/][0-9]{3,7}|[0-9]{5,12})"
    r")(?!\w|[-/.][0-9])"
)
_SAYS_CASE = re.compile(near.either(NAME, "says"))
_SAYS_OTHER = re.compile(near.either(NAME, "other"))

_SCORES = {"case_number_word": 0.9, "case_number_shape": 0.6}


class CaseNumber:
    """Finds case numbers: by their shape where it is their own, by a word before them where it is not."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        for index, match, reason in near.told(texts, _SHAPE, _reason):
            yield index, Finding(NAME, VERSION, NAME, *match.span(), _SCORES[reason], reason)


def _reason(text: str, match: re.Match[str]) -> str:
    if near.just_before(_SAYS_CASE, text, match.start(), slack=8):
        return "case_number_word"
    if match.lastgroup == "loose" or near.just_before(_SAYS_OTHER, text, match.start()):
        return ""
    return "case_number_shape"


detector = CaseNumber()
