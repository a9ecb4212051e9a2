"""Remembered decisions on the screen: who sees which, how one is taken back, and what a kept back message says."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import ALL, SCHOOL_PAGE, rows, telling
from screens import environment, municipality, opened, told

from dashboard import words
from data import times
from data.queries import QueueFilter, open_reader, queue
from data.store import Store
from data.types import Category, Verdict


@pytest.fixture
def path(tmp_path):
    """Both institutions' possible breaches are decided to be none; one more of the school's was kept back since."""
    st.cache_data.clear()
    made = municipality(tmp_path)
    with Store.open(made.with_name("sideblik.db")) as store, open_reader(made.with_name("sideblik.db")) as reader:
        for case in queue(reader, ALL, Category.CONFIDENTIALITY, QueueFilter()):
            store.decide(ALL, "Kim", case.id, case.revision, Verdict.NOT_A_BREACH, "Alle ved det.")
        again = telling("c7", created_at=times.now() - timedelta(hours=1))
        store.save(SCHOOL_PAGE, [again])
    with environment(made):
        yield made


def waiting(path) -> list[tuple[str]]:
    sql = "SELECT message_id FROM cases JOIN messages ON messages.id = message WHERE category = 'confidentiality'"
    return rows(path.parent, f"{sql} AND status = 'new'")


def buttons(screen) -> list[str]:
    return [one.key for one in screen.button if str(one.key).startswith("glem-")]


def test_each_sees_their_own(path):
    """The school's administrator sees the school's, with its words; the DPO and communications see both."""
    shown = told(opened("Anna", "brud"))
    assert [True, True, False] == [word in shown for word in ("Karla", "brugt 1 gang siden", "Ester")]
    for person in ("Kim", "Dan"):
        assert {"Karla", "Ester"} <= {word for word in ("Karla", "Ester") if word in told(opened(person, "brud"))}


def test_a_reader_takes_nothing_back(path):
    """A reader sees what is remembered, without its names, and finds no way to end it."""
    screen = opened("Lis", "brud")
    assert ("brugt 1 gang siden" in told(screen), "Karla" in told(screen)) == (True, False)
    assert [] == buttons(screen)


def test_taking_back_asks_again(path):
    """After a click the kept back message is in the queue, the list is shorter, and a sentence says so."""
    screen = opened("Anna", "brud")
    (key,) = buttons(screen)
    assert [] == waiting(path)
    screen.button(key=key).click().run()
    assert ([], []) == (list(screen.exception), buttons(screen))
    assert [("c7",)] == waiting(path)
    assert words.text("remembered.forgotten") in [one.value for one in screen.toast]


def test_the_case_is_one_click_away(path):
    """The decided case opens beside the queue, where the decision can be undone."""
    screen = opened("Anna", "brud")
    key = next(one.key for one in screen.button if str(one.key).startswith("husket-sag-"))
    screen.button(key=key).click().run()
    assert words.text("act.undo") in [one.label for one in screen.button]


def test_a_kept_back_message_says_so(path):
    """In its thread it bears the sentence that says why nobody was asked."""
    ((number,),) = rows(path.parent, "SELECT id FROM messages WHERE message_id = 'c7'")
    shown = told(opened("Anna", "opslag", besked=str(number)))
    assert 1 == shown.count(words.text("thread.remembered"))
    assert words.reason("remembered_not_a_breach") in shown


def test_nothing_remembered_shows_no_section(tmp_path):
    """Who never decided so meets no empty box."""
    st.cache_data.clear()
    with environment(municipality(tmp_path)):
        assert [] == [one for one in opened("Kim", "brud").expander if one.label == words.text("remembered.title")]
