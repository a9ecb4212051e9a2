"""Scenes on a small disk: reports, heads, keys, backups, protocols, and a disk that cannot be written."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from random import Random

import pytest

from dashboard import acting, insight, reports
from data import backup, heads, keys, queries
from data.errors import StoreError
from data.persons import Sought
from data.queries import open_reader
from data.store import Store
from data.types import Category
from tests.records import ALL, NOON, SCHOOL_PAGE, WEEK, Clock, plain, rows
from tests.small_disk import DAY, DUE, KIM, PUBLIC, SECRET, full, many, scene, town, until_refused, whole


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
            day = until_refused(lambda day: heads.append(file, heads.sign(reader, key, NOON + day * DAY)))
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
