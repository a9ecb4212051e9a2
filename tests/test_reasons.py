"""Every reason that a detector can give is told in Danish."""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path

import pytest
from made_up_cpr import right_and_dead

from analysis.base import Text
from analysis.engine import Engine, discover
from dashboard.explaining import told
from dashboard.shapes import drafts

HERE = Path(__file__).parent
RULES = sorted((HERE.parent / "analysis").glob("rules*.py"))
NAMED = re.compile(r'"((?:breach|model|urgent|inquiry)_[a-z_]+)"')
CASES = tomllib.loads((HERE / "reason_cases.toml").read_text("utf-8"))
CHECKED = right_and_dead("140560", "5")
ENGINE = Engine()
REASONS = tomllib.loads((Path(__file__).parent.parent / "dashboard" / "texts" / "reasons.toml").read_text("utf-8"))


@pytest.mark.parametrize("detector", discover(), ids=lambda detector: detector.name)
def test_each_declared_reason_has_its_sentence(detector):
    """What it is, which rule it touches, and when it is no trouble after all."""
    assert [] == [code for code in detector.reasons if code not in REASONS]
    assert all(REASONS[code]["touches"].endswith(".") for code in detector.reasons)
    assert all(REASONS[code]["text"].endswith(".") and REASONS[code]["harmless"] for code in detector.reasons)


def test_each_verdict_rule_has_its_sentence() -> None:
    """The rules that are named in `because` are told as the findings are: what, which rule it touches, when not."""
    named = {code for path in RULES for code in NAMED.findall(path.read_text("utf-8"))}
    assert {"breach_cpr", "breach_person_and_matter", "model_tone_raised", "model_breach_lowered"} <= named
    assert [] == sorted(named - REASONS.keys())


def test_each_reason_says_what_would_make_it_harmless() -> None:
    """Three sentences each, whole ones."""
    wanting = [
        (code, part)
        for code, told in REASONS.items()
        for part in ("text", "touches", "harmless")
        if not told.get(part, "").endswith(".")
    ]
    assert [] == wanting


@pytest.mark.parametrize("code", sorted(CASES))
def test_check_and_the_draft_screen_say_it(code: str) -> None:
    """Wherever a reason holds, both tell its sentence; for a possible breach or a tone also when it is harmless."""
    case = CASES[code]
    said = case["holds"].replace("{CHECKED}", CHECKED)
    place = {"institution": case.get("institution", "kommune"), "author": case.get("author", "")}
    (judged,) = ENGINE.judge([Text(said, by_page=bool(case.get("by_page")), **place)])
    lines, screen = "\n".join(told(said, judged)), html.unescape(drafts.told(said, judged))
    assert [True, True] == [REASONS[code]["text"] in shown for shown in (lines, screen)]
    if code.startswith(("breach_", "matter_", "person_", "identifying_", "tone_", "cpr_")):
        assert [True, True] == [REASONS[code]["harmless"] in shown for shown in (lines, screen)]
