"""Bank accounts (type `account`): registration number and account number, or an IBAN.

Four digits and up to ten; ISO 13616 gives a Danish IBAN eighteen characters and modulus 97. Four and ten digits side by
side are an account by their shape; shorter ones need a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis import near
from analysis.base import Text
from analysis.scan import batch_of
from data.types import Finding

NAME, VERSION = "account", 1

_BETWEEN = (
    rf"(?: ?[-/:.] ?| {{1,3}}| ?(?:,|{near.either(NAME, 'and')})? ?"
    rf"(?i:{near.either(NAME, 'between')})\.?:? ?)"
)
_ACCOUNT = re.compile(rf"(?<![0-9+])[0-9]{{4}}{_BETWEEN}(?P<account>[0-9]{{6,10}})(?![0-9]|[-/][0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])DK ?[0-9]{2}(?: ?[0-9]){14}(?![0-9])", re.IGNORECASE)
_SAYS_ACCOUNT = re.compile(near.either(NAME, "says"))
_SAYS_OTHER = re.compile(near.either(NAME, "other"))
(_BETWEEN_SIGN,) = near.words(NAME, "between_sign")
_FULL, _MOD, _RIGHT = 10, 97, 1

_SCORES = {"account_word": 0.9, "account_shape": 0.7, "account_iban": 0.95}


class Account:
    """Finds Danish bank accounts and IBANs."""

    name = NAME
    version = VERSION
    reasons = tuple(_SCORES)

    def find(self, texts: Sequence[Text]) -> Iterator[tuple[int, Finding]]:
        batch = batch_of(texts)
        for index in batch.numbered:
            for start, end, reason in _accounts(batch.folded_text(index)):
                yield index, Finding(NAME, VERSION, "account", start, end, _SCORES[reason], reason)


def _accounts(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _IBAN.finditer(text):
        if _iban_checks(match[0]):
            yield *match.span(), "account_iban"
    for match in _ACCOUNT.finditer(text):
        line = near.before(text, match.start())
        if _SAYS_ACCOUNT.search(line) or _BETWEEN_SIGN in match[0].lower():
            yield *match.span(), "account_word"
        elif len(match["account"]) == _FULL and not _SAYS_OTHER.search(line):
            yield *match.span(), "account_shape"


def _iban_checks(iban: str) -> bool:
    plain = iban.replace(" ", "").upper()
    return int(plain[4:] + "1320" + plain[2:4]) % _MOD == _RIGHT  # D and K count as 13 and 20


detector = Account()
