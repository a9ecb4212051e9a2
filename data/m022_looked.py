"""When each person last looked at their day, so that what came since can be told."""

from __future__ import annotations

from sqlite_utils import Database


def m022_looked(db: Database) -> None:
    """One row a person: their newest look with the newest case of that moment, and both of the visit before."""
    db.execute(
        """CREATE TABLE looked (
            person TEXT PRIMARY KEY,
            at TEXT NOT NULL, newest INTEGER NOT NULL,
            before_at TEXT, before_newest INTEGER
        ) STRICT"""
    )
