"""A case with all that is kept of it, as a package for the record system is made of; times aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.care_rows import CheckRow, ClockRow, SecondRow
from data.keeping_rows import KeptRow
from data.removal_rows import RemovalRow
from data.rows import CaseRow, DecisionRow, MessageRow


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the journal with its hash and the one before, so that it can be verified by itself."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    institution_id: str | None
    detail: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """`writers` numbers the citizens of the thread by when they first wrote (0 where nobody knows who), by message.

    `numbers` are record numbers by decision. `digests` are the keyed hashes of the texts as the platform wrote them, by
    message and version. `head` is the number and hash of the journal's last row, of whatever it tells.
    """

    case: CaseRow
    thread: tuple[MessageRow, ...]
    kept: tuple[KeptRow, ...]
    decisions: tuple[DecisionRow, ...]
    numbers: Mapping[int, str]
    writers: Mapping[int, int]
    digests: Mapping[tuple[int, int], str]
    removals: tuple[RemovalRow, ...]
    clock: ClockRow | None
    checklist: tuple[CheckRow, ...]
    second_looks: tuple[SecondRow, ...]
    journal: tuple[EntryRow, ...]
    head: tuple[int, str]
