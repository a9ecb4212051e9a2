from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from records import SCHOOL_PAGE, plain, set_up

from data.connection import APPLICATION, STEPS, connect
from data.errors import StoreError
from data.migrations import migrations
from data.queries import open_reader
from data.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def test_steps_are_counted() -> None:
    """The number that readers compare with is that of the migrations."""
    assert len(migrations._migrations) == STEPS


def test_every_table_is_strict_and_keys_are_on(tmp_path: Path) -> None:
    """All own tables are STRICT, and a row that points nowhere is refused."""
    with Store.open(tmp_path / "a.db") as store:
        tables = store._conn.execute("PRAGMA table_list").fetchall()
        loose = {
            row["name"] for row in tables if row["schema"] == "main" and row["type"] == "table" and not row["strict"]
        }
        assert {"sqlite_schema", "_sqlite_migrations"} == loose
        with pytest.raises(sqlite3.IntegrityError):
            store._conn.execute(
                "INSERT INTO pages (id, institution_id, platform, name, url, goal_hours, every_seconds)"
                " VALUES ('a', 'nowhere', 'x', 'x', 'x', 1, 1)"
            )


def test_connection_settings(tmp_path: Path) -> None:
    """Each connection that writes has the log, the waiting time and the checks that the design asks for."""
    with Store.open(tmp_path / "a.db") as store:
        told = {
            name: store._conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "busy_timeout", "synchronous", "foreign_keys", "cache_size")
        }
    expected = {"journal_mode": "wal", "busy_timeout": 5000, "synchronous": 1, "foreign_keys": 1, "cache_size": -32000}
    assert expected == told


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """A reader's connection refuses to write, and the refusal is told as a sentence."""
    Store.open(tmp_path / "a.db").close()
    with open_reader(tmp_path / "a.db") as reader, pytest.raises(StoreError, match="may not be written"):
        reader.execute("DELETE FROM pages")


def test_no_database_yet(tmp_path: Path) -> None:
    """A reader of a database that is not there says what to start first, and makes none."""
    with pytest.raises(StoreError, match="no database"):
        open_reader(tmp_path / "a.db")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("opened", [Store.open, open_reader])
def test_not_a_database(tmp_path: Path, opened) -> None:
    """A file of something else is told to be no database, and left as it is."""
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not a database"):
        opened(path)
    assert before == path.read_bytes()


@pytest.mark.parametrize("opened", [Store.open, open_reader])
def test_database_of_another_program(tmp_path: Path, opened) -> None:
    """A database that holds somebody else's tables is not taken over."""
    conn = sqlite3.connect(tmp_path / "a.db")
    conn.execute("CREATE TABLE theirs (a)")
    conn.commit()
    conn.close()
    with pytest.raises(StoreError, match="another program"):
        opened(tmp_path / "a.db")


@pytest.mark.parametrize("opened", [Store.open, open_reader])
def test_newer_schema(tmp_path: Path, opened) -> None:
    """A database that a newer Sideblik has been at is not touched by an older one."""
    Store.open(tmp_path / "a.db").close()
    conn = sqlite3.connect(tmp_path / "a.db")
    conn.execute(f"PRAGMA user_version = {STEPS + 1}")
    conn.close()
    with pytest.raises(StoreError, match="newer Sideblik"):
        opened(tmp_path / "a.db")


def test_older_schema(tmp_path: Path) -> None:
    """A reader asks for the collector to renew an older database; a store renews it, and applies no step twice."""
    Store.open(tmp_path / "a.db").close()
    conn = sqlite3.connect(tmp_path / "a.db")
    conn.execute(f"PRAGMA user_version = {STEPS - 1}")
    conn.close()
    with pytest.raises(StoreError, match="older Sideblik"):
        open_reader(tmp_path / "a.db")
    Store.open(tmp_path / "a.db").close()
    open_reader(tmp_path / "a.db").close()


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    """A path that cannot be a file is told with what to check."""
    with pytest.raises(StoreError, match="check the folder"):
        Store.open(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="check the folder"):
        Store.open(tmp_path / "file" / "a.db")


def test_full_disk(tmp_path: Path) -> None:
    """A full disk is told as such; what was saved before stays, and the batch can be saved once there is room."""
    with Store.open(tmp_path / "a.db") as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain("c1")])
        pages = store._conn.execute("PRAGMA page_count").fetchone()[0]
        store._conn.execute(f"PRAGMA max_page_count = {pages}")
        batch = [plain(f"c{number}", "En lang besked. " * 200) for number in range(2, 50)]
        with pytest.raises(StoreError, match="disk is full"):
            store.save(SCHOOL_PAGE, batch)
        assert ["c1"] == list(store.known("facebook", [one.message.message_id for one in batch] + ["c1"]))
        store._conn.execute("PRAGMA max_page_count = 1000000")
        assert 48 == store.save(SCHOOL_PAGE, batch).new


def test_damaged_database(tmp_path: Path) -> None:
    """A damaged file is told as such, with what to put in its place."""
    with Store.open(tmp_path / "a.db") as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain(f"c{number}", "En besked. " * 50) for number in range(200)])
    raw = bytearray((tmp_path / "a.db").read_bytes())
    raw[8192:-8192] = b"\xff" * (len(raw) - 16384)
    (tmp_path / "a.db").write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"), Store.open(tmp_path / "a.db") as store:
        store.save(SCHOOL_PAGE, [plain("c1", "ny tekst")])


def test_a_short_key(tmp_path: Path) -> None:
    """A key file that was cut is told and never used."""
    with Store.open(tmp_path / "a.db") as store:
        (tmp_path / "a.key").write_bytes(b"short")
        with pytest.raises(StoreError, match="holds 5 bytes"):
            store.digest("hej")


def test_opened_by_many_at_once(tmp_path: Path) -> None:
    """Threads that open a new database at the same moment all get one, made once, with one key."""
    barrier = Barrier(6)

    def opened(_: int) -> str:
        barrier.wait()
        with Store.open(tmp_path / "new" / "a.db") as store:
            return store.digest("hej")

    with ThreadPoolExecutor(6) as pool:
        digests = set(pool.map(opened, range(6)))
    assert 1 == len(digests)
    assert ["a.db", "a.key"] == sorted(path.name for path in (tmp_path / "new").iterdir())


def test_marked_as_ours(tmp_path: Path) -> None:
    """The file says whose it is, so that a wrong path in the configuration is noticed."""
    Store.open(tmp_path / "a.db").close()
    conn = connect(tmp_path / "a.db")
    assert APPLICATION == conn.execute("PRAGMA application_id").fetchone()[0]
    conn.close()


def test_search_index_follows(tmp_path: Path) -> None:
    """The search index follows inserts, edits and deletions, and is not written when only a count changes."""
    with Store.open(tmp_path / "a.db") as store:
        set_up(store)
        conn = store._conn
        store.save(SCHOOL_PAGE, [plain("c1", "søskende"), plain("c2", "blåbær")])
        store.save(SCHOOL_PAGE, [plain("c1", "fætter")])
        conn.execute("DELETE FROM messages WHERE message_id = 'c2'")
        before = conn.execute("SELECT max(id), count(*) FROM messages_fts_data").fetchone()[:]
        conn.execute("UPDATE messages SET missing = 1")
        assert before == conn.execute("SELECT max(id), count(*) FROM messages_fts_data").fetchone()[:]
        found = {
            word: conn.execute("SELECT count(*) FROM messages_fts WHERE messages_fts MATCH ?", (word,)).fetchone()[0]
            for word in ("søskende", "blåbær", "fætter")
        }
        conn.execute("INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)")
    assert {"søskende": 0, "blåbær": 0, "fætter": 1} == found


def test_readers_stay_light(tmp_path: Path) -> None:
    """Who reads, or writes to a database that is up to date, does not load sqlite-utils, which loads pandas."""
    Store.open(tmp_path / "a.db").close()
    script = """
import sys
from pathlib import Path
from data.queries import open_reader
from data.store import Store
open_reader(Path(sys.argv[1])).close()
Store.open(Path(sys.argv[1])).close()
print(sorted({"sqlite_utils", "pandas"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", script, str(tmp_path / "a.db")]
    assert "[]\n" == subprocess.run(command, capture_output=True, text=True, check=True).stdout
