"""What the language detectors share of a batch: each text read once, and who stands beside what in it."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from analysis.base import Text
from analysis.model.scorer import HEADS, Rows, scorer
from analysis.relations import Picture, picture
from analysis.scan import Batch, batch_of
from analysis.words import Reading, readings

_made: WeakKeyDictionary[Batch, list[Picture]] = WeakKeyDictionary()


def seen(texts: Sequence[Text]) -> tuple[Batch, list[Reading], list[Picture]]:
    """The batch, its readings and its pictures, made once however many detectors ask."""
    batch = batch_of(texts)
    read = readings(batch)
    pictures = _made.get(batch)
    if pictures is None:
        pictures = _made[batch] = [picture(*one) for one in zip(read, batch, strict=True)]
    return batch, read, pictures


_scored: WeakKeyDictionary[Batch, Rows] = WeakKeyDictionary()
_HEAD = {name: at for at, name in enumerate(HEADS)}


def scores(texts: Sequence[Text]) -> Rows:
    """The shipped model's scores of the batch, made once."""
    batch, read, pictures = seen(texts)
    found = _scored.get(batch)
    if found is None:
        found = _scored[batch] = scorer().score(read, batch, pictures)
    return found


def speaking(texts: Sequence[Text], head: str, least: float = -1.5) -> list[int]:
    """The indices of the texts where a head of the score does not speak plainly against; none of an empty batch."""
    return [int(at) for at in (scores(texts)[:, _HEAD[head]] > least).nonzero()[0]] if len(texts) else []
