"""A lively page is visited often and a sleeping one seldom, within its platform's limit and its own bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import NOON, SCHOOL_PAGE, Clock, asking, plain, set_up

from collectors.rhythm import interval, is_due
from data.pulse import Pulse
from data.store import Store
from data.types import Outcome, Severity

HOUR = 3600
WEEKS = timedelta(weeks=2)
QUIET = Pulse(span=WEEKS)


def hours(pulse: Pulse, **page: int) -> float:
    return interval(replace(SCHOOL_PAGE, **page), pulse, NOON) / HOUR


@pytest.mark.parametrize(
    ("pulse", "expected"),
    [
        (QUIET, 12),
        (replace(QUIET, recent=14, stirred=NOON - timedelta(days=14)), 12),
        (replace(QUIET, recent=14, stirred=NOON - timedelta(days=7)), 6),
        (replace(QUIET, recent=84, stirred=NOON - timedelta(days=7)), 2),
        (replace(QUIET, recent=5000, stirred=NOON), 0.5),
        (replace(QUIET, recent=1, stirred=NOON - timedelta(hours=7)), 0.5),
        (replace(QUIET, recent=1, stirred=NOON - timedelta(days=28)), 12),
    ],
)
def test_the_livelier_the_sooner(pulse: Pulse, expected: float):
    """Half the distance of the last weeks' messages, or a 28th of the silence: the shorter, within half to 12 hours."""
    assert expected == pytest.approx(hours(pulse))


def test_a_page_with_an_urgent_inquiry_never_sleeps():
    """Somebody waits for an answer there, however long nothing new came."""
    assert 0.5 == hours(replace(QUIET, urgent=1, stirred=NOON - timedelta(days=90)))


def test_a_page_states_its_own_slowest():
    """No page is visited more seldom than its own setting says, and none faster than its shortest interval."""
    assert 2 == hours(QUIET, slowest_seconds=2 * HOUR)
    assert 24 == hours(QUIET, every_seconds=24 * HOUR)


@pytest.mark.parametrize(("used", "expected"), [(None, 1), (75, 1), (85, 2.5), (95, 4), (400, 4)])
def test_what_is_left_of_the_limit_stretches_the_interval(used: float | None, expected: float):
    """From three quarters on, up to four times, so that the lively pages of a platform do not use it up."""
    lively = replace(QUIET, urgent=1, used=used)
    assert expected * 0.5 == hours(lively)
    assert 1 == hours(replace(lively, used=95), slowest_seconds=HOUR)


times = st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(days=900)).map(lambda ago: NOON - ago))


@given(
    pulse=st.builds(
        Pulse, recent=st.integers(0, 10**7), span=st.timedeltas(WEEKS, 2 * WEEKS), stirred=times,
        urgent=st.integers(0, 3), used=st.one_of(st.none(), st.floats(0, 1000)),
    ),
    every=st.integers(1, 86400),
    slowest=st.integers(1, 86400),
)  # fmt: skip
def test_the_bounds_always_hold(pulse: Pulse, every: int, slowest: int):
    """Whatever a page and its platform do, the interval lies between the page's two bounds."""
    page = replace(SCHOOL_PAGE, every_seconds=every, slowest_seconds=slowest)
    assert every <= interval(page, pulse, NOON) <= max(every, slowest)


def test_when_a_page_is_due():
    """Before its first visit, after one that did not read everything, and when its interval is over."""
    sleeping = replace(QUIET, begun=NOON - timedelta(hours=11), complete=True)
    assert is_due(SCHOOL_PAGE, QUIET, NOON)
    assert not is_due(SCHOOL_PAGE, sleeping, NOON)
    assert is_due(SCHOOL_PAGE, replace(sleeping, complete=False), NOON)
    assert is_due(SCHOOL_PAGE, replace(sleeping, urgent=1), NOON)
    assert is_due(SCHOOL_PAGE, replace(sleeping, begun=NOON - timedelta(hours=11, minutes=45)), NOON)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def test_the_pulse_of_what_is_stored(store: Store, clock: Clock):
    """Messages count by when they were written, visits by what they found, urgent inquiries while they are open."""
    assert Pulse(span=clock() - (NOON - timedelta(days=16, hours=13))) == store.pulse("skole_fb")
    visit = store.begin_visit(SCHOOL_PAGE)
    urgent = asking("c2")
    urgent = replace(urgent, cases=(replace(urgent.cases[0], severity=Severity.SERIOUS),))
    old = plain("p0", created_at=NOON - timedelta(days=60))
    visit.add(store.save(SCHOOL_PAGE, [old, plain("p1"), asking("c1"), urgent]))
    visit.end(Outcome.COMPLETE)
    clock.ahead(hours=1)
    store.begin_visit(SCHOOL_PAGE).end(Outcome.FAILED)
    found = store.pulse("skole_fb")
    assert (3, 1, NOON, False) == (found.recent, found.urgent, found.stirred, found.complete)
    assert NOON + timedelta(hours=1) == found.begun
    assert Pulse(span=found.span) == store.pulse("hjem_fb")


def test_a_limit_whose_window_has_passed_holds_nobody_back(store: Store, clock: Clock):
    """What was used is forgotten at the reset that the platform told."""
    store.note_usage("skole_fb", 90.0, NOON + timedelta(minutes=5))
    assert 90 == store.pulse("skole_fb").used
    clock.ahead(minutes=5)
    assert store.pulse("skole_fb").used is None
