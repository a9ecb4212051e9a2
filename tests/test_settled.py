from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from dashboard.settled import settle


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Each test begins with nothing settled, and leaves it so."""
    settle.cache_clear()
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_loaded_is_out_of_the_rounds_of_the_collector() -> None:
    """After settling a full collection has next to nothing to walk through."""
    before = len(gc.get_objects())
    settle("queue")
    assert gc.get_freeze_count() > before * 0.9
    assert len(gc.get_objects()) < before * 0.1


def test_a_part_settles_once() -> None:
    """What later runs of the same part leave is collected as ever, or sessions would never go."""
    settle("queue")
    frozen = gc.get_freeze_count()
    kept: list[list[int]] = [[] for _ in range(1000)]
    settle("queue")
    assert len(kept) == 1000
    assert gc.get_freeze_count() <= frozen
