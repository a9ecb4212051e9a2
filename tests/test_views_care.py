"""A possible breach from opening to closing, as a user meets it: hours left, checklist, two people, what is new."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from records import ALL, NOON, SCHOOL_PAGE, plain, telling
from screens import environment, municipality, opened, told

from dashboard.shapes import care
from data import queries, times
from data.care_rows import ALLOWED, CheckItem, CheckState, ClockRow, Doubt, Look
from data.queries import QueueFilter, open_reader
from data.store import Store
from data.types import Category, Kind, Status, Verdict
from tests.support import Hand


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def found(path, ask, *args):
    with open_reader(path.with_name("sideblik.db")) as reader:
        return ask(reader, ALL, *args)


def breach(path):
    every = QueueFilter(statuses=frozenset(Status))
    rows = found(path, queries.queue, Category.CONFIDENTIALITY, every)
    return next(row for row in rows if row.institution_id == "skolen")


def at_case(path, person, **query):
    return opened(person, "brud", sag=str(breach(path).id), **query)


def press(screen, label):
    return next(one for one in screen.button if one.label == label).click().run()


def decide(path, person, verdict=Verdict.EDITED):
    screen = at_case(path, person)
    screen.radio[0].set_value(verdict)
    return press(screen, "Gem afgørelsen")


def test_opening_a_serious_one_starts_its_clock(path):
    """A reader and the list start nothing; who may act does, and card and case say how long there is."""
    opened("Anna", "brud")
    assert "timer tilbage" not in told(at_case(path, "Lis"))
    assert found(path, queries.clock, breach(path).id) is None
    assert "timer tilbage" in told(at_case(path, "Anna"))
    assert "Anna" == found(path, queries.clock, breach(path).id).person
    assert 2 <= told(at_case(path, "Lis")).count("timer tilbage")


def test_the_checklist_is_ticked_by_name(path):
    """A tick is kept with who and when and counted; a reader sees it and no control."""
    screen = at_case(path, "Anna")
    case = breach(path).id
    screen.segmented_control(key=f"tjek-{case}-{CheckItem.TEXT}").set_value(CheckState.DONE).run()
    assert "1 af 8 punkter er afklaret" in told(screen)
    screen.segmented_control(key=f"tjek-{case}-{CheckItem.PHOTO}").set_value(CheckState.NOT_RELEVANT).run()
    assert "2 af 8 punkter er afklaret" in told(screen)
    rows = {row.item: row for row in found(path, queries.checklist, case)}
    assert (CheckState.DONE, "Anna") == (rows[CheckItem.TEXT].state, rows[CheckItem.TEXT].person)
    reader = at_case(path, "Lis")
    assert [] == [one for one in reader.segmented_control if str(one.key).startswith("tjek")]
    assert "Ikke relevant, " in told(reader)


def test_two_people_close_a_confirmed_one(path):
    """The first is told to wait and has no button to agree; the queue holds it; the second closes it."""
    first = decide(path, "Anna")
    assert "En anden skal se på den" in told(first)
    assert "Enig – luk sagen" not in [one.label for one in first.button]
    assert "sag " in told(opened("Kim", "brud", status="Venter på en anden"))
    second = at_case(path, "Kim")
    assert "Fortryd afgørelsen" not in [one.label for one in second.button]
    press(second, "Enig – luk sagen")
    assert Status.CLOSED is breach(path).status
    assert "var enig" in told(second)


def test_the_second_may_disagree_with_a_ground(path):
    """Without a ground nothing happens; with one the case is open again, and the ground stands at it."""
    decide(path, "Anna", Verdict.HIDDEN)
    second = at_case(path, "Kim")
    press(second, "Uenig – åbn sagen igen")
    assert "Vælg først" in second.warning[0].value
    second.selectbox(key=f"tvivl-{breach(path).id}-{breach(path).revision}").set_value(Doubt.STILL_VISIBLE)
    press(second, "Uenig – åbn sagen igen")
    assert (Status.NEW, None) == (breach(path).status, breach(path).verdict)
    assert "Det kan stadig ses" in told(at_case(path, "Anna"))


def test_nobody_is_told_from_another_without_a_login(path):
    """Where nobody logs in the screen says so, and closing alone is noted as that."""
    del os.environ["SIDEBLIK_DEMO"]
    screen = decide(path, "Kim")
    assert "intet login" in told(screen)
    press(screen, "Luk sagen alene")
    assert Status.CLOSED is breach(path).status
    assert [Look.ALONE] == [row.outcome for row in found(path, queries.second_looks, breach(path).id)]


def test_what_is_new_is_marked(path):
    """A reply that came after a look marks card and message to who looked, until they look anew."""
    before = times.now() - timedelta(hours=1)
    with Store.open(path.with_name("sideblik.db"), clock=Hand(before)) as store:
        store.open_case(ALL, "Anna", breach(path).id)
    with Store.open(path.with_name("sideblik.db")) as store:
        store.save(SCHOOL_PAGE, [plain("r2", "Det er slettet nu.", parent_id="c2", kind=Kind.REPLY)])
    assert "nyt siden sidst" not in told(opened("Kim", "brud"))
    assert "nyt siden sidst" in told(opened("Anna", "brud"))
    screen = at_case(path, "Anna")
    assert "Der er kommet noget nyt" in told(screen)
    assert 2 <= told(screen.run()).count("nyt siden sidst"), "the marks stay while the case is open"
    assert "nyt siden sidst" not in told(at_case(path, "Anna"))


def test_the_new_words_of_an_edit_are_marked(path):
    """An edit of the flagged text itself is new to who had read the one before."""
    with Store.open(path.with_name("sideblik.db"), clock=Hand(times.now() - timedelta(hours=1))) as store:
        store.open_case(ALL, "Anna", breach(path).id)
    with Store.open(path.with_name("sideblik.db")) as store:
        at = {"created_at": times.now() - timedelta(hours=3)}
        store.save(SCHOOL_PAGE, [telling("c2", "Karla i 3.b har fået diabetes igen.", **at)])
    assert "nyt siden sidst" in told(at_case(path, "Anna"))


def clock(began: datetime) -> ClockRow:
    return ClockRow(1, began, "Anna", None)


@given(seconds=some.integers(0, 200 * 3600))
def test_hours_left_never_promise_too_much(seconds):
    """The number that is told is of whole hours, never more than are left, and at most one less."""
    now = NOON + timedelta(seconds=seconds)
    told_ = care.left(clock(NOON), now)
    number = int("".join(sign for sign in told_ if sign.isdigit()) or 0)
    remaining = (ALLOWED - timedelta(seconds=seconds)) / timedelta(hours=1)
    if remaining > 0:
        assert "tilbage" in told_
        assert number <= remaining < number + 1 or (number, "under") == (1, told_.split()[0])
    else:
        assert "overskredet" in told_
        assert number <= -remaining < number + 1 or "under 1" in told_


def test_hours_left_in_words():
    """As the case says it, an hour in the singular; the pill is gone once the case is closed."""
    told_ = [care.left(clock(NOON), NOON + timedelta(hours=hours)) for hours in (0, 15, 71, 71.5, 72, 73, 75)]
    assert [
        "72 timer tilbage",
        "57 timer tilbage",
        "1 time tilbage",
        "under 1 time tilbage",
        "fristen er overskredet for under 1 time siden",
        "fristen er overskredet for 1 time siden",
        "fristen er overskredet for 3 timer siden",
    ] == told_
    assert "" == care.clock_pill(ClockRow(1, NOON, "Anna", NOON), NOON)


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2026-11-18", "2026-11-19"),
        ("2026-11-20", "2026-11-23"),
        ("2027-03-24", "2027-03-30"),
    ],
    ids=["Wednesday", "Friday", "before Easter"],
)
def test_the_checklist_is_due_on_the_next_working_day(began, due):
    """Weekends and public holidays are passed over."""
    assert due == care.target(clock(datetime.fromisoformat(f"{began}T12:00:00+01:00"))).isoformat()
