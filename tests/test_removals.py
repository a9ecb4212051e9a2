"""The removal ledger: what is one question, between which looks, what stays unexplained, who said what and undid it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from records import ALL, HOME_PAGE, NOON, SCHOOL_PAGE, Clock, hidden, plain, rows, set_up

from data import queries
from data.errors import ChangedError, StoreError
from data.queries import RemovalFilter
from data.removal_rows import Ground, RemovalRow, Standing
from data.store import Store
from data.types import Kind, Outcome, Page, Visibility

if TYPE_CHECKING:
    from pathlib import Path

POSTS_SINCE = NOON - timedelta(days=14)


class Scene:
    """A store whose clock a test moves, and the ledger as it reads."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.path = folder / "sideblik.db"
        self.store = Store.open(self.path, clock=self.clock)
        set_up(self.store)

    def visit(self, listed: set[str], *, page: Page = SCHOOL_PAGE, outcome: Outcome = Outcome.COMPLETE) -> None:
        """An hour later: a visit that lists these, and counts what it lacks where it is complete."""
        self.clock.ahead(hours=1)
        log = self.store.begin_visit(page)
        self.store.touch(page, dict.fromkeys(listed, Visibility.VISIBLE))
        if outcome is Outcome.COMPLETE:
            threads = {name for name in listed if name.startswith("p")}
            self.store.miss(page, listed=listed, threads=threads, posts_since=POSTS_SINCE)
        log.end(outcome)

    def ledger(self, standing: Standing | None = None) -> list[RemovalRow]:
        with queries.open_reader(self.path) as reader:
            return queries.removals(reader, ALL, RemovalFilter(standing))

    def one(self) -> RemovalRow:
        (found,) = self.ledger()
        return found

    def unexplained(self) -> int:
        with queries.open_reader(self.path) as reader:
            return sum(queries.unexplained(reader, ALL).values())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def test_between_which_two_looks(scene: Scene) -> None:
    """Last there at the last look that listed it, missed first at the next, sure at the second that lacks it."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    scene.visit({"p1", "c1", "c2"})
    scene.visit({"p1", "c2"})
    assert [] == scene.ledger()
    scene.visit({"p1", "c2"})
    found = scene.one()
    hour = timedelta(hours=1)
    assert (NOON + hour, NOON + 2 * hour, NOON + 3 * hour) == (found.after, found.missed_at, found.at)
    assert (Standing.UNEXPLAINED, Visibility.GONE, False, 0) == (
        found.standing, found.became, found.unseen, found.broken,
    )  # fmt: skip


def test_what_was_new_since_the_last_look(scene: Scene) -> None:
    """A comment first seen after the last complete visit was there when it was first seen, not before."""
    scene.store.save(SCHOOL_PAGE, [plain("p1")])
    scene.visit({"p1"})
    first_seen = scene.clock.ahead(minutes=30)
    scene.store.save(SCHOOL_PAGE, [plain("c1")])
    scene.visit({"p1"})
    scene.visit({"p1"})
    assert first_seen == scene.one().after


def test_an_outage_between_the_looks(scene: Scene) -> None:
    """Where the page was not seen between the looks, the ledger says so, and how many visits were broken off."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.visit({"p1", "c1"})
    scene.visit({"p1"}, outcome=Outcome.FAILED)
    scene.visit({"p1"}, outcome=Outcome.PARTIAL)
    scene.visit({"p1"})
    scene.visit({"p1"})
    found = scene.one()
    assert (True, 2, timedelta(hours=3)) == (found.unseen, found.broken, found.missed_at - found.after)


def test_a_post_and_its_comments_are_one_question(scene: Scene) -> None:
    """Forty comments that went with their post are asked about once; the digests of all are kept."""
    names = {f"c{number}" for number in range(40)}
    scene.store.save(SCHOOL_PAGE, [plain("p1"), *(plain(name, f"Nr. {name}") for name in sorted(names))])
    scene.visit({"p1", *names})
    for _ in range(2):
        scene.visit(set())
    found = scene.one()
    assert (41, Kind.POST, 1) == (found.size, found.kind, scene.unexplained())
    with queries.open_reader(scene.path) as reader:
        went = queries.removed(reader, ALL, found.id)
    assert (41, Kind.POST) == (len(went), went[0].kind)
    assert {f"digest of Nr. {name}" for name in names} < {row.digest for row in went}


def test_a_comment_takes_its_replies(scene: Scene) -> None:
    """Replies that went with their comment are part of its question; another comment is a question of its own."""
    reply = plain("c2", kind=Kind.REPLY, parent_id="c1")
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), reply, plain("c3")])
    for _ in range(2):
        scene.visit({"p1"})
    assert [1, 2] == sorted(row.size for row in scene.ledger())
    with queries.open_reader(scene.path) as reader:
        beside = [[other.id for other in queries.removals_beside(reader, ALL, row.id)] for row in scene.ledger()]
    assert [[1], [2]] == beside


def test_a_refused_thread_asks_nobody(scene: Scene) -> None:
    """It is an outage, told once for the whole thread, until it is seen again."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.store.refuse(SCHOOL_PAGE, {"p1"})
    assert (Standing.OUTAGE, 2, 0) == (scene.one().standing, scene.one().size, scene.unexplained())
    scene.visit({"p1", "c1"})
    assert (Standing.BACK, []) == (scene.one().standing, scene.ledger(Standing.OUTAGE))
    assert scene.clock.at == scene.one().settled_at


def test_back_again(scene: Scene) -> None:
    """What is to be seen again needs no explanation; what only partly came back still does."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2", kind=Kind.REPLY, parent_id="c1")])
    for _ in range(2):
        scene.visit({"p1"})
    scene.store.touch(SCHOOL_PAGE, {"c2": Visibility.VISIBLE})
    assert 1 == scene.unexplained()
    scene.store.touch(SCHOOL_PAGE, {"c1": Visibility.VISIBLE})
    assert (0, Standing.BACK) == (scene.unexplained(), scene.one().standing)


def test_hidden_then_gone(scene: Scene) -> None:
    """The later removal asks, the former has passed."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
    for _ in range(2):
        scene.visit({"p1"})
    assert [Standing.UNEXPLAINED, Standing.PASSED] == [row.standing for row in scene.ledger()]
    assert 1 == scene.unexplained()


def test_hidden_through_an_outage(scene: Scene) -> None:
    """A comment that was hidden before its thread was refused and is hidden after it is not asked about again."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
    scene.store.explain(ALL, "anna", {1: 1}, Ground.INSULT, "")
    scene.store.refuse(SCHOOL_PAGE, {"p1"})
    scene.store.touch(SCHOOL_PAGE, {"p1": Visibility.VISIBLE, "c1": Visibility.HIDDEN})
    assert ([Standing.BACK, Standing.EXPLAINED], 0) == ([row.standing for row in scene.ledger()], scene.unexplained())


def test_what_was_hidden_before_sideblik_came(scene: Scene) -> None:
    """Hidden comments of the first reading ask nobody; one that is written and hidden between two looks does."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), hidden(plain("c1"))])
    assert [] == scene.ledger()
    scene.visit({"p1"})
    scene.store.save(SCHOOL_PAGE, [hidden(plain("c2"))])
    assert (Visibility.HIDDEN, NOON + timedelta(hours=1)) == (scene.one().became, scene.one().after)


def test_explained_and_undone(scene: Scene, tmp_path: Path) -> None:
    """One answer to several, in the journal without its note; undoing it asks all of them again."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    for _ in range(2):
        scene.visit({"p1"})
    told = scene.store.explain(ALL, "anna", {1: 1, 2: 1}, Ground.SPAM, "Reklame for solbriller")
    assert (0, 2) == (scene.unexplained(), len(scene.ledger(Standing.EXPLAINED)))
    assert 2 == scene.store.unexplain(ALL, "bo", told + 1)
    assert (2, []) == (scene.unexplained(), scene.ledger(Standing.EXPLAINED))
    with queries.open_reader(scene.path) as reader:
        (answer,) = queries.explanations(reader, ALL, 1)
    assert ("anna", "bo", 1, "Reklame for solbriller") == (answer.person, answer.undone_by, answer.others, answer.note)
    journal = rows(tmp_path, "SELECT action, subject, detail FROM journal")
    assert ["explain", "explain", "unexplain", "unexplain"] == [row[0] for row in journal]
    assert not [row for row in journal if "solbriller" in str(row)]


def test_unknown_stays_unexplained(scene: Scene) -> None:
    """Who does not know has answered, and the removal stays to be seen; a better answer may follow and be undone."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    for _ in range(2):
        scene.visit({"p1"})
    scene.store.explain(ALL, "anna", {1: 1}, Ground.UNKNOWN, "")
    assert (1, Ground.UNKNOWN) == (scene.unexplained(), scene.one().ground)
    better = scene.store.explain(ALL, "bo", {1: 2}, Ground.WRITER, "")
    assert (0, Ground.WRITER) == (scene.unexplained(), scene.one().ground)
    scene.store.unexplain(ALL, "bo", better)
    assert (1, Ground.UNKNOWN) == (scene.unexplained(), scene.one().ground)


def test_all_or_none(scene: Scene, tmp_path: Path) -> None:
    """One of several that somebody else answered meanwhile leaves all as they were; so does undoing twice."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    for _ in range(2):
        scene.visit({"p1"})
    told = scene.store.explain(ALL, "anna", {2: 1}, Ground.SPAM, "")
    with pytest.raises(ChangedError):
        scene.store.explain(ALL, "bo", {1: 1, 2: 1}, Ground.INSULT, "")
    assert [(None,), ("spam",)] == rows(tmp_path, "SELECT ground FROM removals ORDER BY id")
    scene.store.unexplain(ALL, "bo", told)
    with pytest.raises(ChangedError):
        scene.store.unexplain(ALL, "bo", told)
    assert 2 == len(rows(tmp_path, "SELECT 1 FROM journal"))


def test_a_note_too_long(scene: Scene) -> None:
    """The database itself refuses it."""
    scene.store.save(SCHOOL_PAGE, [plain("p1"), plain("c1")])
    scene.store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
    with pytest.raises(StoreError) as refused:
        scene.store.explain(ALL, "anna", {1: 1}, Ground.SPAM, "x" * 301)
    assert isinstance(refused.value.__cause__, sqlite3.IntegrityError)
    assert 1 == scene.unexplained()


def test_narrowed_and_paged(scene: Scene) -> None:
    """By institution and page, and on by the number of the last one shown."""
    for page in (SCHOOL_PAGE, HOME_PAGE):
        post = plain(f"p{page.id}", page=page)
        under = [plain(f"c{page.id}{number}", page=page, thread_id=f"p{page.id}") for number in range(3)]
        scene.store.save(page, [post, *under])
        scene.store.save(page, [hidden(one) for one in under])
    with queries.open_reader(scene.path) as reader:
        assert [6, 5] == [row.id for row in queries.removals(reader, ALL, limit=2)]
        assert [4, 3] == [row.id for row in queries.removals(reader, ALL, before=5, limit=2)]
        for narrow in (RemovalFilter(page_id=HOME_PAGE.id), RemovalFilter(institution_id="hjemmet")):
            assert [6, 5, 4] == [row.id for row in queries.removals(reader, ALL, narrow)]
