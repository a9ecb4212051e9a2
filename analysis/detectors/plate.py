"""Number plates (type `plate`): two letters and five digits, as the Danish tax administration's guide gives them.

In small letters or with fewer digits only beside a word; wish plates follow no rule and need the word as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis import near
from analysis.base import Text
from data.types import Finding

NAME, VERSION = "plate", 1

_PLATE = re.compile(
    rf"(?<![\w-])(?P<letters>[{near.words(NAME, 'letters')[0]}]{{2}})(?: ?|-)"
    r"[0-9]{2} ?[0-9]{3}(?![\w]|[-/.,][0-9])"
)
_SAYS_PLATE = re.compile(near.either(NAME, "says"))
_SAYS_CAR = re.compile(near.either(NAME, "car"))
_NOT_PLATES = frozenset(near.words(NAME, "not_letters"))

_SCORES = {"plate_word": 0.9, "plate_shape": 0.6}


class Plate:
    """Finds plates of cars."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        for index, match, reason in near.told(texts, _PLATE, _reason):
            yield index, Finding(NAME, VERSION, NAME, *match.span(), _SCORES[reason], reason)


def _reason(text: str, match: re.Match[str]) -> str:
    around = near.before(text, match.start(), 60) + " " + near.after(text, match.end(), 40)
    if _SAYS_PLATE.search(around):
        return "plate_word"
    letters = match["letters"]
    if letters.lower() in _NOT_PLATES:
        return ""
    if _SAYS_CAR.search(around):
        return "plate_word"
    return "plate_shape" if letters.isupper() else ""


detector = Plate()
