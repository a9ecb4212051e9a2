"""Pages that an event of their platform asked to have visited: found at once, visited at most every few seconds.

    wakes ──► known? budget left? nothing under way? not just visited? ──► a worker of its own ──► visit(page, store)

A page's row goes when its visit begins, so that what is told during a visit asks for another one. What is told of a
page that is near its platform's limit is left to its rhythm: an event makes a visit sooner and is never needed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from collectors.limits import SLOW_ABOVE
from data.errors import StoreError
from data.store import Store
from data.types import Page

log = logging.getLogger(__name__)

LOOK: Final = 0.25  # seconds between two looks for what was asked
EASE: Final = 2.0  # seconds from one such visit's start to the next of the same page: a flood is one visit
TROUBLED: Final = 60.0  # the same where the last visit did not read everything
AFTER_TROUBLE: Final = 5.0  # seconds before a database that failed is opened again
WORKERS: Final = 2  # of its own, so that first visits of many pages keep no event waiting


class Watch:
    """Looks for wakes until `stopping` is set. `visit` is called in a worker's thread with a Store of its own."""

    def __init__(
        self,
        pages: Iterable[Page],
        visit: Callable[[Page, Store], object],
        open_store: Callable[[], Store],
        stopping: threading.Event,
        *,
        ease: float = EASE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pages = {page.id: page for page in pages}
        self._visit = visit
        self._open_store = open_store
        self._stopping = stopping
        self._ease = ease
        self._monotonic = monotonic
        self._begun: dict[str, float] = {}
        self._running: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="wakes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """Return when what runs has ended; `stopping` must be set."""
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="woken") as pool:
            while not self._stopping.is_set():
                try:
                    with self._open_store() as store:
                        while not self._stopping.wait(LOOK):
                            self.look(store, pool)
                except StoreError as error:
                    log.warning("wakes cannot be read: %s", error)
                    self._stopping.wait(AFTER_TROUBLE)

    def look(self, store: Store, pool: ThreadPoolExecutor) -> list[Future[None]]:
        """Begin the visits that were asked for and may begin now."""
        return [pool.submit(self._go, page) for name in store.woken() if (page := self._ready(store, name))]

    def _ready(self, store: Store, name: str) -> Page | None:
        page, pulse = self._pages.get(name), store.pulse(name)
        if page is None or (pulse.used or 0.0) > SLOW_ABOVE:
            store.slept(name)
            return None
        ease = self._ease if pulse.complete or pulse.begun is None else TROUBLED
        passed = self._monotonic() - self._begun.get(name, -TROUBLED)
        if name in self._running or passed < ease or store.under_way(name):
            return None
        self._begun[name] = self._monotonic()
        self._running.add(name)
        return page

    def _go(self, page: Page) -> None:
        try:
            if not self._stopping.is_set():
                with self._open_store() as store:
                    store.slept(page.id)
                    self._visit(page, store)
        except Exception as error:  # noqa: BLE001, its words may hold texts from outside
            log.error("a visit that was asked for failed: %s", type(error).__name__)  # noqa: TRY400 likewise
        finally:
            self._running.discard(page.id)
