"""What the language detectors share of a batch: each text read once, and who stands beside what in it."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from analysis.base import Text
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
