"""Who may log in, which sessions of theirs are open, and which links wait to be used."""

from __future__ import annotations

from sqlite_utils import Database


def m012_people(db: Database) -> None:
    """A person is found by `login` until an account of the provider is bound to them (`subject`: issuer and number).

    `source` says who decides the role: `kept` by communications, `claims` by the provider at each login. Somebody who
    ended keeps the row, so that a decision keeps its name. `sessions.key` and `links.key` are SHA-256 of what the
    browser or the mail holds. `hint` is the provider's own proof of the login, needed to end its session too; it goes
    with the session.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('reader', 'administrator', 'communications', 'dpo')),
        institutions TEXT NOT NULL DEFAULT '[]',
        source TEXT NOT NULL CHECK (source IN ('kept', 'claims')),
        subject TEXT UNIQUE, password TEXT,
        added_at TEXT NOT NULL, ended_at TEXT
    ) STRICT""",
    """CREATE TABLE sessions (
        key TEXT PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES people (id),
        way TEXT NOT NULL CHECK (way IN ('oidc', 'password', 'link')),
        began_at TEXT NOT NULL, seen_at TEXT NOT NULL, until TEXT NOT NULL, hint TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX sessions_person ON sessions (person)",
    """CREATE TABLE links (
        key TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id), until TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX links_person ON links (person)",
)
