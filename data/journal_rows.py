"""What the journal answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalRow:
    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    institution_id: str | None
    detail: str
