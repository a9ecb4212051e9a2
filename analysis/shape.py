"""How the sentences of texts are built: asked with the verb first, with a question word, ordered, denied.

Danish asks without a question mark by word order ("kommer bussen så ikke mere"), which no list of words can tell. All
sentences of a batch are looked at together, each question to them as one pass over arrays (measured: 60 µs a text when
each sentence was walked alone, 1.5 µs so).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

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
    """What is asked of single tokens; asked past the end of a text, every answer is no."""

    def __init__(self, bits: Bits, first: Ints) -> None:
        self.bits = bits
        sizes = np.diff(first)
        self.text = np.repeat(np.arange(len(sizes)), sizes)
        self.begin = first[:-1][self.text]
        self.end = first[1:][self.text]
        self.size = len(self.text)

    def having(self, bits: int) -> Mask:
        """Which tokens have any of these bits; three more at the end, which have none."""
        return np.append(any_of(self.bits, bits), (False,) * _NEAR)

    @cached_property
    def stops(self) -> Mask:
        return self.having(STOP)

    @cached_property
    def opening(self) -> Mask:
        """Which tokens begin a text or follow the end of a sentence."""
        found: Mask = np.arange(self.size) == self.begin
        found[1:] |= self.stops[: self.size - 1]
        return found


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Sentences that say something: text, the token after what leads in, the end, whether asked, whether the last."""

    text: Ints
    at: Ints
    end: Ints
    asked: Mask
    closes: Mask


def _sentences(tokens: _Tokens) -> _Sentences:
    starts = np.flatnonzero(tokens.opening & ~tokens.stops[: tokens.size])
    stops = np.append(np.flatnonzero(tokens.stops), tokens.size)
    limit = tokens.end[starts]
    ends = np.minimum(stops[np.searchsorted(stops, starts)], limit)
    at = _after_leads(tokens, starts, ends)
    said = at < ends
    asked = (ends < limit) & tokens.having(ASKS)[ends]
    parts = tokens.text[starts], at, ends, asked, ends >= limit - 1
    return _Sentences(*(part[said] for part in parts))


def _after_leads(tokens: _Tokens, starts: Ints, ends: Ints) -> Ints:
    """Past "Hej", "men", a tag and the like, where a sentence is left after them."""
    leads = tokens.having(LEAD | OTHER)
    steps = 1 + tokens.having(AT)
    at = starts
    for _ in range(_MOST_LEADS):
        more = (at < ends - 1) & (at - starts < _MOST_LEADS) & leads[at]
        if not more.any():
            break
        at = at + np.where(more, steps[at], 0)
    return at


def _kinds(tokens: _Tokens, told: _Sentences) -> Ints:
    """The number in `KINDS` of each sentence: the first that holds."""
    at, second, third = told.at, told.at + 1, told.at + 2
    has = tokens.having
    followed = second < told.end
    asks = has(WH)[at]
    exclaims = has(HVOR)[at] & (third < told.end) & has(AFTER_HVOR)[third] & ~has(MEASURE)[second]
    verb = has(VERB)[at] & followed
    return np.select(
        [
            *(asks & exclaims, asks & has(HVIS)[at], asks & has(GAD)[at], asks),
            *(verb & has(bit)[second] for bit in (DU, VI, YOU_ALL, SUBJECT | CAPITAL, DEFINITE)),
            has(ORDER)[at] & ~(followed & has(OTHER)[second]),
            has(NUMBER)[at],
        ],
        range(len(KINDS) - 1),
        len(KINDS) - 1,
    )


def _inside(tokens: _Tokens) -> Iterator[Ints]:
    """The tokens at which each of `_INSIDE` holds."""
    has, size = tokens.having, tokens.size
    denied = np.flatnonzero(has(DENIAL)[:size])
    done = has(DONE)
    near = [(denied + step < tokens.end[denied]) & done[denied + step] for step in range(1, _NEAR + 1)]
    yield denied[np.any(near, axis=0)]
    after = np.flatnonzero(~tokens.opening)  # neither first of its text nor after the end of a sentence
    yield after[(has(WH) & ~has(HVIS))[after] & ~has(WH)[after - 1]]
    yield after[(has(YOU_ALL)[after]) & has(CAPITAL)[after]]
