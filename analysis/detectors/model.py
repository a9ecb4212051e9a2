"""The trained score, a share for each text and head; the rules say what a share may raise or lower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.base import Shares, Text
from analysis.model.scorer import Scorer
from analysis.model.sorts import HEADS
from analysis.model.tables import Rows
from analysis.pictures import scores, seen
from data.types import Finding

NAME, VERSION = "model", 2

FLOOR = -2.2
_LOWEST = np.float32(-80)  # what lies below would overflow, and is nothing
_AT = {head: at for at, head in enumerate(HEADS)}
_WITHIN = {
    "question": "inquiry",
    "request": "inquiry",
    "complaint": "inquiry",
    "clear": "breach",
    "hate": "tone",
    "threat": "tone",
}


def _shares(found: Rows) -> Shares:
    """The heads that speak up; one that divides another's texts only where that one does."""
    telling = found > FLOOR
    for inner, outer in _WITHIN.items():
        telling[:, _AT[inner]] &= telling[:, _AT[outer]]
    return np.where(telling, 1 / (1 + np.exp(-np.maximum(found, _LOWEST))), np.float32(0))


class Model:
    """Weighs every text; what it weighs has no place in the text, so it finds nothing."""

    name = NAME
    version = VERSION
    heads = HEADS
    reasons: tuple[str, ...] = ()

    def __init__(self, weights: Scorer | None = None) -> None:
        self._weights = weights

    def weigh(self, texts: Sequence[Text]) -> Shares:
        batch, readings, pictures = seen(texts)
        shares = _shares(self._weights.score(readings, batch, pictures) if self._weights else scores(batch))
        shares[[not text.text for text in batch]] = 0
        return shares

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:  # noqa: ARG002 a detector is asked for it
        return iter(())


detector = Model()
