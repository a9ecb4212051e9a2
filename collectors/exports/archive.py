"""Opening ZIP files, workbooks among them, without trusting them: sizes first, nothing is ever unpacked to the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collectors.errors import FileError
from collectors.exports import limits

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0"  # Office files before 2007, and encrypted ones of today
_ENCRYPTED = 0x1


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, once its directory was found harmless; FileError for a cut, encrypted or oversized one."""
    limits.checked_size(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileError(
            "The file begins as a ZIP file or workbook but its directory at the end is missing or broken, so nothing "
            "of it can be read: it was cut. Download or save it again."
        ) from None
    with archive:
        _check(archive.infolist())
        yield archive


def is_workbook(path: Path) -> bool:
    """Whether the archive is an Excel workbook; False for any other archive or none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist() and any(n.startswith("xl/") for n in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _check(members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileError("The file is protected by a password; save it without one.")
    if len(members) > limits.MEMBERS:
        raise FileError(f"The archive holds {len(members)} files and the limit is {limits.MEMBERS}.")
    size, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if size > limits.UNPACKED:
        raise FileError(f"Unpacked the file would have {size} bytes and the limit is {limits.UNPACKED}.")
    if size > limits.JSON_BYTES and size > packed * limits.RATIO:
        raise FileError(f"The file unpacks to more than {limits.RATIO} times its size, as no export does.")
    if any(member.filename.startswith("/") or ".." in member.filename.split("/") for member in members):
        raise FileError("The archive holds a path that leads out of it, as no export does.")
