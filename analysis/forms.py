"""What one written word says by itself, as bits beside its classes: name, number, capital, part in a sentence.

Bits 0-149 are the classes of the lexicons, the rest stand here. Everything that a rule asks of a single word is asked
once, when the word is first met; a whole batch is then asked in one pass over three columns of 64 bits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial

from analysis.bits import Bits, any_of
from analysis.lexicon import Lexicon, names
from analysis.near import either, letters, words
from analysis.tokens import QUESTION_MARKS, STOPS

CLASSES = 150
GIVEN, DOUBTFUL, FAMILY, CAPITAL, STOP, OTHER, LOWER_NAME, NUMBER = (1 << at for at in range(CLASSES, CLASSES + 8))
NAMES = GIVEN | DOUBTFUL | FAMILY
# What the cheap looks over a batch ask for: where a name, initials, a title or a class may stand; signs.
LEADS, INITIALS, TITLE, CLASS, OPENED, ASKS, SHOUTS, AT, EMOJI = (1 << at for at in range(CLASSES + 8, CLASSES + 17))
# Words with a part of their own in how a sentence is built, and beside a pronoun.
DU, VI, YOU_ALL, HVIS, GAD, HVOR, AFTER_HVOR, MEASURE, DEFINITE, DONE = (
    1 << at for at in range(CLASSES + 17, CLASSES + 27)
)
PRONOUN, PREPOSITION, BESIDE, WHOSE, BARE = (1 << at for at in range(CLASSES + 27, CLASSES + 32))
# Ends as streets or surnames do; tells of where one lives.
STREET, SURNAME, HOME = (1 << at for at in range(CLASSES + 32, CLASSES + 35))

_WORDS = {
    DU: "you",
    VI: "we",
    YOU_ALL: "you_all",
    HVIS: "if",
    GAD: "wonder",
    HVOR: "where",
    AFTER_HVOR: "after_where",
    MEASURE: "measure",
    TITLE: "title",
    PRONOUN: "pronoun",
    PREPOSITION: "preposition",
    BESIDE: "beside",
    WHOSE: "whose",
    BARE: "bare",
}
"""The lists of `forms.toml` whose words have these bits."""

_own = partial(words, file="forms")
_DONE_ENDINGS = _own("endings", "done")
_LONGEST_DONE = 3  # longer words alone: "det" is nothing done
_ENDINGS = {
    DEFINITE: _own("endings", "definite"),
    STREET: tuple(word.lower() for group in ("strong", "weak", "last") for word in words("address", group)),
    SURNAME: _own("endings", "surname"),
}
_HOME = re.compile(either("within", "home", file="forms"))
_GENITIVES = _own("endings", "genitive")
_GENITIVE = frozenset(ending[-1] for ending in _GENITIVES)
_CLASS = re.compile(rf"[0-9]{{1,2}}\.?{either('within', 'class', file='forms')}|[0-9]\.[a-hx]'?s?", re.IGNORECASE)
_INITIALS = re.compile(rf"[{letters('capital')}](?:\.[{letters('capital')}]){{0,2}}")
_LONGEST_INITIALS = 5
_EMOJI = re.compile("[\U0001f300-\U0001faff]")
_SHORTEST_NAME, _SHORTEST_FAMILY = 2, 5


class Forms:
    """Asks words about themselves; `lists` are the lexicons that the classes come from.

    What endings tell is looked up with the endings of the lexicons, the rest is asked word by word.
    """

    def __init__(self, lists: Lexicon) -> None:
        assert len(lists.classes) <= CLASSES, "more classes of words than bits are kept for"
        self._not_name = lists.bit["people.not_names"]
        self._doubt = lists.bit["people.doubtful_names"]
        self._known = (1 << CLASSES) - 1 & ~self._doubt
        self._given, self._family = names("given"), names("family")
        for bit, endings in _ENDINGS.items():
            lists.add_endings(endings, bit)

    def of(self, tokens: Sequence[str], lower: Sequence[str], classes: Bits) -> list[int]:
        """The bits of words that have these classes and endings."""
        asked = (self._not_name, self._doubt, self._known, SURNAME)
        return list(map(self._of, tokens, lower, *(any_of(classes, bits).tolist() for bits in asked)))

    def _of(self, token: str, lower: str, not_name: bool, doubtful: bool, known: bool, surname: bool) -> int:
        """What one word says by itself."""
        found = _parts().get(lower, 0)
        if len(lower) > _LONGEST_DONE and lower.endswith(_DONE_ENDINGS):
            found |= DONE
        if _HOME.search(lower):
            found |= HOME
        first = token[0]
        if not first.isalnum():
            return found | _sign(token)
        if first.isdigit():
            return found | (NUMBER | CLASS if _CLASS.fullmatch(lower) else NUMBER)
        capital = first.isupper()
        if capital and len(token) <= _LONGEST_INITIALS and _INITIALS.fullmatch(token):
            found |= INITIALS
        if not not_name:
            found |= self._name(lower, capital=capital, doubtful=doubtful, known=known, surname=surname)
        return found | CAPITAL if capital else found

    def _name(self, lower: str, *, capital: bool, doubtful: bool, known: bool, surname: bool) -> int:
        """Which part of a name it may be. A capital and a name, or a rare name in small letters, may begin one."""
        base, found = self._base(lower), 0
        if base != lower:
            surname = base.endswith(_ENDINGS[SURNAME])
        common = self._given.get(base)
        if common is not None:
            found |= DOUBTFUL if common or doubtful else GIVEN
            if not capital and not common and not known and len(base) > _SHORTEST_NAME:
                found |= LOWER_NAME
        if base in self._family or (capital and surname and len(base) > _SHORTEST_FAMILY):
            found |= FAMILY
        return found | LEADS if found & LOWER_NAME or (capital and found) else found

    def _base(self, lower: str) -> str:
        """A name without the ending of the genitive ("emils", "jens'"), where the list does not hold it whole."""
        if lower[-1] in _GENITIVE and lower not in self._given and lower not in self._family:
            for ending in _GENITIVES:
                if lower.endswith(ending) and lower[: -len(ending)] in self._given:
                    return lower[: -len(ending)]
        return lower


def _sign(token: str) -> int:
    found = STOP if token[0] in STOPS else OTHER
    for signs, bit in ((QUESTION_MARKS, ASKS), ("!", SHOUTS), ("@", AT)):
        if any(sign in token for sign in signs):
            found |= bit
    return found | EMOJI if _EMOJI.search(token) else found


@cache
def _parts() -> Mapping[str, int]:
    """The words with a part of their own."""
    found: dict[str, int] = {}
    for bit, group in _WORDS.items():
        for word in _own("parts", group):
            found[word] = found.get(word, 0) | bit
    return found
