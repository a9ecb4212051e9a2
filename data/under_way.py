"""One visit to a page at a time, in all threads and processes: a lock that a kill lets go of.

`flock` holds for an open file, so that two threads exclude each other as two processes do. The files are empty and
stay: to remove one that somebody waits for would let two in.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import weakref
from pathlib import Path
from typing import Final

from data.errors import StoreError, UnderWayError


class UnderWay:
    """The lock of one page and source (visit, import), from its making until `end`, or until nobody holds it."""

    def __init__(self, database: Path, page_id: str, source: str) -> None:
        """UnderWayError where another visit has it."""
        handle = _open(database, page_id, source)
        self.end: Final = weakref.finalize(self, os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.end()
            if not isinstance(error, BlockingIOError):
                raise _refused(database, error) from error
            raise UnderWayError(
                f"Page {page_id} has a {source} under way already, and nothing was begun; wait for its end."
            ) from None


def _open(database: Path, page_id: str, source: str) -> int:
    folder = database.with_suffix(".visits")
    name = hashlib.sha256(f"{source}:{page_id}".encode()).hexdigest()[:16]
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        return os.open(folder / name, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _refused(database, error) from error


def _refused(database: Path, error: OSError) -> StoreError:
    return StoreError(f"The locks beside the database {database} cannot be used ({error.strerror}); check the rights.")
