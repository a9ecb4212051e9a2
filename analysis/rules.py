"""Findings become answers: the named rules that decide inquiry, breach and tone of one text.

Rules over findings come first; the trained score may raise or lower their answer and then says so. `because` names, in
order, the rules that led to the answers. The rules of each answer stand in `rules_breach` and `rules_talk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from analysis.base import Text
from analysis.rules_breach import MAY_TELL, RAISES, SELF, breach_of
from analysis.rules_talk import ASKS, HASTE, RUDE, inquiry_of, is_urgent, tone_of, topic_of
from data.types import Finding, Inquiry, Judgement

VERSION = 4

_LEAST = {"inquiry": ASKS, "urgent": HASTE, "self": SELF, "tone": RUDE}


def verdict(
    text: Text,
    facts: Sequence[Finding],
    shares: Mapping[str, float],
    *,
    failed: tuple[str, ...] = (),
    version: str = "",
) -> Judgement:
    """The answers for one text; pure, so that a stored text can be judged again at any time.

    `shares` are the trained score's, by head. `failed` and `version` are told on.
    """
    because: list[str] = []
    inquiry = Inquiry.NONE if text.by_page else inquiry_of(text, facts, shares, because)
    asks = inquiry is not Inquiry.NONE
    return Judgement(
        inquiry=inquiry,
        topic=topic_of(text, facts) if asks else "",
        urgent=not text.by_page and is_urgent(facts, shares, because),
        breach=breach_of(text, facts, shares, because),
        tone=tone_of(text, facts, shares, because),
        findings=tuple(facts),
        because=tuple(because),
        failed=failed,
        rules=version,
    )


def nothing_follows(text: Text, facts: Sequence[Finding]) -> bool:
    """Whether these findings lead to no answer where the score is silent: cues, and names in what a citizen writes."""
    types = {fact.type for fact in facts}
    return types.isdisjoint(MAY_TELL) and not (text.by_page and "person" in types)


def decisive(by_page: npt.NDArray[np.bool_], shares: Mapping[str, npt.NDArray[np.float32]]) -> npt.NDArray[np.bool_]:
    """Which texts of a batch must be asked for a verdict though nothing was found in them.

    Without a finding the rules answer nothing but where the score alone decides: these are its thresholds.
    """
    found = np.zeros(len(by_page), bool)
    for head, least in _LEAST.items():
        if head in shares:
            found |= shares[head] >= np.float32(least)
    found &= ~by_page
    return found | (shares["breach"] >= np.float32(RAISES)) if "breach" in shares else found
