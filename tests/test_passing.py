"""Cases that change hands: who reads and who acts after a case was passed on, and how a taken case is released."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, HOME, HOME_PAGE, NOON, SCHOOL, SCHOOL_ONLY, SCHOOL_PAGE, WEEK, Clock, asking, plain, telling

from data import queries
from data.errors import ChangedError, OutOfScopeError
from data.passing_rows import PassGround
from data.queries import QueueFilter, Reader
from data.store import Store
from data.types import Answer, Category, Institution, Page, Scope, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME_ONLY = replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"}))
LIBRARY = Institution("biblioteket", "Nørreå Bibliotek", "bibliotek")
LIBRARY_PAGE = Page("bib_fb", "biblioteket", "facebook", "Biblioteket", "https://example.dk/bib", "300")
LIBRARY_ONLY = replace(SCHOOL_ONLY, institutions=frozenset({"biblioteket"}))
INQUIRY = Category.INQUIRY
EVERY = QueueFilter(statuses=frozenset(Status))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        opened.set_places([SCHOOL, HOME, LIBRARY], [SCHOOL_PAGE, HOME_PAGE, LIBRARY_PAGE])
        opened.save(SCHOOL_PAGE, [plain("p1", "Vi holder åbent."), asking("c1"), telling("c2")])
        yield opened


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with queries.open_reader(tmp_path / "sideblik.db") as opened:
        yield opened


def passed(store: Store, scope: Scope = SCHOOL_ONLY, revision: int = 1, to: str = "hjemmet") -> int:
    return store.pass_on(scope, "anna", 1, revision, to, PassGround.THEIRS)


def seen(reader: Reader, scope: Scope) -> dict[str, object]:
    """Everything that tells of an inquiry to somebody."""
    day = queries.day(reader, scope, "bo", NOON)
    return {
        "queue": [one.id for one in queries.queue(reader, scope, INQUIRY)],
        "words": [one.id for one in queries.queue(reader, scope, INQUIRY, QueueFilter(words="åbner"))],
        "count": queries.queue_count(reader, scope, INQUIRY),
        "arrived": queries.arrived(reader, scope, INQUIRY),
        "day": [one.id for one in day.fresh if one.category is INQUIRY],
        "open": queries.counts(reader, scope, NOON).overdue + queries.counts(reader, scope, NOON).new,
        "asked": [one.institution_id for one in queries.asked(reader, scope, [WEEK])],
        "trend": sum(one.inquiries for one in queries.trend(reader, scope, [WEEK])),
        "lines": [one.id for one in queries.case_lines(reader, scope, WEEK) if one.category is INQUIRY],
    }


def test_a_case_stands_where_it_is_now(store: Store, reader: Reader) -> None:
    """After a pass each list and figure that told the giver of the inquiry tells the receiver instead."""
    before = seen(reader, SCHOOL_ONLY)
    passed(store)
    receiver, giver = seen(reader, HOME_ONLY), seen(reader, SCHOOL_ONLY)
    assert {**before, "open": 1, "asked": ["hjemmet"]} == receiver
    nothing = {"queue": [], "words": [], "count": 0, "arrived": 0, "day": [], "asked": [], "trend": 0, "lines": []}
    assert {**nothing, "open": 1} == giver  # the possible breach alone
    assert [1] == [one.id for one in queries.passed_on(reader, SCHOOL_ONLY)]
    assert [] == queries.passed_on(reader, HOME_ONLY)


def test_the_line_of_a_page_tells_what_was_written_on_it(store: Store, reader: Reader) -> None:
    """The weekly figures of the page are the same for its own institution and for who sees all; no other sees them."""
    before = queries.week(reader, SCHOOL_ONLY, WEEK, NOON)
    passed(store)
    assert before == queries.week(reader, SCHOOL_ONLY, WEEK, NOON)
    assert 1 == sum(line.questions for line in queries.week(reader, ALL, WEEK, NOON))
    assert [0] == [line.questions for line in queries.week(reader, HOME_ONLY, WEEK, NOON)]


def test_the_deadline_stays(store: Store, reader: Reader) -> None:
    """Time that the giver used is not given back: the deadline and the place in the queue are as before."""
    store.take(SCHOOL_ONLY, "anna", 1, 1)
    before = queries.case(reader, SCHOOL_ONLY, 1)
    passed(store, revision=2)
    after = queries.case(reader, HOME_ONLY, 1)
    assert (before.due_at, before.sort, Status.NEW, None) == (after.due_at, after.sort, after.status, after.taken_by)
    assert ("Plejehjemmet Åsen", "Nørreå Skole") == (after.institution_name, after.passed_from)


def test_receiver_and_giver_read_the_same_thread(store: Store, reader: Reader) -> None:
    """Both read the thread, when its texts end and the trace; a third institution reads none of it."""
    whole = [row.id for row in queries.thread(reader, SCHOOL_ONLY, 1)]
    passed(store)
    for scope in (HOME_ONLY, SCHOOL_ONLY, ALL):
        assert whole == [row.id for row in queries.thread(reader, scope, 1)]
        assert whole == [row.message for row in queries.kept(reader, scope, whole)]
        assert ["theirs"] == [row.ground for row in queries.passings(reader, scope, 1)]
    assert queries.case(reader, LIBRARY_ONLY, 1) is None
    for query in (queries.thread, queries.passings, queries.decisions, queries.lapses, queries.receivers):
        assert [] == query(reader, LIBRARY_ONLY, 1)
    assert [] == queries.kept(reader, LIBRARY_ONLY, whole)


def test_a_pass_opens_one_case_and_no_more(store: Store, reader: Reader) -> None:
    """The receiver of an inquiry sees no other case of the page, no list of its messages, and no search finds them."""
    store.save(SCHOOL_PAGE, [plain("p2", "Om ferien."), asking("c5", thread_id="p2", parent_id="p2")])
    passed(store)
    others = [case.id for case in queries.queue(reader, ALL, INQUIRY) if case.id != 1]
    assert [None] == [queries.case(reader, HOME_ONLY, number) for number in others]
    assert [] == queries.queue(reader, HOME_ONLY, Category.CONFIDENTIALITY)
    assert queries.case(reader, HOME_ONLY, 2) is None
    assert [] == queries.posts(reader, HOME_ONLY, SCHOOL_PAGE.id)
    assert [] == queries.search(reader, HOME_ONLY, "ferien")
    other_thread = [row.id for row in queries.thread(reader, ALL, others[0])]
    assert [] == queries.kept(reader, HOME_ONLY, other_thread)


def test_the_giver_reads_and_does_not_act(store: Store, reader: Reader) -> None:
    """Nothing that the giver tries on a case that is away is written."""
    decision = store.decide(ALL, "kim", 1, 1, Verdict.ANSWERED, "")
    store.undo(ALL, "kim", decision)
    passed(store, revision=3)
    before = queries.case(reader, SCHOOL_ONLY, 1)
    for act in (
        lambda: store.take(SCHOOL_ONLY, "anna", 1, 4),
        lambda: store.release(SCHOOL_ONLY, "anna", 1, 4),
        lambda: store.decide(SCHOOL_ONLY, "anna", 1, 4, Verdict.NO_ANSWER_NEEDED, ""),
        lambda: store.undo(SCHOOL_ONLY, "anna", decision),
        lambda: store.hold(SCHOOL_ONLY, "anna", 1, NOON.date() + timedelta(days=9), "x"),
        lambda: passed(store, revision=4, to="biblioteket"),
    ):
        with pytest.raises(OutOfScopeError):
            act()
    assert before == queries.case(reader, SCHOOL_ONLY, 1)
    store.decide(HOME_ONLY, "bo", 1, 4, Verdict.NO_ANSWER_NEEDED, "Tak.")
    assert ["Tak.", ""] == [row.ground for row in queries.decisions(reader, SCHOOL_ONLY, 1)]


def test_taken_back_until_somebody_takes_it(store: Store, reader: Reader) -> None:
    """The giver has the case back while nobody looks after it there; then the receiver sees nothing of it."""
    first = passed(store)
    for scope in (HOME_ONLY, LIBRARY_ONLY, replace(SCHOOL_ONLY, acts=False), Scope()):
        with pytest.raises(OutOfScopeError):
            store.take_back(scope, "bo", first)
    store.take_back(SCHOOL_ONLY, "anna", first)
    case = queries.case(reader, ALL, 1)
    assert ("skolen", "") == (case.institution_id, case.passed_from)
    assert queries.case(reader, HOME_ONLY, 1) is None
    assert [] == queries.thread(reader, HOME_ONLY, 1)
    with pytest.raises(OutOfScopeError):
        store.take_back(SCHOOL_ONLY, "anna", first)
    second = passed(store, revision=3)
    store.take(HOME_ONLY, "bo", 1, 4)
    with pytest.raises(ChangedError):
        store.take_back(SCHOOL_ONLY, "anna", second)
    assert "hjemmet" == queries.case(reader, ALL, 1).institution_id


def test_passed_on_twice(store: Store, reader: Reader) -> None:
    """Each giver reads on; only the last one may take the case back, and it goes to them."""
    first = passed(store)
    second = store.pass_on(HOME_ONLY, "bo", 1, 2, "biblioteket", PassGround.KNOWLEDGE)
    assert [1, 1] == [queries.case(reader, scope, 1).id for scope in (SCHOOL_ONLY, HOME_ONLY)]
    with pytest.raises(ChangedError):
        store.take_back(SCHOOL_ONLY, "anna", first)
    store.take_back(HOME_ONLY, "bo", second)
    assert "hjemmet" == queries.case(reader, ALL, 1).institution_id
    store.take_back(SCHOOL_ONLY, "anna", first)
    assert "skolen" == queries.case(reader, ALL, 1).institution_id


@pytest.mark.parametrize("to", ["skolen", "nowhere", "gammel"])
def test_where_a_case_cannot_go(store: Store, reader: Reader, to: str) -> None:
    """Not to itself, to nobody, or to an institution that left the configuration; the screen offers none of these."""
    places = [SCHOOL, HOME, LIBRARY, Institution("gammel", "Gammel Skole", "skole")]
    store.set_places(places, [SCHOOL_PAGE, HOME_PAGE, LIBRARY_PAGE])
    store.set_places(places[:3], [SCHOOL_PAGE, HOME_PAGE, LIBRARY_PAGE])
    assert ["biblioteket", "hjemmet"] == [one.id for one in queries.receivers(reader, SCHOOL_ONLY, 1)]
    with pytest.raises(OutOfScopeError):
        passed(store, to=to)
    assert 1 == queries.case(reader, ALL, 1).revision


def test_what_does_not_go_on(store: Store) -> None:
    """A possible breach stays where it was written, and so does what is decided or has changed meanwhile."""
    with pytest.raises(ChangedError):
        store.pass_on(SCHOOL_ONLY, "anna", 2, 1, "hjemmet", PassGround.THEIRS)
    with pytest.raises(ChangedError):
        passed(store, revision=7)
    store.decide(SCHOOL_ONLY, "anna", 1, 1, Verdict.ANSWERED, "")
    with pytest.raises(ChangedError):
        passed(store, revision=2)


def test_the_page_answers_what_is_away(store: Store, reader: Reader) -> None:
    """A reply of the page's own is recognised wherever the inquiry stands."""
    passed(store)
    reply = plain("c9", "Klokken otte.", by_page=True, created_at=NOON)
    store.save(SCHOOL_PAGE, [reply], answers=[Answer("c1", "c9", NOON)])
    assert Status.ANSWERED is queries.case(reader, HOME_ONLY, 1).status
    assert [] == queries.passed_on(reader, SCHOOL_ONLY)


def test_the_journal_tells_of_it(store: Store, reader: Reader) -> None:
    """Who passed it on, to whom and on which ground stands in the giver's journal, in words of our own."""
    store.take_back(SCHOOL_ONLY, "anna", passed(store))
    told = [(row.actor, row.action, row.institution_id) for row in queries.journal(reader, SCHOOL_ONLY)]
    assert [("anna", "take_back", "skolen"), ("anna", "pass", "skolen")] == told
    assert '{"category": "inquiry", "ground": "theirs", "to": "hjemmet"}' == queries.journal(reader, ALL)[1].detail


def test_released_when_its_time_is_up(store: Store, reader: Reader, clock: Clock) -> None:
    """A case taken 72 hours ago is nobody's; its history and the journal tell who had it; a younger one stays."""
    store.take(SCHOOL_ONLY, "anna", 1, 1)
    clock.ahead(hours=1)
    store.take(SCHOOL_ONLY, "anna", 2, 1)
    clock.ahead(hours=70, minutes=59)
    assert 0 == store.lapse(72)
    clock.ahead(minutes=1)
    assert 1 == store.lapse(72)
    assert 0 == store.lapse(72)
    case = queries.case(reader, ALL, 1)
    assert (Status.NEW, None, None, 3) == (case.status, case.taken_by, case.taken_at, case.revision)
    assert "anna" == queries.case(reader, ALL, 2).taken_by
    (lapse,) = queries.lapses(reader, SCHOOL_ONLY, 1)
    assert ("anna", NOON, clock.at) == (lapse.taken_by, lapse.taken_at, lapse.at)
    told = queries.journal(reader, SCHOOL_ONLY)[0]
    assert ("scheduler", "lapse") == (told.actor, told.action)


def test_what_is_never_released(store: Store, reader: Reader, clock: Clock) -> None:
    """Nothing with 0 hours; and no case that is decided, also where it waits for a second person."""
    store.take(SCHOOL_ONLY, "anna", 1, 1)
    store.decide(SCHOOL_ONLY, "anna", 2, 1, Verdict.EDITED, "")
    clock.ahead(days=400)
    assert 0 == store.lapse(0)
    store.decide(SCHOOL_ONLY, "anna", 1, 2, Verdict.ANSWERED, "")
    assert 0 == store.lapse(72)
    assert [] == queries.lapses(reader, ALL, 1)
