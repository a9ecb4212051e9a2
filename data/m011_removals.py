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

    Sightings from before the ledger become questions as they would have been asked: what went with its post, comment or
    refused thread is one with it, and what was hidden before the page's first whole reading is none. The look that
    missed it first is not known: the one that made it sure stands in its place.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


# What a message went with: its post, else the comment above it, else itself; one of a refused thread stands for all.
_ROOT = """CASE was_of.became WHEN 'unreachable' THEN
        (SELECT min(one.id) FROM messages AS beside JOIN sightings AS one ON one.message = beside.id
            WHERE beside.platform = told.platform AND beside.thread_id = told.thread_id
                AND one.became = was_of.became AND one.at = was_of.at)
    ELSE coalesce(
        (SELECT one.id FROM messages AS above JOIN sightings AS one ON one.message = above.id
            WHERE above.platform = told.platform AND above.message_id = told.thread_id
                AND one.became = was_of.became AND one.at = was_of.at),
        (SELECT one.id FROM messages AS above JOIN sightings AS one ON one.message = above.id
            WHERE above.platform = told.platform AND above.message_id = told.parent_id
                AND one.became = was_of.became AND one.at = was_of.at),
        was_of.id) END"""
_WATCHED = """EXISTS (SELECT 1 FROM visits WHERE visits.page_id = was_of.page_id AND source = 'visit'
    AND outcome = 'complete' AND ended_at <= was_of.at)"""
_LEFT = "(SELECT min(later.at) FROM sightings AS later WHERE later.message = was_of.message AND later.id > was_of.id)"
_OLD = f"""SELECT was_of.*, told.thread_id, {_ROOT} AS root, {_LEFT} AS left_at
    FROM sightings AS was_of JOIN messages AS told ON told.id = was_of.message
    WHERE was_of.became <> 'visible' AND (was_of.was <> '' OR {_WATCHED})"""  # noqa: S608, own words

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
    f"""WITH old AS ({_OLD})
        INSERT INTO removals (id, page_id, institution_id, thread_id, head, became, after, missed_at, at, week, size,
            standing, settled_at)
        SELECT top.id, top.page_id, top.institution_id, top.thread_id, top.message, top.became, top.after, top.at,
            top.at, top.week, count(*), count(*) - count(old.left_at),
            CASE count(*) WHEN count(old.left_at) THEN max(old.left_at) END
        FROM old JOIN old AS top ON top.id = old.root GROUP BY top.id""",  # noqa: S608, own words
    f"""UPDATE sightings SET digest = (SELECT digest FROM messages WHERE id = message), removal = (
            SELECT removals.id FROM ({_OLD} AND was_of.id = sightings.id) AS old
            JOIN removals ON removals.id = old.root)""",  # noqa: S608, own words
)
