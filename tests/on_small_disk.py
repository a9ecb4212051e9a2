"""What happens on a disk that is full, or that cannot be written: run by `test_faults_disk.py` in a process of its own.

    unshare --map-root-user --mount sh -c 'mount -t tmpfs -o size=… && python -m tests.on_small_disk NAME FOLDER'

The disk is a real one (tmpfs) that nobody else sees and that goes with the process; full means that the system says so.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from analysis.engine import Engine
from collectors.base import Batch, Request
from collectors.http import Http
from collectors.rejudging import rejudge
from collectors.visit import VisitResult, visit
from dashboard import acting, insight, reports
from dashboard.access import Viewer
from data import backup, heads, keys, queries, sessions
from data.connection import STEPS
from data.errors import StoreError
from data.notices import Draft
from data.people import Person
from data.persons import Sought
from data.queries import open_reader
from data.store import Store
from data.types import Category, Kind, Outcome, RawMessage, Status
from tests.records import ALL, NOON, SCHOOL, SCHOOL_PAGE, WEEK, Clock, asking, plain, rows, set_up, telling
from tests.test_faults_kill import older

DAY = timedelta(days=1)
DUE = datetime(2026, 11, 23, 5, tzinfo=UTC)
PUBLIC, SECRET = backup.make_key()
KIM = Viewer("Kim", "communications", ALL)
LONG = "En lang besked om legepladsen. " * 40
SCENES: dict[str, Callable[[Path], None]] = {}


def scene(play: Callable[[Path], None]) -> Callable[[Path], None]:
    SCENES[play.__name__] = play
    return play


@contextmanager
def full(folder: Path, *, room: int = 0) -> Iterator[None]:
    """Within, the disk has no more than so many bytes left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out:
        try:
            while out.write(b"\0" * 65536):
                pass
        except OSError:
            pass
        out.truncate(max(0, out.tell() - room))
    try:
        yield
    finally:
        filler.unlink()


def town(folder: Path) -> Store:
    """An open store with a question and a possible breach; who holds it open keeps its log and index on the disk."""
    store = Store.open(folder / "sideblik.db", clock=Clock())
    set_up(store)
    store.save(SCHOOL_PAGE, [asking("c1"), telling("c2")])
    return store


def _until_refused(act: Callable[[int], object]) -> int:
    """How often it could be done; a disk gives room by the block, so that the first ones may still find some."""
    for number in range(2000):
        try:
            act(number)
        except StoreError:
            return number
    raise AssertionError("it was never refused")


def _use_up(store: Store) -> None:
    """Until no transaction finds room: first those that make the database grow, then those that change one page."""
    _until_refused(lambda number: store.note("test", "fill", f"{number}"))
    _until_refused(lambda number: store.remember(SCHOOL_PAGE.id, {"number": f"{number}"}))


def many(begin: int = 0, count: int = 400) -> list:
    return [plain(f"m{number}", LONG, digest=f"d{number}") for number in range(begin, begin + count)]


def whole(folder: Path) -> None:
    assert [("ok",)] == rows(folder, "PRAGMA integrity_check")


@scene
def a_new_database(folder: Path) -> None:
    """It is not made by half: the next start makes it."""
    with full(folder), pytest.raises(StoreError):
        Store.open(folder / "sideblik.db")
    town(folder).close()
    assert [(STEPS,)] == rows(folder, "PRAGMA user_version")


@scene
def a_migration(folder: Path) -> None:
    """The older database stays as it was, and is renewed once there is room."""
    older(folder / "sideblik.db")
    with full(folder), pytest.raises(StoreError, match="has room"):
        Store.open(folder / "sideblik.db")
    assert [(STEPS - 1,)] == rows(folder, "PRAGMA user_version")
    assert [("anna",)] == rows(folder, "SELECT actor FROM journal")
    town(folder).close()
    assert [(STEPS,)] == rows(folder, "PRAGMA user_version")
    whole(folder)


class Filling:
    """A collector of two batches, between which somebody fills the disk."""

    def __init__(self, fill: Callable[[], object] = lambda: None) -> None:
        self.fill = fill

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        post = RawMessage(
            platform="facebook", message_id="p1", page_id=request.page.id, kind=Kind.POST, text="Åbent hus.",
            created_at=NOON, thread_id="p1", by_page=True,
        )  # fmt: skip
        yield Batch(messages=(post,))
        self.fill()
        yield Batch(messages=tuple(_comment(number) for number in range(300)))


def _comment(number: int) -> RawMessage:
    return RawMessage(
        platform="facebook", message_id=f"c{number}", page_id=SCHOOL_PAGE.id, kind=Kind.COMMENT,
        text=f"{number} {LONG}", created_at=NOON, thread_id="p1", parent_id="p1",
    )  # fmt: skip


def _visited(store: Store, collector: Filling) -> VisitResult:
    return visit(
        SCHOOL_PAGE, store=store, http=Http(), engine=Engine(), institution=SCHOOL, token=None, clock=store._clock,
        collector=collector,
    )  # fmt: skip


@scene
def a_visit(folder: Path) -> None:
    """What was saved stays; the visit is told as broken off, the page as not seen, and the next one reads the rest."""
    with Store.open(folder / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        filled = full(folder)
        result = _visited(store, Filling(filled.__enter__))
        assert (Outcome.PARTIAL, StoreError) == (result.outcome, type(result.error))
        assert ["p1"] == [name for (name,) in rows(folder, "SELECT message_id FROM messages")]
        filled.__exit__(None, None, None)
        assert Outcome.COMPLETE is _visited(store, Filling()).outcome
    assert [(301,)] == rows(folder, "SELECT count(*) FROM messages")
    assert ["partial", "complete"] == [outcome for (outcome,) in rows(folder, "SELECT outcome FROM visits ORDER BY id")]
    assert [(1,)] == rows(folder, "SELECT count(*) FROM gaps WHERE ended_at IS NOT NULL")


@scene
def what_people_do(folder: Path) -> None:
    """A decision that cannot be written is told as not saved; what is stored can be read; then it can be done."""
    with town(folder) as store:
        with full(folder):
            _use_up(store)
            told = acting.take(store, KIM, 1, 1)
            assert told.sentence.startswith("Det blev ikke gemt")
            with open_reader(folder / "sideblik.db") as reader:
                assert [Status.NEW] == [case.status for case in queries.queue(reader, ALL, Category.INQUIRY)]
        assert acting.take(store, KIM, 1, 1).done
    whole(folder)


@scene
def a_session(folder: Path) -> None:
    """Nobody new is let in; who is in stays in."""
    with town(folder) as store:
        number = store.add_person(ALL, "kim", Person("anna", "Anna", "administrator", ("skolen",)))
        word = store.begin_session(number, "link", DAY)
        with full(folder):
            _until_refused(lambda _: store.begin_session(number, "link", DAY))
            with open_reader(folder / "sideblik.db") as reader:
                assert sessions.session(reader, word, NOON, DAY) is not None
        assert store.begin_session(number, "link", DAY)


@scene
def a_job(folder: Path) -> None:
    """A job whose beginning cannot be written is not begun, and is owed still: also to the process that asked."""
    with town(folder) as store:
        with full(folder):
            _use_up(store)
            with pytest.raises(StoreError, match="disk is full"):
                store.job_due("report", DUE)
        assert store.job_due("report", DUE)
        store.job_done("report", DUE, ok=True)
        assert not store.job_due("report", DUE)


@scene
def the_weekly_report(folder: Path) -> None:
    """No file, no half file; with room it is written."""
    with town(folder) as store, open_reader(folder / "sideblik.db") as reader:
        with full(folder), pytest.raises(StoreError, match="has room"):
            reports.issue(store, reader, WEEK, folder / "out", DUE, "scheduler")
        assert [] == (list((folder / "out").iterdir()) if (folder / "out").exists() else [])
        assert 2 == len(reports.issue(store, reader, WEEK, folder / "out", DUE, "scheduler"))


@scene
def the_journals_heads(folder: Path) -> None:
    """No half head, and no empty key; the day's head is written once there is room."""
    with town(folder), open_reader(folder / "sideblik.db") as reader:
        with full(folder), pytest.raises(StoreError, match="signing key"):
            heads.signing_key(folder / "sideblik.db")
        key = heads.signing_key(folder / "sideblik.db")
        file = folder / "journal-heads.jsonl"
        with full(folder):
            day = _until_refused(lambda day: heads.append(file, heads.sign(reader, key, NOON + day * DAY)))
        assert day == len(list(heads.read(file)))
        heads.append(file, heads.sign(reader, key, NOON + day * DAY))
        assert day + 1 == len(list(heads.read(file)))
        assert heads.broken(reader, heads.read(file), key.public_key()) is None


@scene
def a_key(folder: Path) -> None:
    """The key is there whole or not at all."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE messages (id INTEGER)")
    with full(folder), pytest.raises(StoreError, match="cannot be used"):
        keys.load(folder / "sideblik.db", conn)
    assert [] == list(folder.iterdir())
    assert 32 == len(keys.load(folder / "sideblik.db", conn))


@scene
def a_backup(folder: Path) -> None:
    """The older ones stay; nothing of the broken one is left to fill the disk, neither in the clear nor encrypted."""
    with town(folder) as store:
        store.save(SCHOOL_PAGE, [plain(f"m{number}", Random(number).randbytes(700).hex()) for number in range(400)])
        good = backup.make(folder / "sideblik.db", folder / "backups", PUBLIC, NOON, keep=1).path
        tried = [_kept_whole(folder, good, room) for room in range(0, 12_000_000, 500_000)]
        assert tried == sorted(tried)
        assert 5 < tried.count(False) < len(tried)  # it broke off in the copy, in the archive and in its encryption
        [made] = backup.found(folder / "backups")
    for room in (0, 300_000, 2_000_000):
        with full(folder, room=room), pytest.raises(StoreError, match="cannot be unpacked"):
            backup.restore(made.path, SECRET, folder / "sideblik.db", NOON)
    backup.restore(made.path, SECRET, folder / "sideblik.db", NOON)
    assert [(402,)] == rows(folder, "SELECT count(*) FROM messages")


def _kept_whole(folder: Path, good: Path, room: int) -> bool:
    """Whether a backup found room; where it did not, the good one is all there is."""
    try:
        with full(folder, room=room):
            backup.make(folder / "sideblik.db", folder / "backups", PUBLIC, NOON + DAY, keep=1)
    except StoreError:
        assert [good] == list((folder / "backups").iterdir())
        assert [] == list(folder.glob(".backup-*"))
        return False
    return True


@scene
def retention(folder: Path) -> None:
    """What could not be emptied is not counted; bytes that could not be taken out are owed still."""
    with town(folder) as store:
        store.save(SCHOOL_PAGE, many())
        store._clock.ahead(days=400)  # type: ignore[attr-defined]
        with full(folder), pytest.raises(StoreError, match="disk is full"):
            store.sweep()
        kept = rows(folder, "SELECT count(*) FROM messages WHERE text <> ''")[0][0]
        done = rows(folder, "SELECT count(*) FROM emptied")[0][0]
        assert 402 == kept + done
        assert 402 - done == sum(store.sweep().texts.values())
        with full(folder), pytest.raises(StoreError):
            store.wipe()
        assert [(0,)] == rows(folder, "SELECT asked = done FROM wiping")
        assert store.wipe()
    assert b"legepladsen" not in b"".join(path.read_bytes() for path in folder.glob("sideblik.db*"))


@scene
def an_erasure(folder: Path) -> None:
    """Neither half a protocol nor an erasure without one; nothing half is left of an answer either."""
    protocol = folder / "protocol.json"
    with town(folder) as store:
        store.save(SCHOOL_PAGE, many())
        found = store.sought(Sought(messages=tuple(range(3, 403))))
        assert 400 == len(found.messages)
        with full(folder):
            for act in (
                lambda: insight.erase(store, found, "26/1", protocol, NOON),
                lambda: insight.write(folder / "answer.txt", "Svar. " * 10_000),
            ):
                with pytest.raises(StoreError):
                    act()
        assert [] == list(folder.glob("*.json")) + list(folder.glob("*.txt"))
        assert [(400,)] == rows(folder, "SELECT count(*) FROM messages WHERE text LIKE '%legepladsen%'")
        assert insight.erase(store, found, "26/1", protocol, NOON)
        assert 400 == len(insight.again(protocol))


@scene
def judging_again(folder: Path) -> None:
    """What was judged stays judged; the rest is judged once there is room."""
    with town(folder) as store:
        store.save(SCHOOL_PAGE, many())
        with full(folder), pytest.raises(StoreError, match="disk is full"):
            rejudge(store, Engine(), clock=store._clock)
        rejudge(store, Engine(), clock=store._clock)
        assert [(0,)] == rows(folder, "SELECT count(*) FROM messages WHERE rules = 'r1'")
    whole(folder)


@scene
def notices(folder: Path) -> None:
    """A mail whose sending cannot be noted is not sent, and goes out once there is room."""
    sent: list[int] = []
    with town(folder) as store:
        number = store.add_person(ALL, "kim", Person("anna", "Anna", "administrator", ("skolen",)))
        store.add_notices([Draft(number, "serious", "case:1", NOON)])
        with full(folder):
            _use_up(store)
            with pytest.raises(StoreError, match="disk is full"):
                store.send_notices(lambda bundle: not sent.append(bundle.person))
        assert [] == sent
        assert 1 == store.send_notices(lambda bundle: not sent.append(bundle.person))
        assert [number] == sent


@scene
def a_disk_that_cannot_be_written(folder: Path) -> None:
    """Told in a sentence by whoever writes; nothing is changed, and afterwards all goes on."""
    town(folder).close()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for refused in (_take, _report, _head, _backup):
        with pytest.raises(StoreError):
            refused(folder)
    with open_reader(folder / "sideblik.db") as reader:
        assert 1 == len(queries.queue(reader, ALL, Category.INQUIRY))
    subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    assert _take(folder).done
    whole(folder)


def _take(folder: Path) -> acting.Told:
    with Store.open(folder / "sideblik.db", clock=Clock()) as store:
        return acting.take(store, KIM, 1, 1)


def _report(folder: Path) -> None:
    with open_reader(folder / "sideblik.db") as reader:
        reports.weekly(reader, ALL, WEEK, folder / "out", DUE)


def _head(folder: Path) -> None:
    heads.signing_key(folder / "sideblik.db")


def _backup(folder: Path) -> None:
    backup.make(folder / "sideblik.db", folder / "backups", PUBLIC, NOON, keep=1)


def main(arguments: Sequence[str]) -> None:
    SCENES[arguments[0]](Path(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
