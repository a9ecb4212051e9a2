from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import (
    ALL,
    HOME,
    HOME_PAGE,
    NOON,
    SCHOOL,
    SCHOOL_PAGE,
    Clock,
    asking,
    hidden,
    message,
    plain,
    set_up,
    telling,
)

from data import queries
from data.errors import StoreError
from data.store import Store
from data.types import Answer, Attachment, Category, Judgement, Severity, Status, Tally, Verdict, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def rows(tmp_path: Path, sql: str) -> list[tuple]:
    conn = sqlite3.connect(tmp_path / "sideblik.db")
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def snapshot(tmp_path: Path) -> list[list[tuple]]:
    tables = ("messages", "versions", "findings", "cases", "sightings", "volumes", "journal")
    return [rows(tmp_path, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def only_case(tmp_path: Path):
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        return queries.cases_of(reader, ALL, rows(tmp_path, "SELECT message FROM cases")[0][0])[0]


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    """The folder, the database and the key are made for their owner alone."""
    path = tmp_path / "new" / "sideblik.db"
    Store.open(path).close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_suffix(".key").stat().st_mode & 0o777 == 0o600


def test_same_batch_twice(store: Store, tmp_path: Path, clock: Clock) -> None:
    """The same batch again changes not one byte of any table, whenever it comes."""
    batch = [plain("p1", comment_count=2), asking("c1"), telling("c2", attachments=(Attachment("photo", "x", "y"),))]
    answers = [Answer("c1", "p1", NOON + timedelta(hours=1))]
    first = store.save(SCHOOL_PAGE, batch, counts={"p1": 2}, answers=answers)
    before = snapshot(tmp_path)
    clock.ahead(days=1)
    again = store.save(SCHOOL_PAGE, batch, counts={"p1": 2}, answers=answers)
    assert first == Tally(fetched=3, new=3)
    assert again == Tally(fetched=3, unchanged=3)
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


def test_judged_again_leaves_a_closed_case(store: Store, tmp_path: Path) -> None:
    """Judging the same text anew does not open what a person has closed, but renews what is open."""
    failing = telling("c1")
    failing = replace(failing, judgement=replace(failing.judgement, failed=("address",)))
    store.save(SCHOOL_PAGE, [failing])
    graver = replace(telling("c1"), cases=(replace(telling("c1").cases[0], kind="possible", severity=Severity.NORMAL),))
    store.save(SCHOOL_PAGE, [graver])
    case = only_case(tmp_path)
    assert ("possible", Severity.NORMAL, 2) == (case.kind, case.severity, case.revision)
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


def test_unknown_page_is_told(store: Store) -> None:
    """Saving under a page that the configuration never named is an error that says so, and nothing is kept."""
    with pytest.raises(StoreError, match="not known"):
        store.save(replace(SCHOOL_PAGE, id="nowhere"), [plain("c1")])
    assert {} == store.known("facebook", ["c1"])


def test_hidden_and_back(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Hidden and shown again are two sightings, each with what it was, what it became and when."""
    store.save(SCHOOL_PAGE, [plain("c1")])
    clock.ahead(hours=1)
    store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
    clock.ahead(hours=1)
    assert 1 == store.touch(SCHOOL_PAGE, {"c1": Visibility.VISIBLE, "c9": Visibility.VISIBLE}, {})
    assert [
        ("visible", "hidden", "2026-11-18T13:00:00Z"),
        ("hidden", "visible", "2026-11-18T14:00:00Z"),
    ] == rows(tmp_path, "SELECT was, became, at FROM sightings ORDER BY id")


def test_gone_after_two_misses(store: Store, tmp_path: Path) -> None:
    """One miss is the platform's slip; the second in a row makes a message gone; listed again it is visible again."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    looked = {"listed": {"p1", "c2"}, "threads": {"p1"}, "posts_since": None}
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    store.touch(SCHOOL_PAGE, {"c1": Visibility.VISIBLE}, {})
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    assert 1 == store.miss(SCHOOL_PAGE, **looked)
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    store.save(SCHOOL_PAGE, [plain("c1")])
    assert [("visible", "gone"), ("gone", "visible")] == rows(tmp_path, "SELECT was, became FROM sightings")
    assert [(0,), (0,), (0,)] == rows(tmp_path, "SELECT missing FROM messages")


def test_a_lost_post_takes_its_thread_along(store: Store, tmp_path: Path) -> None:
    """Comments under a post that is gone are gone with it; a post from before the look-back window is not expected."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("p2", created_at=NOON - timedelta(days=30))])
    since = NOON - timedelta(days=14)
    store.miss(SCHOOL_PAGE, listed=set(), threads=set(), posts_since=since)
    assert 2 == store.miss(SCHOOL_PAGE, listed=set(), threads=set(), posts_since=since)
    assert [("c1",), ("p1",)] == rows(
        tmp_path, "SELECT message_id FROM messages WHERE visibility = 'gone' ORDER BY message_id"
    )


def test_misses_of_another_page(store: Store, tmp_path: Path) -> None:
    """A visit says nothing of what hangs on another page, whatever its thread is called."""
    store.save(HOME_PAGE, [plain("p1", page=HOME_PAGE), plain("c1", page=HOME_PAGE)])
    store.miss(SCHOOL_PAGE, listed=set(), threads={"p1"}, posts_since=NOON - timedelta(days=14))
    assert [(0,), (0,)] == rows(tmp_path, "SELECT missing FROM messages")


def test_refused_thread(store: Store, tmp_path: Path) -> None:
    """What a refused thread held is unreachable, what was gone stays gone, and a second refusal says nothing new."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed={"c1"}, threads={"p1"}, posts_since=None)
    for _ in range(2):
        store.refuse(SCHOOL_PAGE, {"p1", "p9"})
    assert [("p1", "unreachable"), ("c1", "unreachable"), ("c2", "gone")] == rows(
        tmp_path, "SELECT message_id, visibility FROM messages ORDER BY id"
    )
    assert 3 == len(rows(tmp_path, "SELECT 1 FROM sightings"))


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


def test_thread_in_order(store: Store) -> None:
    """A thread comes with its post first, then oldest first, as it was saved."""
    late = plain("c1", created_at=NOON, attachments=(Attachment("photo", "https://example.dk/f", "en tegning"),))
    store.save(SCHOOL_PAGE, [late, plain("c2"), plain("p1", created_at=None)])
    thread = store.thread("facebook", "p1")
    assert ["p1", "c2", "c1"] == [one.message_id for one in thread]
    assert late.message == thread[-1]


def test_memory(store: Store) -> None:
    """What a visit asks to be remembered of a page is there at the next one, and replaced as a whole."""
    assert {} == store.memory("skole_fb")
    store.remember("skole_fb", {"etag": "a", "next": "b"})
    store.remember("skole_fb", {"etag": "c"})
    assert {"etag": "c"} == store.memory("skole_fb")
    assert {} == store.memory("nowhere")


def test_places_that_left_are_inactive(store: Store, tmp_path: Path) -> None:
    """A place that left the configuration keeps its cases and is listed last; one that came back is active."""
    store.save(HOME_PAGE, [asking("c1", page=HOME_PAGE)])
    store.set_places([SCHOOL], [SCHOOL_PAGE])
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert ["skolen", "hjemmet"] == [place.id for place in queries.places(reader, ALL).institutions]
        assert ["skole_fb"] == [page.id for page in queries.pages(reader, ALL)]
        assert 1 == queries.queue_count(reader, ALL, Category.INQUIRY)
    store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE])
    assert [(1,), (1,)] == rows(tmp_path, "SELECT active FROM pages")


def test_keys(store: Store, tmp_path: Path) -> None:
    """Digests are keyed: the same for the same text in one database, others in another; a writer's per thread."""
    assert store.digest("hej") == store.digest("hej") != store.digest("hej ")
    assert store.author_key("p1", "7") != store.author_key("p2", "7")
    assert store.author_key("p1", "17") != store.author_key("p11", "7")
    assert "" == store.author_key("p1", "")
    with Store.open(tmp_path / "other.db") as other:
        assert other.digest("hej") != store.digest("hej")
    with Store.open(tmp_path / "sideblik.db") as again:
        assert again.digest("hej") == store.digest("hej")


def test_a_lost_key_is_told(store: Store, tmp_path: Path) -> None:
    """A database whose key is gone does not take every message for edited: it says what to put back."""
    store.save(SCHOOL_PAGE, [plain("c1")])
    (tmp_path / "sideblik.key").unlink()
    with Store.open(tmp_path / "sideblik.db") as again, pytest.raises(StoreError, match=r"sideblik\.key.*backup"):
        again.digest("hej")


def test_jobs(store: Store, tmp_path: Path) -> None:
    """A job is due once; while it runs nobody else begins it; one that ended badly may be begun again."""
    assert store.job_due("weekly", NOON)
    with Store.open(tmp_path / "sideblik.db") as other:
        assert not other.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=False)
    assert store.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=True)
    assert not store.job_due("weekly", NOON)
    assert store.job_due("weekly", NOON + timedelta(days=7))
    store.job_done("weekly", NOON + timedelta(days=7), ok=True)


def test_a_job_cut_off_by_a_kill(store: Store) -> None:
    """A job that another process began and never ended may be begun again."""
    store._conn.execute("INSERT INTO jobs (job, due, started_at) VALUES ('weekly', '2026-11-18T12:00:00Z', '')")
    assert store.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=True)


def test_all_or_nothing(store: Store, tmp_path: Path) -> None:
    """A batch that fails in its middle leaves nothing behind, and the store goes on."""
    bad = replace(plain("c2"), message=message("c2", created_at=None, digest=None))
    with pytest.raises(StoreError):
        store.save(SCHOOL_PAGE, [plain("c1"), bad])
    assert [] == rows(tmp_path, "SELECT 1 FROM messages")
    assert 1 == store.save(SCHOOL_PAGE, [plain("c1")]).new
