"""Deadlines in working time: closed days, closed hours, the two nights in which the clock is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.opening import Opening, from_column, to_column
from data.times import COPENHAGEN
from data.types import Page
from data.worktime import deadline, due, is_closed, worked

OFFICE = Opening(((480, 960),) * 5 + (None, None), frozenset({"06-05", "12-24", "12-31", "2026-05-15"}))
NIGHTS = Opening(((90, 210),) * 7)  # from half past one to half past three: across both moves of the clock
HOUR = timedelta(hours=1)

FIRST, SECONDS = datetime(2022, 1, 1, tzinfo=UTC), 9 * 365 * 24 * 60 * 60
moments = st.integers(0, SECONDS).map(lambda seconds: FIRST + timedelta(seconds=seconds))
minutes = st.integers(0, 1440)
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] < span[1])
weeks = st.lists(st.none() | spans, min_size=7, max_size=7).filter(any)
openings = st.builds(Opening, weeks.map(tuple), st.sampled_from([frozenset(), frozenset({"12-24", "06-05"})]))
likely = st.one_of(st.just(OFFICE), st.just(NIGHTS), openings)
goals = st.integers(1, 60 * 60).map(lambda seconds: timedelta(seconds=seconds * 60))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("written", "goal", "expected"),
    [
        pytest.param("2026-11-17T10:00", 16, "2026-11-19T10:00", id="two working days on"),
        pytest.param("2026-11-20T14:00", 16, "2026-11-24T14:00", id="a weekend between"),
        pytest.param("2026-11-21T23:30", 16, "2026-11-24T16:00", id="written on a Saturday: counted from Monday"),
        pytest.param("2026-11-19T08:00", 8, "2026-11-19T16:00", id="due as the page closes, not when it opens again"),
        pytest.param("2026-11-19T17:00", 1, "2026-11-20T09:00", id="written after closing time"),
        pytest.param("2026-04-01T12:00", 8, "2026-04-07T12:00", id="Easter"),
        pytest.param("2024-04-25T12:00", 8, "2024-04-26T12:00", id="no Store Bededag from 2024"),
        pytest.param("2023-05-04T12:00", 8, "2023-05-08T12:00", id="Store Bededag until 2023"),
        pytest.param("2026-06-04T12:00", 8, "2026-06-08T12:00", id="Grundlovsdag, closed by setting"),
        pytest.param("2026-12-23T12:00", 8, "2026-12-28T12:00", id="Christmas"),
        pytest.param("2026-05-13T12:00", 8, "2026-05-18T12:00", id="Ascension, and the municipality's own closed day"),
        pytest.param("2026-03-27T12:00", 8, "2026-03-30T12:00", id="summer time begins between"),
        pytest.param("2026-10-23T12:00", 8, "2026-10-26T12:00", id="summer time ends between"),
    ],
)
def test_due(written, goal, expected):
    """Hours in which the page is open, by the clock on its wall."""
    assert local(expected) == due(local(written), goal * HOUR, OFFICE)


def test_by_the_clock():
    """A page that is looked after always has no closed hours, and no hour that the clock lost or won."""
    assert datetime(2026, 3, 30, 22, tzinfo=UTC) == due(datetime(2026, 3, 28, 22, tzinfo=UTC), 48 * HOUR, None)
    assert 48 * HOUR == worked(local("2026-04-03T00:00"), local("2026-04-05T00:00"), None)
    assert timedelta() == worked(local("2026-04-05T00:00"), local("2026-04-03T00:00"), None)


def test_the_nights_in_which_the_clock_is_moved():
    """Two hours by the wall are one in the spring and three in the autumn."""
    for day, hours in (("2026-03-28", 2), ("2026-03-29", 1), ("2026-10-25", 3), ("2026-10-26", 2)):
        begin = local(f"{day}T00:00")
        assert hours * HOUR == worked(begin, begin + timedelta(hours=12), NIGHTS), day


@pytest.mark.parametrize(
    "opening", [Opening((None,) * 7), Opening((*(None,) * 6, (120, 180)), frozenset({"2026-03-29"}))]
)
def test_a_page_that_never_opens_is_told(opening):
    """Rather than counted towards for ever; one that opens seldom is."""
    if any(opening.week):
        assert local("2026-04-12T03:00") == due(local("2026-03-28T00:00"), HOUR, opening)
    else:
        with pytest.raises(ValueError, match="no day open"):
            due(local("2026-03-28T00:00"), HOUR, opening)


@given(moments, goals, likely)
def test_what_was_worked_until_the_deadline_is_the_goal(written, goal, opening):
    """The one is the other read backwards, also across moves of the clock."""
    assert goal == worked(written, due(written, goal, opening), opening)


@given(moments, goals, likely)
def test_never_due_in_closed_time(written, goal, opening):
    """A deadline lies on an open day, in its hours or as they end."""
    at = due(written, goal, opening).astimezone(COPENHAGEN)
    just_before = (at.astimezone(UTC) - timedelta(seconds=1)).astimezone(COPENHAGEN)
    assert not is_closed(just_before.date(), opening)
    assert timedelta(seconds=1) == worked(just_before, at, opening)


@given(moments, moments, goals, goals, likely)
def test_later_is_later(one, other, goal, more, opening):
    """Whoever writes later, or is promised longer, is not due sooner."""
    first, second = sorted((one, other))
    assert due(first, goal, opening) <= due(second, goal, opening)
    assert due(first, goal, opening) < due(first, goal + more, opening)
    assert first < due(first, goal, opening)


@given(moments, moments, moments, likely)
def test_parts_add_up(one, two, three, opening):
    """Time worked until a moment and from it on is the time worked."""
    begin, middle, end = sorted((one, two, three))
    assert worked(begin, end, opening) == worked(begin, middle, opening) + worked(middle, end, opening)


@given(st.none() | openings)
def test_kept_as_it_was(opening):
    """What the database holds is the same hours."""
    assert opening == from_column(to_column(opening))


def test_an_urgent_one_counts_by_the_clock():
    """Friday evening, a day later; never later than the page's own goal."""
    page = Page("p", "i", "facebook", "Skolen", "", "", goal_hours=16, opening=OFFICE)
    friday = local("2026-11-20T20:00")
    assert local("2026-11-21T20:00") == deadline(page, friday, urgent=True)
    assert local("2026-11-24T16:00") == deadline(page, friday, urgent=False)
    hasty = Page("p", "i", "facebook", "Vand", "", "", goal_hours=2, urgent_hours=24)
    assert friday + 2 * HOUR == deadline(hasty, friday, urgent=True)


def test_closed_days():
    """Sundays, public holidays and what the municipality closes; a day of one year is open in the next."""
    closed = ["2026-11-22", "2026-04-06", "2026-12-24", "2026-05-15"]
    assert closed == [
        day for day in [*closed, "2027-05-14", "2026-11-23"] if is_closed(date.fromisoformat(day), OFFICE)
    ]
