from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import (
    ALL,
    HOME,
    HOME_PAGE,
    NOON,
    SCHOOL,
    SCHOOL_PAGE,
    Clock,
    asking,
    plain,
    rows,
    set_up,
)

from data import queries
from data.errors import StoreError
from data.store import Store
from data.types import Attachment, Category


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def test_files_are_for_their_owner(tmp_path: Path) -> None:
    """The folder, the database and the key are made for their owner alone."""
    path = tmp_path / "new" / "sideblik.db"
    Store.open(path).close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_suffix(".key").stat().st_mode & 0o777 == 0o600


def test_unknown_page_is_told(store: Store) -> None:
    """Saving under a page that the configuration never named is an error that says so, and nothing is kept."""
    with pytest.raises(StoreError, match="not known"):
        store.save(replace(SCHOOL_PAGE, id="nowhere"), [plain("c1")])
    assert {} == store.known("facebook", ["c1"])


def test_thread_in_order(store: Store) -> None:
    """A thread comes with its post first, then oldest first, as it was saved."""
    late = plain("c1", created_at=NOON, attachments=(Attachment("photo", "https://example.dk/f", "en tegning"),))
    store.save(SCHOOL_PAGE, [late, plain("c2"), plain("p1", created_at=None)])
    thread = store.thread("facebook", "p1")
    assert ["p1", "c2", "c1"] == [one.message_id for one in thread]
    assert late.message == thread[-1]


def test_memory(store: Store) -> None:
    """What a visit asks to be remembered of a page is there at the next one, and replaced as a whole."""
    assert {} == store.memory("skole_fb")
    store.remember("skole_fb", {"etag": "a", "next": "b"})
    store.remember("skole_fb", {"etag": "c"})
    assert {"etag": "c"} == store.memory("skole_fb")
    assert {} == store.memory("nowhere")


def test_places_that_left_are_inactive(store: Store, tmp_path: Path) -> None:
    """A place that left the configuration keeps its cases and is listed last; one that came back is active."""
    store.save(HOME_PAGE, [asking("c1", page=HOME_PAGE)])
    store.set_places([SCHOOL], [SCHOOL_PAGE])
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert ["skolen", "hjemmet"] == [place.id for place in queries.places(reader, ALL).institutions]
        assert ["skole_fb"] == [page.id for page in queries.pages(reader, ALL)]
        assert 1 == queries.queue_count(reader, ALL, Category.INQUIRY)
    store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE])
    assert [(1,), (1,)] == rows(tmp_path, "SELECT active FROM pages")


def test_keys(store: Store, tmp_path: Path) -> None:
    """Digests are keyed: the same for the same text in one database, others in another; a writer's per thread."""
    assert store.digest("hej") == store.digest("hej") != store.digest("hej ")
    assert store.author_key("p1", "7") != store.author_key("p2", "7")
    assert store.author_key("p1", "17") != store.author_key("p11", "7")
    assert "" == store.author_key("p1", "")
    with Store.open(tmp_path / "other.db") as other:
        assert other.digest("hej") != store.digest("hej")
    with Store.open(tmp_path / "sideblik.db") as again:
        assert again.digest("hej") == store.digest("hej")


def test_a_lost_key_is_told(store: Store, tmp_path: Path) -> None:
    """A database whose key is gone does not take every message for edited: it says what to put back."""
    store.save(SCHOOL_PAGE, [plain("c1")])
    (tmp_path / "sideblik.key").unlink()
    with Store.open(tmp_path / "sideblik.db") as again, pytest.raises(StoreError, match=r"sideblik\.key.*backup"):
        again.digest("hej")


def test_jobs(store: Store, tmp_path: Path) -> None:
    """A job is due once; while it runs nobody else begins it; one that ended badly may be begun again."""
    assert store.job_due("weekly", NOON)
    with Store.open(tmp_path / "sideblik.db") as other:
        assert not other.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=False)
    assert store.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=True)
    assert not store.job_due("weekly", NOON)
    assert store.job_due("weekly", NOON + timedelta(days=7))
    store.job_done("weekly", NOON + timedelta(days=7), ok=True)


def test_a_job_cut_off_by_a_kill(store: Store) -> None:
    """A job that another process began and never ended may be begun again."""
    store._conn.execute("INSERT INTO jobs (job, due, started_at) VALUES ('weekly', '2026-11-18T12:00:00Z', '')")
    assert store.job_due("weekly", NOON)
    store.job_done("weekly", NOON, ok=True)
