"""A lively Facebook page against the sandbox: many posts in the look-back cost two calls where nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Change
from tests.served import HOUR, made_up, served

LONG = made_up("facebook", posts=100).posts("siden")[3].id  # the post with 230 comments


def newest(place: int) -> str:
    """The id of that post's comment at a place from the newest, which is 1."""
    below = made_up("facebook", posts=100).comments(LONG)
    return sorted(below, key=lambda one: one.at)[-place].id


@pytest.mark.parametrize(("posts", "calls"), [(25, 2), (26, 2), (100, 2), (101, 3)])
def test_nothing_new_costs_two_calls(tmp_path: Path, posts: int, calls: int) -> None:
    """One for the page's own posts, up to a hundred of them, and one for visitors'; what is stored stays the same."""
    with served(tmp_path, made_up("facebook", posts=posts)) as page:
        page.visit()
        before = page.stored()
        page.clock.move(HOUR)
        result = page.visit()
        assert (calls, 0, 0) == (page.calls, result.tally.new, result.tally.edited)
        assert before == page.stored() == page.shown()


@pytest.mark.parametrize(("place", "hours"), [(1, 1), (25, 1), (26, 25)])
@pytest.mark.parametrize("deed", ["edit", "hide"])
def test_what_changes_no_number(tmp_path: Path, place: int, hours: int, deed: str) -> None:
    """Among a thread's newest 25 it is met at once, deeper within the day."""
    change = Change(HOUR / 2, newest(place), deed, "Rettet tekst.")  # type: ignore[arg-type]
    with served(tmp_path, made_up("facebook", change, posts=100)) as page:
        page.visit()
        page.clock.move(HOUR)
        page.visit()
        assert (hours == 1) == (page.shown() == page.stored())
        page.clock.move(24 * HOUR)
        page.visit()
        assert page.shown() == page.stored()


def test_what_comes_and_goes(tmp_path: Path) -> None:
    """A removal deep in the long thread moves its number: the thread is read to its end at once."""
    with served(tmp_path, made_up("facebook", Change(HOUR / 2, newest(200), "delete"), posts=100)) as page:
        page.visit()
        for _ in range(2):
            page.clock.move(HOUR)
            page.visit()
        assert page.shown() == page.stored()


def test_a_call_that_is_too_much_is_halved(tmp_path: Path) -> None:
    """A page of a hundred posts that the platform finds too much is read in smaller ones, and all of it."""
    with served(tmp_path, made_up("facebook", posts=100)) as page:
        page.visit()
        page.clock.move(HOUR)
        page.faults.add(Fault("too_much"))
        page.visit()
        assert page.calls > 2
        assert page.shown() == page.stored()
