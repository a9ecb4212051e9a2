"""What happens on a disk that is full, or that cannot be written: run by `test_faults_disk.py` in a process of its own.

    unshare --map-root-user --mount sh -c 'mount -t tmpfs -o size=… && python -m tests.on_small_disk NAME FOLDER'

The disk is a real one (tmpfs) that nobody else sees and that goes with the process; full means that the system says so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from analysis.engine import Engine
from collectors.base import Batch, Request
from collectors.http import Http
from collectors.rejudging import rejudge
from collectors.visit import VisitResult, visit
from dashboard import acting
from data import queries, sessions
from data.connection import STEPS
from data.errors import StoreError
from data.notices import Draft
from data.people import Person
from data.queries import open_reader
from data.store import Store
from data.types import Category, Kind, Outcome, RawMessage, Status
from tests import on_small_disk_files  # noqa: F401, its scenes are kept by being read
from tests.records import ALL, NOON, SCHOOL, SCHOOL_PAGE, Clock, rows, set_up
from tests.small_disk import (
    DAY,
    DUE,
    KIM,
    LONG,
    SCENES,
    full,
    many,
    scene,
    town,
    until_refused,
    use_up,
    whole,
)
from tests.test_faults_kill import older


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
            use_up(store)
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
            until_refused(lambda _: store.begin_session(number, "link", DAY))
            with open_reader(folder / "sideblik.db") as reader:
                assert sessions.session(reader, word, NOON, DAY) is not None
        assert store.begin_session(number, "link", DAY)


@scene
def a_job(folder: Path) -> None:
    """A job whose beginning cannot be written is not begun, and is owed still: also to the process that asked."""
    with town(folder) as store:
        with full(folder):
            use_up(store)
            with pytest.raises(StoreError, match="disk is full"):
                store.job_due("report", DUE)
        assert store.job_due("report", DUE)
        store.job_done("report", DUE, ok=True)
        assert not store.job_due("report", DUE)


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
            use_up(store)
            with pytest.raises(StoreError, match="disk is full"):
                store.send_notices(lambda bundle: not sent.append(bundle.person))
        assert [] == sent
        assert 1 == store.send_notices(lambda bundle: not sent.append(bundle.person))
        assert [number] == sent


def main(arguments: Sequence[str]) -> None:
    SCENES[arguments[0]](Path(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
