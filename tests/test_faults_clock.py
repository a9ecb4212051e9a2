"""A clock that is set back, and nights in which it is moved: nothing waits for the old time to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.rhythm import is_due
from collectors.schedule import Schedule, nightly_due, reported_week, weekly_due
from dashboard import reports
from dashboard.keeping import Hourly
from dashboard.login.passwords import TRIES, Throttle
from data import backup, heads, queries, sessions
from data.notices import Draft
from data.page_state import State, page_state
from data.people import Person
from data.store import Store
from data.types import Outcome
from tests.records import ALL, NOON, SCHOOL_PAGE, Clock, asking, plain, rows, set_up

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PUBLIC, _ = backup.make_key()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A page that was read to its end at noon; then the clock is at noon of the day before."""
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        visited(opened, Outcome.COMPLETE)
        clock.ahead(days=-1)
        yield opened


def visited(store: Store, outcome: Outcome) -> None:
    log = store.begin_visit(SCHOOL_PAGE)
    log.add(store.save(SCHOOL_PAGE, [plain("p1"), asking("c1")]))
    log.end(outcome, stored=1, claimed=1)


def test_visits_go_on(store: Store, tmp_path: Path, clock: Clock) -> None:
    """A page is visited at once and not first when the old time is over; no visit and no gap ends before it began."""
    assert is_due(SCHOOL_PAGE, store.pulse(SCHOOL_PAGE.id), clock.at)
    visited(store, Outcome.FAILED)
    visited(store, Outcome.COMPLETE)
    assert [] == rows(tmp_path, "SELECT * FROM gaps WHERE ended_at < began_at")
    log = store.begin_visit(SCHOOL_PAGE)
    clock.ahead(hours=-1)
    log.end(Outcome.COMPLETE)
    assert [] == rows(tmp_path, "SELECT * FROM visits WHERE ended_at < started_at")
    assert [(2,)] == rows(tmp_path, "SELECT count(*) FROM messages")


def test_a_page_is_not_green(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Whether it was seen lately cannot be told: that the clock is wrong is, until it is right again."""
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        page = next(row for row in queries.pages(reader, ALL) if row.id == SCHOOL_PAGE.id)
        assert (State.ATTENTION, "clock") == (page_state(page, clock.at).state, page_state(page, clock.at).why)
        assert State.SEEN is page_state(page, NOON).state


def test_what_was_written_is_not_read_as_gone(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Nor is a day counted as unseen twice, or less than nothing."""
    visited(store, Outcome.COMPLETE)
    clock.ahead(days=2)
    visited(store, Outcome.COMPLETE)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        weeks = queries.week(reader, ALL, "2026-W47", clock.at)
    assert all(0 <= week.hours_unseen <= week.hours for week in weeks)
    assert [("visible",)] == rows(tmp_path, "SELECT DISTINCT visibility FROM messages")


def test_the_schedule_does_not_wait_for_the_old_time(tmp_path: Path) -> None:
    """Pages that are asked for once an hour are asked for at once, and whatever is owed is looked at."""
    clock, ticks = Clock(), [0.0]
    asked = threading.Semaphore(0)

    def visit(page: object, store: Store) -> None:
        store.begin_visit(SCHOOL_PAGE).end(Outcome.COMPLETE)
        asked.release()

    def opened() -> Store:
        return Store.open(tmp_path / "sideblik.db", clock=clock)

    with opened() as store:
        set_up(store)
    page = replace(SCHOOL_PAGE, every_seconds=3600)
    schedule = Schedule([page], visit, open_store=opened, clock=clock, monotonic=lambda: ticks[0])
    schedule.start()
    try:
        assert asked.acquire(timeout=30)
        ticks[0] += 60
        clock.ahead(seconds=60)
        schedule.mind_the_clock()
        assert not asked.acquire(timeout=0.3)
        clock.ahead(days=-3)
        schedule.mind_the_clock()
        assert asked.acquire(timeout=30)
    finally:
        schedule.stop()


def test_no_report_is_written_twice(tmp_path: Path, clock: Clock) -> None:
    """What was done for a Monday stays done when that Monday comes again; so does an earlier one's."""
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        for due in (monday - 7 * DAY, monday):
            assert store.job_due("weekly", due)
            store.job_done("weekly", due, ok=True)
        for at in (monday + HOUR, monday - HOUR, monday - 6 * DAY, monday, monday + 2 * DAY):
            assert not store.job_due("weekly", weekly_due(at))


def test_the_journal_and_its_heads_agree(store: Store, tmp_path: Path, clock: Clock) -> None:
    """A day that comes a second time gets no second head, and an earlier one no false one."""
    key = heads.signing_key(tmp_path / "sideblik.db")
    file = tmp_path / "journal-heads.jsonl"
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        for days in (0, 1, -2, 1, 0, 2):
            store.note("anna", "look", f"case:{days}")
            heads.append(file, heads.sign(reader, key, NOON + days * DAY))
        found = list(heads.read(file))
        assert heads.broken(reader, iter(found), key.public_key()) is None
    assert 4 == len({head.day for head in found}) == len(found)


def test_a_session_does_not_last_longer(store: Store, tmp_path: Path, clock: Clock) -> None:
    """One that was used later than now ends, a link of then lets nobody in; a minute more or less ends nothing."""
    number = store.add_person(ALL, "kim", Person("anna", "Anna", "administrator", ("skolen",)))
    word, link = store.begin_session(number, "link", DAY), store.make_link(ALL, "kim", number)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert sessions.session(reader, word, clock.at - HOUR / 60, DAY) is not None
        assert sessions.session(reader, word, clock.at - HOUR, DAY) is None
    clock.ahead(hours=-1)
    assert store.use_link(link) is None


def test_a_mail_does_not_wait(store: Store, clock: Clock) -> None:
    """One that was refused, or was being sent, later than now is sent at once."""
    number = store.add_person(ALL, "kim", Person("anna", "Anna", "administrator", ("skolen",)))
    store.add_notices([Draft(number, "serious", "case:1", clock.at)])
    assert 0 == store.send_notices(lambda bundle: False)
    clock.ahead(hours=-3)
    assert 1 == store.send_notices(lambda bundle: True)
    assert 0 == store.send_notices(lambda bundle: True)


def test_wrong_passwords_are_forgotten_in_time() -> None:
    """Nobody is kept out until the old time comes again."""
    clock = Clock()
    tries = Throttle(clock)
    assert [True] * TRIES + [False] == [tries.begins("anna") for _ in range(TRIES + 1)]
    clock.ahead(days=-1)
    assert tries.begins("anna")


def test_a_job_of_each_hour_goes_on() -> None:
    """It is done at once, and then each hour of the new time."""
    clock, done = Clock(), list[int]()
    hourly = Hourly(lambda: done.append(1), clock)
    for hours in (0, -48, 0.5, 0.6):
        clock.ahead(hours=hours)
        hourly()
    assert 3 == len(done)


def test_the_newest_backup_is_kept(store: Store, tmp_path: Path) -> None:
    """One whose name is older than those before is not the first to go."""
    for days in (0, 1, -5):
        made = backup.make(tmp_path / "sideblik.db", tmp_path / "backups", PUBLIC, NOON + days * DAY, keep=2)
        assert made.path.exists()
    assert [NOON + DAY, NOON - 5 * DAY] == [one.made_at for one in backup.found(tmp_path / "backups")]


NIGHTS = (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC))


@pytest.mark.parametrize("noon", NIGHTS)
@pytest.mark.parametrize("due", [nightly_due, weekly_due])
def test_nights_in_which_the_clock_is_moved(noon: datetime, due: Callable[[datetime], datetime]) -> None:
    """Minute by minute through the night, what is owed is owed once and never earlier than before."""
    found = [due(noon + timedelta(minutes=minute)) for minute in range(3 * 24 * 60)]
    assert sorted(found) == found
    assert {nightly_due: 4, weekly_due: 2}[due] == len(set(found))
    assert all(reported_week(one) for one in found)


@pytest.mark.parametrize("noon", NIGHTS)
def test_a_page_through_such_a_night(tmp_path: Path, noon: datetime) -> None:
    """Visited each half hour it is never late, never unseen, and the week has the hours that it has."""
    clock = Clock(noon)
    with (
        Store.open(tmp_path / "sideblik.db", clock=clock) as store,
        queries.open_reader(tmp_path / "sideblik.db") as reader,
    ):
        set_up(store)
        for _ in range(48):
            visited(store, Outcome.COMPLETE)
            clock.ahead(minutes=30)
            page = next(row for row in queries.pages(reader, ALL) if row.id == SCHOOL_PAGE.id)
            assert "clock" != page_state(page, clock.at).why != "late"
        assert [] == rows(tmp_path, "SELECT * FROM gaps")
        written = reports.weekly(reader, ALL, reported_week(weekly_due(clock.at + 2 * DAY)), tmp_path / "out", clock.at)
    assert all(path.stat().st_size for path in written)
