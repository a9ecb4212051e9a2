"""What the language detectors share of a batch: each text read once, and who stands beside what in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from analysis import looks
from analysis.base import Text
from analysis.model.scorer import HEADS, scorer
from analysis.model.tables import Rows
from analysis.relations import EMPTY, MATTERS, THIRD, Picture, around, others, picture, tells
from analysis.scan import Batch, batch_of
from analysis.words import Mask, Readings, readings

_made: WeakKeyDictionary[Batch, dict[int, Picture]] = WeakKeyDictionary()


def seen(texts: Sequence[Text]) -> tuple[Batch, Readings, Mapping[int, Picture]]:
    """The batch, read, and the pictures of the texts that show anything, by index; made once."""
    batch = batch_of(texts)
    read = readings(batch)
    pictures = _made.get(batch)
    if pictures is None:
        pictures = _made[batch] = dict(_pictures(batch, read))
    return batch, read, pictures


def _pictures(batch: Batch, read: Readings) -> Iterator[tuple[int, Picture]]:
    """Rules over people and matters see those texts alone that a look over the batch lets through."""
    naming = looks.naming(read)
    shown = naming | looks.describing(read) | read.holding(MATTERS)
    third = read.holding(THIRD)
    named = _named(batch, read, naming, third)
    for index in np.flatnonzero(shown | third).tolist():
        if shown[index]:
            found = picture(read[index], batch[index], named)
        else:
            cues = around(0, batch[index], named)
            found = Picture((), (), frozenset(cues)) if cues else EMPTY
        if found is not EMPTY:
            yield index, found


def _named(batch: Batch, read: Readings, naming: Mask, third: Mask) -> Callable[[str], bool]:
    """Tells of the texts around those with a "she" whether they name somebody.

    Most of them are in the batch as well; the rest is read together.
    """
    here = {text.text: index for index, text in enumerate(batch)}
    asked = {other for index in np.flatnonzero(third).tolist() for other in others(batch[index])}
    rest = Batch([Text(other) for other in asked if other and other not in here])
    elsewhere = Readings(rest)
    naming_too = looks.naming(elsewhere) if len(rest) else naming
    found = {text.text for index, text in enumerate(rest) if naming_too[index] and tells(elsewhere[index])}
    found.update(other for other in asked & here.keys() if naming[here[other]] and tells(read[here[other]]))
    return found.__contains__


_scored: WeakKeyDictionary[Batch, Rows] = WeakKeyDictionary()
_HEAD = {name: at for at, name in enumerate(HEADS)}


def scores(texts: Sequence[Text]) -> Rows:
    """The shipped model's scores of the batch, made once."""
    batch, read, pictures = seen(texts)
    found = _scored.get(batch)
    if found is None:
        found = _scored[batch] = scorer().score(read, batch, pictures)
    return found


def speaking(texts: Sequence[Text], head: str, least: float = -1.5) -> Mask:
    """The texts where a head of the score does not speak plainly against."""
    return scores(texts)[:, _HEAD[head]] > least


def cues(
    texts: Sequence[Text], head: str, kinds: Mapping[int, str], most: int | None = None
) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """The first words of each class in what citizens write: index of the text, kind, place.

    `kinds` are the kinds by the bits of their classes. Texts that the score's `head` speaks plainly against are left
    out.
    """
    batch, read, _ = seen(texts)
    asked = speaking(batch, head) & read.holding(sum(kinds))
    for index in np.flatnonzero(asked).tolist():
        if batch[index].by_page:
            continue
        reading = read[index]
        for bits, kind in kinds.items():
            for mark in reading.having(bits)[:most] if reading.all & bits else ():
                yield index, kind, reading.place(mark.at, mark.end)
