"""The rules of the breach: may someone be identified whose matters are confidential, and who wrote it?

number rules (a CPR number, somebody's phone) ─┐
rules over persons and matters ────────────────┼─► clear | possible | self | none
the trained score, which raises or lowers ─────┘
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis import near
from analysis.base import Text
from data.types import Breach, Finding, Kind

RAISES, LOWERS, PAGE_LOWERS, CLEAR = 0.37, 0.3, 0.25, 0.45
_USERS = frozenset({"dagtilbud", "skole", "plejecenter", "sundhed", "familie", "jobcenter", "bibliotek", "kultur"})
SELF, DOUBTS = 0.5, 0.1
_MATTERS = frozenset(
    {"health", "social", "family", "economy", "crime", "behaviour", "belief", "sexuality", "death", "asylum"}
)
_CONTACTS = frozenset({"phone", "email", "address", "account", "case_number"})
MAY_TELL = _MATTERS | _CONTACTS | {"cpr", "identifying", "plate"}
_OF_PEOPLE = MAY_TELL | {"person"}
_THIRD = frozenset(
    {"person_full", "person_given", "person_given_age", "person_named", "person_relative", "person_lower_full"}
)
_PAGE_NAMES = _THIRD | {"person_first_start"}
_ROOMS = frozenset({"identifying_class", "identifying_room_number", "identifying_room_named"})
_NO_ONES = frozenset({"phone_service", "email_function"})
_SURE = frozenset({"person_full", "person_relative", "person_given_age"})
_SURE_MATTER, _CLOSE = 0.8, 30  # score, code points
_REACH = 70


def _said(group: str) -> re.Pattern[str]:
    """The words of one list of `lexicons/numbers.toml` that say whose something is."""
    return re.compile(rf"\b{near.either('whose', group)}\b", re.IGNORECASE)


_OTHERS, _OWN, _OFFICE, _HOME, _PRIVATE, _OFFICE_CAR = map(_said, ("other", "own", "office", "home", "private", "car"))


def breach_of(text: Text, facts: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> Breach:
    """The answer with its rules; the first that holds of: CPR, score and rules over persons, contacts, self."""
    types = {fact.type for fact in facts}
    if "cpr" in types:
        because.append("breach_cpr")
        return Breach.CLEAR
    return (_by_score if types.isdisjoint(_OF_PEOPLE) else _of_people)(text, facts, shares, because)


def _of_people(text: Text, facts: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> Breach:
    """The answer where somebody, or what belongs to somebody, was found."""
    named = _persons(text, facts, because)
    share = shares.get("breach", 0.0)
    least = _least(facts, because)
    raised = share >= RAISES and not (named is Breach.NONE and _tells_of_self(text, shares))
    if raised or (named is not Breach.NONE and share >= least):
        if named is Breach.NONE:
            because.extend(_raised(text, facts))
        return Breach.CLEAR if shares.get("clear", 0.0) >= CLEAR else Breach.POSSIBLE
    if named is not Breach.NONE:
        because.append("model_breach_lowered")
    contact = _contacts(text, facts, because)
    if contact is not Breach.POSSIBLE and not text.by_page and _plate(text, facts):
        because.append("breach_plate")
        return Breach.POSSIBLE
    if contact is Breach.NONE and _tells_of_self(text, shares):
        because.append("breach_self_matter")
        return Breach.SELF
    return contact


def _raised(text: Text, facts: Sequence[Finding]) -> list[str]:
    """What tells of a breach that no person and matter gave: somebody's contact data where they do, else the score."""
    told: list[str] = []
    return told if _contacts(text, facts, told) is Breach.POSSIBLE else ["model_breach_raised"]


def _least(facts: Sequence[Finding], because: Sequence[str]) -> float:
    """What the score must say of what a rule found.

    Little where a full name and a matter stand side by side; nothing where a page greets somebody and tells of their
    matters, or names a user beside the class or room.
    """
    if "breach_page_tells_of_writer" in because:
        return 0.0
    if "breach_page_names" in because:
        return PAGE_LOWERS if _ROOMS.isdisjoint(fact.reason for fact in facts) else 0.0
    return DOUBTS if "breach_person_and_matter" in because and _plain(facts) else LOWERS


def _by_score(text: Text, _: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> Breach:
    """The answer where nothing was found of people: cues of an inquiry or of a tone say nothing of a breach."""
    if _tells_of_self(text, shares):
        because.append("breach_self_matter")
        return Breach.SELF
    if shares.get("breach", 0.0) >= RAISES:
        because.append("model_breach_raised")
        return Breach.CLEAR if shares.get("clear", 0.0) >= CLEAR else Breach.POSSIBLE
    return Breach.NONE


def _tells_of_self(text: Text, shares: Mapping[str, float]) -> bool:
    """What a writer tells of themself is no breach, though its words look like one: asked before the score raises.

    With each writer left out, 8 of 41 texts of this kind were no longer taken for a breach, and no breach was lost.
    """
    return not text.by_page and shares.get("self", 0.0) >= SELF


def _persons(text: Text, facts: Sequence[Finding], because: list[str]) -> Breach:
    """What persons and matters alone say."""
    matters = [fact for fact in facts if fact.type in _MATTERS and not fact.reason.endswith("_weak")]
    reasons = {fact.reason for fact in facts}
    if matters and reasons & _THIRD:
        because.append("breach_person_and_matter")
        return Breach.CLEAR
    if matters and text.by_page and "person_greeted" in reasons:
        because.append("breach_page_tells_of_writer")
        return Breach.CLEAR
    if matters and any(_singles_out(text, fact) for fact in facts):
        because.append("breach_described_and_matter")
        return Breach.POSSIBLE
    if text.by_page and text.institution in _USERS and reasons & _PAGE_NAMES:
        because.append("breach_page_names")
        return Breach.POSSIBLE
    return Breach.NONE


def _singles_out(text: Text, fact: Finding) -> bool:
    """A description or initials; in a page's own post "your child" is every reader's."""
    if fact.reason == "identifying_your_kin" and text.by_page and text.kind is Kind.POST:
        return False
    return fact.type == "identifying" or fact.reason == "person_initials"


def _plain(facts: Sequence[Finding]) -> bool:
    """Whether a full name and a private matter stand so close that no score may make nothing of it."""
    named = [fact for fact in facts if fact.reason in _SURE]
    matters = [fact for fact in facts if fact.type in _MATTERS and fact.score >= _SURE_MATTER]
    return any(-_CLOSE <= matter.start - who.end <= _CLOSE for who in named for matter in matters)


def _plate(text: Text, facts: Sequence[Finding]) -> bool:
    """A car's plate in what a citizen writes of another's driving; the municipality's own cars are nobody's."""
    return any(fact.type == "plate" for fact in facts) and not _OFFICE_CAR.search(text.text)


def _contacts(text: Text, facts: Sequence[Finding], because: list[str]) -> Breach:
    """Whose phone, home, mail, account or case number it is."""
    best = Breach.NONE
    for fact in facts:
        if fact.reason == "cpr_hidden" or (fact.type in _CONTACTS and fact.reason not in _NO_ONES):
            whose = _whose(text, fact, facts)
            if whose is Breach.POSSIBLE or best is Breach.NONE:
                best = whose
    if best is not Breach.NONE:
        because.append("breach_contact_of_other" if best is Breach.POSSIBLE else "breach_self_contact")
    return best


def _whose(text: Text, fact: Finding, facts: Sequence[Finding]) -> Breach:
    """The nearest word before (else after) that says whose it is; a street alone is a place."""
    before = text.text[max(0, fact.start - _REACH) : fact.start]
    after = text.text[fact.end : fact.end + 25]
    if text.by_page:
        private = _PRIVATE.search(before)
        greeted = fact.type == "case_number" and any(f.reason == "person_greeted" for f in facts)
        return Breach.POSSIBLE if private or greeted else Breach.NONE
    other = max((match.end() for match in _OTHERS.finditer(before)), default=-1)
    for who in facts:
        if who.type == "person" and who.reason in _THIRD and fact.start - _REACH <= who.end <= fact.start:
            other = max(other, who.end - max(0, fact.start - _REACH))
    own = max((match.end() for match in _OWN.finditer(before)), default=-1)
    if _OFFICE.search(before) and own < 0:
        return Breach.NONE
    if other > own - 12 and other >= 0:
        return Breach.POSSIBLE
    if fact.reason == "address_street" and own < 0:
        return Breach.NONE
    if fact.reason == "address_street" and not _HOME.search(before):
        return Breach.NONE
    return Breach.SELF if own >= 0 or fact.type == "phone" or _OWN.search(after) else Breach.NONE
