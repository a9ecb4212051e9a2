"""Prints how judgements compare with labels, in the terms of the labelled corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from data.types import Judgement

Pair = tuple[dict[str, Any], Judgement]


def report(answers: Sequence[tuple[str, Sequence[Pair]]]) -> None:
    """A line for each file and one for all."""
    for name, pairs in (*answers, ("all", [pair for _, some in answers for pair in some])):
        print(name, *(f"{key} {value:.3f}" for key, value in figures(pairs).items()), sep="  ")


def figures(pairs: Sequence[Pair]) -> dict[str, float]:
    """The shares and F1 figures that the targets are written in."""
    found = [(i, j) for i, j in pairs if i["inquiry"] != "none" and j.inquiry != "none"]
    counted = [(i, j) for i, j in pairs if i["breach"] != "self"]
    harmless = [j for i, j in pairs if i["breach"] == "none"]
    clear = [j for i, j in pairs if i["breach"] == "clear"]
    urgent = [(i["urgent"], j.urgent) for i, j in pairs]
    tone = [(i["tone"] != "none", j.tone != "none") for i, j in pairs]
    return {
        "inquiry": _f1((i["inquiry"] != "none", j.inquiry != "none") for i, j in pairs),
        "kind": _share(i["inquiry"] == j.inquiry for i, j in found),
        "topic": _share(i["topic"] == j.topic for i, j in found),
        "breach": _f1((_open(i["breach"]), _open(j.breach)) for i, j in counted),
        "clear": _share(_open(j.breach) for j in clear),
        "exact": _share(i["breach"] == j.breach for i, j in pairs if i["breach"] != "none"),
        "alarms": _share(_open(j.breach) for j in harmless),
        "urgent.r": _share(got for want, got in urgent if want),
        "urgent.p": _share(want for want, got in urgent if got),
        "tone": _f1(tone),
    }


def _open(breach: str) -> bool:
    return breach in {"clear", "possible"}


def _share(hits: Iterable[bool]) -> float:
    listed = list(hits)
    return sum(listed) / len(listed) if listed else 0.0


def _f1(pairs: Iterable[tuple[bool, bool]]) -> float:
    listed = list(pairs)
    both = sum(want and got for want, got in listed)
    wrong = sum(want != got for want, got in listed)
    return 2 * both / (2 * both + wrong) if both else 0.0
