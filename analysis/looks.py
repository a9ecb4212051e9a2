"""Cheap looks over a whole batch: where a rule could find anything at all. No rule reads the rest.

Each look asks for what its rule cannot do without and is wider than the rule, so that nothing is lost (tests judge
every labelled text with and without).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.bits import Mask
from analysis.described import FIGURE, KIN, OWN, ROOM, THIRD
from analysis.forms import (
    BARE,
    BESIDE,
    CAPITAL,
    CLASS,
    DOUBTFUL,
    GIVEN,
    INITIALS,
    LEADS,
    LOWER_NAME,
    NAMES,
    NUMBER,
    PREPOSITION,
    PRONOUN,
    STOP,
    TITLE,
    WHOSE,
    YOU_ALL,
)
from analysis.words import Readings

_OF_KIN = 4  # words before a relative among which whose it is must stand


def naming(readings: Readings) -> Mask:
    """Which tokens may begin the name or be the initials of somebody."""
    having = readings.having
    leads, first = having(LEADS), having(GIVEN | LOWER_NAME)
    opens, capital = _opening(readings), having(CAPITAL)
    doubtful = having(DOUBTFUL) & (~opens | _next(capital))  # a sentence's first word has its capital from there
    called = _before(having(TITLE), 2)  # a family name alone is somebody after "fru" alone
    initials = having(INITIALS) & (_next(having(STOP)) | ~having(YOU_ALL))
    return (leads & (first | doubtful | called)) | initials


def describing(readings: Readings) -> Mask:
    """Which tokens may single somebody out without a name."""
    having = readings.having
    figure = having(THIRD | FIGURE) & _next(having(PREPOSITION))
    pronoun = having(PRONOUN) & _next(having(BESIDE))
    room = having(ROOM) | (having(CLASS) & having(NUMBER))
    relative = having(KIN) & (having(BARE) | _before(having(OWN | WHOSE | NAMES), _OF_KIN))
    return figure | pronoun | room | relative


def by_text(readings: Readings, tokens: Mask) -> Mapping[int, list[int]]:
    """These tokens as places within each text that has any."""
    places = np.flatnonzero(tokens)
    text = readings.text[places]
    found: dict[int, list[int]] = {}
    for index, at in zip(text.tolist(), (places - readings.first[text]).tolist(), strict=True):
        found.setdefault(index, []).append(at)
    return found


def _opening(readings: Readings) -> Mask:
    """Which tokens begin a text or a sentence."""
    found: Mask = np.zeros(len(readings.numbers), bool)
    found[1:] = readings.having(STOP)[:-1]
    found[readings.first[:-1][readings.sizes > 0]] = True
    return found


def _next(tokens: Mask) -> Mask:
    """Which tokens are followed by one of these, be it in the next text."""
    return np.append(tokens[1:], (False,) * min(1, len(tokens))).astype(bool)


def _before(tokens: Mask, reach: int) -> Mask:
    """Which tokens have one of these at most `reach` before them."""
    found: Mask = np.zeros(len(tokens), bool)
    for step in range(1, reach + 1):
        found[step:] |= tokens[:-step]
    return found
