"""A judgement in words: what was found in the text, each with its reason in Danish, and the rules that led on."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.masking import mask
from dashboard.shapes.marking import kind_of
from dashboard.words import harmless, reason, text, touches
from data.types import Judgement

_OF_TROUBLE = ("breach_", "model_breach_", "model_tone_")


def told(given: str, judgement: Judgement) -> Iterator[str]:
    """Lines for a terminal: answers, each finding with its place, rules. CPR numbers are masked here too."""
    shown = mask(given)
    yield _line("inquiry", judgement.inquiry, judgement.topic)
    if judgement.urgent:
        yield text("check.urgent")
    yield _line("breach", judgement.breach)
    yield _line("tone", judgement.tone)
    for found in judgement.findings:
        quoted = " ".join(shown[found.start : found.end].split())
        yield f"  {found.start}-{found.end}  „{quoted}“  {reason(found.reason)}"
        if kind_of(found) != "ask":  # who asks breaks no rule
            yield from (f"      {more}" for more in (touches(found.reason), harmless(found.reason)) if more)
    if rules := rules_of(judgement):
        yield text("check.rules")
        for why, *more in rules:
            yield f"  {why}"
            yield from (f"      {one}" for one in more)
    if judgement.failed:
        yield text("check.failed", names=", ".join(judgement.failed))


def rules_of(judgement: Judgement) -> list[tuple[str, ...]]:
    """For each rule that led to an answer its sentence; of a breach or a tone also what it touches and when not.

    What is told of a finding already is not told again.
    """
    found = {one.reason for one in judgement.findings}
    told_once = [code for code in dict.fromkeys(judgement.because) if code not in found]
    return [
        (reason(code), *filter(None, (touches(code), harmless(code)) if code.startswith(_OF_TROUBLE) else ()))
        for code in told_once
    ]


def _line(question: str, answer: str, more: str = "") -> str:
    return text(f"check.{question}.{answer}") + (f" ({text('topic.' + more)})" if more else "")
