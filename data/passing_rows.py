"""Where a case has been: what `data.passing` writes and the queries answer with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PassGround(StrEnum):
    """Why a case goes to another institution; a fixed list, so that no free text stands in its trace."""

    THEIRS = "theirs"  # it is their matter
    KNOWLEDGE = "knowledge"  # they know the answer
    PART = "part"  # it concerns more than one institution
    ABSENT = "absent"  # nobody is here to answer in time


@dataclass(frozen=True, slots=True)
class PassingRow:
    """A case went from one institution to another; taken back where `ended_at` says so."""

    id: int
    case_id: int
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    ground: PassGround
    person: str
    at: datetime
    ended_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class LapseRow:
    """A taken case became nobody's by itself."""

    case_id: int
    taken_by: str
    taken_at: datetime
    at: datetime
