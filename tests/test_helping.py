"""Each view has its short help, and a first visit is told three steps until they are sent away."""

from __future__ import annotations

import pytest
import streamlit as st
from screens import ROOT, environment, municipality, opened, told

from dashboard import words
from dashboard.shapes import helping

VIEWS = sorted(file.stem for file in (ROOT / "dashboard" / "views").glob("[a-z]*.py"))
TITLE = words.text("welcome.title")


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_a_short_help(view):
    """What one sees, what one can do, and what does not happen there: three sentences or so, none of them long."""
    said = [words.text(f"help.{view}.{part}") for part in ("see", "do", "not")]
    assert [] == [one for one in said if not 20 < len(one) < 260]
    assert 3 == helping.lines(view).count("<li>")


def test_no_help_is_kept_for_a_view_that_is_gone():
    """A help that no view shows would be forgotten when things change."""
    keys = [key for key in sorted(words.keys()) if key.startswith("help.") and key != "help.open"]
    assert set(VIEWS) == {key.split(".")[1] for key in keys}


@pytest.mark.parametrize(("person", "view"), [("Anna", "mindag"), ("Kim", "overblik"), ("Lis", "overblik")])
def test_the_start_view_shows_its_own_help(path, person, view):
    """Its address is empty, its help is not; while the three steps stand there, they are help enough."""
    screen = opened(person)
    assert helping.lines(view) not in told(screen)
    screen.button(key="forstaaet").click().run()
    assert helping.lines(view) in told(screen)


@pytest.mark.parametrize(
    ("person", "steps"),
    [
        ("Anna", {"queues", "open", "act"}),
        ("Kim", {"queues", "open", "act"}),
        ("Lis", {"queues", "open", "read"}),
        ("Dan", {"breaches", "open", "act"}),
    ],
)
def test_a_first_visit_is_told_what_the_role_can_do(path, person, steps):
    """Three steps, on the start view alone."""
    said = told(opened(person))
    every = {"queues", "breaches", "open", "act", "read"}
    assert TITLE in said
    assert steps == {one for one in every if words.text(f"welcome.{one}.more") in said}
    assert TITLE not in told(opened(person, "brud"))


def test_the_steps_are_sent_away_for_good(path):
    """Not in the next run, not in the next session; a colleague is told them still."""
    screen = opened("Anna")
    screen.button(key="forstaaet").click().run()
    assert TITLE not in told(screen)
    assert TITLE not in told(opened("Anna"))
    assert TITLE in told(opened("Ulla"))


def test_where_nothing_can_be_written_no_steps_are_shown(path):
    """Nobody could send them away; what is stored can still be read."""
    path.with_name("sideblik.db").unlink()
    path.with_name("sideblik.db").mkdir()
    assert TITLE not in told(opened("Kim"))
