"""The key beside the database, and what is hashed with it.

Without the key nobody can tell from a digest what the raw text was by trying texts (a CPR number has few forms), nor
join writers of two threads. A database whose key is lost would take every message for edited, so that is an error.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from data.errors import StoreError

_BYTES: Final = 32


def load(path: Path, conn: sqlite3.Connection) -> bytes:
    """The key of the database at `path`, made with it for the owner alone (file `<name>.key`)."""
    file = path.with_suffix(".key")
    try:
        if not file.exists():
            if conn.execute("SELECT 1 FROM messages LIMIT 1").fetchone():
                raise StoreError(
                    f"The key {file} of the database is missing; put it back from the backup, since without it every"
                    " message would be taken for edited."
                )
            write_once(file, secrets.token_bytes(_BYTES))
        key = file.read_bytes()
    except OSError as error:
        raise StoreError(f"The key {file} cannot be used ({error.strerror}); check the folder's rights.") from error
    if len(key) != _BYTES:
        raise StoreError(f"The key {file} holds {len(key)} bytes and not {_BYTES}; put it back from the backup.")
    return key


def refuse_lost(path: Path) -> None:
    """StoreError where there is a key and no database: it was lost, and an empty one in its place would hide that.

    So it is where a restore was broken off between putting aside what stood there and putting the backup in its place.
    """
    aside = sorted(path.parent.glob(f"{path.name}.replaced-*"))
    for left in (path.with_suffix(".key"), *aside):
        if left.exists():
            raise StoreError(
                f"The database {path} is empty or gone, and {left} is there; put a backup in its place by "
                "'sideblik restore', or move that file away to begin anew."
            )


def keyed(key: bytes, purpose: str, *parts: str) -> str:
    """HMAC-SHA256 over the parts, 32 hex digits; the purpose and the parts' lengths keep them from running together."""
    told = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    return hmac.new(key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def write_once(file: Path, secret: bytes) -> None:
    """Keep a new secret for the owner alone, whole or not at all; one that is there already stays.

    It is written whole under another name first: two processes may come here at once, and one key must win. Raises
    OSError.
    """
    own = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(own, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secret)
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(own, file)
    finally:
        own.unlink()
