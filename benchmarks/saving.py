"""Saving against plain `executemany` of the same rows into the same tables, in one run, side by side.

    python benchmarks/saving.py [MESSAGES]

Both write the same rows in batches of 1,000, each batch one transaction, into a database made by the same migrations
(indexes, search index and all). `Store.save` also looks up what is stored, compares, counts weeks and builds the rows;
for `executemany` they lie ready. Rounds alternate, so that a slow spell of the machine strikes both; the ratio is that
of the medians.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.dataset import END, INSTITUTIONS, PAGES, batches
from data.connection import connect
from data.store import Store
from data.types import Judged, Page

ROUNDS = 5
Batches = list[tuple[Page, list[Judged]]]


def main(messages: int) -> None:
    work = list(batches(messages))
    total = sum(len(batch) for _, batch in work)
    saved, again, plain = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            first, second = _save(Path(folder) / f"save{number}.db", work)
            saved.append(first)
            again.append(second)
            plain.append(_plain(Path(folder) / f"save{number}.db", Path(folder) / f"plain{number}.db", work))
    for name, spent in (("Store.save", saved), ("the same again", again), ("plain executemany", plain)):
        print(f"{name:20} {total / median(spent):>10,.0f} messages/s")
    print(f"ratio Store.save / plain executemany: {median(plain) / median(saved):.2f}")


def _save(path: Path, work: Batches) -> tuple[float, float]:
    with Store.open(path, clock=lambda: END) as store:
        store.set_places(INSTITUTIONS, PAGES)
        spent = []
        for _ in range(2):
            begun = time.perf_counter()
            for page, batch in work:
                store.save(page, batch)
            spent.append(time.perf_counter() - begun)
    return spent[0], spent[1]


def _plain(source: Path, path: Path, work: Batches) -> float:
    """The seconds that `executemany` takes for the rows that `Store.save` made, a batch a transaction."""
    with Store.open(path) as store:
        store.set_places(INSTITUTIONS, PAGES)
    ready = [_rows(source, batch) for batch in _spans(work)]
    conn = connect(path)
    begun = time.perf_counter()
    for tables in ready:
        conn.execute("BEGIN IMMEDIATE")
        for table, rows in tables.items():
            if rows:
                verb = "REPLACE" if table == "volumes" else "INSERT"  # a week's row comes again with each batch
                conn.executemany(f"{verb} INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        conn.execute("COMMIT")
    spent = time.perf_counter() - begun
    conn.close()
    return spent


def _spans(work: Batches) -> list[tuple[int, int]]:
    spans, first = [], 1
    for _, batch in work:
        spans.append((first, first + len(batch)))
        first += len(batch)
    return spans


def _rows(source: Path, span: tuple[int, int]) -> dict[str, list[Any]]:
    """What one batch became: the rows of its messages, by table."""
    conn = sqlite3.connect(source)
    try:
        return {
            "messages": conn.execute("SELECT * FROM messages WHERE id >= ? AND id < ?", span).fetchall(),
            "findings": conn.execute("SELECT * FROM findings WHERE message >= ? AND message < ?", span).fetchall(),
            "cases": conn.execute("SELECT * FROM cases WHERE message >= ? AND message < ?", span).fetchall(),
            "volumes": conn.execute(
                "SELECT * FROM volumes WHERE (week, page_id) IN"
                " (SELECT DISTINCT week, page_id FROM messages WHERE id >= ? AND id < ?)",
                span,
            ).fetchall(),
        }
    finally:
        conn.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
