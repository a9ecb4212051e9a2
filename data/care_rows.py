"""What is told of the care of a possible breach: its clock, checklist and second look; times aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from data.rows import CaseRow
from data.types import Status

ALLOWED: Final = timedelta(hours=72)  # GDPR art. 33(1), from awareness; every hour counts, also of days off


class CheckItem(StrEnum):
    """What is seen to when confidential matters stood in public, in the order in which it is done."""

    TEXT = "text"
    SHARES = "shares"
    CACHE = "cache"
    FEED = "feed"
    PHOTO = "photo"
    LEADER = "leader"
    FORM = "form"
    PERSON = "person"


class CheckState(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_RELEVANT = "not_relevant"


class Look(StrEnum):
    """What came of the second look at a decision."""

    WAITING = "waiting"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    ALONE = "alone"  # closed by the one who decided: nobody logs in here, so nobody can be told from another


class Doubt(StrEnum):
    """Why the second person does not agree."""

    STILL_VISIBLE = "still_visible"
    CHECKLIST = "checklist"
    MUST_BE_REPORTED = "must_be_reported"
    NOT_A_BREACH = "not_a_breach"
    TALK = "talk"


def awaits(case: CaseRow) -> bool:
    """Whether a case is decided and waits for a second person."""
    return case.status is Status.TAKEN and case.verdict is not None


@dataclass(frozen=True, slots=True)
class ClockRow:
    """`began_at` is when somebody who may act first opened the case; `ended_at` when it was closed, None before."""

    case_id: int
    began_at: datetime
    person: str
    ended_at: datetime | None

    @property
    def due_at(self) -> datetime:
        return self.began_at + ALLOWED


@dataclass(frozen=True, slots=True)
class CheckRow:
    """An item as it stands now; `person` and `at` are None where nobody has touched it."""

    item: CheckItem
    state: CheckState
    person: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondRow:
    """The second look at a decision: `decided_by` and `verdict` are the decision's, `person` looked at it again."""

    decision: int
    decided_by: str
    outcome: Look
    doubt: Doubt | None
    person: str | None
    at: datetime | None
