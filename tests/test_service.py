"""How citizens are answered: the figures, and that they are the weekly report's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, WEEK, Clock, asking, plain, set_up, telling

from data import queries
from data.passing_rows import PassGround
from data.queries import open_reader
from data.service_rows import Service, grouped, summed
from data.store import Store
from data.times import same_week_last_year, to_text
from data.types import NOTHING, Answer, Category, Verdict

NOW = NOON + timedelta(days=5)


@pytest.fixture
def path(tmp_path):
    """Three answered in four hours (one too late by its deadline), two waiting (one overdue), two possible breaches."""
    path = tmp_path / "sideblik.db"
    with Store.open(path, clock=Clock()) as store:
        set_up(store)
        late = asking("c3", created_at=NOON - timedelta(hours=9))
        late = replace(late, cases=(replace(late.cases[0], due_at=NOON),))
        answers = [
            Answer(name, "c9", NOON + timedelta(hours=hours)) for name, hours in (("c1", 3), ("c2", 1), ("c3", 1))
        ]
        school = [plain("p1"), asking("c1"), asking("c2"), late, asking("c4"), telling("c5"), telling("c6")]
        store.save(SCHOOL_PAGE, [*school, plain("c9", by_page=True)], answers=answers)
        waits = asking("h1", page=HOME_PAGE, thread_id="h0", created_at=NOON + timedelta(days=4))
        store.save(HOME_PAGE, [waits])
        case = queries.queue(open_reader(path), ALL, telling("c5").cases[0].category)[0]
        store.decide(ALL, "Anna", case.id, case.revision, Verdict.NOT_A_BREACH, "kendt af alle")
    return path


def test_the_figures(path):
    """Answered, in time, the middle time, waiting and overdue."""
    with open_reader(path) as reader:
        rows = queries.asked(reader, ALL, [WEEK])
    assert Service(5, 3, 2, 2, 1, 4.0) == summed(rows, to_text(NOW))
    assert pytest.approx(2 / 4) == summed(rows, to_text(NOW)).share
    assert summed([], to_text(NOW)) == Service()
    assert Service().share is None


def test_they_are_those_of_the_weekly_report(path):
    """The overview and the CSV add up the same."""
    with open_reader(path) as reader:
        told = grouped(queries.asked(reader, ALL, [WEEK]), lambda row: row.page_id, to_text(NOW))
        report = {row.page_id: row for row in queries.week(reader, ALL, WEEK, NOW)}
        kinds = sum(one.count for one in queries.breaches(reader, ALL, [WEEK]))
    for page, service in told.items():
        row = report[page]
        assert (row.inquiries, row.answered, row.within, row.open, row.overdue) == (
            service.asked, service.answered, service.within, service.open, service.overdue,
        )  # fmt: skip
    assert kinds == sum(row.serious + row.possible + row.self_told for row in report.values())


def test_what_was_passed_on_counts_with_its_page(path):
    """The weekly line of the page where it was written; the overview of who has it now, and of nobody else."""
    with Store.open(path) as store, open_reader(path) as reader:
        case = queries.queue(reader, SCHOOL_ONLY, Category.INQUIRY)[0]
        store.pass_on(ALL, "Anna", case.id, case.revision, HOME_PAGE.institution_id, PassGround.THEIRS)
    with open_reader(path) as reader:
        assert 3 == len(queries.asked(reader, SCHOOL_ONLY, [WEEK]))
        assert 4 == len(queries.asked(reader, SCHOOL_ONLY, [WEEK], given_away=True))
        (line,) = queries.week(reader, SCHOOL_ONLY, WEEK, NOW)
        assert (4, 3, 2, 1, 1) == (line.inquiries, line.answered, line.within, line.open, line.overdue)


def test_hours_are_copenhagens(path):
    """Eleven in UTC on a Wednesday of November is twelve in Denmark."""
    with open_reader(path) as reader:
        rows = queries.asked(reader, SCHOOL_ONLY, [WEEK])
    assert {(3, 12), (3, 4)} == {(row.weekday, row.hour) for row in rows}


def test_breaches_by_kind_and_decision(path):
    """One that nobody has decided on, one that a person found to be none."""
    with open_reader(path) as reader:
        assert {("clear", "", 1), ("clear", "not_a_breach", 1)} == {
            (one.kind, one.verdict, one.count) for one in queries.breaches(reader, ALL, [WEEK])
        }


def test_scope(path):
    """Others' inquiries, texts and possible breaches are in no figure."""
    with open_reader(path) as reader:
        assert {"skolen"} == {row.institution_id for row in queries.asked(reader, SCHOOL_ONLY, [WEEK])}
        for query in (queries.asked, queries.breaches, queries.asked_texts):
            assert [] == query(reader, NOTHING, [WEEK])
        assert {SCHOOL_PAGE.id: 2} == queries.written_by_page(reader, ALL, [WEEK])
        assert {} == queries.written_by_page(reader, NOTHING, [WEEK])
        assert [] == queries.asked_texts(reader, replace(ALL, browse=False), [WEEK])


def test_a_text_comes_with_what_names_somebody(tmp_path):
    """The places of a person, a street, an illness; not those that only say that somebody asks."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        both = asking("c1", "Karla i 3.b har fået diabetes.")
        both = replace(
            both, judgement=replace(both.judgement, findings=telling("x").judgement.findings + both.judgement.findings)
        )
        store.save(SCHOOL_PAGE, [plain("p1"), both])
    with open_reader(tmp_path / "sideblik.db") as reader:
        (text,) = queries.asked_texts(reader, ALL, [WEEK])
    assert {(0, 5), (20, 28)} == set(text.named)


@pytest.mark.parametrize(
    ("week", "expected"),
    [("2026-W47", "2025-W47"), ("2026-W53", "2025-W52"), ("2027-W53", "2026-W53"), ("2021-W01", "2020-W01")],
)
def test_the_same_week_last_year(week, expected):
    """By its number; the last week where that year had none of the number."""
    assert expected == same_week_last_year(week)
