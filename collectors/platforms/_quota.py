"""Budgets of calls a day that a platform counts and tells in no header: counted here, and stopped before their end.

    a page's memory ("units", "units_day") ──► the visit's meter ──► every call counted ──► the limits that all obey

A budget belongs to an app or a key, which several pages may share: within a process their visits count together; after
a restart each page brings along what it spent that day.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from collectors.errors import PageSetupError
from collectors.limits import SLOW_ABOVE, Usage
from data.types import Page

DIGITS: Final = 9


class Ledger:
    """What the visits of this process spent, by budget and page, on the budget's running day. Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: dict[str, str] = {}
        self._spent: dict[str, Counter[str]] = {}

    def add(self, budget: str, day: str, page: str, units: int, *, at_least: int = 0) -> tuple[int, int]:
        """Count units of a page, which is known to have spent `at_least`; the page's sum and the budget's."""
        with self._lock:
            if self._day.get(budget) != day:
                self._day[budget], self._spent[budget] = day, Counter()
            spent = self._spent[budget]
            spent[page] = max(spent[page], at_least) + units
            return spent[page], spent.total()


@dataclass(frozen=True, slots=True)
class Budget:
    """So many units a day, whose day begins at midnight in `zone`."""

    units: int
    zone: ZoneInfo

    def begins_anew(self, at: datetime) -> datetime:
        """The next midnight of the zone, in the time zone of `at`."""
        local = at.astimezone(self.zone)
        return datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), self.zone).astimezone(at.tzinfo)

    def day(self, at: datetime) -> str:
        return at.astimezone(self.zone).date().isoformat()


class Meter:
    """One visit's view of a budget."""

    def __init__(
        self,
        budget: Budget,
        ledger: Ledger,
        token: str,
        page: str,
        memory: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self._budget = budget
        self._ledger = ledger
        self._name = hashlib.sha256(token.encode()).hexdigest()[:16]
        self._page = page
        self._clock = clock
        told = memory.get("units", "")
        same_day = memory.get("units_day") == budget.day(clock())
        self._at_least = int(told) if same_day and told.isdigit() and len(told) <= DIGITS else 0

    def spend(self, units: int) -> Usage:
        """Count units; how full the budget is then, and when it begins anew."""
        _, total = self._add(units)
        percent = 100.0 * total / self._budget.units
        return Usage(percent, resets_at=self._budget.begins_anew(self._clock()))

    def memory(self) -> dict[str, str]:
        """What the page is to remember of its spending."""
        mine, _ = self._add(0)
        return {"units": str(mine), "units_day": self._budget.day(self._clock())}

    def ample(self) -> bool:
        """Whether enough is left for reading that can wait until tomorrow."""
        return self.spend(0).percent <= SLOW_ABOVE

    def _add(self, units: int) -> tuple[int, int]:
        at = self._clock()
        return self._ledger.add(self._name, self._budget.day(at), self._page, units, at_least=self._at_least)


def whole(page: Page, option: str, default: int, *, least: int = 0) -> int:
    """A page's option that is a number; PageSetupError where it is none."""
    given = page.options.get(option, str(default))
    if not (given.isascii() and given.isdigit() and len(given) <= DIGITS and int(given) >= least):
        raise PageSetupError(f"The page's option `{option}` is no number of use; correct it in sideblik.toml.")
    return int(given)
