"""Rows of the first visible sheet of an Excel workbook: values as text, read row by row."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import openpyxl

from collectors.errors import FileError
from collectors.exports import archive
from collectors.exports.plain import Cells

MAX_COLUMNS = 256
_EXACT = 10**15  # Excel keeps 15 digits of a number; a longer id is lost


def rows_of(path: Path) -> Iterator[Cells]:
    """Each row with its number; FileError with the row where the workbook breaks.

    The library raises whatever its parts raise (KeyError, zlib.error, ParseError, …) on a damaged workbook, so that
    every exception here is the file's fault.
    """
    line = 0
    with archive.opened(path):
        pass
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, row in enumerate(_sheet_rows(path), start=1):
                yield line, row
    except Exception:  # noqa: BLE001 - see above
        raise FileError(
            f"The workbook is damaged after row {line}. What stands before it was read. Save it again as .xlsx or CSV.",
            line=line + 1,
        ) from None


def _sheet_rows(path: Path) -> Iterator[tuple[str, ...]]:
    with path.open("rb") as file, closing(_opened(file)) as book:
        sheet: Any = next((s for s in book.worksheets if s.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            cells = [shown(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield tuple(cells)


def _opened(file: IO[bytes]) -> openpyxl.Workbook:
    """From an open file, since the library judges a path by its ending."""
    return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


def shown(value: object) -> str:
    """A cell's value as text; a number with more digits than Excel keeps is written with E, and refused as an id."""
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    return str(value).replace("_x000D_", "")


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if abs(value) >= _EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else repr(value)
