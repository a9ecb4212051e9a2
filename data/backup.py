"""Copies of the database and its keys, made while Sideblik runs, proved whole, and readable by the key's holder alone.

    database ─► SQLite's online backup ─► checked ─┐
    keys ──────────────────────────────────────────┴─► tar.gz ─► age ─► sideblik-20261122T0230Z.tar.gz.age
    restore: age ─► tar.gz ─► checked ─► put in place; what stood there is kept beside it

The machine knows the public half of the age key only (https://age-encryption.org/v1), so that whoever takes machine and
backups together still cannot read a backup. Copies lie in the clear for as long as they are made, in a folder of their
own beside the database, which the process holds by `flock`; one that a killed process left is removed by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import pyrage

from data import journal
from data.connection import APPLICATION, STEPS, alone, told
from data.errors import SettingsError, StoreError
from data.journal import Rows

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = "sideblik-{}.tar.gz.age"
_PART: Final = ".part"
_FOLDER: Final = ".backup-"
_COPY: Final = "sideblik.db"
_KEYS: Final = {"sideblik.key": ".key", "sideblik.signing": ".signing"}
_NO_COPY: Final = "The copy is no whole database of Sideblik's; use an older backup."
_DAMAGED: Final = (
    "The database {} is damaged, and no backup was made of it; stop Sideblik and put a backup in its place by "
    "'sideblik restore'."
)
_BESIDE: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup on the disk: when it was made, and its size in bytes."""

    path: Path
    made_at: datetime
    size: int


def make_key() -> tuple[str, str]:
    """A new age key: the public half for sideblik.toml, and the secret half, which is kept nowhere here."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def make(database: Path, folder: Path, recipient: str, at: datetime, *, keep: int) -> Backup:
    """Back the database and its keys up into `folder`, and remove all but the newest `keep` there.

    Raises SettingsError where the public key is none, StoreError where the database cannot be copied or the copy is
    not whole; nothing older is removed then.
    """
    reader = _public(recipient)
    target = folder / _NAME.format(at.astimezone(UTC).strftime(_STAMP))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _workplace(database) as place:
            _copy(database, place / _COPY)
            _check(place / _COPY, _DAMAGED.format(database))
            for name, beside in _KEYS.items():
                if (own := database.with_suffix(beside)).exists():
                    shutil.copyfile(own, place / name)
            packed = _packed(place)
            with _opened(folder) as held:  # a second backup waits: what ends in .part is a killed one's then
                fcntl.flock(held, fcntl.LOCK_EX)
                _write(packed, target, reader)
    except OSError as error:
        raise StoreError(f"The backup {target} cannot be written ({error.strerror}); check the folder.") from error
    _forget(folder, target, keep)
    return Backup(target, at, target.stat().st_size)


def found(folder: Path) -> list[Backup]:
    """The backups in a folder, newest first."""
    stamps = ((path, path.name.removeprefix("sideblik-").partition(".")[0]) for path in folder.glob(_NAME.format("*")))
    read = [Backup(path, _moment(stamp), path.stat().st_size) for path, stamp in stamps]
    return sorted(read, key=lambda backup: backup.made_at, reverse=True)


def restore(archive: Path, secret: str, database: Path, at: datetime) -> list[Path]:
    """Put a backup in the place of the database; returns what stood there, kept under other names.

    Raises SettingsError where the key does not open the archive, StoreError where the archive is not whole or
    somebody uses the database. Nothing is touched before the copy has been checked.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _workplace(database) as place:
        _unpack(archive, secret, place)
        _check(place / _COPY, _NO_COPY)
        with alone(database):
            _unused(database)
            kept = _put_aside(database, at)
            (place / _COPY).rename(database)
            for name, beside in _KEYS.items():
                if (place / name).exists():
                    (place / name).rename(database.with_suffix(beside))
    return kept


def _public(recipient: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise SettingsError(
            "[backup] recipient is no public age key (age1…); 'sideblik backup --new-key' makes a pair."
        ) from None


@contextmanager
def _workplace(database: Path) -> Iterator[Path]:
    """A folder for its owner alone, gone afterwards; those that killed processes left are removed first."""
    with ExitStack() as until:
        with alone(database):
            for left in database.parent.glob(f"{_FOLDER}*"):
                _remove_unheld(left)
            place = Path(until.enter_context(tempfile.TemporaryDirectory(prefix=_FOLDER, dir=database.parent)))
            fcntl.flock(until.enter_context(_opened(place)), fcntl.LOCK_EX)
        yield place


def _remove_unheld(left: Path) -> None:
    """Another backup may be under way by hand or by night: it holds its folder for as long as it lives."""
    with suppress(FileNotFoundError, BlockingIOError), _opened(left) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _copy(database: Path, to: Path) -> None:
    """SQLite's online backup: one consistent state, whoever writes meanwhile."""
    if not database.is_file():
        raise StoreError(f"There is no database at {database} to back up.")
    try:
        with (
            closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise told(error, database) from error


def is_whole(conn: Rows) -> bool:
    """Whether SQLite finds the file sound; all of it is read (sqlite.org/pragma.html#pragma_quick_check)."""
    return [str(row[0]) for row in conn.execute("PRAGMA quick_check(1)")] == ["ok"]


def _check(copy: Path, broken_told: str) -> None:
    """Raise StoreError unless the copy is a whole database of Sideblik's whose journal follows from row to row."""
    try:
        with closing(sqlite3.connect(copy)) as conn:
            whole = conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            ours = conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
            steps = conn.execute("PRAGMA user_version").fetchone()[0]
            if not (whole and ours):
                raise StoreError(broken_told)
            if steps > STEPS:
                raise StoreError(
                    f"The copy is of a newer Sideblik (step {steps}, this one knows {STEPS}); update first."
                )
            if broken := journal.verify(conn):
                raise StoreError(f"The journal in the copy does not follow from row {broken} on; use an older backup.")
    except sqlite3.Error as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        broken = name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
        raise StoreError(broken_told) if broken else told(error, copy) from error


def _packed(place: Path) -> Path:
    packed = place / "packed.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=6) as tar:
        for name in (_COPY, *_KEYS):
            if (place / name).exists():
                tar.add(place / name, arcname=name)
    return packed


def _write(packed: Path, target: Path, recipient: pyrage.x25519.Recipient) -> None:
    """Encrypted under another name, on the disk, then by its own name: a backup that has one is whole."""
    for left in target.parent.glob(f"{_NAME.format('*')}{_PART}"):  # of a kill; a full disk would stay full by it
        left.unlink(missing_ok=True)
    part = target.with_name(target.name + _PART)
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with packed.open("rb") as clear, os.fdopen(handle, "wb") as out:
            kept = _Out(out)
            try:
                pyrage.encrypt_io(clear, kept, [recipient])
            except pyrage.EncryptError:
                raise kept.refused or StoreError("The backup could not be encrypted; nothing was kept.") from None
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


class _Out:
    """A file that keeps why it could not be written, which pyrage tells as an error of its own without the number."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.refused: OSError | None = None

    def write(self, content: bytes) -> int:
        try:
            return self._out.write(content)
        except OSError as error:
            self.refused = error
            raise

    def flush(self) -> None:
        self._out.flush()


def _unpack(archive: Path, secret: str, place: Path) -> None:
    try:
        identity = pyrage.x25519.Identity.from_str(secret.strip())
        with archive.open("rb") as locked, (place / "packed.tar.gz").open("wb") as out:
            kept = _Out(out)
            try:
                pyrage.decrypt_io(locked, kept, [identity])
            except pyrage.DecryptError as error:
                raise kept.refused or error from None
        with tarfile.open(place / "packed.tar.gz") as tar:
            for name in {_COPY, *_KEYS} & {_COPY, *tar.getnames()}:
                tar.extract(name, place, filter="data")
                (place / name).chmod(0o600)
    except (pyrage.IdentityError, pyrage.DecryptError):
        raise SettingsError(f"The key does not open {archive}; give the secret half (AGE-SECRET-KEY-1…).") from None
    except (tarfile.TarError, KeyError, EOFError):
        raise StoreError(f"{archive} is no backup of Sideblik's, or is cut off; use another one.") from None
    except OSError as error:
        raise StoreError(f"{archive} cannot be unpacked ({error.strerror}); check the file and the disk.") from error


def _unused(database: Path) -> None:
    """Raise StoreError where another process has the database open."""
    if not database.is_file():
        return
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as conn:
            conn.execute("PRAGMA locking_mode=EXCLUSIVE")
            conn.execute("BEGIN EXCLUSIVE")
            conn.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(f"The database {database} is in use; stop Sideblik before a backup is put back.") from None
        raise told(error, database) from error
    except sqlite3.DatabaseError:
        return  # a damaged one is what is to be replaced


def _put_aside(database: Path, at: datetime) -> list[Path]:
    """Rename what stands in the place, so that nothing is lost by a wrong backup."""
    stamp = at.astimezone(UTC).strftime(_STAMP)
    stands = [database.with_name(database.name + end) for end in _BESIDE]
    stands += [database.with_suffix(beside) for beside in _KEYS.values()]
    return [path.rename(path.with_name(f"{path.name}.replaced-{stamp}")) for path in stands if path.exists()]


def _forget(folder: Path, made: Path, keep: int) -> None:
    """Remove the oldest, never the one just made: its name is an old one where the clock was set back."""
    others = [backup.path for backup in found(folder) if backup.path != made]
    for path in others[max(0, keep - 1) :]:
        path.unlink(missing_ok=True)


def _moment(stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
