"""The number that a case got in the municipality's record system."""

from __future__ import annotations

from sqlite_utils import Database


def m019_records(db: Database) -> None:
    """A row belongs to a decision and stands as long as it does; a decision taken back keeps its own."""
    db.execute(
        """CREATE TABLE records (
            decision INTEGER PRIMARY KEY REFERENCES decisions (id) ON DELETE CASCADE, number TEXT NOT NULL
        ) STRICT"""
    )
