"""Nobody sees what is not theirs: every public query is asked with scopes that hold nothing of what is stored."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, get_type_hints

import pytest
from records import (
    ALL,
    HOME_PAGE,
    NOON,
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

from data import queries
from data.errors import ChangedError, OutOfScopeError
from data.passing_rows import PassGround
from data.photo_rows import PhotoAnswer, PhotoView
from data.queries import QueueFilter, Reader
from data.removal_rows import Ground
from data.revealing import Reason
from data.rota import Duty
from data.store import Store
from data.types import Attachment, Category, Kind, Outcome, Scope, Status, Verdict

if TYPE_CHECKING:
    from pathlib import Path

EVERY_CATEGORY = frozenset(Category)
PICTURE = (Attachment("photo"),)
FOREIGN = Scope(institutions=frozenset({"elsewhere"}), categories=EVERY_CATEGORY, browse=True)
NOTHING = {
    "foreign": FOREIGN,
    "empty": Scope(),
    "no institutions": Scope(categories=EVERY_CATEGORY, browse=True),
}
NO_CATEGORIES = Scope(everywhere=True, browse=True)
NO_BROWSING = Scope(everywhere=True, categories=EVERY_CATEGORY)
ARGUMENTS = {
    "category": Category.INQUIRY,
    "filters": QueueFilter(statuses=frozenset(Status)),
    "case_id": 1,
    "message": 2,
    "page_id": SCHOOL_PAGE.id,
    "words": "åbner",
    "week": WEEK,
    "weeks": (WEEK,),
    "now": NOON + timedelta(days=30),
    "removal_id": 1,
    "person": "anna",
    "moment": NOON,
    "first": NOON.date(),
    "messages": (1, 2, 3),
    "cases": (1, 2, 3, 4, 5, 6),
    "since": 0,
    "after": NOON,
    "post": 1,
    "view": PhotoView.SETTLED,
}
PUBLIC = {
    name: getattr(queries, name)
    for name in queries.__all__
    if inspect.isfunction(getattr(queries, name)) and name != "open_reader"
}
CARED_FOR = 3
PASSED = 9
PASSING = {"lapses", "passings", "receivers"}
CARE = {"checklist", "clock", "second_looks"}
LEDGER = {"explanations", "removal", "removals", "removals_beside", "removed", "unexplained"}
ROTA = {"duties", "has_rota", "on_duty", "uncovered"}
PHOTOS = {"photo", "photo_answers", "photos", "photos_waiting"}
BROWSING = {"posts", "search", "short_posts", "thread_of_post"} | LEDGER | PHOTOS
NOT_OF_CASES = (
    {"places", "pages", "visits", "gaps", "week", "trend", "counts", "written_by_page", "kept"} | BROWSING | ROTA
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Something in every table, for both institutions, as messages 1 to 3 and cases 1 and 2 of the school."""
    path = tmp_path_factory.mktemp("scope") / "sideblik.db"
    clock = Clock()
    with Store.open(path, clock=clock) as store:
        set_up(store)
        for page in (SCHOOL_PAGE, HOME_PAGE):
            fill(store, page, clock)
        pass_around(store, clock)
    with queries.open_reader(path) as opened:
        yield opened


def fill(store: Store, page, clock: Clock) -> None:
    named = [
        plain("p" + page.id, page=page, attachments=PICTURE),
        asking("c" + page.id, page=page, thread_id="p" + page.id),
        telling("d" + page.id, page=page, thread_id="p" + page.id),
    ]
    for outcome in (Outcome.COMPLETE, Outcome.FAILED):
        log = store.begin_visit(page)
        store.save(page, named, counts={"p" + page.id: 9})
        log.end(outcome, stored=1, claimed=2)
        clock.ahead(hours=1)
    store.save(page, [hidden(named[1]), hidden(named[2])])
    newest_removal = store._conn.execute("SELECT max(id) FROM removals").fetchone()[0]
    store.explain(ALL, "anna", {newest_removal - 1: 1}, Ground.UNKNOWN, "")
    newest = store._conn.execute("SELECT max(id) FROM cases").fetchone()[0]
    for case, verdict in ((newest - 1, Verdict.HIDDEN), (newest, Verdict.NOT_A_BREACH)):
        store.decide(ALL, "anna", case, 1, verdict, "")
    journalised = store._conn.execute("SELECT max(id) FROM decisions").fetchone()[0]
    store.undo(ALL, "anna", journalised - 1)
    store.journalise(ALL, "anna", newest - 1, 3, f"26-{page.id}")
    care_for(store, page, clock)
    store.save(page, [asking("e" + page.id, page=page, thread_id="p" + page.id)])
    first = store._conn.execute("SELECT min(id) FROM cases WHERE page_id = ?", (page.id,)).fetchone()[0]
    store.reveal(ALL, "anna", first, Reason.HELP)
    store.hold(ALL, "anna", first, NOON.date() + timedelta(days=60), "")
    post = store._conn.execute("SELECT min(message) FROM photos WHERE page_id = ?", (page.id,)).fetchone()[0]
    store.answer_photo(ALL, "anna", post, 1, PhotoAnswer.SITUATION, "", timedelta(days=365))
    store.save(page, [plain("p2" + page.id, page=page, attachments=PICTURE)])
    store.add_duty(ALL, "anna", Duty(page.id, "anna", NOON.date(), weekdays=frozenset({NOON.isoweekday()})))
    store.open_case(ALL, "anna", newest)
    clock.ahead(hours=1)
    reply = {"thread_id": "p" + page.id, "parent_id": "d" + page.id, "kind": Kind.REPLY}
    store.save(page, [plain("r" + page.id, page=page, **reply)])


def pass_around(store: Store, clock: Clock) -> None:
    """Two inquiries of the school: one back after it was passed on, then taken and released; one now at the home."""
    store.save(SCHOOL_PAGE, [asking("g", thread_id="p" + SCHOOL_PAGE.id), asking("h", thread_id="p" + SCHOOL_PAGE.id)])
    store.take_back(ALL, "anna", store.pass_on(ALL, "anna", PASSED, 1, "hjemmet", PassGround.THEIRS))
    store.take(ALL, "anna", PASSED, 3)
    clock.ahead(hours=80)
    assert 1 == store.lapse(72)
    store.pass_on(ALL, "anna", PASSED + 1, 1, "hjemmet", PassGround.KNOWLEDGE)


def care_for(store: Store, page, clock: Clock) -> None:
    """A possible breach with everything that care leaves behind; the school's is case `CARED_FOR`."""
    store.save(page, [telling("b" + page.id, "Oskar i 2.a har fået migræne.", page=page, thread_id="p" + page.id)])
    case = store._conn.execute("SELECT max(id) FROM cases").fetchone()[0]
    store.open_case(ALL, "anna", case)
    store.decide(ALL, "bo", case, 1, Verdict.EDITED, "")
    clock.ahead(minutes=1)
    store.save(page, [plain("n" + page.id, page=page, thread_id="p" + page.id, parent_id="b" + page.id)])


def ask(reader: Reader, name: str, scope: Scope) -> object:
    """Call a query with arguments that find something for a viewer who may see everything."""
    function = PUBLIC[name]
    given = {
        argument: ARGUMENTS[argument]
        for argument, parameter in inspect.signature(function).parameters.items()
        if argument in ARGUMENTS
    }
    if name in CARE and "case_id" in given:
        given["case_id"] = CARED_FOR
    if name in PASSING:
        given["case_id"] = PASSED
    answer = function(reader, scope, **given)
    return list(answer) if isinstance(answer, Iterator) else answer


def holds_nothing(answer: object) -> bool:
    """None, zero, an empty collection, or a record of such."""
    if is_dataclass(answer):
        return all(holds_nothing(getattr(answer, field.name)) for field in fields(answer))
    return not answer


@pytest.mark.parametrize("name", PUBLIC)
def test_a_scope_is_never_optional(name: str) -> None:
    """Every public query takes the reader and then the scope, and neither has a default."""
    first, second, *rest = inspect.signature(PUBLIC[name]).parameters.values()
    hints = get_type_hints(PUBLIC[name])
    assert ("reader", "scope") == (first.name, second.name)
    assert (Reader, Scope) == (hints["reader"], hints["scope"])
    assert inspect.Parameter.empty is second.default
    unknown = {one.name for one in rest if one.default is inspect.Parameter.empty} - set(ARGUMENTS)
    assert set() == unknown, "give this test an argument that finds something"


def test_nothing_public_is_left_out() -> None:
    """Every function that a module of the queries offers without an underscore and that asks is in `__all__`."""
    asking_functions = set()
    inner = {"making", "narrowing", "reader", "veiling", "words"}
    names = {module.name for module in pkgutil.iter_modules(queries.__path__)} - inner
    modules = [import_module(f"data.queries.{name}") for name in names]
    for module in modules:
        for name, function in vars(module).items():
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__
            if is_own and not name.startswith("_"):
                asking_functions.add(name)
    assert asking_functions == set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_who_may_see_everything_finds_something(reader: Reader, name: str) -> None:
    """The arguments of this test do find something, so that nothing found means nothing shown."""
    assert not holds_nothing(ask(reader, name, ALL))


@pytest.mark.parametrize("scope", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("name", PUBLIC)
def test_a_scope_of_nothing_sees_nothing(reader: Reader, name: str, scope: Scope) -> None:
    """A foreign scope, an empty one, and one that names no institution find nothing anywhere."""
    assert holds_nothing(ask(reader, name, scope))


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - NOT_OF_CASES))
def test_without_categories_there_are_no_cases(reader: Reader, name: str) -> None:
    """A scope without categories finds no case, nor what follows from one."""
    assert holds_nothing(ask(reader, name, NO_CATEGORIES))


def test_without_categories_no_figure_tells_of_cases(reader: Reader) -> None:
    """Where pages and messages may be seen, the figures of cases beside them are zero without a category."""
    for line in ask(reader, "week", NO_CATEGORIES):
        assert 0 == line.inquiries + line.answered + line.open + line.overdue + line.serious + line.possible
        assert ((), {}) == (line.answer_hours, line.decided)
        assert line.comments
    assert [0, 0] == [row.inquiries + row.breaches for row in ask(reader, "trend", NO_CATEGORIES)]
    found = ask(reader, "counts", NO_CATEGORIES)
    assert 0 == found.new + found.taken + found.overdue + found.urgent + found.breaches_open
    assert [0, 0] == [post.open_cases for post in ask(reader, "posts", NO_CATEGORIES)]


@pytest.mark.parametrize("name", sorted(BROWSING))
def test_who_may_not_browse(reader: Reader, name: str) -> None:
    """Lists of messages answer nothing to a scope that may only see the threads of its cases."""
    assert holds_nothing(ask(reader, name, NO_BROWSING))


@pytest.mark.parametrize(
    "name", sorted(set(PUBLIC) - {"places", "trend", "counts", "unexplained", "passed_on", "reveals"})
)
def test_an_institution_sees_its_own_only(reader: Reader, name: str) -> None:
    """A scope of one institution finds that one's rows and none of the other's."""
    found = ask(reader, name, SCHOOL_ONLY)
    shown = found if isinstance(found, list) else [found]
    owners = {getattr(getattr(row, "message", row), "institution_id", "skolen") for row in shown}
    pages = {getattr(row, "page_id", SCHOOL_PAGE.id) for row in shown}
    assert {"skolen"} == owners
    assert {SCHOOL_PAGE.id} == pages


@pytest.mark.parametrize("act", ["take", "release", "decide", "undo"])
@pytest.mark.parametrize("scope", [*NOTHING.values(), NO_CATEGORIES])
def test_acts_need_a_scope(tmp_path: Path, scope: Scope, act: str) -> None:
    """Nobody acts on a case that is not theirs to see, and it sounds like a case that does not exist."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [asking("c1")])
        decision = store.decide(ALL, "anna", 1, 1, Verdict.ANSWERED, "")
        before = store._conn.execute("SELECT * FROM cases").fetchall()
        arguments = {"take": (1, 2), "release": (1, 2), "decide": (1, 2, Verdict.ANSWERED, ""), "undo": (decision,)}
        with pytest.raises(OutOfScopeError) as theirs:
            getattr(store, act)(scope, "bo", *arguments[act])
        with pytest.raises(OutOfScopeError) as nobodys:
            getattr(store, act)(scope, "bo", 99, *arguments[act][1:])
        assert str(nobodys.value) == str(theirs.value)
        assert before == store._conn.execute("SELECT * FROM cases").fetchall()
        assert 1 == store._conn.execute("SELECT count(*) FROM journal").fetchone()[0]


NOT_THEIRS = [*NOTHING.values(), NO_BROWSING, replace(ALL, acts=False), replace(ALL, browse=False)]


@pytest.mark.parametrize("scope", NOT_THEIRS)
def test_explaining_needs_a_scope(tmp_path: Path, scope: Scope) -> None:
    """Nobody tells the ground of a removal, or takes one back, that is not theirs or that their role only reads."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
        store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
        theirs = replace(scope, acts=scope.acts or scope in NOTHING.values())
        with pytest.raises(OutOfScopeError) as refused:
            store.explain(theirs, "bo", {1: 1}, Ground.SPAM, "")
        with pytest.raises(OutOfScopeError) as nobodys:
            store.explain(theirs, "bo", {99: 1}, Ground.SPAM, "")
        assert str(nobodys.value) == str(refused.value)
        told = store.explain(SCHOOL_ONLY, "anna", {1: 1}, Ground.SPAM, "")
        with pytest.raises(OutOfScopeError):
            store.unexplain(theirs, "bo", told)
        with pytest.raises(ChangedError):
            store.explain(SCHOOL_ONLY, "anna", {1: 2}, Ground.SPAM, "")
        assert ["explain"] == [row[0] for row in store._conn.execute("SELECT action FROM journal")]


def test_who_is_told_how_often_cases_were_revealed(reader: Reader) -> None:
    """By institution, those in scope alone, and only what came after the moment that is asked about."""
    begin = NOON - timedelta(days=1)
    assert {"skolen": 1, "hjemmet": 1} == queries.reveals(reader, ALL, begin)
    assert {"skolen": 1} == queries.reveals(reader, SCHOOL_ONLY, begin)
    assert {} == queries.reveals(reader, ALL, NOON + timedelta(days=30))


def test_who_sees_which_unexplained_removals(reader: Reader) -> None:
    """The figure of each page is told to those who see its institution, and to no other."""
    assert {SCHOOL_PAGE.id: 2, HOME_PAGE.id: 2} == queries.unexplained(reader, ALL)
    assert {SCHOOL_PAGE.id: 2} == queries.unexplained(reader, SCHOOL_ONLY)
    assert [2] == [line.unexplained for line in queries.week(reader, SCHOOL_ONLY, WEEK, NOON)]
    assert (2, 4) == (
        queries.counts(reader, SCHOOL_ONLY, NOON).unexplained,
        queries.counts(reader, ALL, NOON).unexplained,
    )


def test_categories_are_kept_apart(reader: Reader) -> None:
    """Who looks after inquiries alone finds no case of confidentiality, not its thread, and not what was decided."""
    inquiries = Scope(everywhere=True, categories=frozenset({Category.INQUIRY}))
    breach = queries.queue(reader, ALL, Category.CONFIDENTIALITY, QueueFilter(statuses=frozenset(Status)))[0]
    assert [] == queries.queue(reader, inquiries, Category.CONFIDENTIALITY)
    assert queries.case(reader, inquiries, breach.id) is None
    assert [] == queries.thread(reader, inquiries, breach.id)
    assert [] == queries.decisions(reader, inquiries, breach.id)
    rows = [row for row in queries.journal(reader, inquiries) if row.subject.startswith("case:")]
    told = {row.detail.rstrip("}").split(",")[0] for row in rows}
    assert {'{"category": "inquiry"'} == told
