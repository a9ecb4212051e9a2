from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, plain, set_up

from data import queries
from data.errors import ChangedError, OutOfScopeError
from data.queries import Reader
from data.store import Store
from data.types import Answer, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as opened:
        set_up(opened)
        opened.save(SCHOOL_PAGE, [plain("p1"), asking("c1")])
        yield opened


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with queries.open_reader(tmp_path / "sideblik.db") as opened:
        yield opened


def test_take_and_release(store: Store, reader: Reader) -> None:
    """A case is taken by one person, may be taken over by another, and is given back to nobody."""
    store.take(SCHOOL_ONLY, "anna", 1, 1)
    case = queries.case(reader, ALL, 1)
    assert (Status.TAKEN, "anna", NOON, 2) == (case.status, case.taken_by, case.taken_at, case.revision)
    store.take(SCHOOL_ONLY, "bo", 1, 2)
    assert "bo" == queries.case(reader, ALL, 1).taken_by
    store.release(SCHOOL_ONLY, "anna", 1, 3)
    case = queries.case(reader, ALL, 1)
    assert (Status.NEW, None, None) == (case.status, case.taken_by, case.taken_at)


@pytest.mark.parametrize(
    ("verdict", "status", "answered_at"),
    [(Verdict.ANSWERED, Status.ANSWERED, NOON), (Verdict.NO_ANSWER_NEEDED, Status.CLOSED, None)],
)
def test_decide_and_undo(store: Store, reader: Reader, verdict: Verdict, status: Status, answered_at) -> None:
    """A decision closes the case with a ground; taken back, the case stands as before, and the decision stays told."""
    store.take(ALL, "anna", 1, 1)
    before = queries.case(reader, ALL, 1)
    decision = store.decide(ALL, "anna", 1, 2, verdict, "Svar i opslaget.")
    case = queries.case(reader, ALL, 1)
    assert (status, verdict, answered_at) == (case.status, case.verdict, case.answered_at)
    store.undo(ALL, "bo", decision)
    after = queries.case(reader, ALL, 1)
    assert (before.status, before.taken_by, before.verdict, before.answered_at) == (
        after.status,
        after.taken_by,
        after.verdict,
        after.answered_at,
    )
    (told,) = queries.decisions(reader, ALL, 1)
    assert ("Svar i opslaget.", "anna", NOON, "bo", NOON) == (
        told.ground,
        told.person,
        told.at,
        told.undone_by,
        told.undone_at,
    )


def test_who_comes_second_is_told(store: Store, reader: Reader) -> None:
    """Two people who saw the same case: the second one's act changes nothing and says why."""
    store.take(ALL, "anna", 1, 1)
    for act in (
        lambda: store.take(ALL, "bo", 1, 1),
        lambda: store.release(ALL, "bo", 1, 1),
        lambda: store.decide(ALL, "bo", 1, 1, Verdict.ANSWERED, ""),
    ):
        with pytest.raises(ChangedError, match="Case 1 has changed"):
            act()
    assert "anna" == queries.case(reader, ALL, 1).taken_by
    assert [] == queries.decisions(reader, ALL, 1)


def test_a_decided_case_is_not_decided_again(store: Store) -> None:
    """What is decided is undone first; then it may be decided otherwise."""
    first = store.decide(ALL, "anna", 1, 1, Verdict.NO_ANSWER_NEEDED, "")
    with pytest.raises(ChangedError):
        store.decide(ALL, "bo", 1, 2, Verdict.ANSWERED, "")
    with pytest.raises(ChangedError):
        store.take(ALL, "bo", 1, 2)
    store.undo(ALL, "anna", first)
    second = store.decide(ALL, "anna", 1, 3, Verdict.ANSWERED, "")
    for old in (first, second + 1):
        with pytest.raises((ChangedError, OutOfScopeError)):
            store.undo(ALL, "anna", old)
    store.undo(ALL, "anna", second)
    with pytest.raises(ChangedError):
        store.undo(ALL, "anna", second)


def test_undo_leaves_the_answer_that_the_thread_shows(store: Store, reader: Reader) -> None:
    """A case that the page's own reply answered is answered again when a person's decision on it is taken back."""
    reply = plain("c2", "Klokken otte.", by_page=True, created_at=NOON)
    store.save(SCHOOL_PAGE, [reply], answers=[Answer("c1", "c2", NOON - timedelta(minutes=5))])
    decision = store.decide(ALL, "anna", 1, 2, Verdict.JOURNALISED, "")
    assert Status.CLOSED is queries.case(reader, ALL, 1).status
    store.undo(ALL, "anna", decision)
    case = queries.case(reader, ALL, 1)
    assert (Status.ANSWERED, NOON - timedelta(minutes=5)) == (case.status, case.answered_at)


def test_a_reply_that_is_no_answer(store: Store, reader: Reader) -> None:
    """Who takes an answered inquiry says that the reply was none; it stays theirs until another reply comes."""
    replies = [plain(name, "Tak for din besked.", by_page=True, created_at=NOON) for name in ("c2", "c3")]
    store.save(SCHOOL_PAGE, replies, answers=[Answer("c1", "c2", NOON)])
    store.take(ALL, "anna", 1, 2)
    assert (Status.TAKEN, None) == (queries.case(reader, ALL, 1).status, queries.case(reader, ALL, 1).answered_at)
    store.save(SCHOOL_PAGE, replies, answers=[Answer("c1", "c2", NOON)])
    assert 3 == queries.case(reader, ALL, 1).revision
    undone = store.decide(ALL, "anna", 1, 3, Verdict.ANSWERED, "")
    store.undo(ALL, "anna", undone)
    assert queries.case(reader, ALL, 1).answered_at is None
    store.save(SCHOOL_PAGE, [], answers=[Answer("c1", "c3", NOON + timedelta(hours=1))])
    case = queries.case(reader, ALL, 1)
    assert (Status.ANSWERED, NOON + timedelta(hours=1)) == (case.status, case.answered_at)


def test_undo_after_an_edit_is_refused(store: Store, reader: Reader) -> None:
    """A decision that an edit has overtaken is no longer what the case rests on."""
    decision = store.decide(ALL, "anna", 1, 1, Verdict.ANSWERED, "")
    store.save(SCHOOL_PAGE, [asking("c1", "Hvornår åbner I i julen?")])
    with pytest.raises(ChangedError):
        store.undo(ALL, "anna", decision)
    assert Status.NEW is queries.case(reader, ALL, 1).status
    store.decide(ALL, "anna", 1, 3, Verdict.NO_ANSWER_NEEDED, "")
    with pytest.raises(ChangedError):
        store.undo(ALL, "anna", decision)
    assert Status.CLOSED is queries.case(reader, ALL, 1).status


def test_a_scope_that_reads_changes_nothing(store: Store, reader: Reader) -> None:
    """A reader sees every case of their institutions, and no act of theirs is taken, whatever a screen offers."""
    reading = replace(ALL, acts=False)
    decision = store.decide(ALL, "anna", 1, 1, Verdict.ANSWERED, "")
    before = queries.case(reader, ALL, 1)
    for act in (
        lambda: store.take(reading, "bo", 1, 2),
        lambda: store.release(reading, "bo", 1, 2),
        lambda: store.decide(reading, "bo", 1, 2, Verdict.NO_ANSWER_NEEDED, ""),
        lambda: store.undo(reading, "bo", decision),
    ):
        with pytest.raises(OutOfScopeError, match="changes none"):
            act()
    assert before == queries.case(reader, reading, 1)
