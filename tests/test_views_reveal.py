"""Who only reads sees no names on any screen until they have said why, and then in one case alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import ALL, rows
from screens import environment, municipality, opened, told

from dashboard import session, words
from data import queries, times
from data.queries import open_reader
from data.types import Category


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def breach(path) -> str:
    with open_reader(path.with_name("sideblik.db")) as reader:
        found = queries.queue(reader, ALL, Category.CONFIDENTIALITY)
    return str(next(case.id for case in found if case.institution_id == "skolen"))


def ask(screen, reason: str | None = "contact"):
    """Chooses a reason and asks."""
    if reason:
        next(one for one in screen.selectbox if str(one.key).startswith("vis-grund-")).set_value(reason)
    return next(one for one in screen.button if one.label == words.text("reveal.show")).click().run()


def reveals(path) -> int:
    return len(rows(path.parent, "SELECT 1 FROM journal WHERE action = 'reveal'"))


@pytest.mark.parametrize("view", ["mindag", "overblik", "henvendelser", "brud", "tone", "opslag", "soeg"])
def test_names_are_hidden_from_who_reads(path, view) -> None:
    """Nobody who is named stands on a reader's screens, and where their case is open they are told so."""
    asked = {"brud": {"sag": breach(path)}, "soeg": {"q": "diabetes"}, "opslag": {"besked": "3"}}.get(view, {})
    shown = told(opened("Lis", view, **asked))
    assert "Karla" not in shown
    assert "B.B." not in shown
    if view in ("brud", "opslag"):
        assert "Borger" in shown or "Ukendt" in shown


def test_who_acts_is_not_asked(path) -> None:
    """An administrator reads names at once; no journal row comes of it."""
    screen = opened("Anna", "brud", sag=breach(path))
    assert "Karla" in told(screen)
    assert words.text("reveal.show") not in [one.label for one in screen.button]


def test_a_reason_is_needed(path) -> None:
    """Without one nothing is shown and nothing noted."""
    screen = ask(opened("Lis", "brud", sag=breach(path)), None)
    assert (0, False) == (reveals(path), "Karla" in told(screen))
    assert words.text("reveal.choose_first") in [one.value for one in screen.warning]


def test_a_case_is_shown_for_half_an_hour(path) -> None:
    """Once noted the case is shown, in this session and until its time has passed; another session sees it masked."""
    number = breach(path)
    screen = ask(opened("Lis", "brud", sag=number))
    assert ([], 1, True) == (list(screen.exception), reveals(path), "Karla" in told(screen))
    assert words.text("reveal.no_link") not in told(screen)
    masked = told(opened("Lis", "brud", sag=number))
    assert ("Karla" not in masked, words.text("reveal.no_link") in masked) == (True, True)
    kept = screen.session_state["vist"]
    (key,) = kept
    assert ("Lis", int(number)) == key
    assert timedelta(minutes=29) < kept[key] - times.now() <= session.REVEALED_FOR
    screen.session_state["vist"] = {key: times.now() - timedelta(seconds=1)}
    assert "Karla" not in told(screen.run())


def test_communications_sees_how_often(path) -> None:
    """By institution, and no name of who asked."""
    ask(opened("Lis", "brud", sag=breach(path)))
    shown = told(opened("Kim", "adgang"))
    assert "Nørreå Skole: én gang" in shown
    assert "Nørreå Skole: " not in told(opened("Anna", "adgang"))
