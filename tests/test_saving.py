from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import (
    ALL,
    HOME_PAGE,
    NOON,
    SCHOOL_PAGE,
    Clock,
    asking,
    message,
    plain,
    rows,
    set_up,
    telling,
)

from data import queries
from data.errors import StoreError
from data.store import Store
from data.types import Answer, Attachment, Category, Judgement, Severity, Status, Tally, Verdict, Visibility


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def snapshot(tmp_path: Path) -> list[list[tuple]]:
    tables = ("messages", "versions", "findings", "cases", "sightings", "volumes", "journal")
    return [rows(tmp_path, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def only_case(tmp_path: Path):
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        return queries.cases_of(reader, ALL, rows(tmp_path, "SELECT message FROM cases")[0][0])[0]


def test_same_batch_twice(store: Store, tmp_path: Path, clock: Clock) -> None:
    """The same batch again changes not one byte of any table, whenever it comes."""
    batch = [plain("p1", comment_count=2), asking("c1"), telling("c2", attachments=(Attachment("photo", "x", "y"),))]
    answers = [Answer("c1", "p1", NOON + timedelta(hours=1))]
    first = store.save(SCHOOL_PAGE, batch, counts={"p1": 2}, answers=answers)
    before = snapshot(tmp_path)
    clock.ahead(days=1)
    again = store.save(SCHOOL_PAGE, batch, counts={"p1": 2}, answers=answers)
    assert Tally(fetched=3, new=3) == first
    assert Tally(fetched=3, unchanged=3) == again
    assert before == snapshot(tmp_path)


def test_nothing_is_written_for_what_is_as_before(store: Store, tmp_path: Path) -> None:
    """An unchanged batch leaves no frame in the write-ahead log: it is compared and not written."""
    batch = [plain("p1"), asking("c1")]
    store.save(SCHOOL_PAGE, batch)
    wal = tmp_path / "sideblik.db-wal"
    size = wal.stat().st_size
    store.save(SCHOOL_PAGE, batch)
    store.touch(SCHOOL_PAGE, {"p1": Visibility.VISIBLE, "c1": Visibility.VISIBLE}, {})
    assert size == wal.stat().st_size


def test_ids_that_come_twice_in_a_batch(store: Store, tmp_path: Path) -> None:
    """A platform that repeats an id is saved once, with what came last."""
    tally = store.save(SCHOOL_PAGE, [plain("p1"), plain("c1", "gammel"), plain("c1", "ny")])
    assert Tally(fetched=3, new=2, unchanged=1) == tally
    assert [("ny", 1)] == rows(tmp_path, "SELECT text, version FROM messages WHERE message_id = 'c1'")


def test_edit(store: Store, tmp_path: Path, clock: Clock) -> None:
    """An edit keeps the old text as a version, judges the new one, and leaves first_seen alone."""
    store.save(SCHOOL_PAGE, [plain("p1"), telling("c1")])
    clock.ahead(hours=3)
    tally = store.save(SCHOOL_PAGE, [asking("c1", "Hvornår åbner I igen?")])
    assert Tally(fetched=1, edited=1) == tally
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        found = queries.search(reader, ALL, "igen")[0]
        assert [] == queries.search(reader, ALL, "diabetes")
    assert NOON == found.first_seen
    assert 2 == found.version
    assert ["question"] == [finding.type for finding in found.findings]
    assert [("Karla i 3.b har fået diabetes.", NOON, NOON + timedelta(hours=3))] == [
        (old.text, old.seen_from, old.seen_until) for old in found.versions
    ]
    assert 3 == len(rows(tmp_path, "SELECT 1 FROM findings"))


def test_edit_reopens_a_closed_case(store: Store, tmp_path: Path) -> None:
    """A closed case whose text is edited and still asks for it is new again, undecided, and its revision has risen."""
    store.save(SCHOOL_PAGE, [telling("c1")])
    case = only_case(tmp_path)
    store.decide(ALL, "anna", case.id, case.revision, Verdict.NOT_A_BREACH, "")
    store.save(SCHOOL_PAGE, [telling("c1", "Karla i 3.b har fået diabetes og epilepsi.")])
    again = only_case(tmp_path)
    assert (Status.NEW, None, None) == (again.status, again.verdict, again.taken_by)
    assert case.revision + 2 == again.revision


def test_edit_that_takes_the_matter_away(store: Store, tmp_path: Path) -> None:
    """A closed case stays closed when the new text no longer asks for it; an open one stays for a person to close."""
    store.save(SCHOOL_PAGE, [telling("c1")])
    store.save(SCHOOL_PAGE, [plain("c1", "Slettet af mig selv.")])
    case = only_case(tmp_path)
    assert (Status.NEW, 2) == (case.status, case.revision)
    store.decide(ALL, "anna", case.id, case.revision, Verdict.EDITED, "")
    store.agree(ALL, "bo", case.id, only_case(tmp_path).revision)
    store.save(SCHOOL_PAGE, [plain("c1", "Og igen.")])
    assert Status.CLOSED == only_case(tmp_path).status


def test_edit_counts_against_a_colleague(store: Store, tmp_path: Path) -> None:
    """Nobody decides on a text that changed under them: an edit raises the revision of an open case."""
    store.save(SCHOOL_PAGE, [asking("c1")])
    before = only_case(tmp_path)
    store.save(SCHOOL_PAGE, [asking("c1", "Hvornår åbner I på lørdag?")])
    assert before.revision + 1 == only_case(tmp_path).revision


def test_not_judged_is_judged_again(store: Store, tmp_path: Path) -> None:
    """A text whose detector failed is taken for changed, judged again, and gets what was missing; no new version."""
    failed = replace(plain("c1", "Hvornår åbner I?"), judgement=Judgement(failed=("person",), rules="r1"))
    store.save(SCHOOL_PAGE, [failed])
    assert {"c1": ""} == store.known("facebook", ["c1"])
    before = snapshot(tmp_path)
    store.save(SCHOOL_PAGE, [failed])
    assert before == snapshot(tmp_path)
    assert Tally(fetched=1, unchanged=1) == store.save(SCHOOL_PAGE, [asking("c1")])
    assert [("[]", "question", 1)] == rows(tmp_path, "SELECT failed, inquiry, version FROM messages")
    assert [(1, "question")] == rows(tmp_path, "SELECT version, type FROM findings")
    assert Category.INQUIRY is only_case(tmp_path).category
    assert {"c1": "digest of Hvornår åbner I?"} == store.known("facebook", ["c1", "c9"])


def test_judged_again_renews_an_open_case_only(store: Store, tmp_path: Path) -> None:
    """Judging the same text anew renews an open case and raises its revision; what a person has closed it leaves."""

    def judged(kind: str, *failed: str) -> None:
        one = telling("c1")
        drafts = (replace(one.cases[0], kind=kind, severity=Severity.NORMAL),)
        store.save(SCHOOL_PAGE, [replace(one, judgement=replace(one.judgement, failed=failed), cases=drafts)])

    judged("clear", "address", "phone")
    judged("possible", "address")
    case = only_case(tmp_path)
    assert ("possible", Severity.NORMAL, 2) == (case.kind, case.severity, case.revision)
    store.decide(ALL, "anna", case.id, 2, Verdict.NOT_A_BREACH, "")
    judged("clear")
    case = only_case(tmp_path)
    assert ("possible", Status.CLOSED, 3) == (case.kind, case.status, case.revision)
    assert 2 == len(rows(tmp_path, "SELECT 1 FROM findings"))


def test_a_message_stays_with_its_first_page(store: Store, tmp_path: Path) -> None:
    """The identity of a message is its platform and id: another page that lists it does not take it over."""
    store.save(SCHOOL_PAGE, [asking("c1")])
    store.save(HOME_PAGE, [asking("c1", "Hvornår åbner I nu?", page=HOME_PAGE)])
    assert [("skolen", 2)] == rows(tmp_path, "SELECT institution_id, version FROM messages")
    assert [("skolen",)] == rows(tmp_path, "SELECT institution_id FROM cases")


def test_answers(store: Store, tmp_path: Path) -> None:
    """The page's reply makes an open inquiry answered, at the time of the reply."""
    store.save(SCHOOL_PAGE, [plain("p1"), asking("c1")])
    reply = plain("c2", "Vi åbner klokken otte.", by_page=True, created_at=NOON)
    store.save(SCHOOL_PAGE, [reply], answers=[Answer("c1", "c2", NOON)])
    case = only_case(tmp_path)
    assert (Status.ANSWERED, NOON, 2) == (case.status, case.answered_at, case.revision)


def test_an_old_reply_does_not_answer_an_edit(store: Store, tmp_path: Path, clock: Clock) -> None:
    """A reply from before the inquiry was edited answers what it said then; one from after answers it now."""
    store.save(SCHOOL_PAGE, [plain("p1"), asking("c1"), plain("c2", "Klokken otte.", by_page=True)])
    old = Answer("c1", "c2", NOON)
    store.save(SCHOOL_PAGE, [], answers=[old])
    clock.ahead(hours=5)
    store.save(SCHOOL_PAGE, [asking("c1", "Og hvornår lukker I?")], answers=[old])
    assert Status.NEW is only_case(tmp_path).status
    store.save(SCHOOL_PAGE, [], answers=[Answer("c1", "c2", NOON + timedelta(hours=6))])
    assert Status.ANSWERED is only_case(tmp_path).status


def test_counts_of_threads(store: Store, tmp_path: Path) -> None:
    """The platform's own count of a thread is renewed by a touch, and a count of none is kept as none."""
    store.save(SCHOOL_PAGE, [plain("p1", comment_count=3)])
    store.touch(SCHOOL_PAGE, {}, {"p1": 0})
    assert [(0,)] == rows(tmp_path, "SELECT comment_count FROM messages")


def test_volumes(store: Store, tmp_path: Path) -> None:
    """Weeks count own posts, what others wrote, and all that the page wrote; a time untold counts when first seen."""
    store.save(
        SCHOOL_PAGE,
        [
            plain("p1"),
            plain("p2", by_page=False),
            plain("c1", by_page=True),
            plain("c2", created_at=None),
            plain("c3", created_at=NOON - timedelta(days=7)),
        ],
    )
    assert [("2026-W46", 0, 1, 0), ("2026-W47", 1, 2, 2)] == rows(
        tmp_path, "SELECT week, posts, comments, own FROM volumes ORDER BY week"
    )


def test_all_or_nothing(store: Store, tmp_path: Path) -> None:
    """A batch that fails in its middle leaves nothing behind, and the store goes on."""
    bad = replace(plain("c2"), message=message("c2", created_at=None, digest=None))
    with pytest.raises(StoreError):
        store.save(SCHOOL_PAGE, [plain("c1"), bad])
    assert [] == rows(tmp_path, "SELECT 1 FROM messages")
    assert 1 == store.save(SCHOOL_PAGE, [plain("c1")]).new


def test_a_reminder_leaves_what_a_person_decided(store: Store, tmp_path: Path) -> None:
    """A reopened inquiry is new again only where the thread alone had made it answered."""
    store.save(SCHOOL_PAGE, [plain("p1"), asking("c1"), plain("c2", by_page=True)])
    store.save(SCHOOL_PAGE, [], answers=[Answer("c1", "c2", NOON)])
    case = only_case(tmp_path)
    decision = store.decide(ALL, "anna", case.id, case.revision, Verdict.ANSWERED, "")
    store.save(SCHOOL_PAGE, [], reopened=["c1", "c9"])
    assert Status.ANSWERED is only_case(tmp_path).status
    store.undo(ALL, "anna", decision)
    store.save(SCHOOL_PAGE, [], reopened=["c1"])
    opened = only_case(tmp_path)
    assert (Status.NEW, None) == (opened.status, opened.answered_at)
    store.save(SCHOOL_PAGE, [], reopened=["c1"], answers=[Answer("c1", "c2", NOON)])
    assert opened == only_case(tmp_path)
