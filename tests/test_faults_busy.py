"""The night's wiping holds the write lock for as long as the database is large: no visit fails of it."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.collecting import scheduled
from dashboard.settings import load
from data.connection import PATIENT_SECONDS
from data.errors import StoreError
from data.store import Store
from data.types import Tally
from tests.records import SCHOOL_PAGE, Clock, plain, rows, set_up

TEXT = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
    return tmp_path / "sideblik.db"


def saved(path: Path, patience: float) -> Tally:
    with Store.open(path, clock=Clock(), patience=patience) as store:
        return store.save(SCHOOL_PAGE, [plain("c1")])


def test_who_is_patient_outwaits_a_lock(path: Path) -> None:
    """Who is not hears that the database was held too long, and nothing of it is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(saved, path, 60.0)
        with pytest.raises(StoreError, match="held it for too long"):
            saved(path, 0.3)
        assert not waiting.done()
        other.execute("COMMIT")
        assert Tally(fetched=1, new=1) == waiting.result(timeout=30)


def test_the_collector_is_patient(path: Path) -> None:
    """Every store that the schedule opens for a visit waits for two minutes, six times what a million messages take."""
    (path.parent / "sideblik.toml").write_text(TEXT, "utf-8")
    with scheduled(load(path.parent / "sideblik.toml"))._open_store() as store:
        assert PATIENT_SECONDS * 1000 == store._conn.execute("PRAGMA busy_timeout").fetchone()[0]


def test_saves_go_on_while_the_bytes_are_taken_out(path: Path) -> None:
    """Visits that save all the time beside the wiping lose nothing, and the wiping comes to its end."""
    wiped = threading.Event()

    def save() -> int:
        new = 0
        with Store.open(path, clock=Clock(), patience=60.0) as store:
            while not wiped.is_set() or not new:
                new += store.save(SCHOOL_PAGE, [plain(f"n{new + place}") for place in range(20)]).new
        return new

    clock = Clock()
    with Store.open(path, clock=clock, patience=60.0) as store, ThreadPoolExecutor(1) as pool:
        texts = [plain(f"c{number}", f"Besked {number} om broen. " * 20, digest=f"d{number}") for number in range(4000)]
        store.save(SCHOOL_PAGE, texts)
        clock.ahead(days=400)
        assert 4000 == sum(store.sweep().texts.values())
        saving = pool.submit(save)
        while not store.wipe():
            pass
        wiped.set()
        new = saving.result(timeout=60)
    assert [(new,)] == rows(path.parent, "SELECT count(*) FROM messages WHERE text <> ''")
    assert b"broen" not in b"".join(file.read_bytes() for file in path.parent.glob("sideblik.db*"))
