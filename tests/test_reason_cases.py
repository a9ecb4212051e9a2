"""Every reason holds in a text that needs it, and does not in a false friend that looks alike (`reason_cases.toml`)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from made_up_cpr import right_and_dead

from analysis.base import Text
from analysis.engine import Engine
from data.spans import REMEMBERED

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "reason_cases.toml").read_text("utf-8"))
REASONS = tomllib.loads((HERE.parent / "dashboard" / "texts" / "reasons.toml").read_text("utf-8"))
CHECKED = right_and_dead("140560", "5")


def given(text: str, where: dict[str, str | bool]) -> set[str]:
    """The reasons of the findings of a text and the rules that led to its answers."""
    said = Text(
        text.replace("{CHECKED}", CHECKED),
        by_page=bool(where.get("by_page")),
        institution=str(where.get("institution", "kommune")),
        author=str(where.get("author", "")),
    )
    (judged,) = Engine().judge([said])
    return {finding.reason for finding in judged.findings} | set(judged.because)


def test_every_reason_has_its_case() -> None:
    """Whatever a reader may be told is held to a text, but for what people decided; and nothing else is."""
    assert sorted(REASONS.keys() - {REMEMBERED}) == sorted(CASES)


@pytest.mark.parametrize("reason", CASES)
def test_a_reason_holds_where_it_should(reason: str) -> None:
    """In its own text."""
    assert reason in given(CASES[reason]["holds"], CASES[reason])


@pytest.mark.parametrize("reason", CASES)
def test_a_reason_keeps_silent_in_a_false_friend(reason: str) -> None:
    """In a text that looks alike."""
    assert reason not in given(CASES[reason]["friend"], CASES[reason])
