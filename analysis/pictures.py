"""What the language detectors share of a batch: each text read once, and who stands beside what in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def cues(
    texts: Sequence[Text], head: str, kinds: Mapping[int, str], most: int | None = None
) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """The first words of each class in what citizens write: index of the text, kind, place.

    `kinds` are the kinds by the bits of their classes. Texts that the score's `head` speaks plainly against are left
    out.
    """
    batch, read, _ = seen(texts)
    either = sum(kinds)
    for index in speaking(batch, head):
        reading = read[index]
        if batch[index].by_page or not reading.all & either:
            continue
        for bits, kind in kinds.items():
            for mark in reading.having(bits)[:most] if reading.all & bits else ():
                yield index, kind, reading.place(mark.at, mark.end)
