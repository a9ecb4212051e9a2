"""A disk that can be filled, a database on it, and the scenes that are played there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.access import Viewer
from data import backup
from data.errors import StoreError
from data.store import Store
from tests.records import ALL, SCHOOL_PAGE, Clock, asking, plain, rows, set_up, telling

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


def until_refused(act: Callable[[int], object]) -> int:
    """How often it could be done; a disk gives room by the block, so that the first ones may still find some."""
    for number in range(2000):
        try:
            act(number)
        except StoreError:
            return number
    raise AssertionError("it was never refused")


def use_up(store: Store) -> None:
    """Until no transaction finds room: first those that make the database grow, then those that change one page."""
    until_refused(lambda number: store.note("test", "fill", f"{number}"))
    until_refused(lambda number: store.remember(SCHOOL_PAGE.id, {"number": f"{number}"}))


def many(begin: int = 0, count: int = 400) -> list:
    return [plain(f"m{number}", LONG, digest=f"d{number}") for number in range(begin, begin + count)]


def whole(folder: Path) -> None:
    assert [("ok",)] == rows(folder, "PRAGMA integrity_check")
