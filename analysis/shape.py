"""How the sentences of a text are built: asked with the verb first, with a question word, ordered, denied.

Danish asks without a question mark by word order ("kommer bussen så ikke mere"), which no list of words can tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.lexicon import lexicon
from analysis.words import CAPITAL, NUMBER, OTHER, STOP, Reading

_BIT = lexicon().bit
VERB, SUBJECT, WH, LEAD, ORDER, DENIAL = (
    _BIT[f"grammar.{name}"] for name in ("verbs", "subjects", "wh", "leads", "orders", "denial")
)
_MOST_LEADS = 5
_DEFINITE = ("en", "et", "ne")
_DONE = ("et", "t", "ede", "te")


def shape(reading: Reading) -> Iterator[str]:
    """The cues of a text's sentences; "first:" for those of its first sentence that says something."""
    start, first, size = 0, True, len(reading.bits)
    while start < size:
        end = start
        while end < size and not reading.bits[end] & STOP:
            end += 1
        found = _sentence(reading, start, end)
        if found:
            asked = end < size and "?" in reading.tokens[end]
            yield f"s:{found}{'?' if asked else ''}"
            if first:
                yield f"s:first:{found}{'?' if asked else ''}"
            if end >= size - 1:
                yield f"s:last:{found}{'?' if asked else ''}"
            first = False
        start = end + 1
    yield from _inside(reading)


def _sentence(reading: Reading, start: int, end: int) -> str:
    """What kind of sentence tokens [start, end) are, "" for none."""
    bits, at = reading.bits, _after_leads(reading, start, end)
    if at >= end:
        return ""
    here = bits[at]
    following = bits[at + 1] if at + 1 < end else 0
    if here & WH:
        return _wh(reading, at, end)
    if here & VERB and at + 1 < end:
        second = reading.words[at + 1].lower
        if second in {"du", "vi"}:
            return f"verb-{second}"
        if second == "i":
            return "verb-i"
        if following & SUBJECT or following & CAPITAL:
            return "verb-subject"
        if second.endswith(_DEFINITE):
            return "verb-noun"
    if here & ORDER and not following & OTHER:
        return "order"
    if here & NUMBER:
        return "number"
    return "plain"


def _after_leads(reading: Reading, start: int, end: int) -> int:
    """Past "Hej", "men", a tag and the like, where a sentence is left after them."""
    at = start
    while at < end - 1 and at - start < _MOST_LEADS and reading.bits[at] & (LEAD | OTHER):
        tagged = reading.tokens[at] == "@"
        at += 2 if tagged else 1
    return at


def _wh(reading: Reading, at: int, end: int) -> str:
    word = reading.words[at].lower
    if (
        word == "hvor"
        and at + 2 < end
        and reading.words[at + 2].lower in {"er", "det", "var", "ser", "i", "de"}
        and reading.words[at + 1].lower
        not in {"er", "mange", "meget", "langt", "længe", "lang", "tit", "ofte", "gammel", "gamle", "stor", "store"}
    ):
        return "exclaim"
    return "wh" if word not in {"hvis", "gad"} else word


def _inside(reading: Reading) -> Iterator[str]:
    bits, words = reading.bits, reading.words
    for at, here in enumerate(bits):
        if here & DENIAL and at + 1 < len(bits):
            near = [word.lower for word in words[at + 1 : at + 4]]
            if any(word.endswith(_DONE) and len(word) > 3 for word in near):
                yield "s:not-done"
        if here & WH and at and not bits[at - 1] & (STOP | WH) and words[at].lower != "hvis":
            yield "s:wh-inside"
        if words[at].lower == "i" and here & CAPITAL and at and not bits[at - 1] & STOP:
            yield "s:you-all"
