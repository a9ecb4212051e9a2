"""The care of possible breaches: their clocks, checklists, second looks, and who opened which when."""

from __future__ import annotations

from sqlite_utils import Database


def m018_care(db: Database) -> None:
    """A clock begins once. Of `checks` the newest row of an item is in force. A second look belongs to a decision.

    `openings` holds a person's newest opening of a case, so that what came since can be told to them.
    """
    for statement in (
        """CREATE TABLE clocks (
            case_id INTEGER PRIMARY KEY REFERENCES cases (id), began_at TEXT NOT NULL, person TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE checks (
            id INTEGER PRIMARY KEY,
            case_id INTEGER NOT NULL REFERENCES cases (id),
            item TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'not_relevant')),
            person TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX checks_case ON checks (case_id, item, id)",
        """CREATE TABLE second_looks (
            decision INTEGER PRIMARY KEY REFERENCES decisions (id) ON DELETE CASCADE,
            outcome TEXT NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'agreed', 'disagreed', 'alone')),
            doubt TEXT, person TEXT, at TEXT
        ) STRICT""",
        """CREATE TABLE openings (
            case_id INTEGER NOT NULL REFERENCES cases (id), person TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (case_id, person)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX openings_person ON openings (person, at)",
    ):
        db.execute(statement)
