"""Export files of invented people in the documented layouts, written for the tests of the formats."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from collectors.errors import FileError
from collectors.exports import reader_for
from data.types import Page, RawMessage

PAGE = Page(
    "noerreaa_fb",
    "noerreaa",
    "facebook",
    "Nørreå Kommune",
    "https://www.facebook.com/104512347896501",
    "104512347896501",
)
FACEPAGER = (
    ("level", "id", "parent_id", "object_id", "object_type", "object_key", "query_status", "query_time", "query_type",
     "message", "created_time", "from.name", "comment_count", "error.message", ""),
    ("0", "1", "None", "104512347896501", "seed", "", "", "", "", "", "", "", "", "", ""),
    ("1", "2", "1", "104512347896501_812345678901234", "data", "data.*", "fetched (200)", "2026-11-18 10:00:01",
     "Facebook:/<page>/posts", "Nye åbningstider", "2026-11-16T08:02:11+0000", "", "2", "", ""),
    ("2", "3", "2", "812345678901234_1029384756102938", "data", "data.*", "fetched (200)", "2026-11-18 10:00:05",
     "Facebook:/<post>/comments", "Hvorfor lukket om søndagen? 😕", "2026-11-16T09:17:45+0000", "Åse Kjærgaard",
     "1", "", ""),
    ("2", "4", "2", "", "offcut", "paging", "fetched (200)", "2026-11-18 10:00:05", "Facebook:/<post>/comments",
     "None", "None", "None", "None", "None", "None"),
    ("3", "5", "3", "812345678901234_1029384756109999", "data", "data.*", "fetched (200)", "2026-11-18 10:00:09",
     "Facebook:/<comment>/comments", "Vi har åbent fra på søndag.", "2026-11-16T10:00:00+0000", "Nørreå Kommune",
     "None", "None", "None"),
    ("2", "6", "2", "812345678901234_1029384756102939", "error", "", "error (400)", "", "Facebook:/<post>/comments",
     "", "", "", "", "(#100)", ""),
)  # fmt: skip
FOURCAT = (
    ("id", "thread_id", "timestamp", "unix_timestamp", "author", "body", "url"),
    ("812345678901234", "812345678901234", "2026-11-16 08:02:11", "1794816131", "Nørreå Kommune", "Ny legeplads", ""),
    ("812345678901234_1029384756102938", "812345678901234", "2026-11-16 09:17:45", "1794820665", "Åse Kjærgaard",
     "Hvornår åbner den?", ""),
)  # fmt: skip


def csv_text(rows: Iterable[Sequence[str]], separator: str = ",", *, quote: bool = False) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue()


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def read(path: Path, page: Page = PAGE) -> list[RawMessage]:
    """All messages of a file, in its order."""
    return [message for batch in reader_for(path).batches(path, page) for message in batch.messages]


def broken(path: Path, page: Page = PAGE) -> tuple[list[RawMessage], FileError]:
    """What was read before the file broke, and the error that told of it."""
    found: list[RawMessage] = []
    try:
        for batch in reader_for(path).batches(path, page):
            found.extend(batch.messages)
    except FileError as error:
        return found, error
    raise AssertionError("the file was read to its end")
