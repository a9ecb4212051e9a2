"""Any JSON of flat or nested objects, in an array or one a line: keys are read as a table's headers.

A nested key is named by its path, as in `from.name`. The columns are named or guessed as for a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from collectors.base import Batch, Preview
from collectors.errors import FileError
from collectors.exports import generic
from collectors.exports.items import Item, items_of, looks_like_json, read_whole
from collectors.exports.making import Maker, batches, shown_columns
from collectors.exports.table import Row
from collectors.exports.words import folded
from collectors.exports.workbook import shown
from data.types import Page

PREVIEWED = 20
_LOOKED_AT = 200
_DEEP = 4


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of one JSON file as rows."""

    content: bytes
    names: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        """One row an object; FileError with the line where the file breaks."""
        for line, item in items_of(self.content):
            yield Row(line, {folded(key): value for key, value in flat(item)})


def flat(item: Item, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The values of an object and of the objects in it, with their paths; lists are left out."""
    for key, value in item.items():
        if isinstance(value, dict) and depth < _DEEP:
            yield from flat(value, f"{path}{key}.", depth + 1)
        elif isinstance(value, str):
            yield path + key, value
        elif isinstance(value, int) and not isinstance(value, bool):
            yield path + key, str(value) if abs(value) < 10**40 else ""
        elif isinstance(value, float | bool) or value is None:
            yield path + key, shown(value)


def objects_of(content: bytes) -> Objects:
    """The file with the keys that its first objects have; FileError where there is no object."""
    names: dict[str, str] = {}
    try:
        for _, item in islice(items_of(content), _LOOKED_AT):
            for key, _ in flat(item):
                names.setdefault(folded(key), key)
    except FileError:
        if not names:
            raise
    if not names:
        raise FileError("The JSON file holds no objects; see which files can be imported.")
    return Objects(content, names)


class _GenericJson:
    def recognise(self, head: bytes) -> bool:
        """Whether the file begins as JSON objects do."""
        return looks_like_json(head)

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        """The file's messages; FileError with the line where it breaks, after what stands before it."""
        yield from batches(self._maker(path, page).messages())

    def preview(self, path: Path, page: Page) -> Preview:
        """The mapping and the first twenty messages; nothing is saved."""
        maker = self._maker(path, page)
        first = tuple(islice(maker.messages(), PREVIEWED))
        return Preview("generic_json", shown_columns(maker.table, maker.columns), first)

    def _maker(self, path: Path, page: Page) -> Maker:
        objects = objects_of(read_whole(path))
        return Maker(objects, page, replace(generic.layout(objects.names), name="generic_json"))


reader = _GenericJson()
