"""What is told of remembered decisions; times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RememberedRow:
    """A decision that something is no breach, still in force; `kept_back` messages were not asked about since.

    `words` are the flagged words of the masked text that was decided on, none where it is no longer there.
    """

    id: int
    case_id: int
    page_id: str
    page_name: str
    institution_id: str
    institution_name: str
    person: str
    at: datetime
    kept_back: int
    words: tuple[str, ...]
