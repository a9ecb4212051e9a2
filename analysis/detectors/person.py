"""Persons by name or initials (type `person`), each with how they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.base import Text
from analysis.pictures import seen
from data.types import Finding

NAME, VERSION = "person", 1

SCORES = {
    "person_full": 0.9,
    "person_given": 0.7,
    "person_given_age": 0.8,
    "person_named": 0.85,
    "person_relative": 0.85,
    "person_initials": 0.6,
    "person_first_start": 0.6,
    "person_lower_full": 0.5,
    "person_lower": 0.3,
    "person_greeted": 0.4,
    "person_official": 0.2,
    "person_known": 0.1,
    "person_tagged": 0.2,
    "person_thing": 0.1,
    "person_signed": 0.1,
    "person_self": 0.1,
    "person_author": 0.1,
}


class Person:
    """Finds names by Statistics Denmark's lists and their company; see `analysis.people`."""

    name = NAME
    version = VERSION
    reasons = tuple(SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        _, readings, pictures = seen(texts)
        for index, picture in pictures.items():
            for who in picture.people:
                if who.type == "person":
                    span = readings.place(index, who.at, who.end)
                    yield index, Finding(NAME, VERSION, "person", *span, SCORES[who.reason], who.reason)


detector = Person()
