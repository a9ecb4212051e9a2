"""The trained score as findings of type `model`, one a head that speaks up; the rules take them out again.

They cover the whole text, since a score is of all its words. `score` is the probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.base import Text
from analysis.model.scorer import HEADS, Scorer, scorer
from analysis.pictures import seen
from data.types import Finding

NAME, VERSION = "model", 1

FLOOR = -2.2
_REASONS = tuple(f"model_{head}" for head in HEADS)


class Model:
    """Emits the heads whose score is not plainly against."""

    name = NAME
    version = VERSION
    reasons = _REASONS

    def __init__(self, weights: Scorer | None = None) -> None:
        self._weights = weights

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch, readings, pictures = seen(texts)
        if not batch:
            return
        scores = (self._weights or scorer()).score(readings, batch, pictures)
        for index, head in zip(*np.nonzero(scores > FLOOR), strict=True):
            text = batch[int(index)]
            if text.text:
                share = float(1 / (1 + np.exp(-scores[index, head])))
                yield int(index), Finding(NAME, VERSION, "model", 0, len(text.text), share, _REASONS[head])


detector = Model()
