"""The removal ledger: what vanished or was hidden, asked of the pages' administrators; and pages to visit soon."""

from __future__ import annotations

from sqlite_utils import Database


def m011_removals(db: Database) -> None:
    """A removal is one question: a message, or a post with all that went with it.

    `after` is when it was last known to be there, `missed_at` the first look without it, `at` the look that made it
    sure. `standing` counts the messages that are still as the removal left them: 0 when all of them are back, or have
    become something that another row asks about. `ground` is the answer in force. `digest` is kept with each message's
    sighting, since the ledger outlives the text. `misses` holds what was missed once. `wakes` are pages that an event
    of their platform asked to have visited; nothing else of an event is kept.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE removals (
        id INTEGER PRIMARY KEY,
        page_id TEXT NOT NULL REFERENCES pages (id),
        institution_id TEXT NOT NULL REFERENCES institutions (id),
        thread_id TEXT NOT NULL, head INTEGER NOT NULL REFERENCES messages (id),
        became TEXT NOT NULL CHECK (became IN ('hidden', 'gone', 'unreachable')),
        after TEXT, missed_at TEXT NOT NULL, at TEXT NOT NULL, week TEXT NOT NULL,
        size INTEGER NOT NULL, standing INTEGER NOT NULL, settled_at TEXT,
        ground TEXT, revision INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    "CREATE INDEX removals_institution ON removals (institution_id, id DESC)",
    "CREATE INDEX removals_head ON removals (head)",
    "CREATE INDEX removals_page ON removals (page_id, id DESC)",
    "CREATE INDEX removals_thread ON removals (page_id, thread_id, at)",
    """CREATE INDEX removals_unexplained ON removals (page_id, week)
        WHERE standing > 0 AND became <> 'unreachable' AND (ground IS NULL OR ground = 'unknown')""",
    """CREATE TABLE explanations (
        id INTEGER PRIMARY KEY,
        removal INTEGER NOT NULL REFERENCES removals (id),
        together INTEGER NOT NULL, was TEXT,
        ground TEXT NOT NULL, note TEXT NOT NULL CHECK (length(note) <= 300),
        person TEXT NOT NULL, at TEXT NOT NULL, undone_at TEXT, undone_by TEXT
    ) STRICT""",
    "CREATE INDEX explanations_removal ON explanations (removal, id)",
    "CREATE INDEX explanations_together ON explanations (together)",
    "ALTER TABLE sightings ADD COLUMN removal INTEGER REFERENCES removals (id)",
    "ALTER TABLE sightings ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX sightings_removal ON sightings (removal) WHERE removal IS NOT NULL",
    """CREATE TABLE misses (
        message INTEGER PRIMARY KEY REFERENCES messages (id), after TEXT, at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE wakes (page_id TEXT PRIMARY KEY REFERENCES pages (id), asked_at TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """INSERT INTO removals (id, page_id, institution_id, thread_id, head, became, after, missed_at, at, week, size,
            standing)
        SELECT sightings.id, sightings.page_id, sightings.institution_id, thread_id, message, became, after, at, at,
            sightings.week, 1, visibility = became AND sightings.id = (
                SELECT max(id) FROM sightings AS later WHERE later.message = sightings.message)
        FROM sightings JOIN messages ON messages.id = message WHERE became <> 'visible'""",
    """UPDATE sightings SET digest = (SELECT digest FROM messages WHERE id = message),
        removal = CASE WHEN became <> 'visible' THEN id END""",
)
