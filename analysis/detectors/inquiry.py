"""Cues that somebody asks the institution for something (types `question`, `request`, `complaint`).

Cues alone decide nothing: "hvornår" stands in thanks too. The trained score weighs them; they say where to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import cues
from data.types import Finding

NAME, VERSION = "inquiry", 1

MOST = 3
_BIT = lexicon().bit
_KINDS = {
    _BIT["inquiry.question"]
    | _BIT["inquiry.english.question"]
    | _BIT["inquiry.german.question"]
    | _BIT["inquiry.foreign.question"]: "question",
    _BIT["inquiry.request"]: "request",
    _BIT["inquiry.complaint"]: "complaint",
}


class Inquiry:
    """Finds the first cues of each kind in what citizens write."""

    name = NAME
    version = VERSION
    reasons = ("inquiry_question", "inquiry_request", "inquiry_complaint")

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        for index, kind, place in cues(texts, "inquiry", _KINDS, MOST):
            yield index, Finding(NAME, VERSION, kind, *place, 0.5, f"inquiry_{kind}")


detector = Inquiry()
