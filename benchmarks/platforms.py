"""Every platform over real HTTP on loopback: API calls against the least that page sizes allow, comments/s, memory.

    python -m benchmarks.platforms [PAGES] [COMMENTS] [LATENCY]

The sandbox runs in a process of its own and holds each answer back for LATENCY seconds. Every page is visited twice in
a pool of four, as the scheduler visits: the first time everything is new, the second time nothing changed. A page has
its comments under twenty posts; one comment in ten is a reply. Web sites are WordPress, the only ones with comments.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from math import ceil
from pathlib import Path

from analysis.engine import Engine
from collectors.http import Http
from collectors.platforms import names
from collectors.sandbox.configuration import page_rows
from collectors.sandbox.dialects import SPOKEN, dialect_of
from collectors.sandbox.load import Load
from collectors.sandbox.scenario import Place
from collectors.visit import VisitResult, visit
from data.store import Store
from data.types import Kind, Outcome, Page, Tally

SEED = 7
WORKERS = 4
SPEAK = tuple(one.kinds[0] for one in SPOKEN if one.social)
Least = Callable[[Sequence[tuple[int, int]]], int]


def _lists(comments: int, size: int) -> int:
    """Calls for one list."""
    return max(1, ceil(comments / size))


# Calls for a first visit to a page whose posts have so many comments, and so many of them with one reply.
LEAST: Mapping[str, Least] = {
    # the token, visitors' posts, the posts with their first hundred comments each; then the threads' further hundreds
    "facebook": lambda posts: 2 + _lists(len(posts), 25) + sum(_lists(tops + more, 100) - 1 for tops, more in posts),
    # the token, the media with their first fifty comments each and replies to those; then the threads' further fifties
    "instagram": lambda posts: 1 + _lists(len(posts), 25) + sum(_lists(tops, 50) - 1 for tops, _ in posts),
    # the channel, its uploads, their numbers, and all threads of the channel in one list, replies with them
    "youtube": lambda posts: 1 + 2 * _lists(len(posts), 50) + _lists(sum(tops for tops, _ in posts), 100),
    # the posts, their numbers, each thread, each comment's replies
    "linkedin": lambda posts: 2 * _lists(len(posts), 50) + sum(_lists(tops, 100) + more for tops, more in posts),
    # the account, its statuses, mentions, each thread
    "mastodon": lambda posts: 2 + _lists(len(posts), 40) + len(posts),
    # the login, the posts, mentions, each thread
    "bluesky": lambda posts: 2 + _lists(len(posts), 100) + len(posts),
    # the posts, and all comments of the site in one list
    "website": lambda posts: _lists(len(posts), 100) + _lists(sum(map(sum, posts)), 100),
}


class Bench:
    """Pages of the load scenario on every platform, the sandbox that serves them, and visits to them."""

    def __init__(self, load: Load, port: int) -> None:
        self.load = load
        self.http = Http()
        self.engine = Engine()
        self.institutions = {one.id: one for one in load.institutions}
        rows = {str(row["id"]): row for row in page_rows(f"http://127.0.0.1:{port}", load.places, 3600)}
        self.pages = [_page(one, rows[one.id]) for one in load.places]
        self.tokens = {one.id: make(SEED, one.ref) for one in load.places if (make := dialect_of(one).token)}

    def visits(self, path: Path) -> list[VisitResult]:
        with Store.open(path) as store:
            store.set_places(self.institutions.values(), self.pages)
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda page: self._visit(page, path), self.pages))

    def _visit(self, page: Page, path: Path) -> VisitResult:
        with Store.open(path) as store:
            return visit(
                page,
                store=store,
                http=self.http.view(),
                engine=self.engine,
                institution=self.institutions[page.institution_id],
                token=self.tokens.get(page.id),
            )


def _page(one: Place, row: Mapping[str, object]) -> Page:
    options = row["options"]
    assert isinstance(options, dict)
    platform, ref = str(row["platform"]), str(row["ref"])
    return Page(one.id, one.institution_id, platform, one.name, str(row["url"]), ref, options=options)


def main(pages: int, comments: int, latency: float) -> int:
    load = Load(pages, comments, seed=SEED, kinds=SPEAK)
    assert {dialect_of(one).platform for one in load.places} == set(names()), "a platform is not measured"
    print(f"{pages} pages on {len(SPEAK)} platforms, {pages * comments:,} comments, {latency * 1000:.0f} ms an answer")
    with tempfile.TemporaryDirectory() as folder, _sandbox(load, latency) as port:
        bench = Bench(load, port)
        path = Path(folder) / "platforms.db"
        good = _measure("first visits", bench.visits, path)
        good &= _measure("nothing changed", bench.visits, path)
        good &= _table(path, load)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if good else 1


def _measure(name: str, run: Callable[[Path], list[VisitResult]], path: Path) -> bool:
    begun, busy = time.perf_counter(), time.process_time()
    results = run(path)
    spent, busy = time.perf_counter() - begun, time.process_time() - busy
    total = sum((result.tally for result in results), Tally())
    bad = sum(result.outcome is not Outcome.COMPLETE for result in results)
    told = f"{name:16} {total.fetched:>9,} messages read, {total.new:>9,} new, {spent:>6.1f} s"
    ended = f"  {bad} NOT COMPLETE" if bad else ""
    print(f"{told} {total.fetched / spent:>7,.0f}/s  {busy:>6.1f} s CPU{ended}", flush=True)
    return not bad


def _table(path: Path, load: Load) -> bool:
    """One line a platform; whether every comment is stored once and the targets (1.2, 2 calls) hold."""
    print(
        f"{'':10} {'pages':>5} {'comments':>9} {'calls':>6} {'per 1,000':>9} {'least':>6} {'ratio':>6} {'unchanged':>9}"
    )
    good = True
    with closing(sqlite3.connect(path)) as conn:
        for platform in names():
            mine = [one for one in load.places if dialect_of(one).platform == platform]
            ids = [one.id for one in mine]
            stored, first, again = _counted(conn, ids)
            least = sum(_least(load, one) for one in mine)
            told = f"{platform:10} {len(mine):>5} {stored:>9,} {first:>6,} {first / stored * 1000:>9.1f}"
            print(f"{told} {least / stored * 1000:>6.1f} {first / least:>6.2f} {again / len(mine):>9.2f}")
            good &= stored == len(mine) * load.size
    return good


def _counted(conn: sqlite3.Connection, pages: list[str]) -> tuple[int, int, int]:
    """Comments and replies stored, calls of the first visits, calls of the second."""
    marks = ",".join("?" * len(pages))
    stored = conn.execute(
        f"SELECT count(*) FROM messages WHERE page_id IN ({marks}) AND kind <> 'post'",
        pages,
    ).fetchone()[0]
    calls = conn.execute(
        f"SELECT calls, row_number() OVER (PARTITION BY page_id ORDER BY id) FROM visits WHERE page_id IN ({marks})",
        pages,
    ).fetchall()
    return stored, sum(made for made, turn in calls if turn == 1), sum(made for made, turn in calls if turn > 1)


def _least(load: Load, place: Place) -> int:
    below = [[one.kind for one in load.comments(post.id)] for post in load.posts(place.id)]
    counted = [(kinds.count(Kind.COMMENT), kinds.count(Kind.REPLY)) for kinds in below]
    return LEAST[dialect_of(place).platform](counted)


@contextmanager
def _sandbox(load: Load, latency: float) -> Iterator[int]:
    """The sandbox in a process of its own; its port."""
    size = ["--load", f"{load.pages}x{load.size}", "--kinds", ",".join(load.kinds), "--latency", str(latency)]
    command = [sys.executable, "-m", "collectors.sandbox", *size, "--seed", str(SEED)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(json.loads(process.stdout.readline())["port"])
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    wanted = sys.argv[1:]
    size, each = (int(wanted[0]), int(wanted[1])) if len(wanted) > 1 else (35, 1000)
    sys.exit(main(size, each, float(wanted[2]) if len(wanted) > 2 else 0.02))  # noqa: PLR2004
