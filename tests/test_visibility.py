"""What is seen, hidden, missed and refused: case by case, and any sequence of it against a model of a few lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from records import ALL, HOME_PAGE, NOON, SCHOOL_PAGE, WEEK, Clock, asking, hidden, plain, rows, set_up

from data import queries
from data.store import Store
from data.times import from_text
from data.types import Judged, Tally, Verdict, Visibility
from data.visibility import UNSEEN


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def test_hidden_and_back(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Hidden and shown again are two sightings, each with what it was, what it became and when."""
    store.save(SCHOOL_PAGE, [plain("c1")])
    clock.ahead(hours=1)
    store.save(SCHOOL_PAGE, [hidden(plain("c1"))])
    clock.ahead(hours=1)
    assert 1 == store.touch(SCHOOL_PAGE, {"c1": Visibility.VISIBLE, "c9": Visibility.VISIBLE}, {})
    assert [
        ("visible", "hidden", "2026-11-18T13:00:00Z"),
        ("hidden", "visible", "2026-11-18T14:00:00Z"),
    ] == rows(tmp_path, "SELECT was, became, at FROM sightings ORDER BY id")


def test_gone_after_two_misses(store: Store, tmp_path: Path) -> None:
    """One miss is the platform's slip; the second in a row makes a message gone; listed again it is visible again."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    looked = {"listed": {"p1", "c2"}, "threads": {"p1"}, "posts_since": None}
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    store.touch(SCHOOL_PAGE, {"c1": Visibility.VISIBLE}, {})
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    assert 1 == store.miss(SCHOOL_PAGE, **looked)
    assert 0 == store.miss(SCHOOL_PAGE, **looked)
    store.save(SCHOOL_PAGE, [plain("c1")])
    assert [("visible", "gone"), ("gone", "visible")] == rows(tmp_path, "SELECT was, became FROM sightings")
    assert [(0,), (0,), (0,)] == rows(tmp_path, "SELECT missing FROM messages")


def test_a_lost_post_takes_its_thread_along(store: Store, tmp_path: Path) -> None:
    """Comments under a post that is gone are gone with it; a post from before the look-back window is not expected."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("p2", created_at=NOON - timedelta(days=30))])
    since = NOON - timedelta(days=14)
    store.miss(SCHOOL_PAGE, listed=set(), threads=set(), posts_since=since)
    assert 2 == store.miss(SCHOOL_PAGE, listed=set(), threads=set(), posts_since=since)
    assert [("c1",), ("p1",)] == rows(
        tmp_path, "SELECT message_id FROM messages WHERE visibility = 'gone' ORDER BY message_id"
    )


def test_misses_of_another_page(store: Store, tmp_path: Path) -> None:
    """A visit says nothing of what hangs on another page, whatever its thread is called."""
    store.save(HOME_PAGE, [plain("p1", page=HOME_PAGE), plain("c1", page=HOME_PAGE)])
    store.miss(SCHOOL_PAGE, listed=set(), threads={"p1"}, posts_since=NOON - timedelta(days=14))
    assert [(0,), (0,)] == rows(tmp_path, "SELECT missing FROM messages")


def test_hidden_when_first_seen(store: Store, tmp_path: Path) -> None:
    """It has a sighting of its own and counts in the week; a second reading adds none."""
    for _ in range(2):
        store.save(SCHOOL_PAGE, [plain("p1"), hidden(plain("c1")), plain("c2")])
    assert [("c1", "", "hidden")] == rows(
        tmp_path, "SELECT message_id, was, became FROM sightings JOIN messages ON messages.id = message"
    )
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        week = {line.page_id: line.hidden for line in queries.week(reader, ALL, WEEK, NOON)}
    assert 1 == week[SCHOOL_PAGE.id]


def test_refused_thread(store: Store, tmp_path: Path) -> None:
    """What a refused thread held is unreachable, what was gone stays gone, and a second refusal says nothing new."""
    store.save(SCHOOL_PAGE, [plain("p1"), plain("c1"), plain("c2")])
    for _ in range(2):
        store.miss(SCHOOL_PAGE, listed={"c1"}, threads={"p1"}, posts_since=None)
    for _ in range(2):
        store.refuse(SCHOOL_PAGE, {"p1", "p9"})
    assert [("p1", "unreachable"), ("c1", "unreachable"), ("c2", "gone")] == rows(
        tmp_path, "SELECT message_id, visibility FROM messages ORDER BY id"
    )
    assert 3 == len(rows(tmp_path, "SELECT 1 FROM sightings"))


TEXTS = st.sampled_from(["Hvornår åbner I?", "Tak.", "Er der åbent?", "Hej."])
ASKS = {"Hvornår åbner I?", "Er der åbent?"}


@dataclass
class Expected:
    """What the model knows of one message."""

    first_seen: datetime
    texts: list[str]
    states: list[str]
    missing: int = 0


class Platform(RuleBasedStateMachine):
    """A thread on a platform, seen by visits."""

    names: Bundle[str] = Bundle("names")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.path = Path(self.folder.name) / "sideblik.db"
        self.store = Store.open(self.path, clock=self.clock)
        set_up(self.store)
        self.model: dict[str, Expected] = {}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    @rule(target=names, text=TEXTS, state=st.sampled_from([Visibility.VISIBLE, Visibility.HIDDEN]))
    def new(self, text: str, state: Visibility) -> str:
        """A message that was never seen before."""
        name = f"c{len(self.model)}"
        states = [state] if state is Visibility.VISIBLE else [UNSEEN, state]
        self.model[name] = Expected(self.clock.ahead(minutes=1), [text], states)
        assert Tally(fetched=1, new=1) == self.show(name)
        return name

    @rule(name=names, text=TEXTS)
    def shown(self, name: str, text: str) -> None:
        """A message that is listed, edited or as before."""
        known = self.model[name]
        edited = text != known.texts[-1]
        if edited:
            known.texts.append(text)
        self.listed(known, Visibility.VISIBLE if known.states[-1] is not Visibility.HIDDEN else Visibility.HIDDEN)
        self.clock.ahead(minutes=1)
        assert Tally(fetched=1, edited=int(edited), unchanged=int(not edited)) == self.show(name)

    @rule(name=names, state=st.sampled_from([Visibility.VISIBLE, Visibility.HIDDEN]))
    def hide_or_show(self, name: str, state: Visibility) -> None:
        """A message that is listed as hidden or as visible, unchanged otherwise."""
        self.listed(self.model[name], state)
        self.clock.ahead(minutes=1)
        assert 1 == self.store.touch(SCHOOL_PAGE, {name: state}, {})

    @rule(names_listed=st.sets(st.integers(0, 9)))
    def complete_visit(self, names_listed: set[int]) -> None:
        """A thread that was read whole; what it did not list is missing."""
        listed = {f"c{number}" for number in names_listed}
        gone = 0
        for name, known in self.model.items():
            if name not in listed and known.states[-1] is not Visibility.GONE:
                known.missing += 1
                if known.missing == 2:
                    known.states.append(Visibility.GONE)
                    gone += 1
        self.clock.ahead(minutes=1)
        assert gone == self.store.miss(SCHOOL_PAGE, listed=listed, threads={"p1"}, posts_since=None)

    @rule()
    def refused(self) -> None:
        """A thread that the platform would not show."""
        for known in self.model.values():
            if known.states[-1] in {Visibility.VISIBLE, Visibility.HIDDEN}:
                known.states.append(Visibility.UNREACHABLE)
                known.missing = 0
        self.clock.ahead(minutes=1)
        self.store.refuse(SCHOOL_PAGE, {"p1"})

    @rule(name=names, verdict=st.sampled_from([Verdict.ANSWERED, Verdict.NO_ANSWER_NEEDED]))
    def decided(self, name: str, verdict: Verdict) -> None:
        """A person who decides an open case of it."""
        with queries.open_reader(self.path) as reader:
            number = reader.number("SELECT id FROM messages WHERE message_id = ?", (name,))
            for case in queries.cases_of(reader, ALL, number):
                if case.verdict is None:
                    self.store.decide(ALL, "anna", case.id, case.revision, verdict, "")

    @invariant()
    def holds(self) -> None:
        """What is stored is what the model says, and saving it all again changes nothing."""
        if not hasattr(self, "store"):
            return
        for name, known in self.model.items():
            self.check(name, known)
        before = self.everything()
        seen = {name for name, known in self.model.items() if known.states[-1] in {"visible", "hidden"}}
        calm = [name for name in seen if not self.model[name].missing]
        self.store.save(SCHOOL_PAGE, [self.judged(name) for name in calm])
        assert before == self.everything()

    def check(self, name: str, known: Expected) -> None:
        conn = self.store._conn
        row = conn.execute("SELECT * FROM messages WHERE message_id = ?", (name,)).fetchone()
        assert known.first_seen == from_text(row["first_seen"])
        assert (known.texts[-1], len(known.texts), known.states[-1]) == (row["text"], row["version"], row["visibility"])
        old = conn.execute("SELECT * FROM versions WHERE message = ? ORDER BY version", (row["id"],)).fetchall()
        assert list(enumerate(known.texts[:-1], 1)) == [(one["version"], one["text"]) for one in old]
        times = [one[part] for one in old for part in ("seen_from", "seen_until")] + [row["version_seen"]]
        assert sorted(times) == times
        assert times[0] == row["first_seen"]
        moves = conn.execute("SELECT was, became FROM sightings WHERE message = ? ORDER BY id", (row["id"],)).fetchall()
        assert list(zip(known.states, known.states[1:], strict=False)) == [tuple(move) for move in moves]
        assert all(move["was"] != move["became"] for move in moves)
        cases = conn.execute("SELECT count(*) FROM cases WHERE message = ?", (row["id"],)).fetchone()[0]
        assert int(bool(ASKS & set(known.texts))) == cases

    def listed(self, known: Expected, state: Visibility) -> None:
        known.missing = 0
        if known.states[-1] != state:
            known.states.append(state)

    def judged(self, name: str) -> Judged:
        known = self.model[name]
        make = asking if known.texts[-1] in ASKS else plain
        made = make(name, known.texts[-1], created_at=NOON)
        return replace(made, message=replace(made.message, visibility=known.states[-1]))

    def show(self, name: str) -> Tally:
        return self.store.save(SCHOOL_PAGE, [self.judged(name)])

    def everything(self) -> list[list[tuple]]:
        tables = ("messages", "versions", "findings", "cases", "sightings", "volumes")
        return [[tuple(row) for row in self.store._conn.execute(f"SELECT * FROM {table}")] for table in tables]


Platform.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestPlatform = Platform.TestCase
