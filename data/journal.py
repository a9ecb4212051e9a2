"""The journal of who did what: append-only, each row holding the hash of the one before.

A row's hash is SHA-256 over a canonical JSON of all its fields and the previous hash, so that a changed, inserted or
removed row breaks the chain from there on. Rows cut off the end cannot be noticed from the rows alone. No free text
goes in: what can never be erased must hold nothing that somebody may ask to have erased.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from data.times import to_text

ROOT: Final = "0" * 64
_FIELDS: Final = ("id", "at", "actor", "action", "subject", "institution_id", "detail", "previous")


class Rows(Protocol):
    def execute(self, sql: str, parameters: tuple[Any, ...] = ..., /) -> Iterable[Any]:
        """Rows of a query; a connection and a Reader both do."""


def append(
    conn: sqlite3.Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    institution_id: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> int:
    """Add a row within the caller's write transaction and return its id. `detail` is flat and holds no free text."""
    last = conn.execute("SELECT id, hash FROM journal WHERE id = (SELECT max(id) FROM journal)").fetchone()
    number, previous = (last[0] + 1, last[1]) if last else (1, ROOT)
    told = json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True)
    row = (number, to_text(at), actor, action, subject, institution_id, told, previous)
    conn.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, _hash(row)))
    return int(number)


def verify(reader: Rows) -> int | None:
    """None where the chain is whole, else the id of the first row that does not follow from the ones before it."""
    previous = ROOT
    for row in reader.execute(f"SELECT {', '.join(_FIELDS)}, hash FROM journal ORDER BY id"):  # noqa: S608, own names
        fields = tuple(row)
        if fields[-2] != previous or fields[-1] != _hash(fields[:-1]):
            return int(fields[0])
        previous = fields[-1]
    return None


def rows(reader: Rows) -> Iterator[dict[str, object]]:
    """Every row from the first, with its hash and the one before: what anybody can verify without Sideblik."""
    for row in reader.execute(f"SELECT {', '.join(_FIELDS)}, hash FROM journal ORDER BY id"):  # noqa: S608, own names
        yield dict(zip((*_FIELDS, "hash"), tuple(row), strict=True))


def _hash(row: tuple[Any, ...]) -> str:
    canonical = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
