"""A connection that can only read, one a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from data.connection import connect_reader, told

COMMON: Final = 50_000  # messages; counting so far costs some milliseconds, and so does reading them


class Veil(Protocol):
    """What takes third parties out of texts; it needs the judgement, so whoever opens a reader hands it over."""

    def masked(self, texts: Sequence[str], names: Iterable[str]) -> list[str]:
        """The texts of one thread, each as long as before, without `names` and whom else they tell of."""


class Reader:
    """What the queries ask through; made by `open_reader`; a context manager. SQLite's errors become StoreError.

    `common` is how many messages may hold a word before it counts as common (see `data.queries.cases`). Without a
    `veil` a scope that masks is shown blocks (see `data.queries.veiling`).
    """

    def __init__(self, conn: sqlite3.Connection, path: Path, *, common: int = COMMON, veil: Veil | None = None) -> None:
        self.common: Final = common
        self.veil: Final = veil
        self._conn = conn
        self._path = path

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query; none of ours is long, since lists are read a page at a time."""
        try:
            return self._conn.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise told(error, self._path) from error

    def first(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row, or None."""
        rows = self.execute(sql, parameters)
        return rows[0] if rows else None

    def number(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """The one number that the query counts; 0 for none."""
        row = self.first(sql, parameters)
        return int(row[0] or 0) if row else 0

    def close(self) -> None:
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_reader(path: Path, *, common: int = COMMON, veil: Veil | None = None) -> Reader:
    """A reader of the database at `path`; StoreError where there is none, or one of another version."""
    return Reader(connect_reader(path), path, common=common, veil=veil)
