"""Who hangs on whom in an export file, whatever the order of its rows: kept in SQLite's private temporary database.

A file of a million rows may hold its newest replies first. The links of all rows are therefore read once before the
messages are made. They lie in a database that SQLite itself keeps in its cache and spills to a nameless temporary
file, so that memory stays the same for any number of rows. It holds ids alone, no text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

_DEEP = 50  # a longer chain is a circle


@dataclass(frozen=True, slots=True)
class Link:
    """A row by the file's own key: the key that it hangs on ("" for none) and the id that its message has."""

    key: str
    parent: str
    message_id: str
    line: int = 0


class Tree:
    """The links of one file."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        self._held = sqlite3.connect("", check_same_thread=False)
        self._held.execute("CREATE TABLE link (key TEXT PRIMARY KEY, parent TEXT, message_id TEXT) WITHOUT ROWID")
        self._held.execute("CREATE TABLE last (message_id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        for link in links:
            self._held.execute("INSERT OR IGNORE INTO link VALUES (?, ?, ?)", (link.key, link.parent, link.message_id))
            self._held.execute("INSERT OR REPLACE INTO last VALUES (?, ?)", (link.message_id, link.line))

    def close(self) -> None:
        self._held.close()

    def is_last(self, message_id: str, line: int) -> bool:
        """Whether no later row tells of the same message, as a file does that asked for it twice."""
        row = self._held.execute("SELECT line FROM last WHERE message_id = ?", (message_id,)).fetchone()
        return row is None or row[0] == line

    def above(self, key: str) -> list[Link]:
        """The rows above, the nearest first; a key that no row of the file has ends the list as a link of that id."""
        found: list[Link] = []
        seen = {key}
        while key and len(found) < _DEEP:
            row = self._held.execute("SELECT key, parent, message_id FROM link WHERE key = ?", (key,)).fetchone()
            link = Link(*row) if row else Link(key, "", key)
            found.append(link)
            key = link.parent
            if key in seen:
                break
            seen.add(key)
        return found
