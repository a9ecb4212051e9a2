"""E-mail addresses (type `email`), also written with "(at)" or "snabel-a" so that machines shall not find them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis import near
from analysis.base import Text
from analysis.scan import batch_of, lowered
from data.types import Finding

NAME, VERSION = "email", 1

_SIGNS = near.words(NAME, "at_sign")
_SMALL, _CAPITAL = near.letters("small"), near.letters("capital")
_WITHIN = re.compile(rf"[\w.%+-]@[{_SMALL}{_CAPITAL}0-9]")  # a tag has nothing before its @
_AT = rf"(?:@| ?[(\[{{] ?{near.either(NAME, 'at_bracketed')} ?[)\]}}] ?| {near.either(NAME, 'at_bare')} )"
_ADDRESS = re.compile(
    rf"(?<![\w.%+@-])(?P<who>[\w%+-][\w.%+-]{{0,63}}){_AT}"
    rf"(?P<where>[{_SMALL}0-9](?:[{_SMALL}0-9-]{{0,62}}\.)+[a-z]{{2,24}})(?![\w@-])"
)
_AUTHORITY = re.compile(near.either(NAME, "authority"))
_FUNCTION = re.compile(near.either(NAME, "function") + r"\b")

_SCORES = {"email_person": 0.8, "email_function": 0.3}


class Email:
    """Finds addresses; a function's (info@, …) or an authority's (…-kommune.dk) scores low."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch = batch_of(texts)
        for index in sorted({*batch.holding(*_SIGNS), *batch.where(_WITHIN, among=batch.holding("@"))}):
            for match in _ADDRESS.finditer(lowered(batch[index].text)):
                shared = _FUNCTION.match(match["who"]) or _AUTHORITY.search(match["where"])
                reason = "email_function" if shared else "email_person"
                yield index, Finding(NAME, VERSION, "email", *match.span(), _SCORES[reason], reason)


detector = Email()
