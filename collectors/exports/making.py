"""From a record of a table to a `RawMessage`: the fields, the identity, the place in its thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from collectors.base import Batch, Column
from collectors.errors import FileError, PageSetupError
from collectors.exports import dates, identity, limits
from collectors.exports.table import Row, Rows
from collectors.exports.words import ALIASES, folded
from collectors.platforms._text import clean, link
from data.links import Link, Tree
from data.times import COPENHAGEN
from data.types import Kind, Page, RawMessage

_OPTION = "column."
_NONE = frozenset({"", "None"})  # Facepager writes None for an empty cell when told to remove line breaks


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file format knows beforehand of its tables.

    `aliases` are folded headers that come before the common ones for a field. `key` and `parent` give a record's own
    key within the file and the one that it hangs on, "" for none; without `parent` the thread's column alone tells.
    `keep` says whether a record is a message at all, `text` reads its text where that is more than a cell.
    """

    name: str
    aliases: Mapping[str, Sequence[str]]
    top: Kind
    order: str | None = None
    zone: ZoneInfo = COPENHAGEN
    key: Callable[[Row], str] | None = None
    parent: Callable[[Row], str] | None = None
    keep: Callable[[Row], bool] = lambda _: True
    text: Callable[[str, int], str] = lambda text, _: text
    only: bool = False  # the common aliases are not used: each column of the format is known
    own: bool = False  # the page itself wrote every message


def given_headers(page: Page) -> tuple[str, ...]:
    """The headers that the page's options name."""
    return tuple(header for option, header in page.options.items() if option.startswith(_OPTION))


def columns_of(table: Rows, page: Page, layout: Layout) -> dict[str, str]:
    """Field -> folded header: what the options say, else the first alias that the table has and no field took yet."""
    given = {
        option.removeprefix(_OPTION): folded(h) for option, h in page.options.items() if option.startswith(_OPTION)
    }
    if unknown := set(given) - set(ALIASES):
        raise PageSetupError(
            f"{len(unknown)} column options of the page name no field. The fields are: {', '.join(ALIASES)}."
        )
    if any(header not in table.names for header in given.values()):
        raise FileError("A column that the page's options name is not in the file; compare them with its header row.")
    found = dict(given)
    for field in ALIASES:
        if field not in found:
            words = (*layout.aliases.get(field, ()), *(() if layout.only else ALIASES[field]))
            free = (word for word in words if word in table.names and word not in found.values())
            if (header := next(free, None)) is not None:
                found[field] = header
    if not {"text", "title"} & set(found):
        raise FileError(
            'No column of the file is known as the text. Name it among the options: "column.text" = "Besked".'
        )
    return found


def shown_columns(table: Rows, columns: Mapping[str, str]) -> tuple[Column, ...]:
    """The mapping with the headers as the file writes them."""
    return tuple(Column(field, table.names[columns[field]]) for field in ALIASES if field in columns)


class Maker:
    """Makes the messages of one table for one page."""

    def __init__(self, table: Rows, page: Page, layout: Layout) -> None:
        self.table, self.page, self.layout = table, page, layout
        self.columns = columns_of(table, page, layout)
        self.zone = dates.zone_option(page, layout.zone)
        self.order = dates.order_option(page) or layout.order
        self.top = _top(page, layout)
        self._tree: Tree | None = None

    def messages(self, most: int | None = None) -> Iterator[RawMessage]:
        """The table's messages in its order; `most` limits how far links between rows are followed, for a preview."""
        if self._parents_told:
            self._tree = Tree(self._links(most))
        try:
            for row in self.table.rows():
                if (message := self._message(row)) is not None:
                    yield message
        finally:
            if self._tree is not None:
                self._tree.close()

    @property
    def _parents_told(self) -> bool:
        return self.layout.parent is not None or "parent_id" in self.columns

    def _links(self, most: int | None) -> Iterator[Link]:
        try:
            for count, row in enumerate(self.table.rows()):
                if most is not None and count >= most:
                    return
                if key := self._key(row):
                    yield Link(_kept(key), _kept(self._parent(row)), self._link_id(row), row.line)
        except FileError:
            return  # told when the messages are read

    def _link_id(self, row: Row) -> str:
        told = self._cell(row, "message_id")
        if identity.identifies(told):
            return clean(told) if self.layout.keep(row) or not self._parent(row) else ""
        return self._made(row) if self.layout.keep(row) else ""

    def _key(self, row: Row) -> str:
        return self.layout.key(row) if self.layout.key else self._cell(row, "message_id")

    def _parent(self, row: Row) -> str:
        return self.layout.parent(row) if self.layout.parent else self._cell(row, "parent_id")

    def _cell(self, row: Row, field: str) -> str:
        value = row.get(self.columns.get(field, "\0"))
        return "" if value in _NONE else value

    def _message(self, row: Row) -> RawMessage | None:
        text = self._text(row)
        if not self.layout.keep(row) or not (text.strip() or self._cell(row, "message_id")):
            return None
        told = self._told(row)
        message_id = clean(told) if identity.identifies(told) else self._made(row)
        if self._tree is not None and not self._tree.is_last(message_id, row.line):
            return None
        kind, thread_id, parent_id = self._place(row, message_id)
        message = RawMessage(
            platform=self.page.platform,
            message_id=message_id,
            page_id=self.page.id,
            kind=kind,
            text=text,
            thread_id=thread_id,
            parent_id=parent_id,
            created_at=self._time(row),
            author_id=clean(self._cell(row, "author_id")) or None,
            author_name=clean(self._cell(row, "author_name")) or None,
            url=link("", self._cell(row, "url")),
            comment_count=_count(self._cell(row, "comment_count")) if kind is Kind.POST else None,
        )
        return self._normal(replace(message, by_page=self._by_page(message)))

    def _told(self, row: Row) -> str:
        """The id as told; where it was rounded, the one in the post's own address if that holds it."""
        told = self._cell(row, "message_id")
        if self.layout.own and identity.is_damaged(told):
            told = identity.from_address(self._cell(row, "url")) or told
        return identity.checked(told, row.line)

    def _text(self, row: Row) -> str:
        parts = [row.cells.get(self.columns.get(field, "\0"), "") for field in ("text", "title")]
        text = max(parts, key=lambda part: len(part.strip())) if self.layout.own else (parts[0] or parts[1])
        return "" if text in _NONE else clean(self.layout.text(text, row.line)).replace("\r\n", "\n")

    def _made(self, row: Row) -> str:
        author = self._cell(row, "author_id") or self._cell(row, "author_name")
        return identity.made(self.page, self._text(row), self._time(row), author)

    def _place(self, row: Row, message_id: str) -> tuple[Kind, str, str | None]:
        """Kind, thread and parent. A row whose parent is not in the file is a comment on a thread of that id."""
        thread = identity.checked(clean(self._cell(row, "thread_id")), row.line)
        thread = "" if thread == self._cell(row, "message_id") else identity.outside(thread, self.page)
        parent = _kept(self._parent(row)) if self._parents_told else ""
        above = [each.message_id for each in self._tree.above(parent)] if parent and self._tree else []
        above = [identity.outside(each, self.page) for each in above if each and each != message_id]
        if not above:
            told = thread or identity.thread_of_comment(message_id, self.page) or message_id
            kind = self.top if told == message_id else Kind.COMMENT
            return kind, told, None if told == message_id else told
        root = thread or (above[-1] if self.top is Kind.POST else self._root(above[-1]))
        kind = Kind.COMMENT if above[0] == root and self.top is Kind.POST else Kind.REPLY
        return kind, root, above[0]

    def _root(self, top: str) -> str:
        return identity.thread_of_comment(top, self.page) or top

    def _time(self, row: Row) -> datetime | None:
        value = self._cell(row, "created_at")
        if not value:
            return None
        try:
            return self._moment(value, row.line)
        except ValueError:
            raise FileError(
                f"The time in line {row.line} is in no known form. If the column is not the time, name the right "
                "one among the page's options (column.created_at).",
                line=row.line,
            ) from None

    def _moment(self, value: str, line: int) -> datetime:
        try:
            return dates.moment(value, self.zone, self.order)
        except dates.UndecidedError:
            self.order = dates.order_shown(self._times())
        if self.order is None:
            raise dates.undecided(line)
        return dates.moment(value, self.zone, self.order)

    def _times(self) -> Iterator[str]:
        try:
            for row in self.table.rows():
                yield self._cell(row, "created_at")
        except FileError:
            return

    def _by_page(self, message: RawMessage) -> bool:
        if message.author_id is None and message.author_name is None:
            return self.layout.own or message.kind is Kind.POST
        by_name = (message.author_name or "").strip().casefold() == self.page.name.strip().casefold()
        return self.layout.own or by_name or (bool(self.page.ref) and message.author_id == self.page.ref)

    def _normal(self, message: RawMessage) -> RawMessage:
        thread_id = identity.post(message.thread_id, self.page)
        if message.kind is Kind.POST:
            return replace(message, message_id=identity.post(message.message_id, self.page), thread_id=thread_id)
        parent = message.parent_id
        if parent is not None:
            parent = thread_id if parent == message.thread_id else identity.comment(parent, thread_id, self.page)
        if message.thread_id == message.message_id:
            return message
        own = identity.comment(message.message_id, thread_id, self.page)
        return replace(message, message_id=own, thread_id=thread_id, parent_id=parent)


def batches(messages: Iterable[RawMessage]) -> Iterator[Batch]:
    """The messages by the 500; what came before an error is given before the error is raised."""
    held: dict[str, RawMessage] = {}
    failed: FileError | None = None
    source = iter(messages)
    while failed is None:
        try:
            message = next(source)
            held[message.message_id] = message
        except StopIteration:
            break
        except FileError as error:
            failed = error
        if len(held) == limits.BATCH:
            yield Batch(messages=tuple(held.values()))
            held = {}
    if held:
        yield Batch(messages=tuple(held.values()))
    if failed is not None:
        raise failed


def _top(page: Page, layout: Layout) -> Kind:
    told = page.options.get("kind")
    if told in (Kind.POST, Kind.COMMENT):
        return Kind(told)
    return layout.top


def _kept(key: str) -> str:
    return identity.within_file(clean(key))


def _count(value: str) -> int | None:
    digits = value.replace(",", "").replace(".", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None  # noqa: PLR2004
