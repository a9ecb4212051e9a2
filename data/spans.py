"""The words that led to a possible breach, as one string that is equal for what may be taken for the same."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Final

from data.types import Finding, Judgement

REMEMBERED: Final = "remembered_not_a_breach"
MASKED: Final = "█"
_CONTACTS: Final = frozenset({"phone", "email", "address", "account", "case_number", "plate"})
_MATTERS: Final = frozenset(
    {"health", "social", "family", "economy", "crime", "behaviour", "belief", "sexuality", "death", "asylum"}
)
_TOLD: Final = _CONTACTS | _MATTERS | {"person", "identifying"}
_NOBODY: Final = frozenset(
    {
        "person_official", "person_known", "person_tagged", "person_thing", "person_signed", "person_self",
        "person_author",
        "identifying_own_kin", "identifying_own_kin_age", "identifying_your_kin", "identifying_their_kin",
        "identifying_bare_kin", "identifying_neighbour",
    }
)  # fmt: skip


def told_by(text: str, judgement: Judgement) -> str | None:
    """The flagged words of a text, in no order, without regard to case and blanks; None where nothing may be learned.

    That is where a CPR number stands, where it is urgent, where a detector failed, and where nobody is told apart: a
    matter alone, or "my husband", is another's in another's mouth.
    """
    found = [finding for finding in judgement.findings if finding.type in _TOLD]
    if judgement.urgent or judgement.failed or not judgement.rules or not any(map(_tells_apart, found)):
        return None
    if "breach_cpr" in judgement.because or any(finding.type == "cpr" for finding in judgement.findings):
        return None
    words = sorted({(finding.type, normal(text[finding.start : finding.end])) for finding in found})
    return None if any(MASKED in word for _, word in words) else json.dumps(words, ensure_ascii=False)


def rules_of(because: Iterable[str]) -> tuple[str, ...]:
    """The rules of `because` that led to the breach, in one order."""
    return tuple(sorted({name for name in because if name.startswith(("breach_", "model_breach_"))}))


def flagged(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose words are remembered."""
    return [finding for finding in findings if finding.type in _TOLD]


def normal(words: str) -> str:
    """Words as they are compared: composed, case-folded, each run of blanks one blank."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", words).casefold()).split())


def _tells_apart(finding: Finding) -> bool:
    return finding.type not in _MATTERS and finding.reason not in _NOBODY
