"""The department that a text names (type `topic:<kind>`), where that is another than the page's own.

On an institution's page, and under a post, the page's own kind is right 98 times in 100, so only
words without doubt count there; what stands by itself on the municipality's common pages goes to the department it
names most often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from analysis.base import Text
from analysis.lexicon import lexicon
from analysis.pictures import seen, speaking
from analysis.words import Mark, Reading
from data.types import Finding

NAME, VERSION = "topic", 1

_LISTS = lexicon()
_KINDS = {bit: name.split(".")[1] for name, bit in _LISTS.bit.items() if name.startswith("topics.")}
_SURE = sum(bit for name, bit in _LISTS.bit.items() if name.startswith("topics.") and name.endswith(".sure"))
_ANY = sum(_KINDS)
_COMMON = frozenset({"kommune", "borgerservice"})


class Topic:
    """Finds the department named most often in what citizens write on a common page."""

    name = NAME
    version = VERSION
    reasons = ("topic_named",)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch, readings, _ = seen(texts)
        common = np.array([text.institution in _COMMON and not text.context for text in batch], bool)
        telling = readings.holding(_SURE) | (common & readings.holding(_ANY))
        for index in np.flatnonzero(telling & speaking(batch, "inquiry") & ~batch.by_page).tolist():
            named = _named(readings[index], batch[index].institution, _ANY if common[index] else _SURE)
            if named:
                mark, kind = named
                span = readings.place(index, mark.at, mark.end)
                yield index, Finding(NAME, VERSION, f"topic:{kind}", *span, 0.6, "topic_named")


def _named(reading: Reading, own: str, asked: int) -> tuple[Mark, str] | None:
    """The department named most often by these words, with its first word; None where the page's own is named too."""
    counts: Counter[str] = Counter()
    first: dict[str, Mark] = {}
    for mark in reading.having(asked):
        for bit, kind in _KINDS.items():
            if mark.bits & bit:
                counts[kind] += 1
                first.setdefault(kind, mark)
    if not counts or own in counts:
        return None
    kind = counts.most_common(1)[0][0]
    return first[kind], kind


detector = Topic()
