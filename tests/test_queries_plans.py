"""What a screen asks for is found by an index: no query walks a table, and no list is sorted before it is cut."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, HOME_PAGE, NOON, SCHOOL_PAGE, WEEK, Clock, asking, hidden, plain, set_up, telling

from data import queries
from data.photo_rows import PhotoAnswer, PhotoView
from data.queries import QueueFilter, RemovalFilter
from data.removal_rows import Standing
from data.store import Store
from data.types import Answer, Attachment, Category, Outcome, Scope, Status, Verdict, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from data.queries import Reader

TWO = Scope(institutions=frozenset({"skolen", "hjemmet"}), categories=frozenset(Category), browse=True, acts=True)
EVERY = frozenset(Status)
SMALL = {"institutions", "pages"}  # as many rows as the configuration names
LISTS: dict[str, Callable[[Reader, Scope], object]] = {
    "queue": lambda reader, scope: queries.queue(reader, scope, Category.INQUIRY),
    "queue, next page": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(statuses=EVERY), before=(3, "2026", 7)
    ),
    "queue, narrowed": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(kind="question", topic="x", overdue=True, now=NOON)
    ),
    "queue of a person": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(statuses=frozenset({Status.TAKEN}), taken_by="anna")
    ),
    "queue of an institution": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(institution_id="skolen")
    ),
    "queue of a page": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(page_id=SCHOOL_PAGE.id)
    ),
    "posts": lambda reader, scope: queries.posts(reader, scope, SCHOOL_PAGE.id),
    "posts, next page": lambda reader, scope: queries.posts(reader, scope, SCHOOL_PAGE.id, before=("2027", 9)),
    "search": lambda reader, scope: queries.search(reader, scope, "åbner", before=99),
    "visits": lambda reader, scope: queries.visits(reader, scope, SCHOOL_PAGE.id),
    "gaps": lambda reader, scope: queries.gaps(reader, scope, SCHOOL_PAGE.id),
    "journal": queries.journal,
    "removals": queries.removals,
    "photos": lambda reader, scope: queries.photos(reader, scope, PhotoView.WAITING, NOON),
    "photos, next page": lambda reader, scope: queries.photos(
        reader, scope, PhotoView.REVIEW, NOON, page_id=SCHOOL_PAGE.id, before=("2027", 9)
    ),
    "removals, next page": lambda reader, scope: queries.removals(
        reader, scope, RemovalFilter(Standing.UNEXPLAINED, "skolen", SCHOOL_PAGE.id), before=99
    ),
}
OTHERS: dict[str, Callable[[Reader, Scope], object]] = {
    "queue by words": lambda reader, scope: queries.queue(
        reader, scope, Category.INQUIRY, QueueFilter(words="åbner I"), before=(3, "2026", 7)
    ),
    "queue_count": lambda reader, scope: queries.queue_count(reader, scope, Category.INQUIRY),
    "arrived": lambda reader, scope: queries.arrived(
        reader, scope, Category.INQUIRY, QueueFilter(kind="question", words="åbner"), since=1
    ),
    "day": lambda reader, scope: queries.day(reader, scope, "anna", NOON),
    "newest": queries.newest,
    "case": lambda reader, scope: queries.case(reader, scope, 1),
    "cases_of": lambda reader, scope: queries.cases_of(reader, scope, 2),
    "decisions": lambda reader, scope: queries.decisions(reader, scope, 1),
    "thread": lambda reader, scope: queries.thread(reader, scope, 1),
    "thread_of_post": lambda reader, scope: queries.thread_of_post(reader, scope, 1),
    "case_lines": lambda reader, scope: list(queries.case_lines(reader, scope, WEEK)),
    "places": queries.places,
    "short_posts": lambda reader, scope: queries.short_posts(reader, scope, SCHOOL_PAGE.id),
    "removal": lambda reader, scope: queries.removal(reader, scope, 1),
    "removals_beside": lambda reader, scope: queries.removals_beside(reader, scope, 1),
    "removed": lambda reader, scope: queries.removed(reader, scope, 1),
    "explanations": lambda reader, scope: queries.explanations(reader, scope, 1),
    "unexplained": queries.unexplained,
    "unexplained, of a week": lambda reader, scope: queries.unexplained(reader, scope, WEEK),
    "photo": lambda reader, scope: queries.photo(reader, scope, 1),
    "photo_answers": lambda reader, scope: queries.photo_answers(reader, scope, 1),
    "photos_waiting": lambda reader, scope: queries.photos_waiting(reader, scope, NOON),
    "asked": lambda reader, scope: queries.asked(reader, scope, [WEEK, "2026-W46"]),
    "asked_texts": lambda reader, scope: queries.asked_texts(reader, scope, [WEEK, "2026-W46"]),
    "breaches": lambda reader, scope: queries.breaches(reader, scope, [WEEK, "2026-W46"]),
    "written_by_page": lambda reader, scope: queries.written_by_page(reader, scope, [WEEK, "2026-W46"]),
    "duties": lambda reader, scope: queries.duties(reader, scope, SCHOOL_PAGE.id),
    "uncovered": lambda reader, scope: queries.uncovered(reader, scope, NOON.date()),
    "has_rota": queries.has_rota,
    "pages": queries.pages,
    "week": lambda reader, scope: queries.week(reader, scope, WEEK, NOON),
    "trend": lambda reader, scope: queries.trend(reader, scope, [WEEK, "2026-W46"]),
    "counts": lambda reader, scope: queries.counts(reader, scope, NOON),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    path: Path = tmp_path_factory.mktemp("plans") / "sideblik.db"
    with Store.open(path, clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain("p1"), asking("c1"), telling("c2")])
        store.save(HOME_PAGE, [plain("p3", page=HOME_PAGE)])
        store.begin_visit(SCHOOL_PAGE)
    with queries.open_reader(path) as opened:
        yield opened


def statements(reader: Reader, query: Callable[[Reader, Scope], object], scope: Scope) -> set[str]:
    """The statements that a query runs, without those that the search index runs for itself."""
    run: set[str] = set()
    reader._conn.set_trace_callback(run.add)
    query(reader, scope)
    reader._conn.set_trace_callback(None)
    return {statement for statement in run if "messages_fts_" not in statement and not statement.startswith("--")}


def plan(reader: Reader, run: set[str]) -> list[str]:
    """The steps of the statements, as SQLite explains them."""
    return [row["detail"] for statement in run for row in reader.execute(f"EXPLAIN QUERY PLAN {statement}")]


def walked(steps: list[str]) -> set[str]:
    """Tables that a step walks from end to end, by an index or without."""
    found = {match[1] for step in steps if (match := re.match(r"SCAN (\w+)(?! VIRTUAL)\b", step))}
    return found - SMALL - {"json_each"}


@pytest.mark.parametrize("scope", [ALL, TWO], ids=["everywhere", "two institutions"])
@pytest.mark.parametrize("name", [*LISTS, *OTHERS])
def test_no_table_is_walked(reader: Reader, name: str, scope: Scope) -> None:
    """Every step of every query begins at a key: none reads a table that grows from end to end."""
    steps = plan(reader, statements(reader, {**LISTS, **OTHERS}[name], scope))
    assert steps
    assert set() == walked(steps)


@pytest.mark.parametrize("scope", [ALL, TWO], ids=["everywhere", "two institutions"])
@pytest.mark.parametrize("name", LISTS)
def test_no_list_is_sorted_before_it_is_cut(reader: Reader, name: str, scope: Scope) -> None:
    """A list that is read page by page comes out of its index in order.

    Left out are the statements that fill in what one page shows: they begin with the numbers of its rows, or count
    what is open on one page of the municipality.
    """
    run = {one for one in statements(reader, LISTS[name], scope) if "json_each" not in one and "GROUP BY" not in one}
    assert run
    assert [] == [step for step in plan(reader, run) if "TEMP B-TREE" in step]


def test_this_test_can_fail(reader: Reader) -> None:
    """A query that walks a table or sorts it is noticed by what the tests above look for."""
    bad = {"SELECT id FROM cases ORDER BY opened_at", "SELECT id FROM messages WHERE text = ''"}
    assert {"cases", "messages"} == walked(plan(reader, bad))
    assert ["USE TEMP B-TREE FOR ORDER BY"] == [step for step in plan(reader, bad) if "TEMP B-TREE" in step]


def test_no_write_walks_a_table(tmp_path: Path) -> None:
    """What a visit and a person write is found by a key too: a save costs the same whatever is stored."""
    run: set[str] = set()
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store._conn.set_trace_callback(run.add)
        log = store.begin_visit(SCHOOL_PAGE)
        first = [plain("p1", attachments=(Attachment("photo"),)), asking("c1"), telling("c2")]
        answers = [Answer("c1", "p1", NOON)]
        store.save(SCHOOL_PAGE, first, counts={"p1": 2}, answers=answers)
        store.save(SCHOOL_PAGE, [asking("c1", "Hvornår lukker I?"), hidden(telling("c2"))])
        store.touch(SCHOOL_PAGE, {"c2": Visibility.VISIBLE}, {"p1": 3})
        store.known("facebook", ["c1"])
        store.thread("facebook", "p1")
        for _ in range(2):
            store.miss(SCHOOL_PAGE, listed={"c1"}, threads={"p1"}, posts_since=NOON - timedelta(days=9))
        store.refuse(SCHOOL_PAGE, {"p1"})
        log.end(Outcome.FAILED)
        store.undo(ALL, "anna", store.decide(TWO, "anna", 1, 3, Verdict.ANSWERED, ""))
        store.note("anna", "looked", "page")
        store.undo_photo(ALL, "anna", store.answer_photo(TWO, "anna", 1, 1, PhotoAnswer.CONSENT, "", timedelta(days=9)))
        store.pulse(SCHOOL_PAGE.id)
        store.note_rhythm(SCHOOL_PAGE.id, 1800)
        store.note_usage(SCHOOL_PAGE.id, 12.5, None)
        store.renewed(SCHOOL_PAGE.id, NOON)
        store._conn.set_trace_callback(None)
        own = {
            one
            for one in run
            if one.split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE"} and "messages_fts" not in one
        }
        steps = [row["detail"] for one in own for row in store._conn.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert {"UPDATE", "INSERT", "SELECT"} <= {one.split()[0] for one in own}
    assert set() == walked(steps)


@pytest.mark.parametrize("name", ["asked", "asked_texts", "breaches"])
def test_what_weeks_ask_for_begins_at_its_weeks(reader: Reader, name: str) -> None:
    """Not at the category: that would read every inquiry there ever was to tell of one week."""
    steps = plan(reader, statements(reader, OTHERS[name], ALL))
    assert [] == [step for step in steps if "cases" in step and "week=?" not in step and "USE TEMP" not in step]
