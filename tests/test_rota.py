"""Who covers which page and when: the rule, what is kept of it, and the warning that nobody does."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from records import ALL, HOME_PAGE, SCHOOL_ONLY, SCHOOL_PAGE, Clock, set_up

from data import journal, queries
from data.errors import ChangedError, OutOfScopeError
from data.queries import open_reader
from data.rota import DAY, Duty, DutyKind, on_day, on_duty, problem
from data.store import Store
from data.types import NOTHING, Category, Scope

MONDAY = date(2026, 11, 16)
READER = Scope(institutions=frozenset({"skolen"}), categories=frozenset(Category), browse=True)
DPO = Scope(everywhere=True, categories=frozenset({Category.CONFIDENTIALITY}), acts=True)

ELSEWHERE = Scope(institutions=frozenset({"hjemmet"}), categories=frozenset(Category), browse=True, acts=True)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of that week in Copenhagen, given in UTC (winter: an hour behind)."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


def office(person: str = "Anna", **fields) -> Duty:
    given = {"weekdays": frozenset(range(1, 6)), "from_minute": 8 * 60, "until_minute": 16 * 60, **fields}
    return Duty(SCHOOL_PAGE.id, person, MONDAY, **given)


@pytest.fixture
def path(tmp_path):
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
    return tmp_path / "sideblik.db"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(16, 8), ("Anna",)),
        (at(16, 7, 59), ()),
        (at(16, 15, 59), ("Anna",)),
        (at(16, 16), ()),
        (at(21, 10), ()),  # a Saturday
    ],
)
def test_a_duty_holds_in_its_hours(moment, expected):
    """Its first minute is within, its last is the one before the end, in Danish time."""
    assert expected == on_duty([office()], moment)


def test_the_clock_is_copenhagens_in_summer_too():
    """Eight in the morning in July is six in UTC."""
    assert on_duty([office()], datetime(2027, 7, 5, 6, 30, tzinfo=UTC)) == ("Anna",)
    assert on_duty([office()], datetime(2027, 7, 5, 5, 30, tzinfo=UTC)) == ()


def test_a_cover_takes_the_place_of_the_others():
    """Between its days the others stand aside; after them they are back."""
    cover = Duty(SCHOOL_PAGE.id, "Bo", date(2026, 11, 17), date(2026, 11, 18), DutyKind.COVER)
    assert [("Anna",), ("Bo",), ("Bo",), ("Anna",)] == [
        on_day([office(), cover], date(2026, 11, d)) for d in range(16, 20)
    ]


def test_who_is_away_is_not_on_duty():
    """Not even as a cover; another regular one still is."""
    away = Duty(SCHOOL_PAGE.id, "Anna", MONDAY, MONDAY, DutyKind.AWAY)
    assert ((), ("Lis",)) == (on_day([office(), away], MONDAY), on_day([office(), office("Lis"), away], MONDAY))


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (office(), ""),
        (office(ends=date(2026, 11, 15)), "days"),
        (office(kind=DutyKind.COVER), "no_end"),
        (office(kind=DutyKind.AWAY), "no_end"),
        (office(weekdays=frozenset()), "weekdays"),
        (office(from_minute=600, until_minute=600), "clock"),
        (office(until_minute=DAY + 1), "clock"),
    ],
)
def test_what_is_wrong_with_a_duty(duty, expected):
    """Each fault is told by its own word."""
    assert expected == problem(duty)


def test_a_duty_is_kept_as_it_was_given(path):
    """And is asked for by the page at a moment."""
    given = office(ends=date(2026, 12, 24))
    with Store.open(path) as store, open_reader(path) as reader:
        number = store.add_duty(SCHOOL_ONLY, "Kim", given)
        (kept,) = queries.duties(reader, ALL, SCHOOL_PAGE.id)
        assert ("Anna",) == queries.on_duty(reader, ALL, SCHOOL_PAGE.id, at(16, 9))
        assert () == queries.on_duty(reader, NOTHING, SCHOOL_PAGE.id, at(16, 9))
    assert (number, given.person, given.weekdays, given.ends) == (kept.id, kept.person, kept.weekdays, kept.ends)
    assert (given.kind, given.from_minute, given.until_minute) == (kept.kind, kept.from_minute, kept.until_minute)


def test_the_journal_tells_who_changed_the_rota(path):
    """Who put a duty in and who took it out; the one who is on duty stands in the duty's own row alone."""
    with Store.open(path) as store, open_reader(path) as reader:
        number = store.add_duty(ALL, "Kim", office("Anna"))
        store.remove_duty(ALL, "Ulla", number)
        rows = queries.journal(reader, ALL)
        assert [("Ulla", "duty_removed"), ("Kim", "duty_added")] == [(row.actor, row.action) for row in rows]
        assert [] == [row for row in rows if "Anna" in row.detail]
        assert journal.verify(reader) is None
        assert [] == queries.duties(reader, ALL, SCHOOL_PAGE.id)


@pytest.mark.parametrize(
    "scope", [NOTHING, READER, DPO, Scope(institutions=frozenset({"hjemmet"}), browse=True, acts=True)]
)
def test_others_may_not_change_the_rota(path, scope):
    """Neither a reader, nor the DPO, nor an administrator of another institution."""
    with Store.open(path) as store, open_reader(path) as reader:
        with pytest.raises(OutOfScopeError):
            store.add_duty(scope, "Lis", office())
        number = store.add_duty(ALL, "Kim", office())
        with pytest.raises(OutOfScopeError):
            store.remove_duty(scope, "Lis", number)
        assert 1 == len(queries.duties(reader, ALL, SCHOOL_PAGE.id))


def test_a_duty_is_taken_out_once(path):
    """The second one who does is told so."""
    with Store.open(path) as store:
        number = store.add_duty(ALL, "Kim", office())
        store.remove_duty(ALL, "Kim", number)
        with pytest.raises(ChangedError):
            store.remove_duty(ALL, "Ulla", number)


def test_nobody_on_duty_is_told_day_by_day(path):
    """Working days alone, for every page of the scope, and nothing at all where no rota is kept."""
    with Store.open(path) as store, open_reader(path) as reader:
        assert ({}, False) == (queries.uncovered(reader, ALL, MONDAY), queries.has_rota(reader, ALL))
        store.add_duty(ALL, "Kim", office(weekdays=frozenset({1, 3, 6})))
        found = queries.uncovered(reader, ALL, MONDAY)
        assert tuple(date(2026, 11, day) for day in (17, 19, 20)) == found[SCHOOL_PAGE.id]
        assert 5 == len(found[HOME_PAGE.id])
        assert {SCHOOL_PAGE.id} == set(queries.uncovered(reader, SCHOOL_ONLY, MONDAY))
        assert queries.has_rota(reader, SCHOOL_ONLY)
