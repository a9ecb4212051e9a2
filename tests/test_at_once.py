"""Several inquiries closed at once: which may be, all or none, one way back; and the way back above the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import streamlit as st
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, plain, set_up, telling
from screens import environment, municipality, opened, told

from data import queries, times
from data.at_once import is_harmless
from data.errors import ChangedError, OutOfScopeError
from data.queries import QueueFilter, Reader, open_reader
from data.store import Store
from data.types import Category, Severity, Status, Verdict
from tests.support import Hand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERY = QueueFilter(statuses=frozenset(Status))
BEFORE = NOON - timedelta(days=3)


def drafted(name: str, **fields):
    """A question whose case is otherwise than usual."""
    made = asking(name, f"Hvornår åbner I, {name}?")
    return replace(made, cases=(replace(made.cases[0], **fields),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Cases 1 and 2 plain, 3 urgent, 4 a late complaint, 5 a late question, 6 a possible breach, 7 the home's."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as opened_store:
        set_up(opened_store)
        opened_store.save(SCHOOL_PAGE, [plain("p1"), asking("c1"), asking("c2")])
        opened_store.save(SCHOOL_PAGE, [drafted("c3", severity=Severity.SERIOUS)])
        opened_store.save(SCHOOL_PAGE, [drafted("c4", kind="complaint", due_at=BEFORE), drafted("c5", due_at=BEFORE)])
        opened_store.save(SCHOOL_PAGE, [telling("c6")])
        opened_store.save(HOME_PAGE, [asking("c7", page=HOME_PAGE)])
        yield opened_store


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with open_reader(tmp_path / "sideblik.db") as opened_reader:
        yield opened_reader


def statuses(reader: Reader) -> list[str]:
    return [queries.case(reader, ALL, number).status.value for number in range(1, 8)]


def test_closed_and_taken_back_together(store: Store, reader: Reader) -> None:
    """One ground for all; one act takes all back, and each case stands as it stood, also one that was taken."""
    store.take(SCHOOL_ONLY, "anna", 2, 1)
    before = statuses(reader)
    batch = store.close_many(SCHOOL_ONLY, "anna", {1: 1, 2: 2, 5: 1}, "Tak eller ros")
    assert ["closed", "closed", "new", "new", "closed", "new", "new"] == statuses(reader)
    assert ["Tak eller ros"] * 3 == [queries.decisions(reader, ALL, number)[0].ground for number in (1, 2, 5)]
    found = queries.undoable(reader, SCHOOL_ONLY, "anna", Category.INQUIRY, NOON)
    assert ([1, 2, 5], {batch}) == ([row.case_id for row in found], {row.batch for row in found})
    assert 3 == store.undo_many(SCHOOL_ONLY, "bo", batch)
    assert before == statuses(reader)
    with pytest.raises(ChangedError):
        store.undo_many(SCHOOL_ONLY, "anna", batch)


@pytest.mark.parametrize("number", [3, 4, 6])
def test_what_is_looked_at_alone(store: Store, reader: Reader, number: int) -> None:
    """An urgent one, a complaint past its deadline or a possible breach keeps the whole choice from being written."""
    before = statuses(reader)
    with pytest.raises(ChangedError, match="looked at alone"):
        store.close_many(SCHOOL_ONLY, "anna", {1: 1, number: 1}, "x")
    assert before == statuses(reader)


def test_all_or_none(store: Store, reader: Reader) -> None:
    """A case that a colleague took, one that changed, and one of others' each keep everything as it was."""
    store.take(SCHOOL_ONLY, "bo", 2, 1)
    before = statuses(reader)
    for asked, error in (
        ({1: 1, 2: 2}, ChangedError),
        ({1: 1, 5: 9}, ChangedError),
        ({1: 1, 7: 1}, OutOfScopeError),
        ({1: 1, 99: 1}, OutOfScopeError),
    ):
        with pytest.raises(error):
            store.close_many(SCHOOL_ONLY, "anna", asked, "x")
    with pytest.raises(OutOfScopeError):
        store.close_many(replace(SCHOOL_ONLY, acts=False), "anna", {1: 1}, "x")
    assert before == statuses(reader)
    assert [] == queries.decisions(reader, ALL, 1)


def test_the_screen_and_the_store_agree(store: Store, reader: Reader) -> None:
    """What gets a box is what the store takes."""
    store.take(SCHOOL_ONLY, "bo", 2, 1)
    for number in range(1, 7):
        case = queries.case(reader, ALL, number)
        try:
            store.undo_many(ALL, "anna", store.close_many(ALL, "anna", {number: case.revision}, "x"))
            taken = True
        except ChangedError:
            taken = False
        assert taken == is_harmless(case, "anna", NOON)


def test_what_an_edit_reopened_stays_open(store: Store, reader: Reader) -> None:
    """The way back takes back what still stands, and leaves a case alone that has become new meanwhile."""
    batch = store.close_many(SCHOOL_ONLY, "anna", {1: 1, 2: 1}, "x")
    store.save(SCHOOL_PAGE, [asking("c1", "Hvornår åbner I i julen?")])
    assert [2] == [row.case_id for row in queries.undoable(reader, ALL, "anna", Category.INQUIRY, NOON)]
    assert 1 == store.undo_many(SCHOOL_ONLY, "anna", batch)
    assert ["new", "new"] == statuses(reader)[:2]


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    more = [asking(f"c{number}", f"Hvornår er der fest {number}?") for number in (20, 21)]
    made = municipality(tmp_path, more=[*more, drafted("c22", severity=Severity.SERIOUS)])
    with environment(made):
        yield made


def found(path, status=Status.CLOSED):
    with open_reader(path.with_name("sideblik.db")) as reader:
        filters = QueueFilter(statuses=frozenset({status}))
        return {case.id for case in queries.queue(reader, ALL, Category.INQUIRY, filters)}


def test_on_the_screen(path):
    """Choose, say why, close, and take all of it back, with the count told before."""
    screen = opened("Anna", "henvendelser")
    assert [] == list(screen.checkbox)
    screen.toggle(key="vaelg_flere").set_value(True).run()
    boxes = list(screen.checkbox)
    assert 3 == len(boxes)
    assert "Skal ses for sig" in told(screen)
    assert screen.button(key="flere_luk").disabled
    boxes[0].check()
    boxes[1].check()
    screen.selectbox(key="flere_grund").set_value("thanks").run()
    assert "**2 henvendelser** bliver lukket" in told(screen)
    screen.button(key="flere_luk").click().run()
    assert [] == list(screen.exception)
    closed = found(path)
    assert 2 == len(closed)
    assert "2 sager er afgjort" in told(screen)
    next(one for one in screen.button if one.label == "Fortryd").click().run()
    assert set() == found(path)
    assert "er afgjort" not in told(screen)


def test_the_way_back_after_one_decision(path):
    """It stands above the queue for ten minutes, for who decided and for nobody else; the ground is one of the list."""
    number = min(found(path, Status.NEW))
    screen = opened("Anna", "henvendelser", sag=str(number))
    screen.radio[0].set_value(Verdict.NO_ANSWER_NEEDED)
    screen.selectbox(key=f"grund-valg-{number}-1").set_value("others")
    next(one for one in screen.button if one.label == "Gem afgørelsen").click().run()
    with open_reader(path.with_name("sideblik.db")) as reader:
        assert "Andre har svaret i tråden" == queries.decisions(reader, ALL, number)[0].ground
    assert f"Sag {number} er afgjort" in told(opened("Anna", "henvendelser"))
    assert "er afgjort" not in told(opened("Kim", "henvendelser"))
    assert "er afgjort" not in told(opened("Anna", "brud"))
    screen = opened("Anna", "henvendelser")
    next(one for one in screen.button if one.label == "Fortryd").click().run()
    assert number in found(path, Status.NEW)


def test_the_way_back_ends(path):
    """After ten minutes the line is gone; the case still has its own."""
    number = min(found(path, Status.NEW))
    with Store.open(path.with_name("sideblik.db"), clock=Hand(times.now() - timedelta(minutes=11))) as store:
        store.decide(ALL, "Anna", number, 1, Verdict.ANSWERED, "")
    assert "er afgjort" not in told(opened("Anna", "henvendelser"))
    assert "Fortryd afgørelsen" in told(opened("Anna", "henvendelser", sag=str(number)))
