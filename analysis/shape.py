"""How the sentences of texts are built: asked with the verb first, with a question word, ordered, denied.

Danish asks without a question mark by word order ("kommer bussen så ikke mere"), which no list of words can tell. All
sentences of a batch are looked at together, each question to them as one pass over arrays (measured: 60 µs a text when
each sentence was walked alone, 1.5 µs so).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.bits import Bits, Mask, any_of, columns_of
from analysis.forms import (
    AFTER_HVOR,
    ASKS,
    AT,
    CAPITAL,
    DEFINITE,
    DONE,
    DU,
    GAD,
    HVIS,
    HVOR,
    MEASURE,
    NUMBER,
    OTHER,
    STOP,
    VI,
    YOU_ALL,
)
from analysis.keys import Ints
from analysis.lexicon import lexicon
from analysis.words import Reading

_BIT = lexicon().bit
VERB, SUBJECT, WH, LEAD, ORDER, DENIAL = (
    _BIT[f"grammar.{name}"] for name in ("verbs", "subjects", "wh", "leads", "orders", "denial")
)
_MOST_LEADS, _NEAR = 5, 3

KINDS = (
    *("exclaim", "hvis", "gad", "wh", "verb-du", "verb-vi", "verb-i", "verb-subject", "verb-noun"),
    *("order", "number", "plain"),
)
_PLACES = ("s:", "s:first:", "s:last:")
_INSIDE = ("s:not-done", "s:wh-inside", "s:you-all")
FORMS = (*(f"{place}{kind}{asked}" for place in _PLACES for asked in ("", "?") for kind in KINDS), *_INSIDE)
"""The cues by number: a kind of sentence, asked or not, anywhere, first and last; then what stands inside one."""


def shape(reading: Reading) -> Iterator[str]:
    """The cues of one text's sentences; "first:" for those of its first sentence that says something."""
    alone = built(columns_of(reading.bits), np.array([0, len(reading.bits)]))
    return (FORMS[form] for form in np.flatnonzero(alone[0]))


def built(bits: Bits, first: Ints) -> Mask:
    """Which of `FORMS` each text has; `bits` are the columns of all tokens, `first` as in `Readings`."""
    tokens = _Tokens(bits, first)
    found: Mask = np.zeros((len(first) - 1, len(FORMS)), bool)
    if not len(tokens.text):
        return found
    sentences = _sentences(tokens)
    kinds = _kinds(tokens, sentences) + len(KINDS) * sentences.asked
    opens = np.diff(sentences.text, prepend=-1) > 0
    width = 2 * len(KINDS)
    found[sentences.text, kinds] = True
    found[sentences.text[opens], kinds[opens] + width] = True
    found[sentences.text[sentences.closes], kinds[sentences.closes] + 2 * width] = True
    for form, where in enumerate(_inside(tokens), len(_PLACES) * width):
        found[tokens.text[where], form] = True
    return found


class _Tokens:
    """What is asked of single tokens; asked past the end of the batch, every answer is no."""

    def __init__(self, bits: Bits, first: Ints) -> None:
        self.size = bits.shape[1]
        self._bits = np.concatenate([bits, np.zeros((len(bits), _NEAR), np.uint64)], axis=1)
        sizes = np.diff(first)
        self.text = np.repeat(np.arange(len(sizes)), sizes)
        self.begin = first[:-1][self.text]
        self.end = first[1:][self.text]
        self.stops = any_of(bits, STOP)
        self.opening = np.arange(self.size) == self.begin  # of a text or a sentence
        self.opening[1:] |= self.stops[:-1]

    def having(self, bits: int) -> Mask:
        """Which tokens have any of these bits."""
        return any_of(self._bits[:, : self.size], bits)

    def at(self, places: Ints) -> Callable[[int], Mask]:
        """Asks the tokens at these places."""
        return partial(any_of, self._bits[:, places])


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Sentences that say something: text, the token after what leads in, the end, whether asked, whether the last."""

    text: Ints
    at: Ints
    end: Ints
    asked: Mask
    closes: Mask


def _sentences(tokens: _Tokens) -> _Sentences:
    starts = np.flatnonzero(tokens.opening & ~tokens.stops)
    stops = np.append(np.flatnonzero(tokens.stops), tokens.size)
    limit = tokens.end[starts]
    ends = np.minimum(stops[np.searchsorted(stops, starts)], limit)
    at = _after_leads(tokens, starts, ends)
    said = at < ends
    asked = (ends < limit) & tokens.at(ends)(ASKS)
    parts = tokens.text[starts], at, ends, asked, ends >= limit - 1
    return _Sentences(*(part[said] for part in parts))


def _after_leads(tokens: _Tokens, starts: Ints, ends: Ints) -> Ints:
    """Past "Hej", "men", a tag and the like, where a sentence is left after them."""
    at = starts.copy()
    walking = np.arange(len(at))
    for _ in range(_MOST_LEADS):
        here = at[walking]
        has = tokens.at(here)
        more = (here < ends[walking] - 1) & (here - starts[walking] < _MOST_LEADS) & has(LEAD | OTHER)
        walking = walking[more]
        if not len(walking):
            break
        at[walking] += 1 + has(AT)[more]
    return at


def _kinds(tokens: _Tokens, told: _Sentences) -> Ints:
    """The number in `KINDS` of each sentence: the first that holds."""
    first, second, third = (tokens.at(told.at + step) for step in range(3))
    followed = told.at + 1 < told.end
    asks = first(WH)
    exclaims = first(HVOR) & (told.at + 2 < told.end) & third(AFTER_HVOR) & ~second(MEASURE)
    verb = first(VERB) & followed
    return np.select(
        [
            *(asks & exclaims, asks & first(HVIS), asks & first(GAD), asks),
            *(verb & second(bit) for bit in (DU, VI, YOU_ALL, SUBJECT | CAPITAL, DEFINITE)),
            first(ORDER) & ~(followed & second(OTHER)),
            first(NUMBER),
        ],
        range(len(KINDS) - 1),
        len(KINDS) - 1,
    )


def _inside(tokens: _Tokens) -> Iterator[Ints]:
    """The tokens at which each of `_INSIDE` holds."""
    denied = np.flatnonzero(tokens.having(DENIAL))
    near = [(denied + step < tokens.end[denied]) & tokens.at(denied + step)(DONE) for step in range(1, _NEAR + 1)]
    yield denied[np.any(near, axis=0)]
    asking = np.flatnonzero(tokens.having(WH) & ~tokens.opening)  # neither first nor after the end of a sentence
    yield asking[~tokens.at(asking)(HVIS) & ~tokens.at(asking - 1)(WH)]
    you_all = np.flatnonzero(tokens.having(YOU_ALL) & ~tokens.opening)
    yield you_all[tokens.at(you_all)(CAPITAL)]
