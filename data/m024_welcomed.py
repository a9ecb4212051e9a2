"""Who has read what a first visit is told."""

from __future__ import annotations

from sqlite_utils import Database


def m024_welcomed(db: Database) -> None:
    """One row a person who has sent the three steps away."""
    db.execute("CREATE TABLE welcomed (person TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")
