"""How the database is opened, and what is said when it cannot be.

`PRAGMA application_id` marks a file as Sideblik's and `user_version` counts the migrations that it has been through,
so that a reader need not load the migrations (they bring sqlite-utils, and that brings pandas: 70 MB) to know.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.errors import StoreError

APPLICATION: Final = 0x53644278  # "SdBx"
STEPS: Final = 22  # migrations in data/migrations.py; a test holds the two together
BUSY_SECONDS: Final = 5.0
PATIENT_SECONDS: Final = 120.0  # of who works unseen: the night's wiping holds the lock for 20 s at a million messages

_CAUSES: Final = (
    ("SQLITE_FULL", "the disk is full; make room on it"),
    ("SQLITE_READONLY", "it may not be written; check the rights of the file and its folder"),
    ("SQLITE_CANTOPEN", "it cannot be opened; check that the folder exists and may be written"),
    ("SQLITE_PERM", "access is refused; check the rights of the file and its folder"),
    ("SQLITE_NOTADB", "it is not a database; give another path, or put a backup in its place by 'sideblik restore'"),
    ("SQLITE_CORRUPT", "it is damaged; stop Sideblik and put a backup in its place by 'sideblik restore'"),
    ("SQLITE_BUSY", "another process held it for too long; try again"),
    ("SQLITE_LOCKED", "another part of this process holds it; try again"),
    ("SQLITE_IOERR", "the disk answered with an error; see that it is sound and has room"),
    (
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "a page or institution is not known to it; the configuration was not mirrored first",
    ),
)


def told(error: sqlite3.Error, path: Path | str) -> StoreError:
    """The error as a sentence that names the file and what to do; SQLite's own words stay behind as the cause."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    for code, cause in _CAUSES:
        if name.startswith(code):
            return StoreError(f"The database {path} cannot be used: {cause}.")
    return StoreError(f"The database {path} cannot be used: SQLite answered {name or type(error).__name__}.")


def connect(path: Path, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that may write to a database made by `make_file`; it waits so many seconds for another's lock."""
    conn = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            conn.execute("PRAGMA journal_mode=WAL")
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000"):
            conn.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        conn.close()
        raise told(error, path) from error
    conn.row_factory = sqlite3.Row
    return conn


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the folder while the database is made or opened: two that make one at once refuse each other in SQLite."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_file(path: Path) -> None:
    """Make the file, for its owner alone, where there is none.

    It is made under another name and never opened under its own: whoever closes a file lets go of all locks that the
    process holds on it, those of SQLite's other connections too (sqlite.org/howtocorrupt.html, 2.2).
    """
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        if path.exists():
            if not (path.is_file() and os.access(path, os.R_OK | os.W_OK)):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        os.close(os.open(own, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        own.rename(path)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> StoreError:
    return StoreError(f"The database {path} cannot be written ({error.strerror}); check the folder and its rights.")


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; StoreError where there is no database, or not one of this version."""
    if not path.is_file():
        raise StoreError(f"There is no database at {path} yet; start Sideblik's collector or make one visit first.")
    how = "mode=ro&immutable=1" if _is_frozen(path) else "mode=ro"
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in ("query_only=ON", "cache_size=-8000"):
            conn.execute(f"PRAGMA {pragma}")
        check_steps(conn, path, at_least=STEPS)
    except sqlite3.Error as error:
        conn.close()
        raise told(error, path) from error
    except StoreError:
        conn.close()
        raise
    conn.row_factory = sqlite3.Row
    return conn


def _is_frozen(path: Path) -> bool:
    """Whether the file lies on a disk that nobody can write, and has no log.

    SQLite opens a database with a log only where it can make an index of that, unless it is told that nobody writes.
    """
    log = path.with_name(f"{path.name}-wal")
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY) and not (log.exists() and log.stat().st_size)


def check_steps(conn: sqlite3.Connection, path: Path, *, at_least: int = 0) -> int:
    """How many migrations the file has been through; StoreError where it is not ours, too new, or too old to read."""
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    steps = int(conn.execute("PRAGMA user_version").fetchone()[0])
    holds = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and (application or steps or holds):
        raise StoreError(f"{path} is a database of another program; give the path of Sideblik's own.")
    if steps > STEPS:
        raise StoreError(
            f"The database {path} is of a newer Sideblik (step {steps}, this one knows {STEPS}); install the newer one."
        )
    if steps < at_least:
        raise StoreError(
            f"The database {path} is of an older Sideblik (step {steps} of {STEPS}); start the collector to renew it."
        )
    return steps


@contextmanager
def writing(conn: sqlite3.Connection) -> Iterator[None]:
    """One transaction that holds the write lock from its start (a read that turns into a write may fail at once).

    All or nothing: an exception undoes everything. SQLite's errors become StoreError. Within another `writing` it is a
    part of that one, which is kept or undone as a whole.
    """
    if conn.in_transaction:
        yield
        return
    try:
        conn.execute("BEGIN IMMEDIATE")
        yield
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        _undo(conn)
        raise told(error, _path(conn)) from error
    except BaseException:
        _undo(conn)
        raise


@contextmanager
def reading(conn: sqlite3.Connection) -> Iterator[None]:
    """SQLite's errors become StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise told(error, _path(conn)) from error


def _undo(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:  # SQLite has undone it already after some errors, a full disk among them
        conn.execute("ROLLBACK")


def _path(conn: sqlite3.Connection) -> str:
    return str(conn.execute("PRAGMA database_list").fetchone()[2])
