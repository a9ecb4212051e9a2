"""Many rows in few statements: one of many rows costs SQLite and its triggers less than many of one row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

_SIZES: Final = (64, 8, 1)  # few sizes, so that the prepared statements stay in the connection's cache


def insert(conn: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert the rows; `table` and `columns` are names of our own code, values travel as parameters."""
    begin = 0
    for size in _SIZES:
        while len(rows) - begin >= size:
            part = rows[begin : begin + size]
            conn.execute(_statement(table, columns, size), tuple(chain.from_iterable(part)))
            begin += size


@lru_cache(maxsize=64)
def _statement(table: str, columns: tuple[str, ...], size: int) -> str:
    row = "(" + ", ".join("?" * len(columns)) + ")"
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES " + ", ".join([row] * size)  # noqa: S608, own names only


def next_id(conn: sqlite3.Connection, table: str) -> int:
    """The id that the next row gets; sound within a write transaction, where nobody else inserts."""
    return int(conn.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608, own names only
