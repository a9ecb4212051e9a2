"""The signed daily head of the journal: where its chain ended on a day, so that a later cut or rewriting is noticed.

    journal ─► last row's number and hash ─► signed (Ed25519) ─► a line in journal-heads.jsonl, kept elsewhere as well

The chain alone cannot tell that rows were cut off its end, or that the whole of it was made anew. A head that somebody
else has a copy of can. Who holds the machine holds the signing key too: it is the copies of the file and of the public
key outside the machine that prove anything. Ed25519 as in RFC 8032, by the library cryptography.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import FileIO
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from data.errors import StoreError
from data.journal import ROOT, Rows
from data.keys import write_once

_SIGNED: Final = ("day", "row", "hash")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the journal on a day: the last row's id (0 for none) and hash, signed; `signature` is hex."""

    day: str
    row: int
    hash: str
    signature: str = ""


def sign(reader: Rows, key: Ed25519PrivateKey, at: datetime) -> Head:
    """The journal's end now, signed."""
    last = next(iter(reader.execute("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1")), None)
    row, found = (int(last[0]), str(last[1])) if last else (0, ROOT)
    head = Head(at.date().isoformat(), row, found)
    return Head(head.day, head.row, head.hash, key.sign(_told(head)).hex())


def append(file: Path, head: Head) -> None:
    """Add the head to the file, once a day; StoreError where the file cannot be written.

    Half a line that a kill or a full disk left is taken off: nobody was told of that head.
    """
    try:
        _mend(file)
        if any(known.day == head.day for known in (read(file) if file.exists() else ())):
            return
        handle = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "ab", buffering=0) as out:
            before = out.seek(0, os.SEEK_END)
            try:
                _write(out, json.dumps(asdict(head)).encode() + b"\n")
            except OSError:
                out.truncate(before)
                raise
    except OSError as error:
        raise StoreError(f"The heads of the journal, {file}, cannot be written ({error.strerror}).") from error


def _write(out: FileIO, line: bytes) -> None:
    """To the disk; OSError where there was room for a part only, which the next write tells."""
    while line:
        line = line[out.write(line) :]
    os.fsync(out.fileno())


def _mend(file: Path) -> None:
    """Take half a line off the end; a whole one whose line end is missing, as an editor leaves it, gets it."""
    if not file.exists() or (content := file.read_bytes()).endswith(b"\n") or not content:
        return
    whole = content.rfind(b"\n") + 1
    try:
        _head(content[whole:].decode())
    except ValueError:
        os.truncate(file, whole)
    else:
        with file.open("ab") as out:
            out.write(b"\n")


def read(file: Path) -> Iterator[Head]:
    """The heads in a file; StoreError at a line that is none."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The heads of the journal, {file}, cannot be read; give the file as it was kept.") from error
    for number, line in enumerate(lines, 1):
        try:
            yield _head(line)
        except ValueError:
            raise StoreError(
                f"Line {number} of {file} is no head of a journal; give the file as it was kept."
            ) from None


def _head(line: str) -> Head:
    """A line as a head; ValueError where it is none."""
    found = json.loads(line)
    try:
        date.fromisoformat(found["day"])
        return Head(str(found["day"]), int(found["row"]), str(found["hash"]), str(found["signature"]))
    except (KeyError, TypeError):
        raise ValueError("no head") from None


def broken(reader: Rows, heads: Iterator[Head], public: Ed25519PublicKey) -> Head | None:
    """The first head that is not signed by the key or that the journal no longer holds; None where all agree."""
    for head in heads:
        row = next(iter(reader.execute("SELECT hash FROM journal WHERE id = ?", (head.row,))), None)
        held = str(row[0]) if row else ROOT if head.row == 0 else ""
        if held != head.hash or not _genuine(head, public):
            return head
    return None


def signing_key(database: Path) -> Ed25519PrivateKey:
    """The key beside the database (`<name>.signing`), made when first asked for, for the owner alone."""
    file = database.with_suffix(".signing")
    try:
        if not file.exists():
            write_once(file, Ed25519PrivateKey.generate().private_bytes_raw())
        return Ed25519PrivateKey.from_private_bytes(file.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"The signing key {file} cannot be used; put it back from where it was kept.") from error


def public_key(text: str) -> Ed25519PublicKey:
    """A public key from its 64 hex digits; StoreError where it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.strip()))
    except ValueError:
        raise StoreError("The public key is 64 hex digits, as 'sideblik journal key' shows it.") from None


def _genuine(head: Head, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(head.signature), _told(head))
    except (InvalidSignature, ValueError):
        return False
    return True


def _told(head: Head) -> bytes:
    told = {name: value for name, value in asdict(head).items() if name in _SIGNED}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
