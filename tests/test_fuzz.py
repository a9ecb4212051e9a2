"""Every door with its input bent: a told error, and a straight visit afterwards is whole (`fuzzing.py` runs longer)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data.types import Outcome
from tests import fuzzing

NUMBERS = st.integers(0, 2**32)
CALM = {"deadline": None, "phases": (Phase.explicit, Phase.generate), "suppress_health_check": list(HealthCheck)}


@settings(max_examples=6, **CALM)
@given(NUMBERS)
def test_bent_answers_are_told(number: int) -> None:
    """Two bent visits to pages of five dialects; the straight one after them is complete."""
    ends = fuzzing.visits(number, dialects=5)
    assert 15 == sum(ends.values())
    assert 5 <= ends[Outcome.COMPLETE]


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_bent_files_are_told(number: int) -> None:
    """Six forms of file."""
    assert 6 >= sum(fuzzing.files(number).values())


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_a_bent_configuration_is_told(number: int) -> None:
    """Settings, or what is wrong with them."""
    assert 1 == sum(fuzzing.configuration(number).values())


@pytest.mark.parametrize("door", fuzzing.DOORS)
def test_a_number_does_the_same_again(door: str) -> None:
    """So that a failure can be had again from its number."""
    assert fuzzing.DOORS[door](7) == fuzzing.DOORS[door](7)
