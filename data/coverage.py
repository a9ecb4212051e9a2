"""What is stored of a page held against what its platform claims, post by post."""

from __future__ import annotations

import sqlite3
from typing import Final

from data.types import Page

HELD: Final = """
    WITH below AS (
        SELECT thread_id, count(*) AS held FROM messages
        WHERE page_id = ?1 AND kind <> 'post' AND visibility <> 'gone' GROUP BY thread_id
    )
    SELECT messages.id, comment_count AS claimed, min(coalesce(held, 0), comment_count) AS held
    FROM messages LEFT JOIN below ON below.thread_id = messages.message_id
    WHERE page_id = ?1 AND kind = 'post' AND visibility <> 'gone' AND comment_count > 0"""


def measure(conn: sqlite3.Connection, page: Page) -> tuple[int | None, int | None]:
    """Write the page's `held`, `claimed` and `short_posts` as they are now; NULL where no count was ever told.

    The first two are the answer. They count what is stored, not what a reading listed: a visit may leave out threads
    whose number of comments is as it was.
    """
    held, claimed, short = conn.execute(
        f"SELECT sum(held), sum(claimed), coalesce(sum(held < ?2 * claimed), 0) FROM ({HELD})",  # noqa: S608, own text
        (page.id, page.coverage),
    ).fetchone()
    if claimed is None and _counts_told(conn, page.id):
        held = claimed = 0
    conn.execute(
        "UPDATE pages SET held = ?, claimed = ?, short_posts = ? WHERE id = ?", (held, claimed, short, page.id)
    )
    return held, claimed


def _counts_told(conn: sqlite3.Connection, page_id: str) -> bool:
    """Whether the platform said of any post how many comments it has, if only that there are none."""
    row = conn.execute(
        "SELECT 1 FROM messages WHERE page_id = ? AND kind = 'post' AND comment_count IS NOT NULL LIMIT 1", (page_id,)
    ).fetchone()
    return row is not None
