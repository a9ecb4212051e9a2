"""A reader of tables: what every table format has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from collectors.base import Batch, Preview
from collectors.exports.making import Layout, Maker, batches, given_headers, shown_columns
from collectors.exports.table import Table, headers_in, open_table
from data.types import Page

PREVIEWED = 20
_LINKED = 2_000  # rows whose links a preview follows


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads tables that have the columns `needs`; `layout` may look at the table before it answers."""

    name: str
    needs: frozenset[str]
    layout: Callable[[Table], Layout]

    def recognise(self, head: bytes) -> bool:
        """Whether the first rows hold the format's columns."""
        return self.needs <= headers_in(head)

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        """The file's messages; FileError with the line where it breaks, after what stands before it."""
        yield from batches(self._maker(path, page).messages())

    def preview(self, path: Path, page: Page) -> Preview:
        """The mapping and the first twenty messages; nothing is saved."""
        maker = self._maker(path, page)
        first = tuple(islice(maker.messages(_LINKED), PREVIEWED))
        return Preview(self.name, shown_columns(maker.table, maker.columns), first)

    def _maker(self, path: Path, page: Page) -> Maker:
        table = open_table(path, given_headers(page))
        return Maker(table, page, self.layout(table))
