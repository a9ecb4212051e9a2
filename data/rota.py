"""The rota's writing side, and its one rule: who is on duty at a moment.

    a cover of that day and hour ──► those who cover, and nobody else
    otherwise ─────────────────────► the regular ones who are not away

A person is named as the configuration names them; the rota tells nothing of what they do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from data import journal
from data.connection import writing
from data.errors import ChangedError, OutOfScopeError
from data.scoping import within
from data.times import COPENHAGEN, to_text
from data.types import Scope

DAY: Final = 24 * 60  # minutes
EVERY_DAY: Final = frozenset(range(1, 8))


class DutyKind(StrEnum):
    REGULAR = "regular"
    COVER = "cover"  # holiday cover: between its days the others stand aside
    AWAY = "away"  # the person's other duties on the page rest


@dataclass(frozen=True, slots=True)
class Duty:
    """`begins` and `ends` are days in Copenhagen, both included; `ends` is None for one that goes on.

    `weekdays` are ISO's (1 is Monday); `from_minute` and `until_minute` count from midnight, the end excluded.
    """

    page_id: str
    person: str
    begins: date
    ends: date | None = None
    kind: DutyKind = DutyKind.REGULAR
    weekdays: frozenset[int] = EVERY_DAY
    from_minute: int = 0
    until_minute: int = DAY
    id: int = 0  # given by the store

    def holds_on(self, day: date) -> bool:
        """Whether any of that day is this duty's."""
        return self.begins <= day and (self.ends is None or day <= self.ends) and day.isoweekday() in self.weekdays

    def holds_at(self, moment: datetime) -> bool:
        local = moment.astimezone(COPENHAGEN)
        return self.holds_on(local.date()) and self.from_minute <= local.hour * 60 + local.minute < self.until_minute


def on_duty(duties: Iterable[Duty], moment: datetime) -> tuple[str, ...]:
    """Who looks after a page at the moment, by name; nobody where no duty holds."""
    return _those([duty for duty in duties if duty.holds_at(moment)])


def on_day(duties: Iterable[Duty], day: date) -> tuple[str, ...]:
    """Who looks after a page at any time of the day."""
    return _those([duty for duty in duties if duty.holds_on(day)])


def _those(holding: list[Duty]) -> tuple[str, ...]:
    away = {duty.person for duty in holding if duty.kind is DutyKind.AWAY}
    covers = {duty.person for duty in holding if duty.kind is DutyKind.COVER}
    regular = {duty.person for duty in holding if duty.kind is DutyKind.REGULAR}
    return tuple(sorted((covers or regular) - away))


def problem(duty: Duty) -> str:
    """What is wrong with a duty before it is kept, as a code word; "" for one that is right."""
    if duty.ends is not None and duty.ends < duty.begins:
        return "days"
    if duty.kind is not DutyKind.REGULAR and duty.ends is None:
        return "no_end"
    if not duty.weekdays or not duty.weekdays <= EVERY_DAY:
        return "weekdays"
    return "" if 0 <= duty.from_minute < duty.until_minute <= DAY else "clock"


def add(conn: sqlite3.Connection, scope: Scope, actor: str, duty: Duty, at: datetime) -> int:
    """Keep a duty and note it; its number. ValueError for one that `problem` finds fault with."""
    if found := problem(duty):
        raise ValueError(f"The duty was refused ({found}); nothing was written. Mend it and try again.")
    condition, names = within(scope)
    place = conn.execute(f"SELECT institution_id FROM pages WHERE id = ? AND {condition}", (duty.page_id, *names))  # noqa: S608, placeholders only
    row = place.fetchone()
    if row is None or not (scope.acts and scope.browse):
        raise OutOfScopeError("That page's rota is not yours to change; nothing was written.")
    number = conn.execute(
        """INSERT INTO duties (page_id, institution_id, kind, person, begins, ends, weekdays, from_minute,
               until_minute, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            duty.page_id, row["institution_id"], duty.kind.value, duty.person, duty.begins.isoformat(),
            duty.ends.isoformat() if duty.ends else None, sum(1 << day - 1 for day in duty.weekdays),
            duty.from_minute, duty.until_minute, actor, to_text(at),
        ),
    ).lastrowid  # fmt: skip
    assert number is not None  # an INSERT has one
    _note(conn, at, actor, "duty_added", number, row["institution_id"], duty.page_id)
    return number


def remove(conn: sqlite3.Connection, scope: Scope, actor: str, number: int, at: datetime) -> None:
    """Take a duty out of the rota; ChangedError where somebody did before, OutOfScopeError for another's."""
    condition, names = within(scope)
    row = conn.execute(
        f"SELECT page_id, institution_id, removed_at FROM duties WHERE id = ? AND {condition}",  # noqa: S608, placeholders only
        (number, *names),
    ).fetchone()
    if row is None or not (scope.acts and scope.browse):
        raise OutOfScopeError("That duty is not yours to change; nothing was written.")
    if row["removed_at"]:
        raise ChangedError("That duty is out of the rota already; nothing was written. Look at the rota again.")
    conn.execute("UPDATE duties SET removed_by = ?, removed_at = ? WHERE id = ?", (actor, to_text(at), number))
    _note(conn, at, actor, "duty_removed", number, row["institution_id"], row["page_id"])


def _note(
    conn: sqlite3.Connection, at: datetime, actor: str, action: str, number: int, institution: str, page: str
) -> None:
    """The journal names the duty and not its person: the row does, and can be cleared one day."""
    journal.append(
        conn, at=at, actor=actor, action=action, subject=f"duty:{number}", institution_id=institution,
        detail={"page": page},
    )  # fmt: skip


class Rota:
    """A part of `Store`; each call is a transaction."""

    _conn: sqlite3.Connection
    _clock: Callable[[], datetime]

    def add_duty(self, scope: Scope, actor: str, duty: Duty) -> int:
        """Put a duty into the rota; its number. ValueError or OutOfScopeError where that cannot be."""
        with writing(self._conn):
            return add(self._conn, scope, actor, duty, self._clock())

    def remove_duty(self, scope: Scope, actor: str, number: int) -> None:
        """Take a duty out; ChangedError or OutOfScopeError where that cannot be."""
        with writing(self._conn):
            remove(self._conn, scope, actor, number, self._clock())
