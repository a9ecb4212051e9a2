"""Screens over a database that cannot be written: they can be read, and whoever acts hears that it was not kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st

from collectors.http import Http
from collectors.schedule import WEEKLY
from dashboard import collecting, session, words
from dashboard.guard import NotSavedError
from dashboard.settings_upkeep import BackupSetting
from data import times
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


def test_a_job_that_was_not_done_is_told(tmp_path: Path) -> None:
    """On Sider, to whoever answers for all institutions, until it was done."""
    st.cache_data.clear()
    with environment(municipality(tmp_path)), session.store() as store:
        due = times.now() - timedelta(hours=2)
        for job in ("weekly", "retention"):
            assert store.job_due(job, due)
            store.job_done(job, due, ok=job == "weekly")
        warnings = [one.value for one in opened("Kim", "sider").warning]
        assert 1 == len([one for one in warnings if one.startswith("Nattens sletning af tekster fra")])
        assert [] == [one for one in warnings if one.startswith("Ugerapporten")]
        assert [] == [one.value for one in opened("Anna", "sider").warning if "er ikke nået" in one.value]


def test_every_job_has_a_name(town: Path) -> None:
    """Those of the night, with a backup among them, and the weekly report."""
    found = replace(session.settings(), backup=BackupSetting(town.parent, "age1", 3))
    for job in (WEEKLY, *collecting._nightly(found, Http(), lambda: True)):
        assert words.known(f"job.name.{job.replace(' ', '_')}")
