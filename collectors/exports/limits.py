"""How large a file may be. Rows are streamed, so the limits guard the disk and the clock, not the memory."""

from __future__ import annotations

from pathlib import Path

from collectors.errors import FileError

BYTES = 1024**3  # a gigabyte of CSV holds some four million comments
ROWS = 2_000_000
LINE = 1_000_000  # characters of one line; Facebook's longest post has 63,206
UNPACKED = 2 * 1024**3  # of a workbook or an archive, as its own directory tells and as it is read
RATIO = 200  # unpacked to packed; repeated rows of a workbook reach some 60
MEMBERS = 50_000
JSON_BYTES = 64 * 1024**2  # of one JSON file, which is read whole
HEAD = 65_536
BATCH = 500
HEADER_ROWS = 15


def checked_size(path: Path) -> int:
    """The file's size in bytes; FileError where it cannot be read, is empty, or is over the limit."""
    try:
        size = path.stat().st_size
    except OSError:
        raise FileError("The file cannot be opened; choose it again.") from None
    if size == 0:
        raise FileError("The file is empty; export it again.")
    if size > BYTES:
        raise FileError(f"The file has {size} bytes and the limit is {BYTES}; export a shorter time at a time.")
    return size
