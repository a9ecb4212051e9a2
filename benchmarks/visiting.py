"""Visiting a sandbox over real HTTP on loopback: fetch, parse, judge and save, end to end.

    python -m benchmarks.visiting [PAGES] [COMMENTS]

The sandbox runs in a process of its own. Every page is visited twice: the first visit saves everything, the second
finds it as before. Visits run one after another in one thread (what one worker does) and then, into a second database,
in a pool of four as the scheduler runs them. CPU seconds are this process's own, so that what the sandbox takes of the
same cores can be told apart.
"""

from __future__ import annotations

import json
import logging
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from analysis.engine import Engine
from collectors.http import Http
from collectors.sandbox.facebook import token_for
from collectors.sandbox.load import Load
from collectors.visit import VisitResult, visit
from data.store import Store
from data.types import Institution, Outcome, Page, Tally

SEED = 7
WORKERS = 4


class Bench:
    """Pages of the load scenario, the sandbox that serves them, and visits to them."""

    def __init__(self, pages: int, comments: int, port: int) -> None:
        self.load = Load(pages, comments, seed=SEED)
        self.http = Http()
        self.engine = Engine()
        base = f"http://127.0.0.1:{port}/facebook/v25.0"
        self.institutions = {one.id: one for one in self.load.institutions}
        self.tokens = {one.id: token_for(self.load, one) for one in self.load.places}
        self.pages = [
            Page(one.id, one.institution_id, "facebook", one.name, "", one.ref, options={"base_url": base})
            for one in self.load.places
        ]

    def visit(self, page: Page, store: Store) -> VisitResult:
        institution: Institution = self.institutions[page.institution_id]
        return visit(
            page,
            store=store,
            http=self.http.view(),
            engine=self.engine,
            institution=institution,
            token=self.tokens[page.id],
        )

    def alone(self, path: Path) -> list[VisitResult]:
        with self.open(path) as store:
            return [self.visit(page, store) for page in self.pages]

    def together(self, path: Path) -> list[VisitResult]:
        def one(page: Page) -> VisitResult:
            with Store.open(path) as store:
                return self.visit(page, store)

        self.open(path).close()
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(one, self.pages))

    def open(self, path: Path) -> Store:
        store = Store.open(path)
        store.set_places(self.institutions.values(), self.pages)
        return store


def main(pages: int, comments: int) -> None:
    with tempfile.TemporaryDirectory() as folder, _sandbox(pages, comments) as port:
        bench = Bench(pages, comments, port)
        one, many = Path(folder) / "alone.db", Path(folder) / "together.db"
        _measure("first visits, one worker", bench.alone, one)
        _measure("the same again, nothing new", bench.alone, one)
        _measure(f"first visits, {WORKERS} workers", bench.together, many)
        _calls(one)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _measure(name: str, run: Callable[[Path], list[VisitResult]], path: Path) -> None:
    begun, busy = time.perf_counter(), time.process_time()
    results = run(path)
    spent, busy = time.perf_counter() - begun, time.process_time() - busy
    total = sum((result.tally for result in results), Tally())
    bad = sum(result.outcome is not Outcome.COMPLETE for result in results)
    told = f"{name:30} {total.fetched:>8,} messages {spent:>7.1f} s {total.fetched / spent:>9,.0f}/s"
    print(
        f"{told}  {busy:>6.1f} s CPU {total.fetched / busy:>9,.0f}/s of CPU" + (f"  {bad} NOT COMPLETE" if bad else "")
    )


def _calls(path: Path) -> None:
    conn = sqlite3.connect(path)
    visits, calls, fetched = conn.execute("SELECT count(*), sum(calls), sum(fetched) FROM visits").fetchone()
    conn.close()
    print(f"API calls: {calls} in {visits} visits, {calls / fetched * 1000:.1f} per 1,000 messages")


@contextmanager
def _sandbox(pages: int, comments: int) -> Iterator[int]:
    """The sandbox in a process of its own; its port."""
    command = [sys.executable, "-m", "collectors.sandbox", "--load", f"{pages}x{comments}", "--seed", str(SEED)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(json.loads(process.stdout.readline())["port"])
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    wanted = [int(word) for word in sys.argv[1:]]
    main(*(wanted if len(wanted) == 2 else (30, 2000)))  # noqa: PLR2004, pages and comments
