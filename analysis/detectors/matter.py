"""Private matters (types `health`, `social`, `family`, …) by the lexicon, where somebody stands in the same text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.pictures import seen
from analysis.relations import CATEGORIES, SELF, THIRD, YOU
from data.types import Finding

NAME, VERSION = "matter", 1

_SOMEBODY = SELF | THIRD | YOU


class Matter:
    """Finds words of the lexicon; a weak word counts beside a person alone."""

    name = NAME
    version = VERSION
    reasons = tuple(f"matter_{category}{weak}" for category in CATEGORIES for weak in ("", "_weak"))

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        _, readings, pictures = seen(texts)
        somebody = readings.holding(_SOMEBODY)
        for index, picture in pictures.items():
            if not picture.matters or not (picture.people or somebody[index]):
                continue
            for matter in picture.matters:
                if matter.weight == "strong" or picture.people:
                    span = readings.place(index, matter.at, matter.end)
                    strong = matter.weight == "strong"
                    reason = f"matter_{matter.category}" + ("" if strong else "_weak")
                    yield index, Finding(NAME, VERSION, matter.category, *span, 0.8 if strong else 0.4, reason)


detector = Matter()
