from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.times import from_text, now, shift_week, to_text, week_bounds, week_of


def test_text_form() -> None:
    """A time is stored as UTC in one form that sorts as it reads."""
    copenhagen_noon = datetime(2026, 7, 1, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert to_text(copenhagen_noon) == "2026-07-01T10:00:00Z"
    assert from_text("2026-07-01T10:00:00Z") == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_naive_time_is_refused() -> None:
    """A time without a zone is an error and never taken for UTC by guess."""
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2026, 7, 1))  # noqa: DTZ001, the very thing


def test_now_is_aware_and_whole() -> None:
    """The present has a zone and no fraction, so that what is stored equals what was meant."""
    moment = now()
    assert UTC is moment.tzinfo
    assert moment == from_text(to_text(moment))


@pytest.mark.parametrize(
    ("week", "begin", "hours"),
    [
        ("2026-W47", "2026-11-15T23:00:00Z", 168),
        ("2026-W13", "2026-03-22T23:00:00Z", 167),  # summer time begins on Sunday the 29th
        ("2026-W43", "2026-10-18T22:00:00Z", 169),  # and ends on Sunday the 25th
        ("2026-W53", "2026-12-27T23:00:00Z", 168),
    ],
)
def test_week_bounds(week: str, begin: str, hours: int) -> None:
    """A week begins on Monday at midnight in Copenhagen and is an hour short or long where the clock is moved."""
    start, end = week_bounds(week)
    assert begin == to_text(start)
    assert timedelta(hours=hours) == end - start


@pytest.mark.parametrize("week", ["2026-W54", "2025-W53", "2026W47", "2026-W1", "last", ""])
def test_no_such_week(week: str) -> None:
    """A week that does not exist, or is written otherwise, is an error."""
    with pytest.raises(ValueError, match=r"week|W"):
        week_bounds(week)


def test_shift_over_new_year() -> None:
    """Weeks are counted across new year, also of a year with 53 of them."""
    assert shift_week("2026-W52", 1) == "2026-W53"
    assert shift_week("2026-W53", 1) == "2027-W01"
    assert shift_week("2026-W01", -1) == "2025-W52"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001, given a zone
def test_a_moment_is_in_its_week(moment: datetime) -> None:
    """Every moment lies within the bounds of its week and outside those of the next."""
    begin, end = week_bounds(week_of(moment))
    assert begin <= moment < end
    assert end == week_bounds(shift_week(week_of(moment), 1))[0]
