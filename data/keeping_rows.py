"""When texts are emptied and what holds them, as screens show it; times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.retention import Why


@dataclass(frozen=True, slots=True)
class KeptRow:
    """When a message's text will be emptied and why, or when it was (`emptied_at`, and then `ends_at` is that too)."""

    message: int
    page_id: str
    institution_id: str
    ends_at: datetime
    why: Why
    held: bool = False
    emptied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A legal hold on a case's thread; in force until `until`, unless lifted before."""

    id: int
    case_id: int
    page_id: str
    institution_id: str
    person: str
    ground: str
    at: datetime
    until: datetime
    lifted_at: datetime | None
    lifted_by: str | None

    def in_force(self, now: datetime) -> bool:
        return self.lifted_at is None and now < self.until
