"""A judgement in words, for a terminal: the text with what was found in it, each with its reason in Danish."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.masking import mask
from dashboard.words import reason, text
from data.types import Judgement


def told(given: str, judgement: Judgement) -> Iterator[str]:
    """Lines: the answers, then each finding with its place and its reason. CPR numbers are masked here too."""
    shown = mask(given)
    yield _line("inquiry", judgement.inquiry, judgement.topic)
    yield _line("breach", judgement.breach)
    yield _line("tone", judgement.tone)
    for found in judgement.findings:
        quoted = " ".join(shown[found.start : found.end].split())
        yield f"  {found.start}-{found.end}  „{quoted}“  {reason(found.reason)}"
    if judgement.failed:
        yield text("check.failed", names=", ".join(judgement.failed))


def _line(question: str, answer: str, more: str = "") -> str:
    return text(f"check.{question}.{answer}") + (f" ({text('topic.' + more)})" if more else "")
