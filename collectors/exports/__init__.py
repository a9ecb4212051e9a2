"""Export files: one file a format, with a module-level `reader`, found by themselves and known by content.

`reader_for` finds the reader; `preview` saves nothing; a reader's `batches` give 500 messages at a time, and raise a
`FileError` where the file breaks, after what stands before it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Protocol

from collectors.base import Preview, Reader
from collectors.errors import FileError
from collectors.exports.table import table_head
from data.types import Page

_LAST = ("generic_json", "generic")  # take every file of their kind, so that they are asked when nobody knew it


class _PreviewingReader(Reader, Protocol):
    def preview(self, path: Path, page: Page) -> Preview: ...


def names() -> list[str]:
    """The formats in the order in which they are asked."""
    return sorted(_readers(), key=lambda name: (name in _LAST, name != _LAST[0], name))


def reader_for(path: Path) -> Reader:
    """The reader that knows the file by its content; FileError where none does."""
    return _find(path)


def preview(path: Path, page: Page) -> Preview:
    """Format, column mapping and first twenty messages of a file; FileError where it cannot be read."""
    return _find(path).preview(path, page)


def _find(path: Path) -> _PreviewingReader:
    head = table_head(path)
    for name in names():
        if _readers()[name].recognise(head):
            return _readers()[name]
    raise FileError("The file is of no known form; see which files can be imported.")


@cache
def _readers() -> dict[str, _PreviewingReader]:
    found: dict[str, _PreviewingReader] = {}
    for module in pkgutil.iter_modules(__path__):
        reader = getattr(importlib.import_module(f"{__name__}.{module.name}"), "reader", None)
        if reader is not None:
            found[module.name] = reader
    return found
