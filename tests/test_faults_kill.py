"""Real kills (`kill -9` of a process) in the middle of a migration, of the weekly report and of a night's job."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from dashboard import csvfile, reports
from data import heads, journal, queries
from data.connection import APPLICATION, STEPS
from data.errors import StoreError
from data.migrations import migrations
from data.store import Store
from tests.records import ALL, NOON, SCHOOL_PAGE, WEEK, Clock, asking, rows, set_up, telling

DUE = datetime(2026, 11, 23, 5, tzinfo=UTC)
HERE = """
import os, signal, sys
from pathlib import Path
path = Path(sys.argv[1])
def here():
    print("here", flush=True)
    signal.pause()
"""


def killed(code: str, path: Path) -> None:
    """Runs the code in a process of its own until it says that it is there, and kills it there."""
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    command = [sys.executable, "-c", HERE + textwrap.dedent(code), str(path)]
    environ = {**os.environ, "PYTHONPATH": folders}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        assert "here\n" == process.stdout.readline()
        process.kill()


def older(path: Path) -> str:
    """A database of the step before, with a row in its journal; the name of the step that it lacks."""
    last = migrations.pending(Database(memory=True))[-1].name
    conn = sqlite3.connect(path, isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA journal_mode=WAL")
    migrations.apply(Database(conn), stop_before=last)
    conn.execute(f"PRAGMA application_id = {APPLICATION}")
    conn.execute(f"PRAGMA user_version = {STEPS - 1}")
    journal.append(conn, at=NOON, actor="anna", action="look", subject="case:1")
    conn.close()
    return last


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a database that holds a question, a possible breach and what somebody decided."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking("c1"), telling("c2")])
        store.note("anna", "look", "case:1")
    return tmp_path


def test_killed_in_a_migration(tmp_path: Path) -> None:
    """The database is as it was, told as an older one; the next start renews it, and nothing of it was lost."""
    path = tmp_path / "sideblik.db"
    last = older(path)
    killed(
        """
        from data.migrations import migrations
        from data.store import Store

        @migrations()
        def half(db):
            db.execute("CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT")
            here()

        Store.open(path)
        """,
        path,
    )
    assert [] == rows(tmp_path, f"SELECT name FROM _sqlite_migrations WHERE name IN ('{last}', 'half')")
    with pytest.raises(StoreError, match="older Sideblik"):
        queries.open_reader(path)
    with Store.open(path) as store:
        set_up(store)
    assert [(last,)] == rows(tmp_path, "SELECT name FROM _sqlite_migrations ORDER BY rowid DESC LIMIT 1")
    assert [("ok",)] == rows(tmp_path, "PRAGMA integrity_check")
    assert [("anna",)] == rows(tmp_path, "SELECT actor FROM journal")
    assert [] == rows(tmp_path, "SELECT * FROM sqlite_master WHERE name = 'half'")


def test_killed_while_a_new_database_is_made(tmp_path: Path) -> None:
    """The next start makes it."""
    path = tmp_path / "sideblik.db"
    killed(
        """
        from data.migrations import migrations
        from data.store import Store
        migrations(name="half")(lambda db: here())
        Store.open(path)
        """,
        path,
    )
    with Store.open(path, clock=Clock()) as store:
        set_up(store)
        assert 1 == store.save(SCHOOL_PAGE, [asking("c1")]).new
    assert [(STEPS,)] == rows(tmp_path, "PRAGMA user_version")


def test_killed_in_the_weekly_report(town: Path) -> None:
    """No half file stands under a report's name; the report is owed still, and is then as if nothing had happened."""
    killed(
        f"""
        from data.store import Store
        from dashboard import csvfile
        from datetime import datetime
        def rows():
            yield ["half", "a", "row"]
            here()
        with Store.open(path) as store:
            assert store.job_due("report", datetime.fromisoformat("{DUE.isoformat()}"))
            csvfile.write(path.parent / "out" / "sideblik-{WEEK}-pages.csv", ["x"], rows())
        """,
        town / "sideblik.db",
    )
    out = town / "out"
    assert [] == reports.written(out)
    left = list(out.iterdir())
    assert 1 == len(left)
    os.utime(left[0], (time.time() - 7200,) * 2)
    with (
        Store.open(town / "sideblik.db", clock=Clock(DUE)) as store,
        queries.open_reader(town / "sideblik.db") as reader,
    ):
        assert store.job_due("report", DUE)
        issued = reports.issue(store, reader, WEEK, out, DUE, "scheduler")
        store.job_done("report", DUE, ok=True)
        assert not store.job_due("report", DUE)
        other = reports.weekly(reader, ALL, WEEK, town / "other", DUE)
    assert [path.read_bytes() for path in other] == [path.read_bytes() for path in issued]
    assert sorted(issued) == sorted(out.iterdir())


def test_what_somebody_else_writes_now_is_left(tmp_path: Path) -> None:
    """Only what a killed writer left long ago is removed: two may write the same week at once."""
    (tmp_path / ".a.csv.now").write_text("half")
    csvfile.write(tmp_path / "a.csv", ["x"], [["1"]])
    assert [".a.csv.now", "a.csv"] == sorted(path.name for path in tmp_path.iterdir())


def test_killed_while_the_journals_head_is_written(town: Path) -> None:
    """Half a line is no head that anybody was told of: the next one takes its place, and all are read again."""
    key = heads.signing_key(town / "sideblik.db")
    file = town / "journal-heads.jsonl"
    with queries.open_reader(town / "sideblik.db") as reader:
        heads.append(file, heads.sign(reader, key, NOON))
        whole = file.read_bytes()
        file.write_bytes(whole + whole[:40])
        heads.append(file, heads.sign(reader, key, NOON + timedelta(days=1)))
        assert ["2026-11-18", "2026-11-19"] == [head.day for head in heads.read(file)]
        assert heads.broken(reader, heads.read(file), key.public_key()) is None
