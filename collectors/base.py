"""What a platform module and a file format must be able to do.

A platform is a file in `collectors/platforms/` with a module-level `collector`; a file format is one in
`collectors/exports/` with a module-level `reader`. Both are found by themselves. In each, `fetch_…` touches the
network and nothing else, `parse_…` is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from data.types import Page, RawMessage

if TYPE_CHECKING:
    from collectors.http import Http


Counted = Callable[[datetime, datetime], Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Request:
    """What a visit asks a platform for.

    `since`: posts written after it, and everything under them. `memory` is what an earlier visit asked to be
    remembered of the page (validators of a conditional GET and the like), "" nothing. `counted` tells, for the stored
    posts written in [from, until), the platform's number of comments when their threads were last read; None where
    they are to be read again whatever it says now.
    """

    page: Page
    since: datetime
    token: str | None = None
    memory: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    counted: Counted = lambda *_: {}


@dataclass(frozen=True, slots=True)
class Batch:
    """What one or a few API answers held; saved in one transaction before the next is fetched.

    `counts`: the platform's own number of comments for each thread (post id) that it told.
    `whole`: threads whose comments were read to their end, so that what is stored and not here was not listed.
    `refused`: threads that the platform would not show.
    `posts_since`: set on the last batch of a platform that lists every post: what it did not list since is missing.
    `reached`: the platform listed everything since the asked time, though what it left out may still be there; False
    where it did not. None leaves it to the dates of the posts.
    `memory`: replaces what is remembered of the page, once the batch is saved; None leaves it.
    `unchanged`: the platform said that nothing changed since the last visit (304).
    """

    messages: tuple[RawMessage, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    whole: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    posts_since: datetime | None = None
    reached: bool | None = None
    memory: Mapping[str, str] | None = None
    unchanged: bool = False


class Collector(Protocol):
    """Reads one page of one platform. The end of the iterator without an error means: read whole."""

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        """Batches in the platform's order; raises a `VisitError` where it must stop."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A page's token and what its platform takes to renew it: a refresh token, the app's id and secret; "" for none."""

    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a platform gave for a grant, and when the new token ends."""

    grant: Grant
    expires: datetime


class Renewer(Protocol):
    """Renews the tokens of one platform's pages where its rules let that be done without a person."""

    def may_renew(self, page: Page, grant: Grant) -> bool:
        """Whether the page is connected in the way that allows it, and all that is needed is there."""

    def renewed(self, page: Page, grant: Grant, http: Http) -> Renewed:
        """Asks the platform once; raises a `VisitError` where it refuses. The old token works on until its end."""


@dataclass(frozen=True, slots=True)
class Column:
    """A guessed or given place of a field in a table: `field` of RawMessage, `header` as the file writes it."""

    field: str
    header: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like before anything is saved: format, column mapping, the first messages."""

    format: str
    columns: tuple[Column, ...]
    messages: tuple[RawMessage, ...]


class Reader(Protocol):
    """Reads one file format."""

    def recognise(self, head: bytes) -> bool:
        """Whether the first 64 KiB are of this format; by content, never by name."""

    def batches(self, path: Path, page: Page) -> Iterator[Batch]:
        """The file's messages, a few hundred at a time; raises `FileError` with the line where it breaks."""
