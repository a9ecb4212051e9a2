"""What each person wants to be told of by mail, and what they are to be told."""

from __future__ import annotations

from sqlite_utils import Database


def m017_notices(db: Database) -> None:
    """A notice says that something waits, never what: `subject` is our own word for it (`case:12`, `day:2026-11-22`).

    Each is made once for a person. `tried_at` stands while it is being sent and is what a killed process leaves;
    `due_at` moves on with every try that failed, and `sent_at` or `given_up_at` ends it.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE notice_choices (
        person INTEGER PRIMARY KEY REFERENCES people (id),
        address TEXT NOT NULL, at_once INTEGER NOT NULL CHECK (at_once IN (0, 1)),
        digest TEXT NOT NULL CHECK (digest IN ('daily', 'weekly', 'never')),
        quiet_from INTEGER NOT NULL, quiet_until INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES people (id),
        kind TEXT NOT NULL CHECK (kind IN ('serious', 'unopened', 'unseen', 'digest')),
        subject TEXT NOT NULL, made_at TEXT NOT NULL, due_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0, tried_at TEXT, sent_at TEXT, given_up_at TEXT,
        UNIQUE (person, kind, subject)
    ) STRICT""",
    "CREATE INDEX notices_waiting ON notices (due_at) WHERE sent_at IS NULL AND given_up_at IS NULL",
)
