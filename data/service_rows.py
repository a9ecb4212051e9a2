"""How citizens are answered, as figures: one reckoning for the screens, the weekly report and the yearly one.

Figures are of pages, topics and hours, and never of the people who answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple, TypeVar

OPEN: Final = frozenset({"new", "taken"})
HOUR: Final = 3600
Key = TypeVar("Key", bound=Hashable)


class Asked(NamedTuple):
    """One inquiry, without its text: where and when it was written (UTC text) and how it was answered.

    A tuple, since a year has twenty thousand of them and a frozen record takes three times as long to make.
    `seconds` from writing to answer, None where nobody has; `weekday` (ISO) and `hour` are Copenhagen's.
    """

    week: str
    institution_id: str
    page_id: str
    platform: str
    topic: str
    status: str
    weekday: int
    hour: int
    due_at: str | None
    answered_at: str | None
    seconds: int | None

    @property
    def answered(self) -> bool:
        return self.status == "answered" and self.answered_at is not None

    @property
    def within(self) -> bool:
        """Answered, and within the page's service goal."""
        return is_within(self.due_at, self.answered_at) if self.answered else False


@dataclass(frozen=True, slots=True)
class Service:
    """Some inquiries added up; `overdue` wait past their deadline at the moment that was asked for."""

    asked: int = 0
    answered: int = 0
    within: int = 0
    open: int = 0
    overdue: int = 0
    median_hours: float | None = None

    @property
    def share(self) -> float | None:
        """Answered within the goal, of those whose time is up or that are answered; None where there are none."""
        due = self.answered + self.overdue
        return self.within / due if due else None


@dataclass(frozen=True, slots=True)
class BreachCount:
    """Possible breaches of one kind and decision; `verdict` is "" for those that nobody has decided on."""

    week: str
    kind: str
    verdict: str
    count: int


@dataclass(frozen=True, slots=True)
class AskedText:
    """An inquiry's masked text; `named` are the spans in it that may tell who somebody is or what is private."""

    week: str
    text: str
    thread: str
    author_key: str
    author_name: str
    named: tuple[tuple[int, int], ...] = ()


def is_within(due_at: str | None, answered_at: str | None) -> bool:
    """Whether an answer came in time; where there is no deadline every answer does."""
    return answered_at is not None and (due_at is None or answered_at <= due_at)


def summed(rows: Iterable[Asked], now: str) -> Service:
    """The figures of some inquiries; `now` as stored, for what is overdue."""
    found = list(rows)
    answered = [row for row in found if row.answered]
    waiting = [row for row in found if row.status in OPEN]
    hours = [row.seconds / HOUR for row in answered if row.seconds is not None]
    return Service(
        asked=len(found),
        answered=len(answered),
        within=sum(row.within for row in answered),
        open=len(waiting),
        overdue=sum(row.due_at is not None and row.due_at < now for row in waiting),
        median_hours=median(hours) if hours else None,
    )


def grouped(rows: Iterable[Asked], key: Callable[[Asked], Key], now: str) -> dict[Key, Service]:
    """The same by something that an inquiry has, in no order that ranks."""
    groups: dict[Key, list[Asked]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {name: summed(found, now) for name, found in groups.items()}
