"""The rules of what a text wants and in what tone: inquiry and its kind, topic, urgency, abuse, hate and threat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.base import Text
from analysis.tokens import QUESTION_MARKS
from data.types import Finding, Inquiry, Tone

ASKS, ASKS_FRIEND, HASTE, RUDE, OF_A_KIND = 0.31, 0.8, 0.2, 0.28, 0.5
_KINDS = (Inquiry.COMPLAINT, Inquiry.REQUEST, Inquiry.QUESTION)
_QUESTION_MARK = "inquiry_question_mark"


def inquiry_of(text: Text, facts: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> Inquiry:
    """Which kind of inquiry; the score decides, the cues explain. What begins with a tag is for a friend."""
    tagged = any(f.reason == "person_tagged" and f.start <= 1 for f in facts)
    if shares.get("inquiry", 0.0) < (ASKS_FRIEND if tagged else ASKS):
        return Inquiry.NONE
    kind = max(_KINDS, key=lambda one: shares.get(one.value, 0.0))
    named = sorted({f"inquiry_{f.type}" for f in facts if f.type == kind.value})
    if kind is Inquiry.QUESTION and any(mark in text.text for mark in QUESTION_MARKS):
        named.append(_QUESTION_MARK)
    because.extend(named or ["model_inquiry_raised"])
    return kind


def topic_of(text: Text, facts: Sequence[Finding]) -> str:
    """The department that should answer: what the text names, or the page's own kind."""
    named = next((f.type[6:] for f in facts if f.type.startswith("topic:")), "")
    return named or text.institution or "andet"


def is_urgent(facts: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> bool:
    """Whether somebody may be in danger now."""
    if shares.get("urgent", 0.0) < HASTE:
        return False
    because.append("urgent_danger" if any(f.type == "urgent" for f in facts) else "model_urgent_raised")
    return True


def tone_of(text: Text, facts: Sequence[Finding], shares: Mapping[str, float], because: list[str]) -> Tone:
    """Threat over hate over abuse."""
    if text.by_page or shares.get("tone", 0.0) < RUDE:
        return Tone.NONE
    kinds = (Tone.THREAT, Tone.HATE)
    kind = next((one for one in kinds if shares.get(one.value, 0.0) >= OF_A_KIND), Tone.ABUSE)
    types = {f.type for f in facts}
    because.append(f"tone_{kind.value}" if kind.value in types else "model_tone_raised")
    return kind
