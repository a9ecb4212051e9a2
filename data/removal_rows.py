"""The words and records of the removal ledger; times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from data.types import Kind, Visibility


class Ground(StrEnum):
    """Who removed something and on what ground, as the page's administrators tell it."""

    INSULT = "insult"  # the page did it, as the five that follow
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    THREAT = "threat"
    MISTAKE = "mistake"
    WRITER = "writer"
    PLATFORM = "platform"
    UNKNOWN = "unknown"  # asked and answered, and still unexplained


class Standing(StrEnum):
    """What a removal is now."""

    UNEXPLAINED = "unexplained"
    EXPLAINED = "explained"
    OUTAGE = "outage"  # the platform refused to show the thread, and has not shown it since
    BACK = "back"  # everything is to be seen again
    PASSED = "passed"  # what was hidden or unreachable has become something that a later removal asks about


NOTE_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """A removal: a message (`head`), or a post or comment with what went along with it.

    `after` is when it was last known to be there, `missed_at` the first look without it, `at` the look that made it
    sure. `fresh` says that it was hidden when it was first seen at all (`after` is then the look before), `unseen` that
    the page had a gap between the looks; `broken` counts the visits between them that did not read everything. `text`
    is the masked text as far as it is kept (the first 600 code points).
    """

    id: int
    revision: int
    page_id: str
    page_name: str
    platform: str
    institution_id: str
    institution_name: str
    became: Visibility
    standing: Standing
    after: datetime | None
    missed_at: datetime
    at: datetime
    settled_at: datetime | None
    size: int
    ground: Ground | None
    fresh: bool
    unseen: bool
    broken: int
    head: int
    kind: Kind
    by_page: bool
    text: str
    url: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A message of a removal, with the digest of the text that it had, and how it stands now."""

    removal: int
    message: int
    page_id: str
    institution_id: str
    kind: Kind
    by_page: bool
    text: str
    digest: str
    visibility: Visibility
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """An answer; `others` counts the removals that were answered by the same act."""

    id: int
    removal: int
    institution_id: str
    page_id: str
    ground: Ground
    note: str
    person: str
    at: datetime
    others: int
    undone_at: datetime | None
    undone_by: str | None
