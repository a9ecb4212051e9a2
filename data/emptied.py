"""Which messages were emptied, as the saving of what is read must know it; in the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

_AMONG: Final = "message IN (SELECT value FROM json_each(?))"


def back(conn: sqlite3.Connection, messages: Iterable[int]) -> set[int]:
    """Which of these were emptied because they were gone: listed again, their text is wanted again."""
    rows = conn.execute(
        f"SELECT message FROM emptied WHERE why = 'gone' AND {_AMONG}",  # noqa: S608, own words
        (json.dumps(list(messages)),),
    )
    return {row[0] for row in rows}


def has_text(conn: sqlite3.Connection, messages: Iterable[int]) -> None:
    """Messages whose text is stored anew are empty no more."""
    conn.execute(f"DELETE FROM emptied WHERE {_AMONG}", (json.dumps(list(messages)),))  # noqa: S608, own words
