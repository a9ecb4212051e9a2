"""Several who write and read at once: nobody hears "database is locked", and nothing is lost."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from records import ALL, SCHOOL_PAGE, Clock, asking, plain, set_up

from data import journal, queries
from data.errors import ChangedError, UnderWayError
from data.store import Store
from data.types import Category, Outcome, Tally, Verdict

ROUNDS = 25
SIZE = 40


def collect(path: str, name: str) -> int:
    """A collector: visits that save batches, each with messages of its own and some that another saves too."""
    new = 0
    with Store.open(Path(path), clock=Clock()) as store:
        for number in range(ROUNDS):
            log = store.begin_visit(SCHOOL_PAGE, source=name)
            own = [asking(f"c{name}{number}_{place}") for place in range(SIZE)]
            shared = [plain(f"s{number}_{place}") for place in range(SIZE)]
            tally = store.save(SCHOOL_PAGE, own + shared)
            log.add(tally)
            log.end(Outcome.COMPLETE)
            new += tally.new
    return new


def act(path: str, person: str) -> int:
    """A person: takes what the queue shows first, or hears that somebody else was faster."""
    taken = 0
    with Store.open(Path(path), clock=Clock()) as store, queries.open_reader(Path(path)) as reader:
        for _ in range(ROUNDS * 2):
            for case in queries.queue(reader, ALL, Category.INQUIRY, limit=1):
                try:
                    store.decide(ALL, person, case.id, case.revision, Verdict.ANSWERED, "")
                    taken += 1
                except ChangedError:
                    pass
    return taken


def test_processes_write_at_once(tmp_path: Path) -> None:
    """Two collectors and two people in processes of their own: all that was saved and decided is there, once."""
    path = tmp_path / "sideblik.db"
    with Store.open(path) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking(f"c{number}") for number in range(SIZE)])
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        collectors = [pool.submit(collect, str(path), name) for name in ("a", "b")]
        people = [pool.submit(act, str(path), name) for name in ("anna", "bo")]
        new = sum(future.result() for future in collectors)
        taken = sum(future.result() for future in people)
    assert 3 * ROUNDS * SIZE == new
    with queries.open_reader(path) as reader:
        assert journal.verify(reader) is None
        assert taken == reader.number("SELECT count(*) FROM decisions")
        assert taken == reader.number("SELECT count(*) FROM journal")
        assert new + SIZE == reader.number("SELECT count(*) FROM messages")
        assert new + SIZE == reader.number("SELECT sum(comments) FROM volumes")
        assert 2 * ROUNDS * SIZE + SIZE == reader.number("SELECT count(*) FROM cases")


_together: list = []


def _meet(barrier) -> None:
    _together.append(barrier)


def _open_together(path: str) -> str:
    _together[0].wait(timeout=30)
    with Store.open(Path(path)) as store:
        return store.digest("hej")


def test_processes_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Collector and dashboard that start at the same moment without a database both get the same one."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, context, _meet, (context.Barrier(3),)) as pool:
        for number in range(8):
            path = str(tmp_path / f"new{number}" / "sideblik.db")
            assert 1 == len(set(pool.map(_open_together, [path] * 3)))


def test_threads_write_and_read_at_once(tmp_path: Path) -> None:
    """Threads with a store each write while readers page through the queue; a page is always whole and in order."""
    path = tmp_path / "sideblik.db"
    with Store.open(path) as store:
        set_up(store)

    def write(name: str) -> int:
        return collect(str(path), name)

    def read(_: str) -> int:
        with queries.open_reader(path) as reader:
            for _round in range(ROUNDS * 4):
                keys = [(-case.severity, case.sort, case.id) for case in queries.queue(reader, ALL, Category.INQUIRY)]
                assert sorted(keys) == keys
                queries.counts(reader, ALL, Clock()())
        return 0

    with ThreadPoolExecutor(4) as pool:
        new = sum(pool.map(lambda work: work[0](work[1]), [(write, "a"), (write, "b"), (read, ""), (read, "")]))
    assert 3 * ROUNDS * SIZE == new


def test_a_reader_sees_whole_batches(tmp_path: Path) -> None:
    """What is not committed is not seen: a reader beside an open transaction sees the state before it."""
    path = tmp_path / "sideblik.db"
    with Store.open(path) as store, queries.open_reader(path) as reader:
        set_up(store)
        store._conn.execute("BEGIN IMMEDIATE")
        store._conn.execute("INSERT INTO institutions (id, name, kind) VALUES ('x', 'x', 'x')")
        assert 2 == len(queries.places(reader, ALL).institutions)
        store._conn.execute("COMMIT")
        assert 3 == len(queries.places(reader, ALL).institutions)


def test_waits_for_a_writer(tmp_path: Path) -> None:
    """A save waits for one who holds the lock for a while, and then goes through."""
    path = tmp_path / "sideblik.db"
    with Store.open(path) as store:
        set_up(store)
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(_save_in_thread, path)
            assert not waiting.done()
            other.execute("COMMIT")
            assert Tally(fetched=1, new=1) == waiting.result(timeout=5)
        other.close()


def _save_in_thread(path: Path) -> Tally:
    with Store.open(path) as store:
        return store.save(SCHOOL_PAGE, [plain("c1")])


def _save_until_killed(path: str, begun) -> None:
    with Store.open(Path(path), clock=Clock()) as store:
        log = store.begin_visit(SCHOOL_PAGE)
        for number in range(10_000):
            with store.together():
                log.add(store.save(SCHOOL_PAGE, [asking(f"c{number}_{place}") for place in range(SIZE)]))
            if number == 3:
                begun.set()


def test_kill_in_the_middle(tmp_path: Path) -> None:
    """A collector that is killed leaves whole batches, a sound file, and a visit that tells what it saved.

    While it lived, no second visit to the page could begin.
    """
    path = tmp_path / "sideblik.db"
    with Store.open(path) as store:
        set_up(store)
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=_save_until_killed, args=(str(path), begun))
    process.start()
    assert begun.wait(timeout=30)
    with Store.open(path, clock=Clock()) as store, pytest.raises(UnderWayError):
        store.begin_visit(SCHOOL_PAGE)
    process.kill()
    process.join()
    with Store.open(path, clock=Clock()) as store, queries.open_reader(path) as reader:
        assert store.begin_visit(SCHOOL_PAGE).id > 1
        assert "ok" == store._conn.execute("PRAGMA integrity_check").fetchone()[0]
        saved = reader.number("SELECT count(*) FROM messages")
        assert 0 == saved % SIZE
        assert (
            saved == reader.number("SELECT count(*) FROM cases") == reader.number("SELECT sum(comments) FROM volumes")
        )
        killed = queries.visits(reader, ALL, SCHOOL_PAGE.id)[-1]
        assert (Outcome.PARTIAL, "Interrupted") == (killed.outcome, killed.error)
        assert saved == killed.tally.new
