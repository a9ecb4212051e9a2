"""The one writer of CSV files: what leaves Sideblik as a table passes through here.

A file opens in a Danish spreadsheet without an import dialogue: semicolons, UTF-8 with a byte order mark, CRLF,
decimal comma, local times. A text cell that a spreadsheet would take for a formula is disarmed by an apostrophe
(OWASP, "CSV Injection"). `tests/test_csvfile.py` proves that no other module writes CSV.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from data.errors import StoreError
from data.times import COPENHAGEN

Cell = str | int | float | datetime | None

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
ENCODING = "utf-8-sig"
_LEFT_SECONDS = 3600


def cell(value: Cell) -> str:
    """One value as it stands in the file: None is empty, a time is Copenhagen's, to the minute."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float():
            return f"{value:.2f}".replace(".", ",")
        case datetime():
            return value.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M")
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Writes a whole file or none: it appears under its name only when complete. Returns the number of rows.

    Rows are taken one by one, so that a million of them need no memory. Raises `StoreError` when the folder cannot be
    written.
    """
    with _whole(path) as handle, os.fdopen(handle, "w", encoding=ENCODING, errors="replace", newline="") as file:
        count = _fill(file, header, rows)
        file.flush()
        os.fsync(file.fileno())
    return count


def write_bytes(path: Path, made: bytes) -> None:
    """Writes another report's file the same way, whole or not at all."""
    with _whole(path) as handle, os.fdopen(handle, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _whole(path: Path) -> Iterator[int]:
    """A file beside the one that is meant, which takes its name when it is written to the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise StoreError(_unwritable(path, problem)) from None
    try:
        yield handle
        Path(name).replace(path)
    except OSError as problem:
        raise StoreError(_unwritable(path, problem)) from None
    finally:
        Path(name).unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Remove what killed writers of this file left long ago; what is younger may be another's who writes now."""
    for left in path.parent.glob(f".{path.name}.*"):
        with suppress(FileNotFoundError):  # its writer has just finished
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink()


def content(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same file as bytes, for a download."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=ENCODING, errors="replace", newline="") as file:
        _fill(file, header, rows)
        file.flush()
        return raw.getvalue()


def _fill(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow([cell(value) for value in row])
        count += 1
    return count


def _unwritable(path: Path, problem: OSError) -> str:
    return (
        f"The file {path.name} cannot be written into {path.parent}: {problem.strerror}. "
        "See that the folder exists, has room and may be written by the user that runs Sideblik."
    )
