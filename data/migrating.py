"""A database brought up to date when it is opened, or left as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from data import keys
from data.connection import APPLICATION, STEPS, check_steps, writing


def migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Bring the tables up to date, all steps or none; two processes may come here at once."""
    steps = check_steps(conn, path)
    if steps == STEPS:
        return
    if steps == 0:
        keys.refuse_lost(path)
    from sqlite_utils import Database  # noqa: PLC0415, loads pandas: only where there is something to do

    from data.migrations import migrations  # noqa: PLC0415, likewise

    with writing(conn):
        if check_steps(conn, path) == STEPS:
            return
        conn.execute(f"PRAGMA application_id = {APPLICATION}")
        migrations.apply(Database(conn))
        conn.execute(f"PRAGMA user_version = {STEPS}")
    keys.load(path, conn)  # from the beginning: a key that is missing later is a key that was lost
