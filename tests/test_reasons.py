"""Every reason that a detector can give is told in Danish."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from analysis.engine import discover

REASONS = tomllib.loads((Path(__file__).parent.parent / "dashboard" / "texts" / "reasons.toml").read_text("utf-8"))


@pytest.mark.parametrize("detector", discover(), ids=lambda detector: detector.name)
def test_each_declared_reason_has_its_sentence(detector):
    """What it is, which rule it touches, and when it is no trouble after all."""
    assert [] == [code for code in detector.reasons if code not in REASONS]
    assert all(REASONS[code]["touches"].endswith(".") for code in detector.reasons)
    assert all(REASONS[code]["text"].endswith(".") and REASONS[code]["harmless"] for code in detector.reasons)
