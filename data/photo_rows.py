"""The words and records of own posts with pictures; times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

NOTE_LENGTH: Final = 200
REVIEW_DAYS: Final = 365


class PhotoAnswer(StrEnum):
    """What a page's administrator says of a post's pictures."""

    CONSENT = "consent"  # whoever can be recognised agreed; the note says where that is kept
    SITUATION = "situation"  # nobody is what the picture is about, so that no consent is needed
    REMOVED = "removed"  # from the platform; asked again where it still stands there two days later


class PhotoView(StrEnum):
    """Which part of the posts: never answered or more pictures since, answered long ago, answered."""

    WAITING = "waiting"
    REVIEW = "review"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """An own post with pictures: `text` is the masked text (the first 600 code points), "" where it is emptied.

    `asks_from` is when it asks or asked; `grown` says that pictures came after an answer, which therefore ended.
    """

    message: int
    revision: int
    page_id: str
    page_name: str
    platform: str
    institution_id: str
    institution_name: str
    pictures: int
    answer: PhotoAnswer | None
    asks_from: datetime
    grown: bool
    text: str
    url: str
    written_at: datetime

    @property
    def key(self) -> tuple[str, int]:
        """Where the next part of the list begins."""
        return (f"{self.asks_from:%Y-%m-%dT%H:%M:%SZ}", self.message)


@dataclass(frozen=True, slots=True)
class PhotoAnswerRow:
    """An answer; one that was taken back stays and says so."""

    id: int
    message: int
    institution_id: str
    page_id: str
    answer: PhotoAnswer
    note: str
    person: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class PhotoCount:
    """How many posts wait for an answer, and how many for another look; counting stops at 1000."""

    waiting: int = 0
    review: int = 0
