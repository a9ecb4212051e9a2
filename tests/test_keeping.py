"""Texts are emptied when they are due: what goes, what stays, that the bytes are gone, that a kill costs nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from records import (
    ALL,
    HOME_PAGE,
    NOON,
    SCHOOL_ONLY,
    SCHOOL_PAGE,
    WEEK,
    Clock,
    asking,
    plain,
    rows,
    set_up,
    telling,
)

from dashboard import reports
from data import journal, queries
from data.errors import ChangedError, OutOfScopeError, StoreError
from data.retention import Ceiling, Rules, Why
from data.store import Store
from data.types import Attachment, Category, Outcome, Scope, Verdict

DAY = timedelta(days=1)
WORD = "Xylofonklubben"
SECRETS = (WORD, "Quistgaard", "Zebraskolen", "Wauxhall")
OLD = f"{WORD} har glemt Quistgaard i hallen."
LATER = NOON + 400 * DAY
TEXTS = "SELECT message_id, text FROM messages ORDER BY id"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock):
    """A post, an edited comment with two versions, a question and a possible breach of the school's."""
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        log = opened.begin_visit(SCHOOL_PAGE)
        photo = (Attachment("photo", "https://example.dk/w.jpg", "Wauxhall"),)
        first = plain(
            "c1", "Zebraskolen før rettelsen.", author_name="Q.Q.", attachments=photo, author_key="k", digest="d1"
        )
        opened.save(SCHOOL_PAGE, [plain("p1"), first, asking("c2"), telling("c3", digest="d3")])
        opened.save(SCHOOL_PAGE, [replace(first, message=replace(first.message, text=OLD, digest="new"))])
        log.end(Outcome.COMPLETE, stored=3, claimed=3)
        yield opened


def kept(folder: Path) -> list[str]:
    """The messages that still have a text."""
    return [name for name, text in rows(folder, TEXTS) if text]


def on_disk(folder: Path) -> bytes:
    """Every byte of the database, its write-ahead log and its index of that, in lower case as the index keeps words."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("sideblik.db*"))).lower()


def found_on_disk(folder: Path) -> list[str]:
    held = on_disk(folder)
    return [word for word in SECRETS if word.lower().encode() in held]


def test_what_goes_and_what_stays(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Text, versions, name, key, attachments and findings go; digest, times, address, answers and cases stay."""
    digests = rows(tmp_path, "SELECT digest, created_at, url, inquiry, week FROM messages")
    store.sweep()
    assert ["p1", "c1", "c2", "c3"] == kept(tmp_path)
    clock.ahead(days=91)
    assert {"age": 1} == store.sweep().figures()
    assert ["p1", "c2", "c3"] == kept(tmp_path)
    assert [("", "", "", "[]")] == rows(
        tmp_path, "SELECT text, author_name, author_key, attachments FROM messages WHERE message_id = 'c1'"
    )
    assert [("",)] == rows(tmp_path, "SELECT text FROM versions")
    assert [] == rows(tmp_path, "SELECT * FROM findings WHERE message = 2")
    assert digests == rows(tmp_path, "SELECT digest, created_at, url, inquiry, week FROM messages")
    clock.ahead(days=700)
    assert {"age": 3} == store.sweep().figures()
    assert [] == rows(tmp_path, "SELECT * FROM findings")
    assert [(2,)] == rows(tmp_path, "SELECT count(*) FROM cases")
    assert {} == store.sweep().figures()


def test_the_bytes_are_gone(store: Store, tmp_path: Path, clock: Clock) -> None:
    """No word of an emptied text, name or older version is left in database, log or index; others are still found."""
    assert list(SECRETS) == found_on_disk(tmp_path)
    clock.ahead(days=91)
    store.sweep()
    assert store.wipe()
    assert [] == found_on_disk(tmp_path)
    assert b"diabetes" in on_disk(tmp_path)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert [] == queries.search(reader, ALL, WORD)
        assert ["c3"] == [one.message_id for one in queries.search(reader, ALL, "diabetes")]
    store._conn.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)")
    assert [("ok",)] == rows(tmp_path, "PRAGMA integrity_check")


def test_the_bytes_of_many_are_gone(tmp_path: Path, clock: Clock) -> None:
    """Of two thousand texts of all lengths, mixed with others that stay, none is left, nor those before an edit."""
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        set_up(store)
        for part in range(10):
            ids = range(part * 200, part * 200 + 200)
            texts = {one: f"mærke{one:05} {'lang ' * (one % 97)}" for one in ids}
            made = [(asking if one % 3 else plain)(f"c{one}", text, digest=f"d{one}") for one, text in texts.items()]
            store.save(SCHOOL_PAGE, made)
            store.save(SCHOOL_PAGE, [plain(f"c{one}", "Rettet.", digest="e") for one in ids if one % 3 == 0])
        clock.ahead(days=91)
        assert 667 == store.sweep().texts[Why.AGE]
        assert store.wipe()
    held, left = on_disk(tmp_path), set(kept(tmp_path))
    wrong = [one for one in range(2000) if (f"mærke{one:05}".encode() in held) != (f"c{one}" in left)]
    assert [] == wrong


def test_a_reader_puts_the_wiping_off(store: Store, tmp_path: Path, clock: Clock) -> None:
    """While somebody reads an older state the log cannot be cut: that is told, and done the next time."""
    clock.ahead(days=91)
    store.sweep()
    store._conn.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(tmp_path / "sideblik.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM messages").fetchone()
    assert not store.wipe()
    other.close()
    assert store.wipe()
    assert [] == found_on_disk(tmp_path)


def test_a_past_week_stays_the_same_file(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Both files of a week have the same bytes before and after everything in it was emptied and its visits removed."""
    store.set_keeping(Rules(comments=1, own_posts=1, open_case=1, closed_case=1, ledger=1, visits=1), {})
    for hour in range(3):  # a week's coverage is that of its last whole visit
        clock.ahead(hours=1)
        log = store.begin_visit(SCHOOL_PAGE)
        if hour == 0:
            store.miss(SCHOOL_PAGE, listed=["p1", "c2", "c3"], threads=["p1"], posts_since=None)
            store.miss(SCHOOL_PAGE, listed=["p1", "c2", "c3"], threads=["p1"], posts_since=None)
        log.end(Outcome.COMPLETE, stored=2, claimed=3 + hour)
    store.decide(ALL, "anna", 2, 1, Verdict.HIDDEN, "Skjult samme dag.")

    def files(name: str) -> list[bytes]:
        with queries.open_reader(tmp_path / "sideblik.db") as reader:
            return [path.read_bytes() for path in reports.weekly(reader, ALL, WEEK, tmp_path / name, LATER)]

    before = files("before")
    clock.at = LATER
    swept = store.sweep()
    store.wipe()
    assert (4, 3) == (swept.texts.total(), swept.visits)
    assert ([], [("",)]) == (kept(tmp_path), rows(tmp_path, "SELECT ground FROM decisions"))
    assert before == files("after")
    assert b"diabetes" not in on_disk(tmp_path)


def test_the_same_text_is_not_stored_again(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Read again, an emptied comment is known and stays empty; edited on the platform, it is a text like any other."""
    clock.ahead(days=91)
    store.sweep()
    same = plain("c1", OLD, digest="new")
    assert {"c1": "new"} == store.known("facebook", ["c1"])
    assert 1 == store.save(SCHOOL_PAGE, [same]).unchanged
    assert "c1" not in kept(tmp_path)
    store.save(SCHOOL_PAGE, [plain("c1", "Rettet igen.", digest="newer")])
    assert "c1" in kept(tmp_path)
    assert {} == store.sweep().figures()
    clock.ahead(days=91)
    assert {"age": 1} == store.sweep().figures()


def test_gone_is_emptied_and_back_is_filled(store: Store, tmp_path: Path, clock: Clock) -> None:
    """What is gone is emptied at once with its event and digest kept; listed again, its text and findings are back."""
    store.set_keeping(Rules(), {"facebook": Ceiling(gone=True)})
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed=["p1", "c1", "c2"], threads=["p1"], posts_since=None)
    assert 1 == store.empty_gone(SCHOOL_PAGE.id)
    assert 0 == store.empty_gone(SCHOOL_PAGE.id)
    assert ["p1", "c1", "c2"] == kept(tmp_path)
    digest = "d3"
    assert [("gone", digest)] == rows(tmp_path, "SELECT became, digest FROM sightings")
    assert {"c3": ""} == store.known("facebook", ["c3"])
    store.save(SCHOOL_PAGE, [telling("c3", digest="d3")])
    assert ["p1", "c1", "c2", "c3"] == kept(tmp_path)
    assert [(2,)] == rows(tmp_path, "SELECT count(*) FROM findings WHERE message = 4")
    assert [] == rows(tmp_path, "SELECT * FROM emptied")
    assert {"c3": digest} == store.known("facebook", ["c3"])


def test_terms_of_each_platform(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Names go before texts where the terms say so; a refreshed message begins its time anew, once a day at most."""
    terms = Ceiling(texts=30 * DAY, names=DAY, renewed=True)
    store.set_keeping(Rules(), {"facebook": terms})
    clock.ahead(days=1)
    assert {"names": 1} == store.sweep(platforms=frozenset({"facebook"})).figures()
    assert [("",)] == rows(tmp_path, "SELECT author_name FROM messages WHERE message_id = 'c1'")
    clock.ahead(days=20)
    store.refreshed("facebook", ["c1", "c9"])
    clock.ahead(hours=1)
    store.refreshed("facebook", ["c1"])
    assert [("2026-12-09T12:00:00Z",)] == rows(tmp_path, "SELECT at FROM refreshed")
    clock.ahead(days=8, hours=20)
    assert {"terms": 2} == store.sweep(ahead=DAY).figures()
    assert ["p1", "c1"] == kept(tmp_path)
    assert {} == store.sweep(platforms=frozenset({"linkedin"}), ahead=900 * DAY).figures()


def test_a_dry_run_writes_nothing(store: Store, tmp_path: Path, clock: Clock) -> None:
    """It counts what a real one empties."""
    clock.ahead(days=1000)
    before = [store._conn.execute(f"SELECT * FROM {table}").fetchall() for table in ("messages", "visits", "emptied")]
    dry = store.sweep(dry=True)
    assert before == [
        store._conn.execute(f"SELECT * FROM {table}").fetchall() for table in ("messages", "visits", "emptied")
    ]
    assert dry.figures() == store.sweep().figures() != {}


KILLED = """
import os, sys
from datetime import timedelta
from pathlib import Path
from records import Clock, NOON
from data.store import Store
told = []
def moved(number):
    told.append(number)
    if len(told) == 2:
        os._exit(9)
with Store.open(Path(sys.argv[1]), clock=Clock(NOON + timedelta(days=91))) as store:
    store.sweep(moved=moved)
"""


def test_killed_between_two_batches(tmp_path: Path, clock: Clock) -> None:
    """What was done stays done, the rest is as it was, and the next run does it; the database is whole."""
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain(f"c{one}", f"{WORD} {one}", digest=f"d{one}") for one in range(1300)])
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "sideblik.db")], env={**os.environ, "PYTHONPATH": path},
        timeout=60, check=False,
    )  # fmt: skip
    assert (9, 300) == (ended.returncode, len(kept(tmp_path)))
    clock.ahead(days=91)
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        assert {"age": 300} == store.sweep().figures()
        assert store.wipe()
    assert ([], [("ok",)]) == (kept(tmp_path), rows(tmp_path, "PRAGMA integrity_check"))
    assert WORD.lower().encode() not in on_disk(tmp_path)


def test_a_hold_that_comes_meanwhile_counts(tmp_path: Path, clock: Clock) -> None:
    """A batch is decided anew in the transaction that empties it: what was held between reading and writing stays."""
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain("p1"), *(plain(f"c{one}", "Gammelt.") for one in range(600)), telling("c999")])
        clock.ahead(days=91)
        until = (clock.at + DAY).date()
        store.sweep(moved=lambda number: store.hold(ALL, "anna", 1, until, "Klage.") if number == 500 else 0)
        assert 103 == len(kept(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes whatever the rights say")
def test_a_read_only_database_by_rights(store: Store, tmp_path: Path) -> None:
    """It is told in a sentence."""
    (tmp_path / "sideblik.db").chmod(0o400)
    with pytest.raises(StoreError, match="rights"):
        Store.open(tmp_path / "sideblik.db")


def test_a_read_only_database(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Nothing is emptied, nothing is counted as emptied, and the error says what to look at."""
    clock.ahead(days=91)
    store._conn.execute("PRAGMA query_only=ON")
    for act in (store.sweep, lambda: store.hold(ALL, "anna", 1, LATER.date(), "Klage.")):
        with pytest.raises(StoreError, match="may not be written"):
            act()
    assert ["p1", "c1", "c2", "c3"] == kept(tmp_path)


def test_a_hold_keeps_the_whole_thread(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Until the end of its day in Copenhagen, gone or not; it is in the journal without its ground."""
    store.set_keeping(Rules(), {"facebook": Ceiling(gone=True)})
    held = store.hold(SCHOOL_ONLY, "anna", 2, date(2027, 6, 1), "Klage til Datatilsynet.")
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed=["p1"], threads=["p1"], posts_since=None)
    assert 0 == store.empty_gone(SCHOOL_PAGE.id)
    clock.ahead(days=120)
    assert {} == store.sweep().figures()
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        (row,) = queries.kept(reader, ALL, [2])
        assert ("2027-06-01T22:00:00+00:00", True) == (row.ends_at.isoformat(), row.held)
        (one,) = queries.holds(reader, SCHOOL_ONLY, 2)
        assert (held, "anna", True) == (one.id, one.person, one.in_force(clock.at))
    told = store._conn.execute("SELECT action, subject, detail FROM journal").fetchall()
    assert [("hold", "case:2", '{"category": "confidentiality", "hold": 1, "until": "2027-06-01"}')] == [
        tuple(one) for one in told
    ]
    store.lift_hold(SCHOOL_ONLY, "bo", held)
    with pytest.raises(ChangedError):
        store.lift_hold(SCHOOL_ONLY, "bo", held)
    assert {"gone": 3} == store.sweep().figures()
    assert journal.verify(store._conn) is None


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(institutions=frozenset({"hjemmet"}), categories=frozenset(Category), acts=True),
        Scope(everywhere=True, categories=frozenset({Category.INQUIRY}), acts=True),
        replace(ALL, acts=False),
    ],
    ids=["nothing", "elsewhere", "another category", "a reader"],
)
def test_holds_need_a_scope(store: Store, tmp_path: Path, scope: Scope) -> None:
    """Nobody holds, lifts or sees what is not theirs."""
    held = store.hold(ALL, "anna", 2, LATER.date(), "Klage.")
    with pytest.raises(OutOfScopeError):
        store.hold(scope, "bo", 2, LATER.date(), "Klage.")
    with pytest.raises(OutOfScopeError):
        store.lift_hold(scope, "bo", held)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert [] == queries.holds(reader, replace(scope, everywhere=False), 2)
        assert [] == queries.holds(reader, Scope(everywhere=True, categories=frozenset({Category.INQUIRY})), 1)
    assert [(1,)] == rows(tmp_path, "SELECT count(*) FROM journal")


def test_the_date_is_that_of_the_job(store: Store, tmp_path: Path, clock: Clock) -> None:
    """What a screen says of a message is when the job empties it: not a second sooner, and no later."""
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        dates = {row.message: row for row in queries.kept(reader, ALL, [1, 2, 3, 4])}
        for number, row in sorted(dates.items(), key=lambda one: (one[1].ends_at, -one[0])):
            if queries.kept(reader, ALL, [number])[0].emptied_at is None:  # else it ended with the one before
                clock.at = row.ends_at - timedelta(seconds=1)
                store.sweep()
                assert queries.kept(reader, ALL, [number])[0].emptied_at is None
                clock.at = row.ends_at
                store.sweep()
            (now,) = queries.kept(reader, ALL, [number])
            assert (row.ends_at, row.why, False) == (now.emptied_at, now.why, now.held)
        assert [] == queries.kept(reader, Scope(institutions=frozenset({"hjemmet"})), [1, 2])


def test_what_was_remembered_ends_with_its_text(store: Store, tmp_path: Path, clock: Clock) -> None:
    """The keyed hash of the flagged words goes when the text that it was learned from is emptied."""
    store.decide(ALL, "anna", 2, 1, Verdict.NOT_A_BREACH, "En figur i en bog.")
    held = rows(tmp_path, "SELECT length(spans), ended_at FROM remembered")
    clock.ahead(days=181)
    store.sweep()
    assert ([(32, None)], [(0, True)]) == (
        held,
        rows(tmp_path, "SELECT length(spans), ended_at IS NOT NULL FROM remembered"),
    )


def test_nothing_of_an_emptied_message_waits_to_be_judged(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Newer rules judge no empty text, and a text that was not judged whole is owed nothing once it is gone."""
    failed = plain("c7")
    store.save(SCHOOL_PAGE, [replace(failed, judgement=replace(failed.judgement, failed=("person",)))])
    clock.ahead(days=1000)
    store.sweep()
    store.use_rules("r2")
    assert [] == store.stale("r2")
    assert [] == rows(tmp_path, "SELECT id FROM messages WHERE failed <> '[]'")


def test_visits_that_a_report_needs_stay(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Of each page and week the last complete one; the rest go, those that run and the newest weeks stay."""
    for page, outcome, hours in (
        (SCHOOL_PAGE, Outcome.COMPLETE, 1), (SCHOOL_PAGE, Outcome.FAILED, 1), (HOME_PAGE, Outcome.COMPLETE, 1),
        (SCHOOL_PAGE, Outcome.COMPLETE, 24 * 7),
    ):  # fmt: skip
        clock.ahead(hours=hours)
        store.begin_visit(page).end(outcome)
    clock.ahead(days=731)
    store.begin_visit(SCHOOL_PAGE).release()
    assert 2 == store.sweep().visits
    assert [(2,), (4,), (5,), (6,)] == rows(tmp_path, "SELECT id FROM visits ORDER BY id")
