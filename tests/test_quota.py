"""Daily budgets that no header tells: shared by pages of one key, remembered over a restart, new at midnight there."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from collectors.errors import PageSetupError
from collectors.platforms._quota import Budget, Ledger, Meter, whole
from data.types import Page
from tests.support import Hand

PACIFIC = ZoneInfo("America/Los_Angeles")
HUNDRED = Budget(100, PACIFIC)


def meter(ledger: Ledger, page: str = "a", memory: dict[str, str] | None = None, clock: Hand | None = None) -> Meter:
    return Meter(HUNDRED, ledger, "key", page, memory or {}, clock or Hand())


def test_pages_of_one_key_spend_together() -> None:
    """Each remembers its own part; another key has a budget of its own."""
    ledger = Ledger()
    first, second = meter(ledger, "a"), meter(ledger, "b")
    first.spend(30)
    assert 50 == second.spend(20).percent
    assert ("30", "20") == (first.memory()["units"], second.memory()["units"])
    assert 0 == Meter(HUNDRED, ledger, "another key", "a", {}, Hand()).spend(0).percent


def test_a_restart_forgets_nothing() -> None:
    """What a page remembers of today counts once, however often it is told."""
    ledger, told = Ledger(), {"units": "70", "units_day": "2026-11-22"}
    assert 70 == meter(ledger, memory=told).spend(0).percent
    assert 71 == meter(ledger, memory=told).spend(1).percent
    assert 72 == meter(ledger, memory=told).spend(1).percent


@pytest.mark.parametrize(
    "memory",
    [
        {"units": "70", "units_day": "2026-11-21"},
        {"units": "-70", "units_day": "2026-11-22"},
        {"units": "7" * 30, "units_day": "2026-11-22"},
        {"units": "70"},
        {},
    ],
)
def test_what_says_nothing_of_today_counts_nothing(memory: dict[str, str]) -> None:
    """Yesterday's, or what is no number."""
    assert 0 == meter(Ledger(), memory=memory).spend(0).percent


def test_a_new_day_begins_at_midnight_there() -> None:
    """And not at midnight here."""
    clock = Hand(datetime(2026, 11, 23, 7, 59, tzinfo=UTC))
    one = meter(Ledger(), clock=clock)
    usage = one.spend(90)
    assert (90, datetime(2026, 11, 23, 8, tzinfo=UTC)) == (usage.percent, usage.resets_at)
    assert not one.ample()
    clock.move(120)
    assert (1, True) == (one.spend(1).percent, one.ample())
    assert {"units": "1", "units_day": "2026-11-23"} == one.memory()


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        (datetime(2026, 3, 8, 8, 30, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_midnight_over_the_change_of_clocks(at: datetime, midnight: datetime) -> None:
    """Days of 23 and 25 hours."""
    assert midnight == HUNDRED.begins_anew(at)


@pytest.mark.parametrize("given", ["", "many", "-1", "1.5", "9" * 12, "٣"])
def test_an_option_that_is_no_number(given: str) -> None:
    """It is told, with the option's name, before anything is asked."""
    page = Page("a", "b", "youtube", "c", "", "d", options={"quota_units": given})
    with pytest.raises(PageSetupError, match="`quota_units`"):
        whole(page, "quota_units", 1)
    assert 5 == whole(page, "another", 5)
