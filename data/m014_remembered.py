"""What people decided was no breach, remembered so that the same is not asked twice on a page."""

from __future__ import annotations

from sqlite_utils import Database


def m014_remembered(db: Database) -> None:
    """A row of `remembered` is a decision in force until `ended_at`; `kept_back` are the messages it kept from a queue.

    `spans` is a keyed hash of page and flagged words, `because` our own names of rules, `rules` the version of all of
    them: no word of a message stands here. `version` is that of the text which was decided on. `kind` and `severity`
    are those of the case that was not opened, so that it can be, once the decision is taken back.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE remembered (
        id INTEGER PRIMARY KEY,
        decision INTEGER NOT NULL UNIQUE REFERENCES decisions (id) ON DELETE CASCADE,
        page_id TEXT NOT NULL REFERENCES pages (id),
        institution_id TEXT NOT NULL REFERENCES institutions (id),
        message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE, version INTEGER NOT NULL,
        spans TEXT NOT NULL, because TEXT NOT NULL, rules TEXT NOT NULL,
        ended_at TEXT, ended_by TEXT, ended TEXT CHECK (ended IN ('undone', 'taken_back', 'edited', 'rules'))
    ) STRICT""",
    "CREATE INDEX remembered_page ON remembered (page_id, id) WHERE ended_at IS NULL",
    "CREATE INDEX remembered_institution ON remembered (institution_id, id) WHERE ended_at IS NULL",
    "CREATE INDEX remembered_message ON remembered (message)",
    """CREATE TABLE kept_back (
        message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        remembered INTEGER NOT NULL REFERENCES remembered (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, severity INTEGER NOT NULL, at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX kept_back_remembered ON kept_back (remembered)",
)
