"""Words of danger (type `urgent`): gas, a person missing, self-harm, violence going on. The score weighs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import seen, speaking
from data.types import Finding

NAME, VERSION = "urgent", 1

_BIT = lexicon().bit
_DANGER = _BIT["urgent.danger"]


class Urgent:
    """Finds words of danger in what citizens write."""

    name = NAME
    version = VERSION
    reasons = ("urgent_danger",)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch, readings, _ = seen(texts)
        for index in np.flatnonzero(speaking(batch, "urgent") & readings.holding(_DANGER)).tolist():
            reading = readings[index]
            for mark in reading.having(_DANGER) if not batch[index].by_page else ():
                yield index, Finding(NAME, VERSION, "urgent", *reading.place(mark.at, mark.end), 0.4, "urgent_danger")


detector = Urgent()
