"""Findings become answers: the named rules that decide inquiry, breach and tone of one text.

A first set; each answer names in `because` the rules that led to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.base import Text
from data.types import Breach, Finding, Inquiry, Judgement, Tone

VERSION = 1

_MATTERS = frozenset(
    {"health", "social", "family", "economy", "crime", "behaviour", "belief", "sexuality", "death", "asylum"}
)
_PRIVATE_DATA = frozenset({"phone", "email", "address", "account", "case_number", "plate"})


def verdict(text: Text, findings: Sequence[Finding]) -> Judgement:
    """The answers for one text; pure, so that a stored text can be judged again at any time."""
    types = frozenset(finding.type for finding in findings)
    because: list[str] = []
    inquiry = Inquiry.NONE if text.by_page else _inquiry(text.text, types, because)
    breach = _breach(types, because)
    return Judgement(
        inquiry=inquiry,
        topic=(text.institution or "andet") if inquiry is not Inquiry.NONE else "",
        urgent="urgent" in types and inquiry is not Inquiry.NONE,
        breach=breach,
        tone=_tone(types),
        findings=tuple(findings),
        because=tuple(because),
    )


def _inquiry(text: str, types: frozenset[str], because: list[str]) -> Inquiry:
    for word in (Inquiry.COMPLAINT, Inquiry.REQUEST, Inquiry.QUESTION):
        if word.value in types:
            because.append(f"inquiry_{word.value}")
            return word
    if "?" in text:
        because.append("inquiry_question_mark")
        return Inquiry.QUESTION
    return Inquiry.NONE


def _breach(types: frozenset[str], because: list[str]) -> Breach:
    if "cpr" in types:
        because.append("breach_cpr")
        return Breach.CLEAR
    if "person" in types and types & _MATTERS:
        because.append("breach_person_and_matter")
        return Breach.CLEAR
    if types & _PRIVATE_DATA or ("identifying" in types and types & _MATTERS):
        because.append("breach_private_data")
        return Breach.POSSIBLE
    return Breach.NONE


def _tone(types: frozenset[str]) -> Tone:
    for word in (Tone.THREAT, Tone.HATE, Tone.ABUSE):
        if word.value in types:
            return word
    return Tone.NONE
