"""A database that the disk has damaged: told wherever it is, never a backup made of it, and the way back works."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard import cli, diagnosis
from dashboard.diagnosis import Level
from data import backup, journal, queries
from data.errors import StoreError
from data.store import Store
from data.types import Category
from tests.records import ALL, NOON, SCHOOL_PAGE, Clock, asking, plain, rows, set_up, telling

PUBLIC, SECRET = backup.make_key()
PAGE_SIZE = 4096
TEXT = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[backup]
recipient = "{public}"
folder = "backups"
"""
COUNTS = "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM cases), (SELECT count(*) FROM journal)"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a database in one file, a backup of it, and a configuration that names both."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        texts = [plain(f"c{number}", f"Besked {number} om legepladsen. " * 20) for number in range(150)]
        store.save(SCHOOL_PAGE, [*texts, asking("q1"), telling("t1")])
        store.note("anna", "look", "case:1")
    backup.make(tmp_path / "sideblik.db", tmp_path / "backups", PUBLIC, NOON, keep=3)
    (tmp_path / "sideblik.toml").write_text(TEXT.format(public=PUBLIC), "utf-8")
    (tmp_path / "key.txt").write_text(SECRET, "utf-8")
    return tmp_path


def smash(database: Path, page: int, content: bytes) -> None:
    with database.open("r+b") as file:
        file.seek(page * PAGE_SIZE)
        file.write(content * (PAGE_SIZE // len(content)))


def told_by_doctor(folder: Path) -> list[str]:
    found = diagnosis.examine(folder / "sideblik.toml", NOON, {})
    return [one.what for one in found if one.level is Level.WRONG and one.what.startswith("database: ")]


def work(database: Path) -> None:
    """What screens and visits do."""
    with Store.open(database, clock=Clock()) as store, queries.open_reader(database) as reader:
        for category in Category:
            queries.queue(reader, ALL, category)
        queries.search(reader, ALL, "legepladsen")
        queries.counts(reader, ALL, NOON)
        store.save(SCHOOL_PAGE, [plain(f"c{number}", "Rettet.") for number in range(150)])
        journal.verify(reader)


def test_every_page_of_the_file(town: Path) -> None:
    """Whichever page is lost, doctor tells it with the way back, and no backup is made of what is left.

    Screens and visits work without it or hear the same; nothing else than a StoreError comes of it.
    """
    whole = (town / "sideblik.db").read_bytes()
    pages = len(whole) // PAGE_SIZE
    unnoticed = []
    for page in range(pages):
        (town / "sideblik.db").write_bytes(whole)
        smash(town / "sideblik.db", page, (b"\0", b"\xff")[page % 2])
        if not any("sideblik restore" in one for one in told_by_doctor(town)):
            unnoticed.append(page)
            continue
        with pytest.raises(StoreError):
            backup.make(town / "sideblik.db", town / "backups", PUBLIC, NOON + timedelta(days=1), keep=1)
        with pytest.raises(StoreError) if page == 0 else _store_errors_only():
            work(town / "sideblik.db")
        _alone(town)
    assert pages > 50
    assert [] == unnoticed
    assert [NOON] == [one.made_at for one in backup.found(town / "backups")]


class _store_errors_only:  # noqa: N801 reads as what it is
    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, StoreError)


def _alone(folder: Path) -> None:
    for end in ("-wal", "-shm"):
        (folder / f"sideblik.db{end}").unlink(missing_ok=True)


@pytest.mark.parametrize("left", [0, 100, PAGE_SIZE, 20 * PAGE_SIZE + 7])
def test_a_file_that_was_cut(town: Path, left: int) -> None:
    """Told as well, by doctor and by the backup; whoever writes does not take it for a new one."""
    content = (town / "sideblik.db").read_bytes()
    (town / "sideblik.db").write_bytes(content[:left])
    assert 1 == len(told_by_doctor(town))
    with pytest.raises(StoreError):
        backup.make(town / "sideblik.db", town / "backups", PUBLIC, NOON + timedelta(days=1), keep=1)
    with pytest.raises(StoreError):
        work(town / "sideblik.db")


def test_a_database_that_is_gone(town: Path) -> None:
    """An empty one in its place would look like a quiet municipality: it is told, with the way back and the way on."""
    (town / "sideblik.db").unlink()
    with pytest.raises(StoreError, match="is empty or gone, .* 'sideblik restore', or move that file away"):
        Store.open(town / "sideblik.db")
    assert 1 == len(told_by_doctor(town))
    (town / "sideblik.key").rename(town / "old.key")
    Store.open(town / "sideblik.db").close()


def test_a_restore_that_was_killed(town: Path) -> None:
    """Between putting aside what stood there and the backup in its place: nothing begins anew, it is done again."""
    before = rows(town, COUNTS)
    backup._put_aside(town / "sideblik.db", NOON)
    with pytest.raises(StoreError, match="sideblik.db.replaced-20261118T120000Z is there"):
        Store.open(town / "sideblik.db")
    backup.restore(next((town / "backups").iterdir()), SECRET, town / "sideblik.db", NOON + timedelta(minutes=1))
    assert before == rows(town, COUNTS)
    Store.open(town / "sideblik.db").close()


def test_the_way_back(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`doctor` names the command; the command puts the backup back; everything of that day is there, and it goes on."""
    before = rows(town, COUNTS)
    with Store.open(town / "sideblik.db", clock=Clock()) as store:
        digest = store.digest("hej")
    smash(town / "sideblik.db", 5, b"\xff")
    config = ["--config", str(town / "sideblik.toml")]
    assert 0 != _run("doctor", *config)
    assert "put a backup in its place by 'sideblik restore'" in capsys.readouterr().out
    archive = str(next((town / "backups").iterdir()))
    assert 0 == _run("restore", archive, "--key", str(town / "key.txt"), *config)
    assert before == rows(town, COUNTS)
    assert [] == told_by_doctor(town)
    with Store.open(town / "sideblik.db", clock=Clock()) as store:
        assert digest == store.digest("hej")
        assert 1 == store.save(SCHOOL_PAGE, [asking("q1")]).unchanged
    with closing(sqlite3.connect(next(town.glob("sideblik.db.replaced-*")))) as conn:
        assert conn is not None


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return int(ended.value.code or 0)
