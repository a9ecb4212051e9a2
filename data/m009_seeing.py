"""What proves that a page is seen: how it is reached, what its platform claims, when its token ends, its budget."""

from __future__ import annotations

from sqlite_utils import Database


def m009_seeing(db: Database) -> None:
    """Columns of `pages`, and the index that counts the comments of a page's threads without reading them.

    `visited`: 0 for a page that is fed by imports. `rhythm`: seconds between two visits as the scheduler chose them,
    NULL before it did. `held` and `claimed`: comments over all posts whose number the platform told, each post's held
    ones counted up to what it claims, so that too many under one post hide no lack under another; NULL where it told
    none. `short_posts`: posts of them below `coverage_goal`. `used`: percent of the platform's limit at `used_at`.
    """
    for column in (
        "visited INTEGER NOT NULL DEFAULT 1",
        "coverage_goal REAL NOT NULL DEFAULT 0.98",
        "rhythm INTEGER",
        "held INTEGER",
        "claimed INTEGER",
        "short_posts INTEGER NOT NULL DEFAULT 0",
        "token_expires_at TEXT",
        "used REAL",
        "used_at TEXT",
        "resets_at TEXT",
    ):
        db.execute(f"ALTER TABLE pages ADD COLUMN {column}")
    db.execute(
        "CREATE INDEX messages_below ON messages (page_id, thread_id) WHERE kind <> 'post' AND visibility <> 'gone'"
    )
    db.execute(
        "CREATE INDEX messages_counted ON messages (page_id, message_id, comment_count)"
        " WHERE kind = 'post' AND visibility <> 'gone' AND comment_count > 0"
    )
