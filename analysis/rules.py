"""Findings become answers: the named rules that decide inquiry, breach and tone of one text.

Rules over findings come first; the trained score may raise or lower their answer and then says so. `because` names, in
order, the rules that led to the answers. The rules of each answer stand in `rules_breach` and `rules_talk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.base import Text
from analysis.rules_breach import breach_of
from analysis.rules_talk import inquiry_of, is_urgent, tone_of, topic_of
from data.types import Finding, Inquiry, Judgement

VERSION = 3

_NOTHING: Mapping[str, float] = {}


def verdict(text: Text, findings: Sequence[Finding]) -> Judgement:
    """The answers for one text; pure, so that a stored text can be judged again at any time."""
    if not findings:
        return Judgement()
    shares = {f.reason[6:]: f.score for f in findings if f.type == "model"} or _NOTHING
    facts = tuple(f for f in findings if f.type != "model")
    because: list[str] = []
    inquiry = Inquiry.NONE if text.by_page else inquiry_of(text, facts, shares, because)
    asks = inquiry is not Inquiry.NONE
    return Judgement(
        inquiry=inquiry,
        topic=topic_of(text, facts) if asks else "",
        urgent=not text.by_page and is_urgent(facts, shares, because),
        breach=breach_of(text, facts, shares, because),
        tone=tone_of(text, facts, shares, because),
        findings=facts,
        because=tuple(because),
    )
