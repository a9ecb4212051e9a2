"""Meta Business Suite's content export: the page's own posts and counts, no comment by anybody.

Source: real exports' headers in English and Swedish; the Danish ones were not seen. `Publish time` is month/day/year in
the account's zone, which the option `zone` of the page tells. `Data comment` is a remark, not a comment. A post repeats
where the export is by day: it is one post, its facts are taken once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from collectors.base import Batch, Preview
from collectors.exports._reading import TableReader
from collectors.exports.making import Layout
from collectors.exports.table import Row, Table, headers_in
from data.types import Kind, Page

_ALIASES = {
    "message_id": ("post id", "opslags id", "publicerings id"),
    "text": ("description", "beskrivelse", "beskrivning"),
    "title": ("title", "titel"),
    "created_at": ("publish time", "udgivelsestidspunkt", "publiceringstid"),
    "author_name": ("page name", "account name", "sidenavn", "kontonavn", "sidnamn", "kontonamn"),
    "url": ("permalink", "permalänk"),
    "comment_count": ("comments", "kommentarer"),
}
_NEEDS = [frozenset(words) for words in zip(*(_ALIASES[f] for f in ("message_id", "created_at")), strict=True)]


def _is_content(row: Row) -> bool:
    return any(row.get(header) for header in _ALIASES["message_id"])


def _layout(_: Table) -> Layout:
    return Layout("business_suite", _ALIASES, Kind.POST, order="mdy", keep=_is_content, only=True, own=True)


class _AnyLanguage:
    """The table reader for whichever language the headers are in."""

    def __init__(self) -> None:
        self._table = TableReader("business_suite", frozenset(), _layout)

    def recognise(self, head: bytes) -> bool:
        headers = headers_in(head)
        return any(needs <= headers for needs in _NEEDS)

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        return self._table.batches(path, page)

    def preview(self, path: Path, page: Page) -> Preview:
        return self._table.preview(path, page)


reader = _AnyLanguage()
