"""Green is proved, never assumed: each state of a page, and what is stored held against what the platform claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import ALL, HOME, NOON, SCHOOL, SCHOOL_PAGE, Clock, plain, rows, set_up

from collectors.errors import TokenError
from data import queries
from data.errors import Who
from data.page_state import State, late_after, page_state, token_warning, unproven
from data.rows import GapRow, PageRow
from data.store import Store
from data.types import Outcome, Page

HOUR = timedelta(hours=1)
SEEN = PageRow(
    id="p", name="Siden", platform="facebook", url="", institution_id="i", institution_name="I", goal_hours=48,
    seen_at=NOON - HOUR / 2, last_visit=None, open_gap=None, coverage=1.0, not_judged=0,
)  # fmt: skip
GAP = GapRow(1, "p", NOON - 9 * HOUR, None, False, "NetworkError")


@pytest.mark.parametrize(
    ("page", "state", "why", "who"),
    [
        (SEEN, State.SEEN, "", Who.NOBODY),
        (replace(SEEN, coverage=0.98), State.SEEN, "", Who.NOBODY),
        (replace(SEEN, coverage=0.979), State.ATTENTION, "coverage", Who.OPERATOR),
        (replace(SEEN, coverage=0.9, coverage_goal=0.9), State.SEEN, "", Who.NOBODY),
        (replace(SEEN, short_posts=1), State.ATTENTION, "posts", Who.OPERATOR),
        (replace(SEEN, not_judged=1), State.ATTENTION, "not_judged", Who.DEVELOPER),
        (replace(SEEN, seen_at=NOON + HOUR / 15), State.SEEN, "", Who.NOBODY),
        (replace(SEEN, seen_at=NOON + HOUR / 10), State.ATTENTION, "clock", Who.OPERATOR),
        (replace(SEEN, seen_at=NOON - 61 * HOUR / 60), State.ATTENTION, "late", Who.OPERATOR),
        (replace(SEEN, seen_at=NOON - 23 * HOUR, rhythm=12 * 3600), State.SEEN, "", Who.NOBODY),
        (replace(SEEN, seen_at=NOON - 25 * HOUR, rhythm=12 * 3600), State.ATTENTION, "late", Who.OPERATOR),
        (replace(SEEN, open_gap=GAP), State.ATTENTION, "NetworkError", Who.NOBODY),
        (replace(SEEN, open_gap=replace(GAP, error="NotVisited")), State.ATTENTION, "NotVisited", Who.OPERATOR),
        (replace(SEEN, seen_at=None), State.UNKNOWN, "never", Who.OPERATOR),
        (replace(SEEN, visited=False), State.UNKNOWN, "imports", Who.OPERATOR),
        (replace(SEEN, visited=False, seen_at=None), State.UNKNOWN, "no_import", Who.OPERATOR),
        (replace(SEEN, coverage=None), State.UNKNOWN, "no_counts", Who.NOBODY),
        (replace(SEEN, platform="website", coverage=None), State.SEEN, "uncounted", Who.NOBODY),
        (replace(SEEN, platform="website", coverage=None, talk=True), State.UNKNOWN, "no_counts", Who.NOBODY),
        (replace(SEEN, unread_from=NOON - HOUR), State.ATTENTION, "not_reached", Who.OPERATOR),
    ],
)
def test_each_state(page: PageRow, state: State, why: str, who: Who):
    """What is wrong, and who must act."""
    found = page_state(page, NOON)
    assert (state, why, who) == (found.state, found.why, found.who)
    assert (state is State.ATTENTION or why == "never") == unproven(page, NOON)


@given(
    seen=st.none() | st.timedeltas(timedelta(), timedelta(days=3)),
    gap=st.booleans(),
    visited=st.booleans(),
    coverage=st.none() | st.floats(0, 1),
    goal=st.floats(0.01, 1),
    short=st.integers(0, 2),
    rhythm=st.none() | st.integers(1, 86400),
    platform=st.sampled_from(["facebook", "website"]),
    talk=st.booleans(),
    unread=st.none() | st.just(NOON - HOUR),
)
def test_green_needs_every_proof(seen, gap, visited, coverage, goal, short, rhythm, platform, talk, unread):
    """A page is seen where a visit read it in time and back to the one before, its coverage and each post's are enough,
    and no gap is open; news without comments need no coverage.
    """
    page = replace(
        SEEN, seen_at=None if seen is None else NOON - seen, open_gap=GAP if gap else None, visited=visited,
        coverage=coverage, coverage_goal=goal, short_posts=short, rhythm=rhythm, platform=platform, talk=talk,
        unread_from=unread,
    )  # fmt: skip
    in_time = seen is not None and seen <= late_after(rhythm or page.every_seconds)
    news = platform == "website" and not talk and coverage is None
    whole = news or (coverage is not None and coverage >= goal and not short)
    proved = visited and in_time and not gap and unread is None and whole
    assert proved == (page_state(page, NOON).state is State.SEEN)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (timedelta(days=14, seconds=1), None),
        (timedelta(days=14), 14),
        (timedelta(days=3, seconds=1), 14),
        (timedelta(days=3), 3),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(), 0),
        (timedelta(days=-9), 0),
    ],
)
def test_a_token_is_warned_of(left: timedelta, due: int | None):
    """14, 3 and 1 days before its end, and past it."""
    assert due == token_warning(replace(SEEN, token_expires_at=NOON + left), NOON)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def page_of(folder: Path) -> PageRow:
    with queries.open_reader(folder / "sideblik.db") as reader:
        return next(row for row in queries.pages(reader, ALL) if row.id == "skole_fb")


def test_coverage_is_counted_post_by_post(store: Store, tmp_path: Path):
    """Too many under one post hide no lack under another; the post that lacks is named with what it lacks."""
    visit = store.begin_visit(SCHOOL_PAGE)
    below = {"thread_id": "p2", "parent_id": "p2"}
    store.save(
        SCHOOL_PAGE,
        [plain("p1"), plain("c1"), plain("c2"), plain("p2", "Vi holder fest"), plain("c3", **below), plain("p3")],
        counts={"p1": 1, "p2": 4, "p3": 0},
    )
    visit.end(Outcome.COMPLETE, stored=3, claimed=5)
    page = page_of(tmp_path)
    assert (2 / 5, 1) == (page.coverage, page.short_posts)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        short = queries.short_posts(reader, ALL, "skole_fb")
    assert [("Vi holder fest", 1, 4)] == [(one.text, one.held, one.claimed) for one in short]


def test_a_visit_that_left_threads_out_still_tells_the_whole(store: Store, tmp_path: Path):
    """What was not listed because its number had not moved is stored all the same: the week's coverage counts it."""
    visit = store.begin_visit(SCHOOL_PAGE)
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")], counts={"p1": 2})
    visit.end(Outcome.COMPLETE, stored=1, claimed=2)
    assert [(2, 2)] == rows(tmp_path, "SELECT stored, claimed FROM visits")
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        week = {line.page_id: line.coverage for line in queries.week(reader, ALL, "2026-W47", NOON)}
    assert {"skole_fb": 1.0, "hjem_fb": None} == week


def test_what_is_gone_is_not_held(store: Store, tmp_path: Path):
    """A comment that vanished while the platform still counts it is a lack; one that it no longer counts is none."""

    def visited(count: int) -> float | None:
        visit = store.begin_visit(SCHOOL_PAGE)
        store.touch(SCHOOL_PAGE, {}, {"p1": count})
        visit.end(Outcome.COMPLETE)
        return page_of(tmp_path).coverage

    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")], counts={"p1": 2})
    assert 1.0 == visited(2)
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed={"p1", "c1"}, threads={"p1"}, posts_since=None)
    assert 0.5 == visited(2)
    assert 1.0 == visited(1)


def test_counts_of_nothing_are_counts(store: Store, tmp_path: Path):
    """A page whose posts have no comments is whole; one whose platform told no number cannot be told."""
    store.save(SCHOOL_PAGE, [plain("p1")])
    store.begin_visit(SCHOOL_PAGE).end(Outcome.COMPLETE)
    assert page_of(tmp_path).coverage is None
    store.touch(SCHOOL_PAGE, {}, {"p1": 0})
    store.begin_visit(SCHOOL_PAGE).end(Outcome.COMPLETE)
    assert 1.0 == page_of(tmp_path).coverage


def test_a_page_has_its_own_goal(store: Store, tmp_path: Path):
    """The same lack is enough for one page and too little for another."""
    store.set_places([SCHOOL, HOME], [replace(SCHOOL_PAGE, coverage=0.5)])
    visit = store.begin_visit(replace(SCHOOL_PAGE, coverage=0.5))
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")], counts={"p1": 2})
    visit.end(Outcome.COMPLETE)
    page = page_of(tmp_path)
    assert (0.5, 0.5, 0) == (page.coverage, page.coverage_goal, page.short_posts)
    assert State.SEEN is page_state(page, NOON).state


def test_a_page_without_reference_is_fed_by_imports(store: Store, tmp_path: Path):
    """An import of this minute does not make it one that is seen."""
    imported: Page = replace(SCHOOL_PAGE, ref="")
    store.set_places([SCHOOL, HOME], [imported])
    store.begin_visit(imported, source="import").end(Outcome.COMPLETE)
    found = page_state(page_of(tmp_path), NOON)
    assert (State.UNKNOWN, "imports") == (found.state, found.why)


def test_the_trouble_is_told_while_the_next_visit_runs(store: Store, clock: Clock, tmp_path: Path):
    """Who must act does not change because a visit has begun, nor because a file was imported meanwhile."""
    store.begin_visit(SCHOOL_PAGE).end(Outcome.FAILED, error=TokenError("dead"))
    clock.ahead(minutes=30)
    store.begin_visit(SCHOOL_PAGE, source="import").end(Outcome.COMPLETE)
    running = store.begin_visit(SCHOOL_PAGE)
    found = page_state(page_of(tmp_path), clock())
    assert ("TokenError", Who.PAGE_ADMINISTRATOR, NOON) == (found.why, found.who, found.since)
    running.end(Outcome.COMPLETE)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-12-24T10:00:00Z", "2026-12-24T10:00:00Z"),
        ("2026-12-24T10:00:00+01:00", "2026-12-24T09:00:00Z"),
        ("2026-12-24", "2026-12-24T00:00:00Z"),
        ("", None),
        ("soon", None),
    ],
)
def test_what_a_platform_tells_of_a_tokens_end(store: Store, tmp_path: Path, told: str, expected: str | None):
    """Kept beside the memory, until the platform tells another: a memory without the word changes nothing."""
    store.remember("skole_fb", {"token_expires_at": "2026-11-30T00:00:00Z"})
    store.remember("skole_fb", {"etag": "x"})
    assert datetime.fromisoformat("2026-11-30T00:00:00Z") == page_of(tmp_path).token_expires_at
    store.remember("skole_fb", {"token_expires_at": told})
    assert [(expected,)] == rows(tmp_path, "SELECT token_expires_at FROM pages WHERE id = 'skole_fb'")
