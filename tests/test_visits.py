from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, NOON, SCHOOL_PAGE, WEEK, Clock, set_up

from data import queries
from data.errors import SideblikError, Who
from data.queries import Reader
from data.store import Store
from data.types import Outcome, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


@pytest.fixture
def reader(store: Store, tmp_path: Path) -> Iterator[Reader]:
    with queries.open_reader(tmp_path / "sideblik.db") as opened:
        yield opened


class TokenError(SideblikError):
    who = Who.PAGE_ADMINISTRATOR


def page(reader: Reader):
    return next(row for row in queries.pages(reader, ALL) if row.id == SCHOOL_PAGE.id)


def visit(store: Store, outcome: Outcome, **told) -> None:
    store.begin_visit(SCHOOL_PAGE).end(outcome, **told)


def test_a_visit_is_kept_as_it_goes(store: Store, reader: Reader, clock: Clock) -> None:
    """Each batch is counted in the row at once; the end adds coverage."""
    log = store.begin_visit(SCHOOL_PAGE)
    log.add(Tally(fetched=10, new=9, edited=1), calls=2)
    log.add(Tally(fetched=5, unchanged=5), calls=1)
    row = page(reader).last_visit
    assert (Outcome.RUNNING, Tally(15, 9, 1, 0, 5), 3) == (row.outcome, row.tally, row.calls)
    clock.ahead(minutes=2)
    log.end(Outcome.COMPLETE, stored=90, claimed=100)
    row = page(reader)
    assert (NOON, 0.9, None) == (row.seen_at, row.coverage, row.open_gap)
    assert NOON + timedelta(minutes=2) == row.last_visit.ended_at


def test_error_names_who_must_act(store: Store, reader: Reader) -> None:
    """A failed visit keeps what kind of error it was, its sentence, and who must act."""
    visit(store, Outcome.FAILED, error=TokenError("The token is expired; renew it."))
    row = page(reader).last_visit
    assert ("TokenError", "The token is expired; renew it.", "page_administrator") == (row.error, row.detail, row.who)


@pytest.mark.parametrize("filled", [True, False])
def test_a_gap_from_the_last_complete_visit(store: Store, reader: Reader, clock: Clock, filled: bool) -> None:
    """A gap begins where the last complete visit began, is kept by further failures, and ends at the next complete."""
    visit(store, Outcome.COMPLETE)
    for outcome in (Outcome.FAILED, Outcome.PARTIAL):
        clock.ahead(hours=1)
        visit(store, outcome, error=TokenError("x"))
    assert (NOON, None, "TokenError") == (
        page(reader).open_gap.began_at,
        page(reader).open_gap.ended_at,
        page(reader).open_gap.error,
    )
    clock.ahead(hours=1)
    visit(store, Outcome.COMPLETE, filled=filled)
    (gap,) = queries.gaps(reader, ALL, SCHOOL_PAGE.id)
    assert (NOON, NOON + timedelta(hours=3), filled) == (gap.began_at, gap.ended_at, gap.filled)
    assert page(reader).open_gap is None


def test_a_gap_before_any_complete_visit(store: Store, reader: Reader) -> None:
    """Before the first complete visit a gap begins with the visit that failed."""
    visit(store, Outcome.FAILED)
    assert NOON == page(reader).open_gap.began_at
    assert page(reader).seen_at is None


def test_a_killed_visit_is_closed(store: Store, reader: Reader, clock: Clock) -> None:
    """A visit that a kill left running is partial when the next begins, with a gap that the next one ends."""
    visit(store, Outcome.COMPLETE)
    clock.ahead(minutes=30)
    store.begin_visit(SCHOOL_PAGE).add(Tally(fetched=3, new=3))
    clock.ahead(minutes=30)
    log = store.begin_visit(SCHOOL_PAGE)
    killed = queries.visits(reader, ALL, SCHOOL_PAGE.id)[1]
    assert (Outcome.PARTIAL, 3, "Interrupted") == (killed.outcome, killed.tally.new, killed.error)
    assert NOON == page(reader).open_gap.began_at
    log.end(Outcome.COMPLETE)
    assert page(reader).open_gap is None


def test_silence_is_a_gap(store: Store, reader: Reader, clock: Clock) -> None:
    """Where Sideblik was off for days, the next visit finds that nobody saw the page and fills the gap."""
    visit(store, Outcome.COMPLETE)
    clock.ahead(hours=20)
    visit(store, Outcome.COMPLETE)
    assert [] == queries.gaps(reader, ALL, SCHOOL_PAGE.id)
    clock.ahead(days=3)
    visit(store, Outcome.COMPLETE)
    (gap,) = queries.gaps(reader, ALL, SCHOOL_PAGE.id)
    assert ("NotVisited", timedelta(days=3)) == (gap.error, gap.ended_at - gap.began_at)


def test_an_import_tells_nothing_of_now(store: Store, reader: Reader, clock: Clock) -> None:
    """An import opens and ends no gap, does not close a running visit, and is when a page fed by imports was seen."""
    store.begin_visit(SCHOOL_PAGE, source="import").end(Outcome.COMPLETE)
    assert NOON == page(reader).seen_at
    clock.ahead(hours=1)
    visit(store, Outcome.FAILED)
    running = store.begin_visit(SCHOOL_PAGE)
    log = store.begin_visit(SCHOOL_PAGE, source="import")
    log.end(Outcome.COMPLETE)
    rows = {row.id: row for row in queries.visits(reader, ALL, SCHOOL_PAGE.id)}
    assert Outcome.RUNNING is rows[running.id].outcome
    assert page(reader).open_gap is not None
    running.end(Outcome.COMPLETE)
    assert NOON + timedelta(hours=1) == page(reader).seen_at


def unseen(reader: Reader, clock: Clock) -> float:
    return next(line.hours_unseen for line in queries.week(reader, ALL, WEEK, clock()) if line.page_id == "skole_fb")


def test_hours_unseen(store: Store, reader: Reader, clock: Clock) -> None:
    """Hours unseen are gaps, also those filled in later, and what is older than a day since the last complete visit."""
    visit(store, Outcome.COMPLETE)
    clock.ahead(hours=2)
    visit(store, Outcome.FAILED)
    clock.ahead(hours=1)
    visit(store, Outcome.COMPLETE)
    assert 3 == unseen(reader, clock)
    clock.ahead(hours=26)
    assert 3 + 2 == unseen(reader, clock)
    visit(store, Outcome.FAILED)
    assert 3 + 26 == unseen(reader, clock)
    clock.ahead(days=30)
    whole = 4 * 24 + 11  # from Wednesday noon UTC to Sunday midnight in Copenhagen
    assert whole == unseen(reader, clock)


def test_a_page_never_seen_is_unseen_all_week(store: Store, reader: Reader, clock: Clock) -> None:
    """A page that no visit has read to its end was not seen, though no gap says so; an import is a first sight."""
    since_monday = 2 * 24 + 13
    assert since_monday == unseen(reader, clock)
    visit(store, Outcome.FAILED)
    assert since_monday == unseen(reader, clock)
    store.begin_visit(SCHOOL_PAGE, source="import").end(Outcome.COMPLETE)
    assert 0 == unseen(reader, clock)


def test_pages_unseen(store: Store, reader: Reader, clock: Clock) -> None:
    """A page never seen, one in a gap, and one not seen for a day are unseen; the others are not."""
    assert 2 == queries.counts(reader, ALL, clock()).pages_unseen
    visit(store, Outcome.COMPLETE)
    assert 1 == queries.counts(reader, ALL, clock()).pages_unseen
    assert 2 == queries.counts(reader, ALL, clock.ahead(hours=25)).pages_unseen
    visit(store, Outcome.COMPLETE)
    visit(store, Outcome.PARTIAL)
    assert 2 == queries.counts(reader, ALL, clock()).pages_unseen


def test_coverage_of_the_week(store: Store, reader: Reader, clock: Clock) -> None:
    """A week's coverage is that of the last complete visit begun in it, and unknown where no count was told."""
    visit(store, Outcome.COMPLETE, stored=1, claimed=2)
    clock.ahead(hours=1)
    visit(store, Outcome.COMPLETE, stored=3, claimed=4)
    visit(store, Outcome.PARTIAL, stored=1, claimed=9)
    clock.ahead(days=7)
    visit(store, Outcome.COMPLETE)
    lines = {line.page_id: line.coverage for line in queries.week(reader, ALL, WEEK, clock())}
    assert {"skole_fb": 0.75, "hjem_fb": None} == lines
    assert page(reader).coverage is None
