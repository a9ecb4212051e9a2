"""Words of danger (type `urgent`): gas, a person missing, self-harm, violence going on. The score weighs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import cues
from data.types import Finding

NAME, VERSION = "urgent", 1

_BIT = lexicon().bit
_KINDS = {_BIT["urgent.danger"]: "urgent"}


class Urgent:
    """Finds words of danger in what citizens write."""

    name = NAME
    version = VERSION
    reasons = ("urgent_danger",)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        for index, _, place in cues(texts, "urgent", _KINDS):
            yield index, Finding(NAME, VERSION, "urgent", *place, 0.4, "urgent_danger")


detector = Urgent()
