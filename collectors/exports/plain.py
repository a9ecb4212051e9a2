"""Rows of a text table (CSV and its kin): encoding, separator and line breaks as found, a bounded part at a time."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TypeAlias

from collectors.errors import FileError
from collectors.exports import limits
from collectors.exports.words import KNOWN, folded

SEPARATORS = ";,\t|"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
_LINES = 20
Cells = tuple[int, tuple[str, ...]]
Source: TypeAlias = Path | zipfile.Path  # a file of its own, or one in an archive


def encoding_of(path: Source) -> str:
    """The encoding by byte order mark, else UTF-8 if the file is (a cut last character apart), else Windows-1252."""
    with path.open("rb") as file:
        head = file.read(4)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        file.seek(0)
        return "utf-8" if _is_utf8(file) else "cp1252"


def head_encoding(head: bytes) -> str:
    """As `encoding_of`, from the beginning of a file alone."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    return "utf-8" if _is_utf8(io.BytesIO(head)) else "cp1252"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(text: str) -> str:
    """The separator of the first lines: the one that shows most known header words, else the most even one."""
    hint = text[:8].lower()
    if hint.startswith("sep=") and hint[4:5] in SEPARATORS:
        return hint[4]
    return max(SEPARATORS, key=lambda mark: _evidence(text, mark))


def _evidence(text: str, separator: str) -> tuple[int, int]:
    rows = _first_rows(text, separator)
    words = max((len({folded(cell) for cell in row} & KNOWN) for row in rows[: limits.HEADER_ROWS]), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return (words if words > 1 else 0), max((count * width for width, count in widths.items()), default=0)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _LINES))
    except csv.Error:
        return rows
    return rows


def rows_of(path: Source, encoding: str, separator: str) -> Iterator[Cells]:
    """Each record with the number of its first line; FileError with that line where the file breaks or was cut.

    A cut file ends within quotes, within a character, or with a last line that lacks cells and its line end; a quote
    that is closed in the middle of a text is told at the record where it happens.
    """
    with path.open("r", encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except (csv.Error, UnicodeError):
                raise _broken(line) from None
            if cells is None:
                return
            if line == 1 and cells and len(cells) <= 2 and cells[0].lower().startswith("sep="):  # noqa: PLR2004 - sep=; is split
                continue
            yield line, tuple(cells)


def _lines(file: io.TextIOBase) -> Iterator[str]:
    while line := file.readline(limits.LINE):
        if len(line) >= limits.LINE:
            raise csv.Error("line too long")
        yield line


def ends_in_line_break(path: Source, encoding: str) -> bool:
    """Whether the last line is closed, as every program that writes tables does."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, io.SEEK_END) - 2))
        tail = file.read()
    return tail in (b"\n\0", b"\0\n") if encoding == "utf-16" else tail.endswith((b"\n", b"\r"))


def _broken(line: int) -> FileError:
    return FileError(
        f"The record that begins in line {line} is broken: a quotation mark is open to the end of the file, closed "
        f"within a text, a text has over {csv.field_size_limit()} characters, or a sign is not of the file's encoding. "
        "What stands before was read. Export it again.",
        line=line,
    )
