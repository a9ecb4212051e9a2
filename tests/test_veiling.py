"""A scope that masks: nobody who is named or wrote leaves a query, and every row stands where it stood."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, NOON, SCHOOL_PAGE, WEEK, Clock, asking, hidden, plain, set_up, telling

from analysis.veil import ThirdPartyVeil
from dashboard.access import Role, scope_for
from dashboard.insight import _look
from dashboard.words import text
from data import queries
from data.errors import OutOfScopeError
from data.insight import looks
from data.photo_rows import PhotoAnswer, PhotoView
from data.queries import QueueFilter, Reader
from data.removal_rows import Ground
from data.revealing import Reason
from data.store import Store
from data.types import Attachment, Category, Outcome, Scope, Status, Verdict

if TYPE_CHECKING:
    from pathlib import Path

EVERY = QueueFilter(statuses=frozenset(Status))
READER = scope_for(Role.READER, ["skolen"])
SHOWN = replace(READER, masked=False)
NAMES = ("karla", "brink", "zuzzi", "qimmeq", "28123456")
POST = "Tak til Karla Brink for i går. " + "Det var hyggeligt. " * 40
QUESTION = "Hvornår åbner I? Zuzzi skal hentes, ring 28123456"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thread with two citizens who are named in full; what one text tells to be a name stands small in another."""
    file = tmp_path_factory.mktemp("veil") / "sideblik.db"
    with Store.open(file, clock=Clock()) as store:
        set_up(store)
        fill(store)
    return file


def fill(store: Store) -> None:
    zuzzi = {"author_name": "Zuzzi Holm", "author_key": "k1", "url": "https://example.dk/zuzzi/1"}
    other = {"author_name": "Qimmeq Qa", "author_key": "k2"}
    first = asking(
        "c1", QUESTION, digest="d2", attachments=(Attachment("link", "https://example.dk/karla", "Om Karla"),), **zuzzi
    )
    named = [
        plain("p1", POST, digest="d1", attachments=(Attachment("photo"),)),
        first,
        telling("c2", "Karla i 3.b har fået diabetes.", digest="d3", **other),
        plain("c3", "enig med zuzzi og karla", digest="d4", author_name="Zuzzi Holm", author_key="k1"),
    ]
    log = store.begin_visit(SCHOOL_PAGE)
    store.save(SCHOOL_PAGE, named, counts={"p1": 9})
    log.end(Outcome.COMPLETE, stored=3, claimed=9)
    store.save(SCHOOL_PAGE, [plain("c3", "enig med Zuzzi", digest="d5", author_name="Zuzzi Holm", author_key="k1")])
    store.save(SCHOOL_PAGE, [hidden(named[2])])
    store.explain(ALL, "anna", {1: 1}, Ground.SPAM, "Qimmeq bad om det")
    store.hold(ALL, "anna", 1, NOON.date() + timedelta(days=60), "Zuzzi klager")
    store.decide(ALL, "anna", 2, 1, Verdict.NOT_A_BREACH, "Karla er hendes hund")
    store.answer_photo(ALL, "anna", 1, 1, PhotoAnswer.SITUATION, "Karla Brink sagde ja", timedelta(days=365))


@pytest.fixture
def reader(path: Path) -> Iterator[Reader]:
    with queries.open_reader(path, veil=ThirdPartyVeil()) as opened:
        yield opened


ASKED: dict[str, Callable[[Reader, Scope], object]] = {
    "queue": lambda reader, scope: queries.queue(reader, scope, Category.INQUIRY, EVERY),
    "newest": lambda reader, scope: queries.queue(reader, scope, Category.INQUIRY, replace(EVERY, newest=True)),
    "breaches": lambda reader, scope: queries.queue(reader, scope, Category.CONFIDENTIALITY, EVERY),
    "day": lambda reader, scope: queries.day(reader, scope, "bo", NOON),
    "case": lambda reader, scope: queries.case(reader, scope, 1),
    "cases_of": lambda reader, scope: queries.cases_of(reader, scope, 2),
    "case_lines": lambda reader, scope: list(queries.case_lines(reader, scope, WEEK)),
    "case_file": lambda reader, scope: queries.case_file(reader, scope, 2),
    "decisions": lambda reader, scope: queries.decisions(reader, scope, 2),
    "holds": lambda reader, scope: queries.holds(reader, scope, 1),
    "thread": lambda reader, scope: queries.thread(reader, scope, 1),
    "thread_of_post": lambda reader, scope: queries.thread_of_post(reader, scope, 1),
    "posts": lambda reader, scope: queries.posts(reader, scope, SCHOOL_PAGE.id),
    "short_posts": lambda reader, scope: queries.short_posts(reader, scope, SCHOOL_PAGE.id),
    "search": lambda reader, scope: queries.search(reader, scope, "åbner"),
    "removals": queries.removals,
    "removal": lambda reader, scope: queries.removal(reader, scope, 1),
    "removed": lambda reader, scope: queries.removed(reader, scope, 1),
    "removals_of_case": lambda reader, scope: queries.removals_of_case(reader, scope, 2),
    "explanations": lambda reader, scope: queries.explanations(reader, scope, 1),
    "photos": lambda reader, scope: queries.photos(reader, scope, PhotoView.SETTLED, NOON),
    "photo": lambda reader, scope: queries.photo(reader, scope, 1),
    "photo_answers": lambda reader, scope: queries.photo_answers(reader, scope, 1),
    "asked_texts": lambda reader, scope: [one.author_name for one in queries.asked_texts(reader, scope, (WEEK,))],
}


@pytest.mark.parametrize("name", ASKED)
def test_nobody_is_named(reader: Reader, name: str) -> None:
    """A role that only reads is told no name, number or citizen's address by any query that the others are told one."""
    told = str(ASKED[name](reader, SHOWN)).casefold()
    masked = str(ASKED[name](reader, READER)).casefold()
    assert [] != [one for one in NAMES if one in told], "this query must show a name to who may see it"
    assert [] == [one for one in NAMES if one in masked]


@pytest.mark.parametrize(
    "name", sorted(set(ASKED) - {"asked_texts", "decisions", "holds", "explanations", "photo_answers"})
)
def test_without_a_veil_nothing_is_told(path: Path, name: str) -> None:
    """A reader that was opened without a veil shows blocks, never the text."""
    with queries.open_reader(path) as plainly:
        masked = str(ASKED[name](plainly, READER)).casefold()
    assert [] == [one for one in (*NAMES, "hvornår", "hyggeligt", "enig") if one in masked]


def test_citizens_are_told_apart_by_number(reader: Reader) -> None:
    """The same citizen has the same number in the whole thread, whichever list shows them; the page keeps its name."""
    shown = [(row.by_page, row.author_name, row.writer) for row in queries.thread(reader, READER, 1)]
    assert [(True, "", 0), (False, "", 1), (False, "", 2), (False, "", 1)] == shown
    assert [1] == [row.writer for row in queries.search(reader, READER, "enig")]


def test_what_is_masked_cannot_be_searched_for(reader: Reader) -> None:
    """A name finds nothing in search, queue, count and news, where other words do."""
    for words, found in (("zuzzi", 0), ("28123456", 0), ("åbner", 1)):
        asked = replace(EVERY, words=words)
        assert found == len(queries.search(reader, READER, words))
        assert found == len(queries.queue(reader, READER, Category.INQUIRY, asked))
        assert found == queries.queue_count(reader, READER, Category.INQUIRY, asked)
        assert 1 == queries.queue_count(reader, SHOWN, Category.INQUIRY, asked)
    assert 0 == queries.arrived(reader, READER, Category.INQUIRY, replace(EVERY, words="zuzzi"))


def test_places_and_lengths_stay(reader: Reader) -> None:
    """Findings point at what they pointed at, an excerpt ends where it ended, and other words are read as before."""
    masked, shown = (queries.thread(reader, scope, 1) for scope in (READER, SHOWN))
    assert [len(row.text) for row in shown] == [len(row.text) for row in masked]
    assert [row.findings for row in shown] == [row.findings for row in masked]
    assert "Hvornår åbner I? █████ skal hentes, ring ████████" == masked[1].text
    assert [600] == [len(row.text) for row in queries.photos(reader, READER, PhotoView.SETTLED, NOON)]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COMMUNICATIONS, Role.DPO])
def test_who_acts_reads_names(role: Role) -> None:
    """Who answers citizens and decides on breaches needs to know whom they are about."""
    assert (False, True) == (scope_for(role, ["skolen"]).masked, READER.masked)


def test_one_case_is_shown_and_no_other(reader: Reader) -> None:
    """What was asked for is read as it stands: its own text, thread and grounds; lists and other cases stay masked."""
    asked = replace(READER, revealed=frozenset({2}))
    for name in ("thread", "case", "decisions"):
        query = getattr(queries, name)
        assert query(reader, SHOWN, 2) == query(reader, asked, 2)
        assert query(reader, READER, 1) == query(reader, asked, 1)
    queue = queries.queue(reader, asked, Category.CONFIDENTIALITY, EVERY)
    assert queries.queue(reader, READER, Category.CONFIDENTIALITY, EVERY) == queue
    assert [] == queries.thread(reader, replace(asked, institutions=frozenset({"hjemmet"})), 2)


def test_a_reveal_is_noted_and_told_to_whom_it_touched(tmp_path: Path) -> None:
    """The journal holds who, which case and why; everybody in the thread is told when and why, and not who."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        fill(store)
        store.reveal(READER, "Rita", 2, Reason.CONTACT)
        for foreign in (replace(READER, institutions=frozenset({"hjemmet"})), replace(READER, categories=frozenset())):
            with pytest.raises(OutOfScopeError):
                store.reveal(foreign, "Rita", 2, Reason.CONTACT)
        with pytest.raises(OutOfScopeError):
            store.reveal(READER, "Rita", 99, Reason.CONTACT)
    with queries.open_reader(tmp_path / "sideblik.db") as opened:
        noted = [row for row in queries.journal(opened, ALL) if row.action == "reveal"]
        told = [looks(opened, message)[-1] for message in (1, 2, 3, 4)]
    detail = {"category": "confidentiality", "messages": [1, 2, 3, 4], "reason": "contact"}
    assert [("Rita", "case:2", "skolen", detail)] == [
        (row.actor, row.subject, row.institution_id, json.loads(row.detail)) for row in noted
    ]
    assert [(NOON, "reveal", "contact")] * 4 == [(look.at, look.action, look.detail["reason"]) for look in told]
    assert "Rita" not in str(told)
    assert [text("reveal.reason.contact") in _look(look) for look in told] == [True] * 4
