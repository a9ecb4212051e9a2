"""A table as the file formats see it: one header row, then records, whatever the file is made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from collectors.errors import FileError
from collectors.exports import archive, limits, plain, workbook
from collectors.exports.words import KNOWN, folded


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line that it begins in, and its cells by folded header; a repeated header counts once."""

    line: int
    cells: Mapping[str, str]

    def get(self, header: str) -> str:
        """The cell under a folded header, trimmed; "" for an empty cell or an absent column."""
        return self.cells.get(header, "").strip()


class Rows(Protocol):
    """What can be read row by row, any number of times, with `names` from folded headers to those of the file."""

    @property
    def names(self) -> Mapping[str, str]: ...

    def rows(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose rows can be read any number of times, always from the start and one at a time."""

    path: plain.Source
    encoding: str = ""  # "" for a workbook
    separator: str = ""
    header_line: int = 1
    headers: tuple[str, ...] = ()  # as the file writes them
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # folded -> as written

    def rows(self) -> Iterator[Row]:
        """The records below the header, empty ones left out; FileError with the line where the file breaks."""
        folds = [folded(header) for header in self.headers]
        if not self.encoding:
            folds += [""] * workbook.MAX_COLUMNS  # a cell beside a workbook's table is a note, not a shifted text
        last: tuple[int, tuple[str, ...]] | None = None
        broken: FileError | None = None
        records = self._below_header()
        while broken is None:
            try:
                record = next(records, None)
            except FileError as error:
                record, broken = None, error
            if last is not None:
                if record is None and broken is None:
                    self._refuse_if_cut(*last)
                yield _row(last, folds)
            if record is None:
                break
            last = record
        if broken is not None:
            raise broken

    def _below_header(self) -> Iterator[plain.Cells]:
        for count, (line, cells) in enumerate(_records(self.path, self.encoding, self.separator)):
            if count > limits.ROWS:
                raise FileError(f"The file has over {limits.ROWS} rows; export a shorter time at a time.", line=line)
            if line > self.header_line and any(cells):
                yield line, cells

    def _refuse_if_cut(self, line: int, cells: Sequence[str]) -> None:
        if not self.encoding or len(cells) >= len(self.headers):
            return
        if not plain.ends_in_line_break(self.path, self.encoding):
            raise FileError(
                f"The file was cut: its last record, in line {line}, has {len(cells)} of {len(self.headers)} columns "
                "and no end of line. What stands before it was read. Export the file again.",
                line=line,
            )


def open_table(path: plain.Source, given: Sequence[str] = ()) -> Table:
    """The file as a table; `given` are headers that the page's options name. FileError where there is no header row."""
    if isinstance(path, Path):
        limits.checked_size(path)
    with path.open("rb") as file:
        head = file.read(limits.HEAD)
    if head.startswith(archive.ZIP):
        return _with_header(path, "", "", given)
    _refuse_binary(head)
    encoding = plain.encoding_of(path)
    return _with_header(path, encoding, plain.separator_of(text_of(head, encoding)), given)


def table_head(path: Path) -> bytes:
    """The beginning of the file for `recognise`: its first 64 KiB, or a workbook's first rows as CSV."""
    limits.checked_size(path)
    with path.open("rb") as file:
        head = file.read(limits.HEAD)
    if not (head.startswith(archive.ZIP) and archive.is_workbook(path)):
        return head
    written = io.StringIO()
    csv.writer(written).writerows(cells for _, cells in islice(workbook.rows_of(path), limits.HEADER_ROWS))
    return written.getvalue().encode()


def headers_in(head: bytes) -> frozenset[str]:
    """The folded headers that the beginning of a text table shows; empty for anything that is no table."""
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return frozenset()
    text = text_of(head, plain.head_encoding(head))
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=plain.separator_of(text)), 15))
    except csv.Error:
        return frozenset()
    best = max(rows, key=_known, default=[])
    return frozenset(map(folded, best))


def text_of(head: bytes, encoding: str) -> str:
    """The beginning of a file as text; what is cut off at its end is left out."""
    return head.decode(encoding, errors="ignore")


def _records(path: plain.Source, encoding: str, separator: str) -> Iterator[plain.Cells]:
    if encoding:
        return plain.rows_of(path, encoding, separator)
    if not isinstance(path, Path):
        raise FileError("The archive holds a workbook; take it out and import it by itself.")
    return workbook.rows_of(path)


def _with_header(path: plain.Source, encoding: str, separator: str, given: Sequence[str]) -> Table:
    rows: list[plain.Cells] = []
    try:
        rows.extend(islice(_records(path, encoding, separator), limits.HEADER_ROWS))
    except FileError:
        if not rows:
            raise
    if not rows:
        raise FileError("The file holds no rows; export it again.")
    wanted = {folded(header) for header in given}
    line, headers = max(rows, key=lambda row: (len(wanted.intersection(map(folded, row[1]))), _known(row[1])))
    if not wanted.intersection(map(folded, headers)) and not _known(headers):
        raise FileError(
            f"None of the first {limits.HEADER_ROWS} rows names a column that is known. Name the columns in the page's "
            'options, as in "column.text" = "Besked", and import again.'
        )
    names = {folded(header): header for header in reversed(headers)}
    return Table(path, encoding, separator, line, headers, names)


def _known(cells: Sequence[str]) -> int:
    return len(KNOWN.intersection(map(folded, cells)))


def _row(record: tuple[int, Sequence[str]], folds: Sequence[str]) -> Row:
    line, cells = record
    if any(cells[len(folds) :]):
        raise FileError(
            f"The record in line {line} has {len(cells)} cells under {len(folds)} columns: a separator stands in a "
            "text without quotation marks. What stands before it was read. Export the file again.",
            line=line,
        )
    return Row(line, _cells(cells, folds))


def _cells(cells: Sequence[str], folds: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip(folds, cells, strict=False):
        found.setdefault(name, cell)
    return found


def _refuse_binary(head: bytes) -> None:
    if head.startswith(archive.COMPOUND):
        raise FileError("The file is an old .xls workbook or has a password; save it as .xlsx without one, or as CSV.")
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError("The file is neither text nor a workbook nor a ZIP file; see which files can be imported.")
