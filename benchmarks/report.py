"""Writing the weekly CSV: how long it takes with few and with many messages stored.

    python -m benchmarks.report SMALL.db LARGE.db

The databases are made by `python -m benchmarks.dataset PATH MESSAGES`. A week's file is read from rollups and from
the week's own cases, so that its time follows the week and not the database.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.dataset import END
from dashboard import reports
from dashboard.wiring import EVERYTHING
from data.queries import open_reader

ROUNDS = 5


def main(small: Path, large: Path) -> None:
    few, many = _measure(small), _measure(large)
    print(f"ratio weekly CSV, many stored / few stored: {many / few:.2f}")


def _measure(database: Path) -> float:
    """The middle time of writing the last whole week, in seconds; told with its size."""
    week = reports.last_week(END)
    spent = []
    with open_reader(database) as reader, tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            pages, cases = reports.weekly(reader, EVERYTHING, week, Path(folder), END)
            spent.append(time.perf_counter() - begun)
        rows = [len(path.read_bytes().splitlines()) - 1 for path in (pages, cases)]
        stored = reader.number("SELECT count(*) FROM messages")
    print(f"{stored:>9,} stored: {median(spent) * 1000:8.0f} ms for {rows[0]} pages and {rows[1]} cases")
    return median(spent)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
