"""ZIP archives as Meta and Google give them: the known files in them are read in place, nothing is unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from collectors.base import Batch, Column, Preview
from collectors.errors import FileError
from collectors.exports import archive, limits, meta, takeout
from collectors.exports.making import Maker, batches
from collectors.exports.table import open_table
from data.types import Page, RawMessage

PREVIEWED = 20
_META = re.compile(
    r"(?:^|/)(?:comments?[^/]*/[^/]*comments?(?:_[0-9]+)?|posts/[^/]*posts?[^/]*_[0-9]+|(?:media|content)/posts_[0-9]+)"
    r"\.json$",
    re.IGNORECASE,
)
_TABLE = re.compile(r"(?:^|/)[^/]*(?:comment|kommentar)[^/]*\.csv$", re.IGNORECASE)
_PAGES = re.compile(r"(?:comments|posts)[^/]*\.html$", re.IGNORECASE)


class _Zipped:
    def recognise(self, head: bytes) -> bool:
        """Whether it is a ZIP archive (a workbook's head comes here as a table)."""
        return head.startswith(archive.ZIP)

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        """The messages of all known files in it; FileError where one breaks, after what stands before it."""
        yield from batches(_messages(path, page))

    def preview(self, path: Path, page: Page) -> Preview:
        """The first twenty messages; nothing is saved."""
        first = tuple(islice(_messages(path, page), PREVIEWED))
        return Preview("zipped", (Column("text", "comment / post / title"), Column("created_at", "timestamp")), first)


reader = _Zipped()


def _messages(path: Path, page: Page) -> Iterator[RawMessage]:
    with archive.opened(path) as opened:
        known = [member for member in opened.infolist() if _META.search(member.filename)]
        tables = [member for member in opened.infolist() if _TABLE.search(member.filename)]
        if not known and not tables:
            raise _nothing(opened)
        try:
            for member in known:
                yield from meta.messages_of(_read(opened, member), page)
            for member in tables:
                yield from _table(opened, member, page)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
            raise FileError(
                "A file in the archive is damaged; what stands before it was read. Download it again."
            ) from None


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.file_size > limits.JSON_BYTES:
        raise FileError(f"A JSON file in the archive has over {limits.JSON_BYTES} bytes; export a shorter time.")
    return opened.read(member)


def _table(opened: zipfile.ZipFile, member: zipfile.ZipInfo, page: Page) -> Iterator[RawMessage]:
    if not member.file_size:
        return
    table = open_table(zipfile.Path(opened, member.filename))
    if takeout.reader.needs <= set(table.names):
        yield from Maker(table, page, takeout.reader.layout(table)).messages()


def _nothing(opened: zipfile.ZipFile) -> FileError:
    if any(_PAGES.search(name) for name in opened.namelist()):
        return FileError("The download is in HTML; ask for it again and choose JSON as its format.")
    return FileError("The archive holds no comments or posts in JSON or CSV; see which files can be imported.")
