from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from records import (
    ALL,
    HOME,
    HOME_PAGE,
    NOON,
    SCHOOL,
    SCHOOL_ONLY,
    SCHOOL_PAGE,
    WEEK,
    Clock,
    asking,
    hidden,
    plain,
    set_up,
    telling,
)

from benchmarks import dataset
from data import queries
from data.queries import QueueFilter, Reader
from data.store import Store
from data.times import from_text
from data.types import Answer, Category, Scope, Severity, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVERY = frozenset(Status)
FEW = Scope(
    institutions=frozenset({"inst00", "inst03", "inst07", "elsewhere"}), categories=frozenset(Category), browse=True
)
WIDE = Scope(everywhere=True, categories=frozenset(Category), browse=True)
WORD = "hav"
FILTERS = {
    "open": QueueFilter(),
    "every status": QueueFilter(statuses=EVERY),
    "no status": QueueFilter(statuses=frozenset()),
    "institution": QueueFilter(statuses=EVERY, institution_id="inst03"),
    "foreign institution": QueueFilter(statuses=EVERY, institution_id="inst05"),
    "page": QueueFilter(statuses=EVERY, page_id="page03"),
    "page of another": QueueFilter(statuses=EVERY, page_id="page03", institution_id="inst07"),
    "kind": QueueFilter(statuses=EVERY, kind="question"),
    "topic": QueueFilter(statuses=EVERY, topic="opening_hours"),
    "overdue": QueueFilter(overdue=True, now=dataset.END),
    "overdue without a time": QueueFilter(overdue=True),
    "words": QueueFilter(statuses=EVERY, words=WORD),
    "words and kind": QueueFilter(statuses=EVERY, words=f'{WORD}"', kind="question"),
    "overdue words": QueueFilter(words=WORD, overdue=True, now=dataset.END),
    "no word": QueueFilter(words=' " '),
}


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred cases on all pages, in all states."""
    path = tmp_path_factory.mktemp("big") / "sideblik.db"
    dataset.fill(path, 6000)
    return path


@pytest.fixture(params=[50_000, 0], ids=["rare words", "common words"])
def reader(big: Path, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with queries.open_reader(big, common=request.param) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Store, Reader, Clock]]:
    clock = Clock()
    with Store.open(tmp_path / "sideblik.db", clock=clock) as store:
        set_up(store)
        with queries.open_reader(tmp_path / "sideblik.db") as opened:
            yield store, opened, clock


def by_hand(reader: Reader, scope: Scope, category: Category, filters: QueueFilter) -> list[int]:
    """The queue as one would write it down: every case looked at, then sorted."""
    kept = []
    for row in reader.execute("SELECT cases.*, text FROM cases JOIN messages ON messages.id = cases.message"):
        wanted = (
            row["category"] == category
            and row["status"] in filters.statuses
            and (scope.everywhere or row["institution_id"] in scope.institutions)
            and filters.institution_id in {"", row["institution_id"]}
            and filters.page_id in {"", row["page_id"]}
            and filters.kind in {"", row["kind"]}
            and filters.topic in {"", row["topic"]}
            and all(word in row["text"].replace(".", " ").split() for word in filters.words.replace('"', " ").split())
            and (not filters.overdue or (filters.now and row["due_at"] and from_text(row["due_at"]) < filters.now))
        )
        if wanted:
            kept.append((-row["severity"], row["sort"], row["id"]))
    return [number for *_, number in sorted(kept)]


@pytest.mark.parametrize("scope", [WIDE, FEW], ids=["everywhere", "few"])
@pytest.mark.parametrize("category", [Category.INQUIRY, Category.CONFIDENTIALITY])
@pytest.mark.parametrize("name", FILTERS)
def test_queue_page_by_page(reader: Reader, scope: Scope, category: Category, name: str) -> None:
    """Page after page a queue shows every case that it holds, once, in order; and its count is theirs."""
    filters = FILTERS[name]
    expected = by_hand(reader, scope, category, filters)
    shown, before = [], None
    while page := queries.queue(reader, scope, category, filters, before=before, limit=7):
        shown += [case.id for case in page]
        before = page[-1].key
    assert expected == shown
    assert len(expected) == queries.queue_count(reader, scope, category, filters)


def test_the_filters_find_something(big: Path) -> None:
    """The table above is no empty talk: most of its filters find cases for both scopes."""
    with queries.open_reader(big) as reader:
        found = {
            (name, scope.everywhere): len(by_hand(reader, scope, Category.INQUIRY, filters))
            for (name, filters), scope in product(FILTERS.items(), (WIDE, FEW))
        }
    nothing = {name for (name, _), count in found.items() if not count}
    assert {"no status", "foreign institution", "page of another", "overdue without a time"} == nothing


def test_count_stops(tmp_path: Path) -> None:
    """A count stops at a thousand, since nobody reads on to the end of such a queue."""
    with Store.open(tmp_path / "a.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking(f"c{number}") for number in range(1100)])
        with queries.open_reader(tmp_path / "a.db") as reader:
            assert 1000 == queries.queue_count(reader, ALL, Category.INQUIRY)
            assert 1000 == queries.queue_count(reader, ALL, Category.INQUIRY, QueueFilter(words="åbner"))


@pytest.mark.parametrize("scope", [WIDE, FEW], ids=["everywhere", "few"])
@pytest.mark.parametrize("name", FILTERS)
def test_what_arrived_is_counted_by_number(reader: Reader, scope: Scope, name: str) -> None:
    """The cases of a queue that were opened after one of them, whatever has left it since; none after the newest."""
    held = by_hand(reader, scope, Category.INQUIRY, FILTERS[name])
    middle = sorted(held)[len(held) // 2] if held else 0
    expected = sum(number > middle for number in held)
    assert expected == queries.arrived(reader, scope, Category.INQUIRY, FILTERS[name], since=middle)
    mark = queries.newest(reader, scope)
    assert 0 == queries.arrived(reader, scope, Category.INQUIRY, FILTERS[name], since=mark)


def test_posts_page_by_page(big: Path) -> None:
    """A page's posts come newest first, each once, with the comments stored and the cases open under them."""
    with queries.open_reader(big) as reader:
        shown, before = [], None
        while page := queries.posts(reader, WIDE, "page03", before=before, limit=3):
            shown += page
            before = page[-1].key
        rows = reader.execute(
            "SELECT id FROM messages WHERE page_id = 'page03' AND kind = 'post' ORDER BY created_at DESC"
        )
        assert [row["id"] for row in rows] == [post.message.id for post in shown]
        assert {dataset.THREAD - 1} == {post.comments for post in shown}
        waiting = reader.number("SELECT count(*) FROM cases WHERE page_id = 'page03' AND status IN ('new', 'taken')")
    assert waiting == sum(post.open_cases for post in shown)


def test_search_page_by_page(big: Path) -> None:
    """A search shows what holds all the words, last seen first, each once."""
    with queries.open_reader(big) as reader:
        shown, before = [], None
        while page := queries.search(reader, FEW, WORD, before=before, limit=9):
            shown += page
            before = page[-1].id
        held = reader.execute("SELECT id, institution_id, text FROM messages ORDER BY id DESC")
    expected = [
        row["id"]
        for row in held
        if row["institution_id"] in FEW.institutions and WORD in row["text"].replace(".", " ").split()
    ]
    assert expected
    assert expected == [row.id for row in shown]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("åbner", ["c1"]),
        ("ÅBNER i", ["c1"]),
        ('"åbner" OR nogetandet', []),
        ("åbner*", ["c1"]),
        ("text:åbner", []),
        ("NEAR(a b)", []),
        ("åb", []),
        ('"', []),
        ("", []),
        ("  ", []),
        ("!!!", []),
        ("\0åbner", ["c1"]),
        ("' OR 1=1 --", []),
    ],
)
def test_words_of_any_kind(small: tuple[Store, Reader, Clock], words: str, found: list[str]) -> None:
    """Whatever a viewer types is words to look for: no sign of it is taken for an order, and none is an error."""
    store, reader, _ = small
    store.save(SCHOOL_PAGE, [plain("p1"), asking("c1"), telling("c2")])
    assert found == [row.message_id for row in queries.search(reader, ALL, words)]
    if words.strip(' "\0'):
        queue = queries.queue(reader, ALL, Category.INQUIRY, QueueFilter(words=words))
        assert found == [row.message_id for case in queue for row in queries.thread(reader, ALL, case.id)[1:2]]


def test_thread_of_a_case(small: tuple[Store, Reader, Clock]) -> None:
    """A case shows its whole thread in order, with what was found and the texts before an edit."""
    store, reader, _ = small
    store.save(SCHOOL_PAGE, [telling("c2", created_at=NOON), asking("c1"), plain("p1"), plain("c3", thread_id="p9")])
    store.save(SCHOOL_PAGE, [asking("c1", "Hvornår lukker I?")])
    (case,) = queries.queue(reader, ALL, Category.INQUIRY)
    thread = queries.thread(reader, ALL, case.id)
    assert ["p1", "c1", "c2"] == [row.message_id for row in thread]
    assert thread == queries.thread_of_post(reader, ALL, thread[0].id)
    assert ["Hvornår åbner I?"] == [old.text for old in thread[1].versions]
    assert ["person", "health"] == [found.type for found in thread[2].findings]
    assert ((), ()) == (thread[0].findings, thread[0].versions)
    assert case == queries.case(reader, ALL, case.id)
    assert [case] == queries.cases_of(reader, ALL, case.message)


def test_places_in_danish_order(small: tuple[Store, Reader, Clock]) -> None:
    """Names are sorted as in Danish, with æ, ø and å last."""
    store, reader, _ = small
    names = ["Åsen", "Ørsted", "Ærø", "Zoo", "abe", "Ådal"]
    store.set_places([replace(SCHOOL, id=name, name=name) for name in names], [])
    shown = [place.name for place in queries.places(reader, ALL).institutions]
    assert ["abe", "Zoo", "Ærø", "Ørsted", "Ådal", "Åsen", HOME.name, SCHOOL.name][:6] == shown[:6]


def test_week_of_a_page(small: tuple[Store, Reader, Clock]) -> None:
    """A week's line tells what was written, asked and answered in it, as things stand now."""
    store, reader, clock = small
    reply = plain("c9", "Klokken otte.", by_page=True, created_at=NOON)
    store.save(
        SCHOOL_PAGE,
        [
            plain("p1"),
            asking("c1"),
            asking("c2"),
            asking("c3", created_at=NOON - timedelta(days=7)),
            telling("c4"),
            reply,
        ],
        answers=[Answer("c1", "c9", NOON)],
    )
    store.save(SCHOOL_PAGE, [hidden(telling("c4"))])
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed={"c1", "c3", "c4", "c9"}, threads={"p1"}, posts_since=None)
    breach = queries.queue(reader, ALL, Category.CONFIDENTIALITY)[0]
    store.decide(ALL, "anna", breach.id, breach.revision, Verdict.HIDDEN, "")
    store.agree(ALL, "bo", breach.id, breach.revision + 1)
    line = next(one for one in queries.week(reader, ALL, WEEK, clock.ahead(days=3)) if one.page_id == "skole_fb")
    assert (1, 3, 2) == (line.posts, line.comments, line.own)
    assert (2, 0, 0, 2) == (line.questions, line.requests, line.complaints, line.inquiries)
    assert (1, 1, 1, 1, (1.0,)) == (line.answered, line.within, line.open, line.overdue, line.answer_hours)
    assert (1, 0, 0, {"hidden": 1}) == (line.serious, line.possible, line.self_told, line.decided)
    assert (1, 1) == (line.removed, line.hidden)
    assert 3 == sum(one.inquiries for week in (WEEK, "2026-W46") for one in queries.week(reader, ALL, week, clock()))


def test_trend_and_lines_tie_with_the_week(big: Path) -> None:
    """The same week is the same number on the overview's trend, in the page lines, and in the report's case lines."""
    week = "2026-W40"
    with queries.open_reader(big) as reader:
        for scope in (WIDE, FEW):
            lines = queries.week(reader, scope, week, dataset.END)
            trend = queries.trend(reader, scope, [week, "2026-W41"])
            cases = Counter(case.category for case in queries.case_lines(reader, scope, week))
            told = [row for row in trend if row.week == week]
            assert sum(line.posts for line in lines) == sum(row.posts for row in told)
            assert sum(line.comments for line in lines) == sum(row.comments for row in told)
            assert sum(line.inquiries for line in lines) == sum(row.inquiries for row in told) == cases["inquiry"]
            breaches = sum(line.serious + line.possible + line.self_told for line in lines)
            assert breaches == sum(row.breaches for row in told) == cases["confidentiality"]
            assert breaches == sum(sum(line.decided.values()) for line in lines)


def test_counts(small: tuple[Store, Reader, Clock]) -> None:
    """The figures on top are those of the queues."""
    store, reader, clock = small
    urgent = asking("c2")
    urgent = replace(urgent, cases=(replace(urgent.cases[0], severity=Severity.SERIOUS),))
    store.save(SCHOOL_PAGE, [asking("c1"), urgent, telling("c3")])
    store.save(HOME_PAGE, [asking("c4", page=HOME_PAGE)])
    store.take(ALL, "anna", queries.queue(reader, ALL, Category.CONFIDENTIALITY)[0].id, 1)
    found = queries.counts(reader, ALL, clock.ahead(days=3))
    assert (3, 1, 3, 1, 1) == (found.new, found.taken, found.overdue, found.urgent, found.breaches_open)
    own = queries.counts(reader, SCHOOL_ONLY, clock())
    assert (2, 1, 2, 1, 1) == (own.new, own.taken, own.overdue, own.urgent, own.breaches_open)
    assert len(queries.queue(reader, ALL, Category.INQUIRY, QueueFilter(overdue=True, now=clock()))) == found.overdue


def test_not_judged(small: tuple[Store, Reader, Clock]) -> None:
    """A text that could not be judged is counted on its page until it is."""
    store, reader, _ = small
    failed = replace(plain("c1"), judgement=replace(plain("c1").judgement, failed=("person",)))
    store.save(SCHOOL_PAGE, [failed, plain("c2")])
    assert {"skole_fb": 1, "hjem_fb": 0} == {page.id: page.not_judged for page in queries.pages(reader, ALL)}
    assert ("person",) == queries.search(reader, ALL, "går")[-1].failed
    store.save(SCHOOL_PAGE, [plain("c1")])
    assert {0} == {page.not_judged for page in queries.pages(reader, ALL)}
