"""How far back a visit to an open network reads: the look-back each time, older posts and all threads every few hours.

A list tells a post's number of direct replies only, so a reply to a reply is found by reading threads anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from collectors.base import Request
from collectors.platforms._quota import whole

DEEP: Final = timedelta(hours=6)
SWEEP_DAYS: Final = 90
NOTED: Final = 100  # mentions that are remembered as read
_SWEPT: Final = "swept"


@dataclass(frozen=True, slots=True)
class Look:
    """`deep` where every thread and older posts are read; `known`: number of comments by post since `reach`."""

    at: datetime
    since: datetime
    deep: bool
    reach: datetime
    known: Mapping[str, int | None]

    def is_young(self, at: datetime | None) -> bool:
        """Whether something of a time belongs to the look-back; what tells no time does."""
        return at is None or at >= self.since

    def done(self, memory: Mapping[str, str]) -> dict[str, str]:
        """What is to be remembered once everything is read."""
        return {**memory, _SWEPT: self.at.isoformat(timespec="seconds")} if self.deep else dict(memory)


def look(request: Request, memory: Mapping[str, str], at: datetime) -> Look:
    """How far the visit at a moment reads; option `sweep_days` says how far back older posts are followed."""
    deep = _older(memory.get(_SWEPT, ""), at - DEEP)
    reach = request.since - timedelta(days=whole(request.page, "sweep_days", SWEEP_DAYS) if deep else 0)
    return Look(at, request.since, deep, reach, dict(request.counted(reach, at + timedelta(days=1))))


def _older(told: str, than: datetime) -> bool:
    """Whether a remembered time is before another, or not there."""
    try:
        return datetime.fromisoformat(told) <= than
    except (ValueError, TypeError):
        return True
