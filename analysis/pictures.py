"""What the language detectors share of a batch: each text read once, and who stands beside what in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from analysis import looks
from analysis.base import Text
from analysis.bits import Mask, any_of
from analysis.keys import Ints
from analysis.model.scorer import scorer
from analysis.model.sorts import HEADS
from analysis.model.tables import Rows
from analysis.relations import EMPTY, MATTERS, THIRD, Picture, Places, around, others, picture, tells
from analysis.scan import Batch, batch_of
from analysis.words import Readings, readings

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
    """Rules over people and matters see those texts alone in which a look over the batch has found a place for them."""
    naming, describing = (looks.by_text(read, look(read)) for look in (looks.naming, looks.describing))
    shown = {*naming, *describing, *np.flatnonzero(read.holding(MATTERS)).tolist()}
    third = np.flatnonzero(read.holding(THIRD)).tolist()
    named = _named(batch, read, naming, third)
    for index in sorted(shown.union(third)):
        if index in shown:
            places = Places(naming.get(index, ()), describing.get(index, ()))
            found = picture(read[index], batch[index], places, named)
        else:
            cues = around(0, batch[index], named)
            found = Picture((), (), frozenset(cues)) if cues else EMPTY
        if found is not EMPTY:
            yield index, found


def _named(
    batch: Batch, read: Readings, naming: Mapping[int, Sequence[int]], third: Sequence[int]
) -> Callable[[str], bool]:
    """Tells of the texts around those with a "she" whether they name somebody.

    Most of them are in the batch as well; the rest is read together.
    """
    here = {text.text: index for index, text in enumerate(batch)}
    asked = {other for index in third for other in others(batch[index])}
    found = {
        other
        for other in asked & here.keys()
        if here[other] in naming and tells(read[here[other]], naming[here[other]])
    }
    rest = Batch([Text(other) for other in asked - here.keys() if other])
    if len(rest):
        elsewhere = Readings(rest)
        found.update(rest[at].text for at in looks.by_text(elsewhere, looks.naming(elsewhere)) if tells(elsewhere[at]))
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
    asked = speaking(batch, head) & ~batch.by_page & read.holding(sum(kinds))
    for bits, kind in kinds.items() if asked.any() else ():
        at, end = _words_of(read, bits, asked)
        text = read.text[at]
        if most is not None:
            kept = np.arange(len(at)) - np.searchsorted(text, text) < most
            at, end, text = at[kept], end[kept], text[kept]
        begin = read.tokens.begins[text]
        starts, ends = read.tokens.starts[at] - begin, read.tokens.ends[end - 1] - begin
        for index, start, stop in zip(text.tolist(), starts.tolist(), ends.tolist(), strict=True):
            yield index, kind, (start, stop)


def _words_of(read: Readings, bits: int, asked: Mask) -> tuple[Ints, Ints]:
    """The words and phrases of these classes in the texts asked, by place, a word before a phrase."""
    words = np.flatnonzero(read.having(bits) & asked[read.text])
    marks = read.marks
    phrases = np.flatnonzero(any_of(read.vocabulary.phrases.columns[:, marks.entry], bits) & asked[read.text[marks.at]])
    if not len(phrases):
        return words, words + 1
    at = np.concatenate([words, marks.at[phrases]])
    order = np.argsort(at, kind="stable")
    return at[order], np.concatenate([words + 1, marks.end[phrases]])[order]
