"""Passing on and releasing on the screens: what each side sees and may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import ALL
from screens import environment, municipality, opened, told

from data import queries, times
from data.passing_rows import PassGround
from data.queries import open_reader
from data.store import Store
from data.types import Category
from tests.support import Hand


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def school(path):
    """The school's question, wherever it stands."""
    with open_reader(path.with_name("sideblik.db")) as reader:
        return next(one for one in queries.queue(reader, ALL, Category.INQUIRY) if "lørdag" in one.text)


def passed(path):
    with Store.open(path.with_name("sideblik.db")) as store:
        return store.pass_on(ALL, "Anna", school(path).id, school(path).revision, "hjemmet", PassGround.KNOWLEDGE)


def press(screen, label):
    return next(one for one in screen.button if one.label == label).click().run()


def test_pass_on_and_take_back(path):
    """An administrator passes a question on, reads on without any way to act, and has it back."""
    number = school(path).id
    screen = opened("Anna", "henvendelser", sag=str(number))
    screen.selectbox(key=f"videre-til-{number}").set_value("hjemmet")
    screen.selectbox(key=f"videre-grund-{number}").set_value(PassGround.THEIRS)
    press(screen, "Send sagen videre")
    assert ("hjemmet", "Nørreå Skole") == (school(path).institution_id, school(path).passed_from)
    shown = told(screen)
    assert "Sendt videre til Plejehjemmet Åsen" in shown
    assert "Vi holder åbent hus." in shown
    assert {"Jeg tager den", "Gem afgørelsen", "Send sagen videre"}.isdisjoint({one.label for one in screen.button})
    press(screen, "Hent sagen tilbage")
    assert "skolen" == school(path).institution_id
    assert "Jeg tager den" in told(screen)
    assert "hentet tilbage af Anna" in told(screen)


def test_passing_on_asks_for_both(path):
    """Without a receiver or a ground nothing is written, and the screen says what is missing."""
    number = school(path).id
    screen = opened("Anna", "henvendelser", sag=str(number))
    screen.selectbox(key=f"videre-til-{number}").set_value("hjemmet")
    press(screen, "Send sagen videre")
    assert "hvorfor" in screen.warning[0].value
    assert "skolen" == school(path).institution_id


def test_the_receiver_has_it(path):
    """The receiver finds it in the queue with where it came from, and acts as on any of their own."""
    passed(path)
    shown = told(opened("Ulla", "henvendelser"))
    assert "sendt fra Nørreå Skole til Plejehjemmet Åsen" in shown
    number = school(path).id
    screen = opened("Ulla", "henvendelser", sag=str(number))
    assert "De kender svaret" in told(screen)
    assert "Hent sagen tilbage" not in told(screen)
    press(screen, "Jeg tager den")
    assert "Ulla" == school(path).taken_by
    assert "Hent sagen tilbage" not in told(opened("Anna", "henvendelser", sag=str(number)))


def test_given_away_stands_apart(path):
    """In the giver's queue and day it stands under what was passed on, and not among what waits for them."""
    passed(path)
    assert "på lørdag" not in told(opened("Anna", "henvendelser"))
    assert "på lørdag" in told(opened("Anna", "henvendelser", status="Sendt videre"))
    assert "på lørdag" not in told(opened("Ulla", "henvendelser", status="Sendt videre"))
    shown = told(opened("Anna", "mindag"))
    assert "Det har I sendt videre" in shown
    assert "på lørdag" in shown
    assert "Det har ingen taget endnu" not in shown
    assert "på lørdag" not in told(opened("Lis", "henvendelser"))


def test_a_reader_reads_on_and_passes_nothing(path):
    """Who only reads has neither the form nor the way back."""
    number = school(path).id
    assert "Send sagen videre" not in told(opened("Lis", "henvendelser", sag=str(number)))
    passed(path)
    screen = opened("Lis", "henvendelser", sag=str(number))
    assert "Sendt videre til Plejehjemmet" in told(screen)
    assert "Hent sagen tilbage" not in told(screen)


def test_the_release_is_told_before(path):
    """A taken case says when it is nobody's again; with 0 hours, or before it is taken, nothing is said."""
    assert "slippes" not in told(opened("Anna", "henvendelser"))
    with Store.open(path.with_name("sideblik.db"), clock=Hand(times.now() - timedelta(hours=71))) as store:
        store.take(ALL, "Anna", school(path).id, 1)
    assert "slippes i" in told(opened("Anna", "henvendelser"))
    path.write_text(path.read_text("utf-8") + "\n[service]\nrelease_hours = 71\n", "utf-8")
    assert "slippes om lidt" in told(opened("Anna", "mindag"))
    path.write_text(path.read_text("utf-8").replace("= 71", "= 0"), "utf-8")
    assert "slippes" not in told(opened("Anna", "henvendelser", sag=str(school(path).id)))


def test_the_collector_releases(path):
    """The job of the collector releases by the configuration's hours, and the case tells of it."""
    from dashboard.collecting import scheduled  # noqa: PLC0415 loads the engine
    from dashboard.settings import load  # noqa: PLC0415

    with Store.open(path.with_name("sideblik.db"), clock=Hand(times.now() - timedelta(hours=73))) as store:
        store.take(ALL, "Anna", school(path).id, 1)
    schedule = scheduled(load(path))
    schedule._scheduler.get_job("releases").func()
    assert school(path).taken_by is None
    assert "Sluppet af sig selv" in told(opened("Anna", "henvendelser", sag=str(school(path).id)))
