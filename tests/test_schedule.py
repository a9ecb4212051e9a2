"""When pages are visited: who waits for whom, what a stop waits for, and the report that is never lost."""

from __future__ import annotations

import json
import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from collectors.schedule import Schedule, nightly_due, reported_week, weekly_due
from data.store import Store
from data.types import Outcome, Page
from tests.support import Hand
from tests.visiting import PAGE, SCHOOL, START, Visiting, school

PATIENCE = 20  # seconds; a test that waits longer has failed


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-10-19T04:00", "2026-10-19T04:00"),
        ("2026-10-26T04:59:59", "2026-10-19T04:00"),  # the clock went back on Sunday: six o'clock is five in UTC
        ("2026-10-26T05:00", "2026-10-26T05:00"),
        ("2026-10-25T01:30", "2026-10-19T04:00"),
        ("2027-03-22T05:00", "2027-03-22T05:00"),
        ("2027-03-28T01:30", "2027-03-22T05:00"),
        ("2027-03-29T03:59:59", "2027-03-22T05:00"),  # the clock went forward on Sunday
        ("2027-03-29T04:00", "2027-03-29T04:00"),
        ("2026-11-22T23:30", "2026-11-16T05:00"),  # Monday already in Copenhagen, before six
        ("2027-01-04T06:00", "2027-01-04T05:00"),
    ],
)
def test_the_report_is_due_on_monday_at_six_in_copenhagen(now: str, due: str):
    """Across both nights in which the clock is moved, and across new year."""
    assert at(due) == weekly_due(at(now))


def test_each_monday_of_ten_years_is_due_once():
    """Hour by hour there are as many due times as weeks, a week apart in Copenhagen."""
    hours = int(timedelta(days=3653) / timedelta(hours=1))
    dues = list(dict.fromkeys(weekly_due(at("2026-01-05T05:00") + timedelta(hours=one)) for one in range(hours)))
    assert 522 == len(dues)
    assert {167, 168, 169} == {round((b - a) / timedelta(hours=1)) for a, b in pairwise(dues)}


def test_each_night_of_ten_years_is_due_once():
    """Hour by hour there are as many due times as nights, also where the clock is moved."""
    hours = int(timedelta(days=3653) / timedelta(hours=1))
    dues = list(dict.fromkeys(nightly_due(at("2026-01-05T00:30") + timedelta(hours=one)) for one in range(hours)))
    assert 3653 == len(dues)
    assert {23, 24, 25} == {round((b - a) / timedelta(hours=1)) for a, b in pairwise(dues)}


def test_a_report_is_about_the_week_that_ended():
    """The Monday of week 48 tells of week 47; that of new year's week tells of the old year's last."""
    assert "2026-W47" == reported_week(at("2026-11-23T05:00"))
    assert "2026-W53" == reported_week(at("2027-01-04T05:00"))


def store_in(folder: Path, clock: Hand | None = None) -> Store:
    return Store.open(folder / "sideblik.db", clock=clock or Hand(START))


@contextmanager
def running(schedule: Schedule) -> Iterator[Schedule]:
    schedule.start()
    try:
        yield schedule
    finally:
        schedule.stop()


def pages(count: int, every_seconds: int = 1) -> list[Page]:
    return [replace(PAGE, id=f"page{number}", every_seconds=every_seconds) for number in range(count)]


def test_every_page_is_visited_again_and_again(tmp_path: Path):
    """Each in its own interval, each with a store of its own that is open for that visit."""
    seen: dict[str, int] = {}
    lock, enough = threading.Lock(), threading.Event()

    def visit(page: Page, store: Store) -> None:
        store.memory(page.id)
        with lock:
            seen[page.id] = seen.get(page.id, 0) + 1
            if len(seen) == 3 and min(seen.values()) >= 2:
                enough.set()

    with running(Schedule(pages(3), visit, open_store=lambda: store_in(tmp_path))):
        assert enough.wait(PATIENCE)


def test_a_page_that_raises_stops_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The log names the job and the kind of the error, and none of its words."""
    done = threading.Event()

    def visit(page: Page, store: Store) -> None:
        if page.id == "page0":
            raise ValueError("Åse skrev noget privat")
        if any("visit page0" in record.getMessage() for record in caplog.records):
            done.set()

    with running(Schedule(pages(2), visit, open_store=lambda: store_in(tmp_path))):
        assert done.wait(PATIENCE)
    assert "job 'visit page0' failed: ValueError" in caplog.text
    assert "privat" not in caplog.text


def test_a_visit_that_takes_longer_than_its_interval_is_not_begun_twice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """The same page is never visited by two workers at once."""
    inside, most, told = [0], [0], threading.Event()
    schedule: list[Schedule] = []

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "still runs" in record.getMessage():
                told.set()

    def visit(page: Page, store: Store) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        assert told.wait(PATIENCE)
        inside[0] -= 1

    watch = Watch()
    logging.getLogger("collectors.schedule").addHandler(watch)
    schedule.append(Schedule(pages(1), visit, open_store=lambda: store_in(tmp_path), workers=2))
    with running(schedule[0]):
        assert told.wait(PATIENCE)
    logging.getLogger("collectors.schedule").removeHandler(watch)
    assert 1 == most[0]


def test_a_stop_waits_for_what_runs_and_begins_nothing(tmp_path: Path):
    """A visit is told to end after its batch, and what it waits for by the schedule's `wait` ends at once."""
    begun, ended = threading.Event(), threading.Event()
    stops: list[bool] = []

    def visit(page: Page, store: Store) -> None:
        begun.set()
        schedule.wait(PATIENCE)
        stops.append(schedule.keep_going())
        ended.set()

    schedule = Schedule(pages(1, every_seconds=3600), visit, open_store=lambda: store_in(tmp_path))
    schedule.start()
    assert begun.wait(PATIENCE)
    schedule.stop()
    assert ended.is_set()
    assert [False] == stops


def test_pages_without_a_reference_are_fed_by_imports(tmp_path: Path):
    """Nothing is visited there."""
    only = threading.Event()
    seen: set[str] = set()

    def visit(page: Page, store: Store) -> None:
        seen.add(page.id)
        only.set()

    places = [replace(PAGE, id="import", ref=""), replace(PAGE, id="visited")]
    with running(Schedule(places, visit, open_store=lambda: store_in(tmp_path))):
        assert only.wait(PATIENCE)
    assert {"visited"} == seen


def test_the_report_is_written_once_however_often_it_is_asked_for(tmp_path: Path):
    """At the start and every few seconds; a failed one is tried again."""
    weeks: list[str] = []
    tried = threading.Event()

    def report(week: str) -> None:
        weeks.append(week)
        if len(weeks) == 1:
            raise OSError("disk full")
        tried.set()

    clock = Hand(at("2026-11-23T05:10"))
    schedule = Schedule(
        [], lambda *_: None, open_store=lambda: store_in(tmp_path, clock), report=report, clock=clock, catch_up=0.2
    )
    with running(schedule):
        assert tried.wait(PATIENCE)
        schedule.wait(0.6)
    assert ["2026-W47", "2026-W47"] == weeks
    again = Schedule([], lambda *_: None, open_store=lambda: store_in(tmp_path, clock), report=report, clock=clock)
    with running(again):
        again.wait(0.3)
    assert 2 == len(weeks)


def test_a_job_of_the_night_is_done_once_a_night(tmp_path: Path):
    """At the start where it is owed, tried again where it failed, and not before the next night."""
    done: list[datetime] = []
    enough = threading.Event()
    clock = Hand(at("2026-11-23T09:00"))

    def job() -> None:
        done.append(clock())
        if len(done) == 1:
            raise OSError("disk full")
        enough.set()

    def schedule() -> Schedule:
        return Schedule(
            [],
            lambda *_: None,
            open_store=lambda: store_in(tmp_path, clock),
            nightly={"backup": job},
            clock=clock,
            catch_up=0.2,
        )

    with running(schedule()) as first:
        assert enough.wait(PATIENCE)
        first.wait(0.6)
    assert 2 == len(done)
    clock.at = at("2026-11-24T02:00")
    enough.clear()
    with running(schedule()) as second:
        assert enough.wait(PATIENCE)
        second.wait(0.5)
    assert [at("2026-11-24T02:00")] == done[2:]


PROGRAM = """
import sys, threading
from itertools import pairwise
from pathlib import Path
from analysis.engine import Engine
from collectors.http import Http
from collectors.schedule import Schedule
from collectors.visit import visit
from data.store import Store
from data.types import Institution, Page
folder, base = Path(sys.argv[1]), sys.argv[2]
school = Institution("skolen", "Nørreå Skole", "school")
page = Page("skole_fb", "skolen", "facebook", "Nørreå Skole", "", "104", options={"base_url": base}, every_seconds=3600)
http, engine, done = Http(), Engine(), threading.Event()
def once(page, store):
    told = visit(page, store=store, http=http, engine=engine, institution=school, token="T")
    print(told.outcome.value, flush=True)
    done.set()
def open_store():
    return Store.open(folder / "sideblik.db")
with open_store() as store:
    store.set_places([school], [page])
schedule = Schedule([page], once, open_store=open_store)
schedule.start()
done.wait()
schedule.stop()
"""


class Stalling(BaseHTTPRequestHandler):
    """Two API pages of one post each; the second does not come while `held`, until the client is dead."""

    asked = threading.Event()
    freed = threading.Event()
    held = True

    def do_GET(self) -> None:
        last = "after=" in self.path
        visitors = "visitor_posts" in self.path
        if last and type(self).held:
            type(self).asked.set()
            type(self).freed.wait(PATIENCE)
            return
        number = 2 if last else 1
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        post = {"id": f"104_{number}", "message": f"Opslag {number}", "created_time": now}
        paging = {} if last else {"next": "http://x/?after=a&access_token=T"}
        body = json.dumps({"data": [] if visitors else [post], "paging": {} if visitors else paging}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the server's form
        pass


def test_after_a_kill_in_the_middle_of_a_visit_the_next_start_carries_on(tmp_path: Path):
    """`kill -9` between two API pages: the first stays saved, the row is closed as partial, the gap is filled."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stalling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/v25.0"
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), base]
    try:
        first = subprocess.Popen(command, cwd=Path(__file__).parent.parent)
        assert Stalling.asked.wait(PATIENCE)
        first.send_signal(signal.SIGKILL)
        assert -signal.SIGKILL == first.wait(PATIENCE)
        assert [("104_1",)] == _rows(tmp_path, "SELECT message_id FROM messages")
        assert [("running",)] == _rows(tmp_path, "SELECT outcome FROM visits")
        Stalling.held = False
        Stalling.freed.set()
        second = subprocess.run(
            command, cwd=Path(__file__).parent.parent, timeout=PATIENCE, capture_output=True, check=True, text=True
        )
    finally:
        Stalling.freed.set()
        server.shutdown()
        server.server_close()
    assert "complete" == second.stdout.strip()
    assert [("104_1",), ("104_2",)] == _rows(tmp_path, "SELECT message_id FROM messages ORDER BY 1")
    assert [("partial", "Interrupted"), ("complete", None)] == _rows(
        tmp_path, "SELECT outcome, error FROM visits ORDER BY id"
    )
    assert [(1,)] == _rows(tmp_path, "SELECT filled FROM gaps WHERE ended_at IS NOT NULL")


def _rows(folder: Path, sql: str) -> list[tuple]:
    conn = sqlite3.connect(folder / "sideblik.db")
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def test_several_workers_visit_into_one_database(tmp_path: Path):
    """Real visits of several pages at once: each page's own rows, no error of a locked database."""
    visiting = Visiting(tmp_path, school(posts=30, long=20))
    places = [replace(PAGE, id=f"page{number}", every_seconds=3600) for number in range(4)]
    with visiting.open() as store:
        store.set_places([SCHOOL], places)
    outcomes: list[str] = []
    done = threading.Event()

    def visit(page: Page, store: Store) -> None:
        outcomes.append(Visiting(tmp_path, visiting.scenario, page).visit().outcome.value)
        if len(outcomes) == len(places):
            done.set()

    with running(Schedule(places, visit, open_store=visiting.open)):
        assert done.wait(PATIENCE)
    assert ["complete"] * 4 == outcomes


def test_a_sleeping_page_is_asked_for_often_and_visited_seldom(tmp_path: Path):
    """At the start once; then its rhythm decides, while a page whose visit failed is tried again at once."""
    counts: dict[str, int] = {}
    again = threading.Event()

    def visit(page: Page, store: Store) -> None:
        counts[page.id] = counts.get(page.id, 0) + 1
        outcome = Outcome.COMPLETE if page.id == "page0" else Outcome.FAILED
        store.begin_visit(page).end(outcome)
        if counts.get("page1", 0) >= 4:
            again.set()

    places = pages(2)
    with store_in(tmp_path) as store:
        store.set_places([SCHOOL], places)
    schedule = Schedule(places, visit, open_store=lambda: store_in(tmp_path), clock=Hand(START))
    with running(schedule):
        assert again.wait(PATIENCE)
    assert 1 == counts["page0"]
    assert [("page0", 12 * 3600), ("page1", 12 * 3600)] == _rows(tmp_path, "SELECT id, rhythm FROM pages ORDER BY id")
