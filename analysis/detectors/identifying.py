"""Descriptions that single somebody out without a name (type `identifying`): relatives, rooms, looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.pictures import seen
from data.types import Finding

NAME, VERSION = "identifying", 1

SCORES = {
    "identifying_figure_home": 0.8,
    "identifying_figure_room": 0.7,
    "identifying_figure_looks": 0.7,
    "identifying_figure": 0.4,
    "identifying_own_kin": 0.5,
    "identifying_own_kin_age": 0.6,
    "identifying_your_kin": 0.5,
    "identifying_their_kin": 0.4,
    "identifying_neighbour": 0.5,
    "identifying_bare_kin": 0.3,
    "identifying_class": 0.4,
    "identifying_room_number": 0.5,
    "identifying_room_named": 0.4,
}


class Identifying:
    """Finds descriptions where a private matter stands too, or in a page's own words: else they are everyday talk."""

    name = NAME
    version = VERSION
    reasons = tuple(SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch, readings, pictures = seen(texts)
        for index, picture in pictures.items():
            for who in picture.people if picture.matters or batch[index].by_page else ():
                if who.type == "identifying":
                    span = readings.place(index, who.at, who.end)
                    yield index, Finding(NAME, VERSION, "identifying", *span, SCORES[who.reason], who.reason)


detector = Identifying()
