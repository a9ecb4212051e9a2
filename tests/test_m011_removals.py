"""A database from before the ledger: its sightings become the questions that the ledger would have asked."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from records import ALL, HOME_PAGE, SCHOOL_PAGE, hidden, plain
from sqlite_utils import Database
from test_removals import Scene

from data import queries
from data.connection import APPLICATION, connect
from data.migrations import migrations
from data.removal_rows import Ground, RemovalRow, Standing
from data.store import Store
from data.types import Kind, Visibility

KEPT = ("institutions", "pages", "messages", "versions", "visits", "sightings")
Deed = Callable[[Scene], None]


def gone(scene: Scene) -> None:
    """A post with its comments, and of another post one comment with its reply."""
    reply = plain("c4", kind=Kind.REPLY, parent_id="c3", thread_id="p2")
    under = {"thread_id": "p2", "parent_id": "p2"}
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2"), plain("p2"), plain("c3", **under), reply])
    scene.visit({"p1", "c1", "c2", "p2", "c3", "c4"})
    for _ in range(2):
        scene.visit({"p2"})


def back_again(scene: Scene) -> None:
    """All of one question came back, and half of another."""
    gone(scene)
    scene.visit({"p1", "c1", "p2", "c3", "c4"})


def hidden_and_gone(scene: Scene) -> None:
    """Hidden, shown, hidden again and gone: three questions, of which the last stands."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.visit({"p1", "c1"})
    for visibility in (Visibility.HIDDEN, Visibility.VISIBLE, Visibility.HIDDEN):
        scene.clock.ahead(minutes=5)
        scene.store.touch(SCHOOL_PAGE, {"c1": visibility})
    for _ in range(2):
        scene.visit({"p1"})


def hidden_at_first(scene: Scene) -> None:
    """Before the page was read whole nobody asks; afterwards somebody does, on that page alone."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), hidden(plain("c1"))])
    scene.visit({"p1"})
    scene.clock.ahead(minutes=5)
    scene.store.save(SCHOOL_PAGE, [hidden(plain("c2"))])
    scene.store.save(HOME_PAGE, [plain("h1", page=HOME_PAGE), hidden(plain("h2", page=HOME_PAGE, thread_id="h1"))])


def refused(scene: Scene) -> None:
    """One thread that the platform would not show, once as it stood and once after it was seen again."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    for _ in range(2):
        scene.clock.ahead(minutes=5)
        scene.store.refuse(SCHOOL_PAGE, {"p1"}, listed={"p1"})
        scene.clock.ahead(minutes=5)
        scene.store.touch(SCHOOL_PAGE, dict.fromkeys(["p1", "c1", "c2"], Visibility.VISIBLE))
    scene.clock.ahead(minutes=5)
    scene.store.refuse(SCHOOL_PAGE, {"p1"})


@pytest.mark.parametrize("deed", [gone, back_again, hidden_and_gone, hidden_at_first, refused])
def test_the_questions_are_those_that_the_ledger_asks(tmp_path: Path, deed: Deed) -> None:
    """By what happened before, they are the same; only the look that missed it first is not known any more."""
    scene = Scene(tmp_path / "now")
    deed(scene)
    expected = shown(scene.ledger())
    assert expected
    scene.store.close()
    old = aged(scene.path, tmp_path / "old")
    with queries.open_reader(old) as reader:
        assert expected == shown(queries.removals(reader, ALL))
    assert went(scene.path) == went(old)


def test_they_can_be_answered(tmp_path: Path) -> None:
    """And what comes back afterwards leaves its question."""
    scene = Scene(tmp_path / "now")
    gone(scene)
    scene.store.close()
    old = aged(scene.path, tmp_path / "old")
    with Store.open(old, clock=scene.clock) as store:
        with queries.open_reader(old) as reader:
            first, second = queries.removals(reader, ALL)
        store.explain(ALL, "anna", {first.id: 1}, Ground.SPAM, "")
        store.touch(SCHOOL_PAGE, dict.fromkeys(["p1", "c1", "c2", "c3", "c4"], Visibility.VISIBLE))
    with queries.open_reader(old) as reader:
        now = {row.id: row.standing for row in queries.removals(reader, ALL)}
    assert {first.id: Standing.EXPLAINED, second.id: Standing.BACK} == now


def aged(path: Path, folder: Path) -> Path:
    """The database as it would be had Sideblik had no ledger yet, brought up to date."""
    folder.mkdir()
    old = folder / path.name
    with closing(connect(old)) as conn:
        conn.execute(f"PRAGMA application_id = {APPLICATION}")
        migrations.apply(Database(conn), stop_before="m011_removals")
        conn.execute("PRAGMA user_version = 1")  # a database without a step beside a key is taken for a lost one
        conn.execute("ATTACH ? AS new", (str(path),))
        for table in KEPT:
            told = [row["name"] for row in conn.execute(f"PRAGMA main.table_info({table})")]
            names = ", ".join(told)
            conn.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
        conn.commit()
    shutil.copy(path.with_suffix(".key"), old.with_suffix(".key"))
    Store.open(old).close()
    return old


def shown(found: list[RemovalRow]) -> set[RemovalRow]:
    """The ledger's rows without what an older database does not hold, and without their numbers."""
    return {replace(row, id=0, missed_at=row.at, after=None) for row in found}


def went(path: Path) -> list[tuple[object, ...]]:
    """Each message that went, with the head of its question and the hash of its text."""
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(
            "SELECT message, sightings.became, head, digest FROM sightings LEFT JOIN removals ON removals.id = removal"
            " ORDER BY sightings.id"
        ).fetchall()
