"""From when to when somebody looks after a page, so that deadlines are the same whoever reckons them."""

from __future__ import annotations

from sqlite_utils import Database


def m023_opening(db: Database) -> None:
    """`opening` is the JSON of `data.worktime.to_column`, "" for a page that is looked after always."""
    db.execute("ALTER TABLE pages ADD COLUMN opening TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE pages ADD COLUMN urgent_hours INTEGER NOT NULL DEFAULT 24")
