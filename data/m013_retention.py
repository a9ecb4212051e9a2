"""How long texts are kept, which were emptied, and what is held by a named decision."""

from __future__ import annotations

from sqlite_utils import Database


def m013_retention(db: Database) -> None:
    """What the configuration says (`keeping`, in days) and the platforms' terms (`ceilings`, in seconds), mirrored.

    `refreshed` is when a message of a platform whose terms count from there was listed last. A row of `emptied` says
    that the message's text is gone and why; its digest stays with the message, so that the same text read again is not
    stored again. A hold stops retention for a whole thread until the end of its last day. `wiping` counts what was
    emptied (`asked`) and how far its bytes are gone from the files too (`done`).
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    "CREATE TABLE keeping (name TEXT PRIMARY KEY, days INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE ceilings (
        platform TEXT PRIMARY KEY, texts INTEGER, names INTEGER,
        own INTEGER NOT NULL, renewed INTEGER NOT NULL, gone INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE refreshed (
        message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE, at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE emptied (
        message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        at TEXT NOT NULL, why TEXT NOT NULL CHECK (why IN ('age', 'terms', 'gone', 'erased'))
    ) STRICT""",
    """CREATE TABLE holds (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        platform TEXT NOT NULL, thread_id TEXT NOT NULL,
        ground TEXT NOT NULL CHECK (length(ground) <= 1000),
        until TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, lifted_at TEXT, lifted_by TEXT
    ) STRICT""",
    "CREATE INDEX messages_gone ON messages (page_id) WHERE visibility = 'gone'",
    "CREATE INDEX holds_thread ON holds (platform, thread_id, until) WHERE lifted_at IS NULL",
    "CREATE INDEX holds_case ON holds (case_id, id)",
    """CREATE TABLE wiping (
        only INTEGER PRIMARY KEY CHECK (only = 1), asked INTEGER NOT NULL, done INTEGER NOT NULL
    ) STRICT""",
    "INSERT INTO wiping VALUES (1, 0, 0)",
)
