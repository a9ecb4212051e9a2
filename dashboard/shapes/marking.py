"""Which findings are marked in a text, depending on what is looked at, and as what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.safe import Span
from dashboard.words import reason
from data.rows import MessageRow
from data.types import Category, Finding

_ASKING = frozenset({"question", "request", "complaint", "urgent", "rhetorical", "thanks"})
_TONE = frozenset({"abuse", "hate", "threat"})
_WHO = frozenset({"person", "identifying", "cpr", "phone", "email", "address", "account", "case_number", "plate"})


def kind_of(finding: Finding) -> str:
    """ask, tone, who or what: how a mark is drawn."""
    if finding.type in _ASKING or finding.type.startswith("topic"):
        return "ask"
    if finding.type in _TONE:
        return "tone"
    return "who" if finding.type in _WHO else "what"


def belongs(finding: Finding, category: Category | None) -> bool:
    """Whether a finding tells of the category; None: of anything."""
    kind = kind_of(finding)
    if category is None:
        return True
    if category is Category.INQUIRY:
        return kind == "ask"
    return kind == "tone" if category is Category.TONE else kind in {"who", "what"}


def told_by(rows: Sequence[MessageRow], message: int, category: Category | None) -> frozenset[int]:
    """The messages whose marks tell why a message is looked at: itself, and its whole thread where it holds but half.

    A name here and a matter there make a possible breach together.
    """
    own = next((row for row in rows if row.id == message), None)
    if own is None or category is not Category.CONFIDENTIALITY:
        return frozenset({message})
    kinds = {kind_of(found) for found in own.findings}
    whole = {"who", "what"} <= kinds or any(found.type == "cpr" for found in own.findings)
    return frozenset({message}) if whole else frozenset(row.id for row in rows)


def span(finding: Finding) -> Span:
    return Span(finding.start, finding.end, kind_of(finding), reason(finding.reason))


def spans_of(row: MessageRow, category: Category | None) -> Iterator[tuple[Span, str]]:
    """Spans with their reason codes."""
    return ((span(found), found.reason) for found in row.findings if belongs(found, category))
