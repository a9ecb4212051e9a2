"""The care of a possible breach: its clock, its checklist, a second person, and what is new since last time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, plain, rows, set_up, telling

from data import queries
from data.care_rows import CheckItem, CheckState, Doubt, Look, awaits
from data.errors import ChangedError, OutOfScopeError, SamePersonError
from data.queries import QueueFilter, Reader
from data.store import Store
from data.times import week_of
from data.types import CaseDraft, Category, Judged, Kind, Severity, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BREACH, LIGHT, QUESTION = 1, 2, 3
READS = replace(SCHOOL_ONLY, acts=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        opened.save(SCHOOL_PAGE, [plain("p1"), telling("c1"), lightly("c2"), asking("c3")])
        yield opened


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with queries.open_reader(tmp_path / "sideblik.db") as opened:
        yield opened


def lightly(name: str) -> Judged:
    draft = CaseDraft(Category.CONFIDENTIALITY, "possible", Severity.NORMAL)
    return replace(telling(name), cases=(draft,))


def journalled(folder: Path) -> list[tuple[str, str]]:
    return rows(folder, "SELECT action, actor FROM journal ORDER BY id")


def test_the_first_opening_starts_the_clock(store: Store, reader: Reader, clock: Clock, tmp_path: Path) -> None:
    """72 hours run from the first opening, also over a weekend; later openings, also of others, do not move them."""
    assert queries.clock(reader, ALL, BREACH) is None
    store.open_case(SCHOOL_ONLY, "anna", BREACH)
    clock.ahead(hours=5)
    store.open_case(SCHOOL_ONLY, "bo", BREACH)
    found = queries.clock(reader, SCHOOL_ONLY, BREACH)
    assert ("anna", NOON, NOON + timedelta(days=3), None) == (
        found.person, found.began_at, found.due_at, found.ended_at
    )  # fmt: skip
    assert [("clock", "anna")] == journalled(tmp_path)


@pytest.mark.parametrize("case", [LIGHT, QUESTION])
def test_only_a_serious_possible_breach_has_a_clock(store: Store, reader: Reader, case: int) -> None:
    """Neither a lighter possible breach nor a question starts one."""
    store.open_case(SCHOOL_ONLY, "anna", case)
    assert {} == queries.clocks(reader, ALL, [case])


def test_no_clock_begins_for_who_may_not_act_or_after_the_end(store: Store, reader: Reader) -> None:
    """A reader's look makes nothing begin, and neither does looking at a case that is closed."""
    with pytest.raises(OutOfScopeError):
        store.open_case(READS, "lis", BREACH)
    store.decide(ALL, "anna", BREACH, 1, Verdict.NOT_A_BREACH, "Karla er en ko.")
    store.open_case(SCHOOL_ONLY, "anna", BREACH)
    assert queries.clock(reader, ALL, BREACH) is None


def test_the_clock_ends_with_the_case_and_runs_on_when_that_is_undone(
    store: Store, reader: Reader, clock: Clock
) -> None:
    """A decision that needs no other ends it; taken back, it runs from where it began."""
    store.open_case(SCHOOL_ONLY, "anna", BREACH)
    at = clock.ahead(hours=2)
    decision = store.decide(ALL, "anna", BREACH, 1, Verdict.NOT_A_BREACH, "Karla er en ko.")
    assert at == queries.clock(reader, ALL, BREACH).ended_at
    store.undo(ALL, "anna", decision)
    found = queries.clock(reader, ALL, BREACH)
    assert (NOON, None) == (found.began_at, found.ended_at)


def test_what_is_checked_off(store: Store, reader: Reader, clock: Clock, tmp_path: Path) -> None:
    """Each item stands as somebody last said, with who and when; the others are open; the journal has each step."""
    store.check(SCHOOL_ONLY, "anna", BREACH, CheckItem.TEXT, CheckState.DONE)
    later = clock.ahead(minutes=5)
    store.check(SCHOOL_ONLY, "bo", BREACH, CheckItem.PHOTO, CheckState.NOT_RELEVANT)
    store.check(SCHOOL_ONLY, "bo", BREACH, CheckItem.TEXT, CheckState.OPEN)
    found = {row.item: row for row in queries.checklist(reader, SCHOOL_ONLY, BREACH)}
    assert list(CheckItem) == list(found)
    text, photo, leader = found[CheckItem.TEXT], found[CheckItem.PHOTO], found[CheckItem.LEADER]
    assert (CheckState.OPEN, "bo", later) == (text.state, text.person, text.at)
    assert (CheckState.NOT_RELEVANT, "bo", later) == (photo.state, photo.person, photo.at)
    assert (CheckState.OPEN, None, None) == (leader.state, leader.person, leader.at)
    told = [json.loads(row[0]) for row in rows(tmp_path, "SELECT detail FROM journal ORDER BY id")]
    assert [("text", "done"), ("photo", "not_relevant"), ("text", "open")] == [
        (one["item"], one["state"]) for one in told
    ]
    assert () == queries.checklist(reader, ALL, QUESTION)


def test_a_confirmed_breach_waits_for_another(store: Store, reader: Reader, clock: Clock) -> None:
    """The decision closes nothing; the same person cannot agree; another can, and that closes case and clock."""
    store.open_case(SCHOOL_ONLY, "anna", BREACH)
    store.decide(SCHOOL_ONLY, "anna", BREACH, 1, Verdict.EDITED, "")
    waiting = queries.case(reader, ALL, BREACH)
    assert (True, Status.TAKEN, "anna") == (awaits(waiting), waiting.status, waiting.taken_by)
    asked = QueueFilter(statuses=frozenset({Status.TAKEN}), awaits=True)
    assert [BREACH] == [row.id for row in queries.queue(reader, ALL, Category.CONFIDENTIALITY, asked)]
    assert queries.clock(reader, ALL, BREACH).ended_at is None
    for refused in (
        lambda: store.agree(SCHOOL_ONLY, "anna", BREACH, 2),
        lambda: store.disagree(SCHOOL_ONLY, "anna", BREACH, Doubt.TALK),
    ):
        with pytest.raises(SamePersonError):
            refused()
    at = clock.ahead(hours=1)
    store.agree(SCHOOL_ONLY, "bo", BREACH, 2)
    closed = queries.case(reader, ALL, BREACH)
    assert (False, Status.CLOSED, Verdict.EDITED) == (awaits(closed), closed.status, closed.verdict)
    assert [(Look.AGREED, "anna", "bo", at)] == [
        (row.outcome, row.decided_by, row.person, row.at) for row in queries.second_looks(reader, ALL, BREACH)
    ]
    assert at == queries.clock(reader, ALL, BREACH).ended_at
    assert 0 == queries.queue_count(reader, ALL, Category.CONFIDENTIALITY, asked)


def test_a_decision_that_waits_is_counted_as_none(store: Store, reader: Reader, clock: Clock) -> None:
    """Overview and weekly figures count what somebody else agreed to; until then nothing is decided."""
    store.open_case(SCHOOL_ONLY, "anna", BREACH)

    def counted() -> list[str]:
        overview = {row.verdict for row in queries.breaches(reader, ALL, [week_of(NOON)]) if row.kind == "clear"}
        report = next(row.decided for row in queries.week(reader, ALL, week_of(NOON), clock()) if row.serious)
        assert overview <= set(report)
        return sorted(overview)

    store.decide(SCHOOL_ONLY, "anna", BREACH, 1, Verdict.EDITED, "")
    assert [""] == counted()
    store.agree(SCHOOL_ONLY, "bo", BREACH, 2)
    assert ["edited"] == counted()


def test_an_agreement_is_taken_back_with_its_decision(store: Store, reader: Reader) -> None:
    """After undo the case is as new, nobody's, and a new decision waits again."""
    decision = store.decide(ALL, "anna", BREACH, 1, Verdict.DELETED, "")
    store.agree(ALL, "bo", BREACH, 2)
    store.undo(ALL, "bo", decision)
    case = queries.case(reader, ALL, BREACH)
    assert (Status.NEW, None, None) == (case.status, case.verdict, case.taken_by)
    with pytest.raises(ChangedError):
        store.agree(ALL, "carl", BREACH, case.revision)
    store.decide(ALL, "bo", BREACH, case.revision, Verdict.HIDDEN, "")
    with pytest.raises(SamePersonError):
        store.agree(ALL, "bo", BREACH, case.revision + 1)
    store.agree(ALL, "anna", BREACH, case.revision + 1)
    assert Status.CLOSED is queries.case(reader, ALL, BREACH).status


def test_who_disagrees_opens_it_again(store: Store, reader: Reader, tmp_path: Path) -> None:
    """The decision is taken back in the second person's name, and why is kept beside it."""
    store.decide(ALL, "anna", BREACH, 1, Verdict.EDITED, "")
    store.disagree(ALL, "bo", BREACH, Doubt.STILL_VISIBLE)
    case = queries.case(reader, ALL, BREACH)
    assert (Status.NEW, None) == (case.status, case.verdict)
    assert ["bo"] == [row.undone_by for row in queries.decisions(reader, ALL, BREACH)]
    assert [(Look.DISAGREED, Doubt.STILL_VISIBLE, "bo")] == [
        (row.outcome, row.doubt, row.person) for row in queries.second_looks(reader, ALL, BREACH)
    ]
    assert [("decide", "anna"), ("undo", "bo"), ("disagree", "bo")] == journalled(tmp_path)


def test_nobody_agrees_to_a_text_that_changed_meanwhile(store: Store) -> None:
    """An edit after the decision raises the revision: who agrees must have seen it."""
    store.decide(ALL, "anna", BREACH, 1, Verdict.EDITED, "")
    store.save(SCHOOL_PAGE, [telling("c1", "Karla i 3.b har stadig fået diabetes.")])
    with pytest.raises(ChangedError):
        store.agree(ALL, "bo", BREACH, 2)
    store.agree(ALL, "bo", BREACH, 3)


def test_alone_says_so_in_the_journal(store: Store, reader: Reader, tmp_path: Path) -> None:
    """Where nobody logs in the one who decided closes it, and the journal names that."""
    store.decide(ALL, "anna", BREACH, 1, Verdict.EDITED, "")
    store.agree(ALL, "anna", BREACH, 2, alone=True)
    assert Status.CLOSED is queries.case(reader, ALL, BREACH).status
    assert [Look.ALONE] == [row.outcome for row in queries.second_looks(reader, ALL, BREACH)]
    assert ("alone", "anna") == journalled(tmp_path)[-1]


@pytest.mark.parametrize(
    ("case", "verdict"), [(BREACH, Verdict.NOT_A_BREACH), (LIGHT, Verdict.EDITED), (QUESTION, Verdict.NO_ANSWER_NEEDED)]
)
def test_what_one_person_closes(store: Store, reader: Reader, case: int, verdict: Verdict) -> None:
    """No breach, a light one and a question need no second person."""
    store.decide(ALL, "anna", case, 1, verdict, "Det er harmløst.")
    assert Status.CLOSED is queries.case(reader, ALL, case).status
    with pytest.raises(ChangedError):
        store.agree(ALL, "bo", case, 2)


def test_a_waiting_case_is_not_released(store: Store) -> None:
    """Who decided cannot make it nobody's: it waits for the other."""
    store.decide(ALL, "anna", BREACH, 1, Verdict.EDITED, "")
    with pytest.raises(ChangedError):
        store.release(ALL, "anna", BREACH, 2)


@pytest.mark.parametrize(
    "came",
    [
        telling("c1", "Karla i 3.b har fået diabetes og allergi."),
        plain("r1", parent_id="c1", kind=Kind.REPLY),
        plain("r2", parent_id="c1", kind=Kind.REPLY, by_page=True),
    ],
    ids=["edit", "reply", "own reply"],
)
def test_what_is_new_since_a_person_looked(store: Store, reader: Reader, clock: Clock, came: Judged) -> None:
    """An edit or a reply after the opening is new to who had opened it, until they open it again."""
    store.open_case(ALL, "anna", BREACH)
    clock.ahead(hours=1)
    assert frozenset() == queries.changed(reader, ALL, "anna", [BREACH, LIGHT])
    store.save(SCHOOL_PAGE, [came])
    assert {BREACH} == queries.changed(reader, ALL, "anna", [BREACH, LIGHT])
    assert frozenset() == queries.changed(reader, ALL, "bo", [BREACH, LIGHT])
    clock.ahead(hours=1)
    assert NOON == store.open_case(ALL, "anna", BREACH)
    assert frozenset() == queries.changed(reader, ALL, "anna", [BREACH])


def test_a_closed_case_with_something_new_comes_back(store: Store, reader: Reader, clock: Clock) -> None:
    """To who had looked at it and may act there, until they look again; a colleague never saw the text before."""
    store.open_case(ALL, "anna", BREACH)
    store.decide(ALL, "anna", BREACH, 1, Verdict.NOT_A_BREACH, "")
    clock.ahead(hours=1)
    assert [] == queries.came_back(reader, ALL, "anna")
    store.save(SCHOOL_PAGE, [plain("r1", parent_id="c1", kind=Kind.REPLY)])
    assert [BREACH] == [case.id for case in queries.came_back(reader, ALL, "anna")]
    assert [] == queries.came_back(reader, READS, "anna")
    assert [] == queries.came_back(reader, ALL, "bo")
    clock.ahead(hours=1)
    store.open_case(ALL, "anna", BREACH)
    assert [] == queries.came_back(reader, ALL, "anna")


def test_other_talk_under_the_post_is_not_new(store: Store, reader: Reader, clock: Clock) -> None:
    """A comment beside the one that is looked at, and an answer to that, tell nothing new of the case."""
    store.open_case(ALL, "anna", BREACH)
    clock.ahead(hours=1)
    store.save(SCHOOL_PAGE, [plain("c7"), plain("r7", parent_id="c7", kind=Kind.REPLY)])
    assert frozenset() == queries.changed(reader, ALL, "anna", [BREACH])


@pytest.mark.parametrize("case", [BREACH, 99])
def test_nobody_cares_for_what_is_not_theirs(store: Store, case: int, tmp_path: Path) -> None:
    """A case of another institution and one that does not exist are refused alike, and nothing is written."""
    foreign = replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"}))
    for act in (
        lambda: store.open_case(foreign, "ulla", case),
        lambda: store.check(foreign, "ulla", case, CheckItem.TEXT, CheckState.DONE),
        lambda: store.agree(foreign, "ulla", case, 1),
        lambda: store.disagree(foreign, "ulla", case, Doubt.TALK),
    ):
        with pytest.raises(OutOfScopeError):
            act()
    assert [] == journalled(tmp_path)
    assert [] == rows(tmp_path, "SELECT person FROM openings UNION SELECT person FROM clocks")
