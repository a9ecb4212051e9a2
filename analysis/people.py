"""Who a text speaks of: names and how they are meant, initials, relatives, and descriptions that single somebody out.

A name is told apart by its company: greeted, tagged, signed, in an office, part of a street or a title; what is left is
a third person. Reasons are the codes of the findings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.lexicon import lexicon
from analysis.words import CAPITAL, DOUBTFUL, FAMILY, GIVEN, LOWER_NAME, NAMES, NUMBER, STOP, Reading

_BIT = lexicon().bit
KIN, OWN, SELF, THIRD = (_BIT[f"people.{name}"] for name in ("kin", "own", "self", "third"))
YOU, FIGURE, LOOKS, ROOM = (_BIT[f"people.{name}"] for name in ("you", "figure", "looks", "room"))
DWELLING, OFFICIAL, NOT_NAME, THING = (
    _BIT[f"people.{name}"] for name in ("dwelling", "official", "not_names", "thing")
)
_ANYONE = NAMES | LOWER_NAME

_GREETING = frozenset(
    ["hej", "hejsa", "kære", "goddag", "godmorgen", "godaften", "tak", "velkommen", "tillykke", "hi", "hello", "dear", "hallo", "jo", "ja", "nej"]
)
_SIGNED = frozenset(["hilsen", "hilsner", "mvh", "vh", "kh", "knus", "hilsnerne", "mvh.", "h"])
_PLACE_AFTER = frozenset(
    ["vej", "gade", "plads", "allé", "alle", "vænge", "stræde", "torv", "park", "skole", "kirke", "hal", "hus", "have", "bakke", "sti", "å", "bro", "plejehjem", "kro", "gård"]
)
_PLACE_ENDINGS = (
    "vej",
    "gade",
    "vænget",
    "skole",
    "skolen",
    "centret",
    "center",
    "huset",
    "kommune",
    "parken",
    "hallen",
    "kirke",
)
_INTRODUCES = frozenset(["hedder", "navn", "navnet"])
_CLASS = re.compile(r"[0-9]{1,2}\.?(?:[a-hx]|klasse|kl)|[0-9]\.[a-hx]'?s?", re.IGNORECASE)
_INITIALS = re.compile(r"[A-ZÆØÅ](?:\.[A-ZÆØÅ]){0,2}")
_PREPOSITIONS = frozenset(
    ["på", "i", "fra", "ved", "med", "bag", "over", "hos", "af", "der", "overfor", "nede", "oppe", "ude", "henne", "inde", "som", "uden", "under"]
)
_ADJECTIVES = frozenset(
    ["gamle", "gammel", "lille", "store", "egen", "egne", "yngste", "ældste", "unge", "ny", "nye", "kære", "stakkels", "søde", "afdøde", "demente", "døve", "syge", "handicappede", "mindste", "tidligere", "fraskilte", "to", "tre", "2", "3", "4", "6"]
)
_NUMBER_BEFORE = frozenset(["nr", "nr.", "nummer", "bolig", "stue", "værelse", "lejlighed", "hus", "opgang", "opg"])


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody at tokens [at, end) of a text, and how they are spoken of."""

    type: str  # person or identifying
    reason: str
    at: int
    end: int


def persons(reading: Reading, *, author: str = "") -> list[Seen]:
    """Names and initials, in order."""
    if not reading.all & (_ANYONE | CAPITAL):
        return []
    found: list[Seen] = []
    bits, at, size = reading.bits, 0, len(reading.bits)
    while at < size:
        if bits[at] & _ANYONE:
            end = _name_end(reading, at)
            if end > at:
                reason = _how(reading, at, end, author)
                if reason:
                    found.append(Seen("person", reason, at, end))
                at = end
                continue
        if bits[at] & CAPITAL and len(reading.tokens[at]) <= 5 and _is_initials(reading, at):
            found.append(Seen("person", "person_initials", at, at + 1))
        at += 1
    return found


def _name_end(reading: Reading, at: int) -> int:
    """Where the name that begins here ends; `at` where none does."""
    bits, end = reading.bits, at + 1
    here = bits[at]
    if here & LOWER_NAME:
        while end < len(bits) and bits[end] & (LOWER_NAME | FAMILY) and not bits[end] & NOT_NAME:
            end += 1
        return end
    if not here & CAPITAL:
        return at
    while end < len(bits) and bits[end] & CAPITAL and not bits[end] & NOT_NAME and _may_go_on(reading, end):
        end += 1
    if not here & (GIVEN | DOUBTFUL):
        return end if _surname_alone(reading, at) else at
    return end


def _may_go_on(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    return (
        bool(reading.bits[at] & NAMES)
        or (len(token) == 1 and token.isupper())
        or (
            len(token) > 2
            and not token.isupper()
            and not reading.words[at].lower.endswith(_PLACE_ENDINGS)
            and reading.words[at].lower not in _PLACE_AFTER
        )
    )


def _surname_alone(reading: Reading, at: int) -> bool:
    """A family name by itself is somebody only after hr., fru or familien."""
    return (
        (at > 0
        and reading.words[at - 1].lower in {"hr", "fru", "frøken", "familien"})
        or (at > 1 and reading.tokens[at - 1] == "." and reading.words[at - 2].lower in {"hr", "frk"})
    )


def _starts_sentence(reading: Reading, at: int) -> bool:
    if at == 0:
        return True
    before = reading.tokens[at - 1]
    return (
        bool(reading.bits[at - 1] & STOP)
        or before in {":", "#"}
        or not (before[0].isalnum() or before in {",", "@", ";"})
    )


def _how(reading: Reading, at: int, end: int, author: str) -> str:  # noqa: C901, PLR0911 a list of cases in the order they are asked
    """The reason code of a name, "" where it names no person."""
    tokens, words, bits, size = reading.tokens, reading.words, reading.bits, len(reading.tokens)
    before = words[at - 1].lower if at else ""
    after = words[end].lower if end < size else ""
    if _is_place(reading, at, end):
        return ""
    alone = end == at + 1
    if (
        alone
        and bits[at] & DOUBTFUL
        and not bits[at] & GIVEN
        and (_starts_sentence(reading, at) or tokens[at].isupper())
    ):
        return ""
    if before in {"@", "#"}:
        return "person_tagged" if before == "@" else ""
    if author and words[at].lower == author.casefold().split(maxsplit=1)[0]:
        return "person_author"
    if _is_signed(reading, at, end):
        return "person_signed"
    if before in _INTRODUCES or (before == "er" and at > 1 and words[at - 2].lower in _INTRODUCES | {"navn"}):
        return "person_self" if _own_name(reading, at) else "person_named"
    if _is_thing(reading, at):
        return "person_thing"
    if _is_official(reading, at, end):
        return "person_official"
    if _is_greeted(reading, at, end):
        return "person_greeted"
    if any(bits[back] & KIN for back in range(max(0, at - 2), at)) and any(
        bits[back] & OWN for back in range(max(0, at - 5), at)
    ):
        return "person_relative"
    if bits[at] & LOWER_NAME:
        return "person_lower_full" if not alone else "person_lower"
    if not alone:
        return "person_full"
    return (
        "person_first_start"
        if _starts_sentence(reading, at)
        else "person_given" + "_age" * (after == "på" and end + 1 < size and bool(bits[end + 1] & NUMBER))
    )


def _is_place(reading: Reading, at: int, end: int) -> bool:
    tokens, words, size = reading.tokens, reading.words, len(reading.tokens)
    if end < size and (
        words[end].lower in _PLACE_AFTER or words[end].lower.endswith(("vej", "gade", "allé", "skole", "hallen"))
    ):
        return True
    if tokens[end - 1].lower().endswith(_PLACE_ENDINGS) and end - at <= 2:
        return True
    quoted = tokens[at].isupper() and len(tokens[at]) > 2 and end == at + 1
    return (
        quoted
        and any(token.islower() and len(token) > 3 for token in tokens) is not False
        and reading.bits[at] & DOUBTFUL != 0
    )


def _is_signed(reading: Reading, at: int, end: int) -> bool:
    words, size = reading.words, len(reading.tokens)
    rest = size - end
    if rest > 4:
        return False
    near = {words[back].lower for back in range(max(0, at - 3), at)}
    return bool(near & _SIGNED) or (
        rest == 0 and at > 0 and reading.tokens[at - 1][0] in ".!?\n" and end - at <= 3 and at > 4
    )


def _is_thing(reading: Reading, at: int) -> bool:
    """A toy, an animal or somebody in a book: the word for it stands in the same sentence or the one before."""
    return any(bits & THING for bits in reading.bits[max(0, at - 9) : at + 5])


def _own_name(reading: Reading, at: int) -> bool:
    return any(reading.words[back].lower in {"jeg", "mit", "a"} for back in range(max(0, at - 3), at))


def _is_official(reading: Reading, at: int, end: int) -> bool:
    bits, words = reading.bits, reading.words
    for back in range(max(0, at - 2), at):
        if bits[back] & STOP:
            continue
        if bits[back] & OFFICIAL and not any(bits[k] & STOP for k in range(back, at)):
            return True
    if (
        at > 1
        and words[at - 1].lower in {"ved", "med", "af", "hos"}
        and any(bits[k] & OFFICIAL for k in range(max(0, at - 4), at))
    ):
        return True
    after = range(end, min(len(bits), end + 4))
    for ahead in after:
        if bits[ahead] & STOP:
            break
        if bits[ahead] & OFFICIAL and (ahead - end <= 1 or words[end].lower in {",", "i", "fra", "ved", "på"}):
            return True
    return False


def _is_greeted(reading: Reading, at: int, end: int) -> bool:
    """Spoken to: "Hej Camilla", "Cathrine, er det", "Ole du er", "… lidt mere, Sabrina."."""
    words, size = reading.words, len(reading.tokens)
    before = words[at - 1].lower if at else ""
    after = words[end].lower if end < size else ""
    if at <= 2 and before in _GREETING and (before not in {"velkommen", "tillykke"} or after != "på"):
        return True
    if at == 0 and (after in {",", "du", "er", "så", "det"} and (after == "," or after == "du")):
        return True
    if after in {"du", "dig"} and at <= 3:
        return True
    return before == "," and (end >= size or bool(reading.bits[end] & STOP))


def _is_initials(reading: Reading, at: int) -> bool:
    token, size = reading.tokens[at], len(reading.tokens)
    if not _INITIALS.fullmatch(token):
        return False
    if len(token) == 1:
        dot = at + 1 < size and reading.tokens[at + 1].startswith(".")
        return (
            dot
            and at > 0
            and token != "I"
            and not (at + 2 < size and reading.bits[at + 2] & NAMES)
            and not reading.bits[at - 1] & (NAMES | NUMBER)
        )
    return not (at + 1 < size and reading.bits[at + 1] & CAPITAL)


def descriptions(reading: Reading) -> list[Seen]:
    """Relatives ("min mand"), rooms and classes ("stue 4", "3.b"), figures ("ham den skaldede ved …")."""
    found: list[Seen] = []
    bits = reading.bits
    for at, here in enumerate(bits):
        if here & KIN:
            reason = _kin(reading, at)
            if reason:
                found.append(Seen("identifying", reason, *_kin_span(reading, at)))
        if here & (THIRD | FIGURE):
            reason = _figure(reading, at)
            if reason:
                found.append(Seen("identifying", reason, at, min(len(bits), at + 4)))
        if here & NUMBER or here & ROOM:
            reason = _room(reading, at)
            if reason:
                found.append(Seen("identifying", reason, max(0, at - 1), at + 1))
    return found


def _kin_span(reading: Reading, at: int) -> tuple[int, int]:
    start = at
    while (
        start > 0
        and at - start < 3
        and reading.words[start - 1].lower not in {".", ","}
        and (reading.bits[start - 1] & (OWN | YOU) or reading.words[start - 1].lower in _ADJECTIVES)
    ):
        start -= 1
    return start, at + 1


def _kin(reading: Reading, at: int) -> str:
    """Whose relative: the writer's own, the one spoken to's, a third person's, or a bare "mor"."""
    words, bits = reading.words, reading.bits
    back = at - 1
    while (
        back >= 0
        and at - back <= 3
        and (words[back].lower in _ADJECTIVES or (bits[back] & KIN and words[back].lower.endswith("s")))
    ):
        back -= 1
    before = words[back].lower if back >= 0 else ""
    if back >= 0 and bits[back] & OWN:
        if words[at].lower.startswith(("nabo", "overbo", "underbo", "genbo")):
            return "identifying_neighbour"
        aged = at + 2 < len(words) and words[at + 1].lower == "på" and bool(bits[at + 2] & NUMBER)
        return "identifying_own_kin_age" if aged else "identifying_own_kin"
    if before in {"din", "dit", "dine", "jeres"}:
        return "identifying_your_kin"
    if before in {"hans", "hendes", "deres"} or (before.endswith("s") and back >= 0 and bits[back] & NAMES):
        return "identifying_their_kin"
    if (
        words[at].lower
        in {
            "mor",
            "far",
            "mormor",
            "morfar",
            "farmor",
            "farfar",
            "gubben",
            "konen",
            "manden",
            "nabokonen",
            "naboen",
            "nabo",
        }
        and words[at].lower == reading.tokens[at].lower()
    ):
        return "identifying_neighbour" if words[at].lower.startswith("nabo") else "identifying_bare_kin"
    return ""


def _figure(reading: Reading, at: int) -> str:
    """ "Ham den skaldede ved skranken", "hende i nr. 4", "drengen i 3.b": a pronoun or figure with what singles it out."""
    words, bits, size = reading.words, reading.bits, len(reading.bits)
    if at + 1 >= size:
        return ""
    following = words[at + 1].lower
    pronoun = bits[at] & THIRD and words[at].lower in {"ham", "hende", "han", "hun"}
    if pronoun and following not in _PREPOSITIONS | {"den", "der", "nr", "nr."}:
        return ""
    if not pronoun and following not in _PREPOSITIONS:
        return ""
    reach = range(at + 1, min(size, at + 9))
    window = 0
    for ahead in reach:
        if bits[ahead] & STOP and reading.tokens[ahead] != ".":
            break
        window |= bits[ahead]
    words_near = [words[k].lower for k in reach]
    if any(_CLASS.fullmatch(w) for w in words_near) or (window & ROOM and not window & DWELLING):
        return "identifying_figure_room"
    if any(w in _NUMBER_BEFORE for w in words_near) or window & DWELLING:
        return "identifying_figure_home"
    if window & LOOKS:
        return "identifying_figure_looks"
    return "identifying_figure" if pronoun or following in {"i", "fra", "ved", "på", "der", "med"} else ""


def _room(reading: Reading, at: int) -> str:
    words, size = reading.words, len(reading.tokens)
    token = words[at].lower
    if _CLASS.fullmatch(token):
        return "identifying_class"
    if not reading.bits[at] & ROOM:
        return ""
    if at + 1 < size and reading.bits[at + 1] & NUMBER and len(reading.tokens[at + 1]) <= 3:
        return "identifying_room_number"
    if at > 0 and reading.bits[at - 1] & CAPITAL and token in {"stue", "stuen", "afdeling", "gang"}:
        return "identifying_room_named"
    return "identifying_room_named" if reading.bits[at] & CAPITAL and token.endswith("stuen") and len(token) > 6 else ""
