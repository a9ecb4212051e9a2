"""Who covers which page and when, and the index that answers how a time's inquiries were answered."""

from __future__ import annotations

from sqlite_utils import Database


def m016_rota(db: Database) -> None:
    """A duty: a person looks after a page between two days, on some weekdays, between two times of the day.

    `begins` and `ends` are days in Copenhagen, both included, `ends` NULL for one that goes on. `weekdays` is a sum of
    1 (Monday) to 64 (Sunday); `from_minute` and `until_minute` count from midnight, the end excluded. `kind`: regular;
    cover (between its days the others stand aside); away (the person's other duties on the page rest). Rows are never
    deleted: one that is taken out keeps who did it and when.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE duties (
        id INTEGER PRIMARY KEY,
        page_id TEXT NOT NULL REFERENCES pages (id),
        institution_id TEXT NOT NULL REFERENCES institutions (id),
        kind TEXT NOT NULL CHECK (kind IN ('regular', 'cover', 'away')),
        person TEXT NOT NULL,
        begins TEXT NOT NULL, ends TEXT,
        weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
        from_minute INTEGER NOT NULL, until_minute INTEGER NOT NULL,
        added_by TEXT NOT NULL, added_at TEXT NOT NULL, removed_by TEXT, removed_at TEXT
    ) STRICT""",
    "CREATE INDEX duties_page ON duties (page_id, begins, id) WHERE removed_at IS NULL",
    """CREATE INDEX cases_asked ON cases (week, institution_id, page_id, topic, status, written_at, due_at, answered_at)
        WHERE category = 'inquiry'""",
    """CREATE INDEX cases_breaches ON cases (week, institution_id, kind, status, verdict)
        WHERE category = 'confidentiality'""",
)
