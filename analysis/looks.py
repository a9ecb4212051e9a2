"""Cheap looks over a whole batch: which texts a rule could find anything in. The others are never read word by word.

Each look asks for what its rule cannot do without and is wider than the rule, so that nothing is lost (tests judge
every labelled text with and without).
"""

from __future__ import annotations

import numpy as np

from analysis.described import FIGURE, KIN, ROOM, THIRD
from analysis.forms import (
    BESIDE,
    CAPITAL,
    CLASS,
    DOUBTFUL,
    GIVEN,
    INITIALS,
    LEADS,
    LOWER_NAME,
    NUMBER,
    PREPOSITION,
    PRONOUN,
    STOP,
    TITLE,
    YOU_ALL,
)
from analysis.words import Mask, Readings


def naming(readings: Readings) -> Mask:
    """Which texts may name somebody."""
    having = readings.having
    leads, first = having(LEADS), having(GIVEN | LOWER_NAME)
    opens, capital = _opening(readings), having(CAPITAL)
    doubtful = having(DOUBTFUL) & (~opens | _next(capital))  # a sentence's first word has its capital from there
    called = _before(having(TITLE), 2)  # a family name alone is somebody after "fru" alone
    initials = having(INITIALS) & (_next(having(STOP)) | ~having(YOU_ALL))
    return _texts(readings, (leads & (first | doubtful | called)) | initials)


def describing(readings: Readings) -> Mask:
    """Which texts may single somebody out without a name."""
    having = readings.having
    before = having(PREPOSITION)
    figure = having(THIRD | FIGURE) & _next(before)
    pronoun = having(PRONOUN) & _next(having(BESIDE))
    room = having(ROOM) | (having(CLASS) & having(NUMBER))
    return _texts(readings, figure | pronoun | room | having(KIN))


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


def _texts(readings: Readings, tokens: Mask) -> Mask:
    found: Mask = np.zeros(len(readings), bool)
    found[readings.text[tokens]] = True
    return found
