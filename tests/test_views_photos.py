"""The screen of own posts with pictures, as each role sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import SCHOOL_PAGE, plain, rows
from screens import environment, municipality, opened, told

from data import times
from data.store import Store
from data.types import Attachment

PICTURE = (Attachment("photo", "https://example.dk/hemmelig-adresse.jpg", "En tegning"),)


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def answer(screen, choice, note=""):
    screen.radio[0].set_value(choice)
    screen.text_input[0].set_value(note)
    return next(one for one in screen.button if one.label == "Gem svaret").click().run()


def test_a_post_is_answered_and_the_answer_taken_back(path):
    """From Min dag to the list, to the post, to the answer with its note, and back again."""
    day = opened("Anna", "mindag")
    assert "1 venter på svar om samtykke" in told(day)
    listed = day.button(key="billeder-waiting").click().run()
    assert ("Fotos", "waiting") == (listed.title[0].value, listed.session_state["status"])
    screen = opened("Anna", "fotos", foto="1")
    shown = told(screen)
    assert "Vi holder åbent hus." in shown
    assert "hemmelig-adresse" not in shown
    answered = answer(screen, "consent", "Elevmappen i Aula")
    assert "Svaret er gemt." in told(answered)
    assert "Elevmappen i Aula" in told(answered)
    assert "Ingen opslag venter på svar" in told(answered)
    assert "venter på svar om samtykke" not in told(opened("Anna", "mindag"))
    back = next(one for one in answered.button if one.label == "Fortryd svaret").click().run()
    assert "fortrudt af Anna" in told(back)
    assert "1 billede eller film" in told(back)


def test_consent_needs_a_note_and_a_number_in_it_is_masked(path):
    """Without a place nothing is kept; a CPR number in it is not kept as it was written."""
    screen = answer(opened("Anna", "fotos", foto="1"), "consent", "  ")
    assert "Skriv, hvor samtykket ligger" in screen.warning[0].value
    assert [] == rows(path.parent, "SELECT * FROM photo_answers")
    answer(screen, "consent", "Mappen for 140560-4321")
    assert [("Mappen for ██████-████",)] == rows(path.parent, "SELECT note FROM photo_answers")


def test_the_other_answers_need_none(path):
    """A picture of an activity, or one that is gone, has no consent to point at."""
    answer(opened("Anna", "fotos", foto="1"), "situation")
    assert [("situation", "")] == rows(path.parent, "SELECT answer, note FROM photo_answers")


@pytest.mark.parametrize(("person", "sees"), [("Kim", True), ("Anna", True), ("Ulla", False)])
def test_a_post_of_others_is_as_one_that_does_not_exist(path, person, sees):
    """Neither the list nor a deep link shows what belongs to another institution."""
    shown = told(opened(person, "fotos", foto="1"))
    assert (sees, not sees) == ("Vi holder åbent hus." in shown, "Opslaget kan ikke vises" in shown)


@pytest.mark.parametrize("person", ["Lis", "Dan"])
def test_who_does_not_act_is_not_asked(path, person):
    """A reader and the DPO have no such screen, also by its address."""
    screen = opened(person, "fotos", foto="1")
    assert "Fotos" != screen.title[0].value
    assert "Gem svaret" not in [one.label for one in screen.button]


def test_the_setting_says_when_one_looks_again(path):
    """Days from the answer on; the screen names the day."""
    path.write_text(path.read_text("utf-8") + "[photos]\nreview_days = 30\n", "utf-8")
    answered = answer(opened("Anna", "fotos", foto="1"), "situation")
    assert "Svaret gælder til" in told(answered)
    with Store.open(path.with_name("sideblik.db")) as store:
        until = store._conn.execute("SELECT asks_from FROM photos").fetchone()[0]
    assert timedelta(days=29) < times.from_text(until) - times.now() <= timedelta(days=30)


def test_more_pictures_say_why_it_asks_again(path):
    """Whoever answered yesterday is told what is new about the post."""
    answer(opened("Anna", "fotos", foto="1"), "situation")
    with Store.open(path.with_name("sideblik.db")) as store:
        store.save(SCHOOL_PAGE, [plain("p1", "Nu med flere.", attachments=PICTURE * 3)])
    shown = told(opened("Anna", "fotos"))
    assert "Der er kommet billeder til" in shown
    assert "3 billeder eller film" in shown
