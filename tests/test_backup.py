"""Backups: whole while somebody writes, closed to who has no key, and put back without losing what stood there."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from records import ALL, NOON, SCHOOL_PAGE, Clock, asking, set_up

from data import backup
from data.errors import SettingsError, StoreError
from data.store import Store
from data.types import Verdict

PUBLIC, SECRET = backup.make_key()
NAME = "sideblik.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A municipality's folder with a database that holds a comment and a decision."""
    with Store.open(tmp_path / NAME, clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking("c1")])
        store.decide(ALL, "anna", 1, 1, Verdict.NO_ANSWER_NEEDED, "Det står i opslaget.")
    return tmp_path


def made(folder: Path, at: datetime = NOON, keep: int = 14) -> backup.Backup:
    return backup.make(folder / NAME, folder / "backups", PUBLIC, at, keep=keep)


def counts(path: Path) -> list[int]:
    conn = sqlite3.connect(path)
    try:
        return [conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("messages", "journal")]
    finally:
        conn.close()


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}


def test_a_backup_put_back_is_what_was_backed_up(folder: Path) -> None:
    """Rows and key are those of the day; what stood there is kept under another name, and Sideblik opens it."""
    archive = made(folder).path
    before, key = counts(folder / NAME), (folder / "sideblik.key").read_bytes()
    with Store.open(folder / NAME) as store:
        store.save(SCHOOL_PAGE, [asking("c2")])
    kept = backup.restore(archive, SECRET, folder / NAME, NOON)
    assert before == counts(folder / NAME)
    assert key == (folder / "sideblik.key").read_bytes()
    assert [before[0] + 1, before[1]] == counts(next(path for path in kept if path.name.startswith(f"{NAME}.replaced")))
    with Store.open(folder / NAME) as store:
        assert 1 == store.save(SCHOOL_PAGE, [asking("c1")]).unchanged


def test_nobody_reads_a_backup_without_its_key(folder: Path) -> None:
    """No name, text or table stands in the file in the clear, it is its owner's alone, and another key is refused."""
    archive = made(folder).path
    content = archive.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert not [word for word in (b"SQLite format", b"sideblik.db", b"messages") if word in content]
    assert 0o600 == archive.stat().st_mode & 0o777
    for wrong in (backup.make_key()[1], "AGE-SECRET-KEY-1", ""):
        with pytest.raises(SettingsError, match="does not open"):
            backup.restore(archive, wrong, folder / NAME, NOON)
    assert {NAME, "sideblik.key", "backups"} == files(folder)


def test_a_backup_is_one_moment_whoever_writes(folder: Path) -> None:
    """While another process saves and saves, each copy is whole and holds no half of a batch."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        with Store.open(folder / NAME) as store:
            while not stop.is_set():
                store.save(SCHOOL_PAGE, [asking(f"p{number}-{one}") for one in range(10)])
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        archives = [made(folder, NOON + timedelta(seconds=one)).path for one in range(3)]
    finally:
        stop.set()
        writer.join()
    for archive in archives:
        backup.restore(archive, SECRET, folder / f"back-{archive.stat().st_ino}" / NAME, NOON)
    found = [counts(path)[0] for path in folder.glob("back-*/sideblik.db")]
    assert [1, 1, 1] == [count % 10 for count in found]


def test_the_newest_are_kept(folder: Path) -> None:
    """As many as asked for, and nothing else in the folder is touched."""
    (folder / "backups").mkdir()
    (folder / "backups" / "notes.txt").write_text("ours")
    days = [NOON + timedelta(days=one) for one in range(5)]
    for day in days:
        made(folder, day, keep=2)
    assert days[:2:-1] == [one.made_at for one in backup.found(folder / "backups")]
    assert (folder / "backups" / "notes.txt").exists()


@pytest.mark.parametrize("hurt", ["cut", "other", "empty", "changed"])
def test_what_is_no_backup_is_refused_and_nothing_touched(folder: Path, hurt: str) -> None:
    """A cut, changed or foreign file is told in a sentence; the database stands as before."""
    archive = made(folder).path
    content = archive.read_bytes()
    changed = content[:-100] + bytes([content[-100] ^ 1]) + content[-99:]
    archive.write_bytes({"cut": content[:-200], "other": b"PK" + content, "empty": b"", "changed": changed}[hurt])
    before = counts(folder / NAME)
    with pytest.raises((SettingsError, StoreError)):
        backup.restore(archive, SECRET, folder / NAME, NOON)
    assert before == counts(folder / NAME)
    assert {NAME, "sideblik.key", "backups"} == files(folder)


def test_a_database_in_use_is_not_replaced(folder: Path) -> None:
    """Somebody who has it open must stop first."""
    archive = made(folder).path
    with Store.open(folder / NAME) as store:
        store.save(SCHOOL_PAGE, [asking("c2")])
        with pytest.raises(StoreError, match="in use"):
            backup.restore(archive, SECRET, folder / NAME, NOON)
    assert {NAME, "sideblik.key", "backups"} == files(folder)


def test_a_damaged_database_is_replaced(folder: Path) -> None:
    """The way back from what SQLite cannot read any more."""
    archive, before = made(folder).path, counts(folder / NAME)
    for path in folder.glob(f"{NAME}*"):
        path.write_bytes(b"\0" * 8192)
    with pytest.raises(StoreError, match="damaged|not a database"):
        Store.open(folder / NAME)
    backup.restore(archive, SECRET, folder / NAME, NOON)
    assert before == counts(folder / NAME)


def test_a_damaged_database_makes_no_backup(folder: Path) -> None:
    """A copy that is not whole would push the good ones out; nothing older is removed."""
    good = made(folder, keep=1).path
    (folder / NAME).write_bytes(b"\0" * 8192)
    with pytest.raises(StoreError):
        made(folder, NOON + timedelta(days=1), keep=1)
    assert [good] == [one.path for one in backup.found(folder / "backups")]


def test_a_changed_journal_makes_no_backup(folder: Path) -> None:
    """A backup whose journal was rewritten would be believed later."""
    conn = sqlite3.connect(folder / NAME)
    conn.execute("DROP TRIGGER IF EXISTS journal_no_update")
    for (name,) in conn.execute(
        "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='journal'"
    ).fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("UPDATE journal SET actor = 'bo'")
    conn.commit()
    conn.close()
    with pytest.raises(StoreError, match="journal"):
        made(folder)


def test_a_wrong_public_key_is_told(folder: Path) -> None:
    """Before anything is copied."""
    with pytest.raises(SettingsError, match="age1"):
        backup.make(folder / NAME, folder / "backups", "age1nonsense", datetime.now(UTC), keep=1)
    assert not (folder / "backups").exists()


def test_what_a_killed_backup_left_is_removed(folder: Path) -> None:
    """Copies in the clear do not gather beside the database."""
    (folder / ".backup-left").mkdir()
    (folder / ".backup-left" / NAME).write_bytes(b"texts")
    made(folder)
    assert {NAME, "sideblik.key", "backups"} == files(folder)


def test_another_backup_under_way_keeps_its_folder(folder: Path) -> None:
    """One by hand during the night's own: each holds its folder, and only what nobody holds is removed."""
    (folder / ".backup-other").mkdir()
    other = os.open(folder / ".backup-other", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    made(folder)
    assert {NAME, "sideblik.key", "backups", ".backup-other"} == files(folder)
    os.close(other)
    made(folder)
    assert {NAME, "sideblik.key", "backups"} == files(folder)


def test_two_backups_at_once_are_both_whole(folder: Path) -> None:
    """Neither takes the other's copy away."""
    starts = [datetime(2026, 11, day, tzinfo=UTC) for day in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        backups = list(pool.map(lambda at: backup.make(folder / NAME, folder / "backups", PUBLIC, at, keep=9), starts))
    assert starts == [one.made_at for one in backups]
    assert {NAME, "sideblik.key", "backups"} == files(folder)
