"""Screens over a database that cannot be written: they can be read, and whoever acts hears that it was not kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import streamlit as st

from dashboard import session
from dashboard.guard import NotSavedError
from tests.screens import environment, municipality, opened, told

WRITTEN = ("INSERT ON looked", "INSERT ON openings", "INSERT ON journal", "UPDATE ON cases")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Path]:
    """A municipality in whose database nothing that its screens write can be written."""
    st.cache_data.clear()
    path = municipality(tmp_path)
    with closing(sqlite3.connect(tmp_path / "sideblik.db")) as conn:
        for number, written in enumerate(WRITTEN):
            conn.execute(f"CREATE TRIGGER no_{number} BEFORE {written} BEGIN SELECT RAISE(ABORT, 'no room'); END")
        conn.commit()
    with environment(path):
        yield path


@pytest.mark.parametrize(
    ("person", "view", "shown"), [("Anna", "mindag", "Karla i 3.b"), ("Kim", "brud", "Karla i 3.b har fået diabetes")]
)
def test_it_can_be_read(town: Path, person: str, view: str, shown: str) -> None:
    """Neither that somebody looked at their day, nor that they opened a case, must be noted for it to be shown."""
    screen = opened(person, view, **({"sag": "2"} if view == "brud" else {}))
    assert [] == list(screen.exception) + list(screen.error)
    assert any(one.value.startswith("Du kan læse, men intet bliver gemt") for one in screen.warning)
    assert shown in told(screen)


def test_an_act_is_told_as_not_saved(town: Path) -> None:
    """In a sentence, on the screen as it was."""
    screen = opened("Kim", "henvendelser", sag="1")
    next(one for one in screen.button if one.label == "Jeg tager den").click()
    screen.run()
    assert [] == list(screen.exception) + list(screen.error)
    assert any(one.value.startswith("Det blev ikke gemt") for one in screen.toast)
    assert "Jeg tager den" in told(screen)


def test_every_other_act_is_told_the_same(town: Path) -> None:
    """Whatever a screen writes with tells what it was that failed, and not that the database cannot be read."""
    with pytest.raises(NotSavedError), session.store() as store:
        store.note("Kim", "look", "case:1")
