"""Pages that an event asked to have visited: at once, once in a while, never through a limit, none forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from records import HOME_PAGE, SCHOOL_PAGE, Clock, set_up

from collectors.schedule import Schedule
from collectors.wakes import EASE, TROUBLED, Watch
from data.store import Store
from data.types import Outcome, Page

if TYPE_CHECKING:
    from pathlib import Path


class Scene:
    """A watch over a store, looked through by hand; `visited` are the pages that were visited."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.seconds = 100.0
        self.open = partial(Store.open, folder / "sideblik.db", clock=self.clock)
        self.store = self.open()
        set_up(self.store)
        self.visited: list[str] = []
        self.during = lambda _store: None
        pages = [SCHOOL_PAGE, HOME_PAGE]
        self.watch = Watch(pages, self.visit, self.open, threading.Event(), monotonic=lambda: self.seconds)

    def visit(self, page: Page, store: Store) -> None:
        self.visited.append(page.id)
        log = store.begin_visit(page)
        self.during(store)
        log.end(Outcome.COMPLETE)

    def look(self) -> list[str]:
        with ThreadPoolExecutor(2) as pool:
            for begun in self.watch.look(self.store, pool):
                begun.result(10)
        found, self.visited = sorted(self.visited), []
        return found


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def test_visited_once(scene: Scene) -> None:
    """Asked twice before the visit is one visit; a page that is not in the configuration is none."""
    scene.store.wake([SCHOOL_PAGE.id, "nowhere"])
    scene.store.wake([SCHOOL_PAGE.id, HOME_PAGE.id])
    assert [HOME_PAGE.id, SCHOOL_PAGE.id] == scene.look()
    assert ([], []) == (scene.look(), scene.store.woken())


def test_a_flood_is_one_visit_in_a_while(scene: Scene) -> None:
    """What is asked right after a visit waits for the ease, and is not forgotten."""
    scene.store.wake([SCHOOL_PAGE.id])
    assert [SCHOOL_PAGE.id] == scene.look()
    for _ in range(50):
        scene.store.wake([SCHOOL_PAGE.id])
        assert [] == scene.look()
    scene.seconds += EASE
    assert [SCHOOL_PAGE.id] == scene.look()


def test_told_during_a_visit(scene: Scene) -> None:
    """An event during a visit asks for another: what it told of may have come too late for this one."""
    scene.during = lambda store: store.wake([SCHOOL_PAGE.id])
    scene.store.wake([SCHOOL_PAGE.id])
    assert [SCHOOL_PAGE.id] == scene.look()
    scene.seconds += EASE
    assert [SCHOOL_PAGE.id] == scene.look()


def test_while_another_visit_runs(scene: Scene) -> None:
    """A page that is being visited is visited again when that is done."""
    log = scene.store.begin_visit(SCHOOL_PAGE)
    scene.store.wake([SCHOOL_PAGE.id])
    assert [] == scene.look()
    log.end(Outcome.COMPLETE)
    assert [SCHOOL_PAGE.id] == scene.look()


def test_a_killed_visit_holds_nobody_up(scene: Scene) -> None:
    """The row of a visit that a kill left running is no visit under way."""
    scene.store.begin_visit(SCHOOL_PAGE).release()
    scene.store.wake([SCHOOL_PAGE.id])
    assert not scene.store.under_way(SCHOOL_PAGE.id)


def test_near_the_limit(scene: Scene) -> None:
    """A page whose platform's limit is nearly used is left to its rhythm, and the wake is gone."""
    scene.store.note_usage(SCHOOL_PAGE.id, 80.0, None)
    scene.store.wake([SCHOOL_PAGE.id])
    assert ([], []) == (scene.look(), scene.store.woken())


def test_a_page_in_trouble(scene: Scene) -> None:
    """Events wake a page whose last visit did not read everything once a minute at most."""
    scene.store.wake([SCHOOL_PAGE.id])
    scene.look()
    scene.store.begin_visit(SCHOOL_PAGE).end(Outcome.FAILED)
    scene.store.wake([SCHOOL_PAGE.id])
    scene.seconds += EASE
    assert [] == scene.look()
    scene.seconds += TROUBLED
    assert [SCHOOL_PAGE.id] == scene.look()


def test_a_failing_visit(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged by its kind alone, and the next event is heard."""

    def fail(_store: Store) -> None:
        raise ValueError("Hej Karla")

    scene.during = fail
    scene.store.wake([SCHOOL_PAGE.id])
    scene.look()
    assert "ValueError" in caplog.text
    assert "Karla" not in caplog.text
    assert not scene.watch._running


def test_within_the_schedule(tmp_path: Path) -> None:
    """The schedule watches while it runs, and stops with everything ended."""
    visited: list[str] = []
    woken = threading.Event()
    path = tmp_path / "sideblik.db"

    def visit(page: Page, _store: Store) -> None:
        visited.append(page.id)
        if len(visited) > 1:
            woken.set()

    with Store.open(path) as store:
        set_up(store)
        schedule = Schedule([SCHOOL_PAGE], visit, open_store=lambda: Store.open(path), watch=True)
        schedule.start()
        store.wake([SCHOOL_PAGE.id])
        assert woken.wait(20)
        schedule.stop()
    assert {SCHOOL_PAGE.id} == set(visited)
