"""A goal that changes moves the deadlines of what is open, and of nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import ALL, HOME, HOME_PAGE, NOON, SCHOOL, SCHOOL_PAGE, Clock, asking, plain, rows, set_up, telling

from data import queries
from data.opening import Opening
from data.queries import open_reader
from data.store import Store
from data.types import Answer, Category, Severity

OFFICE = Opening(((480, 960),) * 5 + (None, None))
WORKING = replace(SCHOOL_PAGE, goal_hours=8, opening=OFFICE, urgent_hours=6)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two open inquiries of the school (one urgent), one answered, a possible breach, and one of the home."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as opened:
        set_up(opened)
        urgent = asking("c2")
        urgent = replace(urgent, cases=(replace(urgent.cases[0], severity=Severity.SERIOUS),))
        told = [plain("p1"), asking("c1"), urgent, asking("c3"), telling("c4"), plain("c9", by_page=True)]
        opened.save(SCHOOL_PAGE, told, answers=[Answer("c3", "c9", NOON)])
        opened.save(HOME_PAGE, [asking("h1", page=HOME_PAGE, thread_id="h0")])
        yield opened


def deadlines(folder: Path) -> dict[int, tuple[str, str]]:
    return {
        row[0]: (row[1], row[2])
        for row in rows(folder, "SELECT id, due_at, sort FROM cases WHERE category = 'inquiry'")
    }


def test_open_inquiries_follow_the_goal(store: Store, tmp_path: Path) -> None:
    """The deadline and the place in the queue; the answered one is still measured by the promise of its day."""
    before = deadlines(tmp_path)
    store.set_places([SCHOOL, HOME], [WORKING, HOME_PAGE])
    after = deadlines(tmp_path)
    changed = {number for number in before if before[number] != after[number]}
    with open_reader(tmp_path / "sideblik.db") as reader:
        cases = {
            case.id: case for case in queries.queue(reader, ALL, Category.INQUIRY) if case.page_id == SCHOOL_PAGE.id
        }
    assert set(cases) == changed
    due = {case.severity: case.due_at for case in cases.values()}
    written = NOON - timedelta(hours=1)  # on a Wednesday at eleven in UTC, noon in Copenhagen
    assert written + timedelta(days=1) == due[Severity.NORMAL]
    assert written + timedelta(hours=6) == due[Severity.SERIOUS]
    assert all(sort == due_at for due_at, sort in after.values())


def test_the_journal_tells_it_once(store: Store, tmp_path: Path) -> None:
    """That the rule changed and how many deadlines moved; starting again with the same settings tells nothing."""
    for _ in range(2):
        store.set_places([SCHOOL, HOME], [WORKING, HOME_PAGE])
    told = rows(tmp_path, "SELECT subject, institution_id, detail FROM journal WHERE action = 'renew_deadlines'")
    assert [(f"page:{SCHOOL_PAGE.id}", SCHOOL.id)] == [tuple(row)[:2] for row in told]
    assert {"cases": 2, "goal_hours": 8, "always_open": False} == json.loads(told[0][2])


def test_a_page_is_rejudged_by_its_own_hours(store: Store) -> None:
    """What the database knows of a page is what the configuration said, so that both reckon the same deadline."""
    store.set_places([SCHOOL, HOME], [WORKING, HOME_PAGE])
    page, _ = store.place(SCHOOL_PAGE.id)
    assert (8, OFFICE, 6) == (page.goal_hours, page.opening, page.urgent_hours)


def test_a_new_page_moves_nothing(store: Store, tmp_path: Path) -> None:
    """It has no cases yet, and those of the others stay."""
    before = deadlines(tmp_path)
    store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE, replace(WORKING, id="new", name="Ny")])
    assert before == deadlines(tmp_path)
