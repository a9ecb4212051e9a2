"""By which rules messages were judged, so that those judged by older ones can be judged again."""

from __future__ import annotations

from sqlite_utils import Database


def m010_rejudged(db: Database) -> None:
    """`rule_versions` tells which rules came before which; `last_used` is of the newest start that judged by them.

    `cases.newer_rule`: opened when rules changed, for a text that was there already.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    "CREATE TABLE rule_versions (rules TEXT PRIMARY KEY, first_used TEXT NOT NULL, last_used TEXT NOT NULL) STRICT",
    """INSERT INTO rule_versions (rules, first_used, last_used)
        SELECT rules, min(first_seen), max(first_seen) FROM messages GROUP BY rules""",
    "CREATE INDEX messages_rules ON messages (rules, id)",
    "ALTER TABLE cases ADD COLUMN newer_rule INTEGER NOT NULL DEFAULT 0 CHECK (newer_rule IN (0, 1))",
)
