"""The trained score as findings of type `model`, one a head that speaks up; the rules take them out again.

They cover the whole text, since a score is of all its words. `score` is the probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analysis.base import Text
from analysis.model.scorer import HEADS, Scorer
from analysis.model.tables import Rows
from analysis.pictures import scores, seen
from data.types import Finding

NAME, VERSION = "model", 1

FLOOR = -2.2
_REASONS = tuple(f"model_{head}" for head in HEADS)


_AT = {head: at for at, head in enumerate(HEADS)}
_WITHIN = {
    "question": "inquiry",
    "request": "inquiry",
    "complaint": "inquiry",
    "clear": "breach",
    "hate": "tone",
    "threat": "tone",
}


def _telling(scores: Rows) -> npt.NDArray[np.bool_]:
    """Which heads speak up; a head that divides another's texts only where that one does."""
    telling = scores > FLOOR
    for inner, outer in _WITHIN.items():
        telling[:, _AT[inner]] &= telling[:, _AT[outer]]
    return telling


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
        found = self._weights.score(readings, batch, pictures) if self._weights else scores(batch)
        for index, head in zip(*np.nonzero(_telling(found)), strict=True):
            text = batch[int(index)]
            if text.text:
                share = float(1 / (1 + np.exp(-found[index, head])))
                yield int(index), Finding(NAME, VERSION, "model", 0, len(text.text), share, _REASONS[head])


detector = Model()
