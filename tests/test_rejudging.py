"""Judging again: all of it, the oldest rules first, in its thread, and nothing that people decided is undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import ALL, NOON, SCHOOL_PAGE, Clock, asking, plain, rows, set_up

from analysis.base import Text
from analysis.engine import Engine
from collectors.rejudging import rejudge
from data import queries, rejudged
from data.rejudged import Progress
from data.store import Store
from data.types import Breach, Category, Finding, Inquiry, Judgement, Verdict

ASKS, TELLS = "Hvornår åbner I?", "Karla Krag har fået konstateret diabetes."


class Newer:
    """Rules that find a question in a mark and a breach in a word, and keep what they were shown."""

    def __init__(self, version: str = "r2") -> None:
        self.version = version
        self.shown: list[Text] = []

    def judge(self, texts: Sequence[Text]) -> list[Judgement]:
        self.shown += texts
        return [self._one(text) for text in texts]

    def _one(self, text: Text) -> Judgement:
        breach = Breach.CLEAR if "diabetes" in text.text else Breach.NONE
        inquiry = Inquiry.QUESTION if "?" in text.text else Inquiry.NONE
        found = (Finding("matter", 1, "health", 0, 5, 0.9, "matter_health"),) if breach is Breach.CLEAR else ()
        because = ("breach_person_and_matter",) if found else ()
        return Judgement(inquiry=inquiry, breach=breach, findings=found, because=because, rules=self.version)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    clock = Clock()
    with Store.open(tmp_path / "sideblik.db", clock=clock) as opened:
        set_up(opened)
        yield opened


def again(store: Store, engine: Newer | None = None, **asked: object) -> int:
    return rejudge(store, engine or Newer(), clock=store._clock, **asked)  # type: ignore[arg-type]


def cases(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "SELECT message, category, kind, status, newer_rule FROM cases ORDER BY id")


def test_what_older_rules_missed_is_found_and_marked(store: Store, tmp_path: Path) -> None:
    """The new case says that newer rules found it; the judgement, its findings and its rules are the new ones."""
    store.save(SCHOOL_PAGE, [plain("c1", TELLS), plain("c2")])
    assert 2 == again(store)
    assert [(1, "confidentiality", "clear", "new", 1)] == cases(tmp_path)
    assert [("r2", "clear"), ("r2", "none")] == rows(tmp_path, "SELECT rules, breach FROM messages ORDER BY id")
    assert [(1, "matter_health")] == rows(tmp_path, "SELECT message, reason FROM findings")
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        [case] = queries.queue(reader, ALL, Category.CONFIDENTIALITY)
    assert case.newer_rule


def test_nothing_is_done_twice(store: Store, tmp_path: Path) -> None:
    """The same rules again judge nothing."""
    store.save(SCHOOL_PAGE, [plain("c1", TELLS)])
    assert [1, 0] == [again(store), again(store)]
    assert 1 == len(cases(tmp_path))


def test_a_text_is_judged_where_it_stands(store: Store) -> None:
    """With its post, with what was said before it, and as of the institution's kind."""
    store.save(SCHOOL_PAGE, [plain("p1", "Ny legeplads"), plain("c1", "Hun er syg."), plain("c2", "Hvem?")])
    engine = Newer()
    again(store, engine)
    last = next(text for text in engine.shown if text.text == "Hvem?")
    assert ("Ny legeplads", ("Hun er syg.",), "school") == (last.context, last.earlier, last.institution)


@pytest.mark.parametrize("verdict", [Verdict.NOT_A_BREACH, Verdict.EDITED])
def test_what_a_person_decided_stays(store: Store, tmp_path: Path, verdict: Verdict) -> None:
    """A closed case is neither opened nor changed."""
    store.save(SCHOOL_PAGE, [plain("c1", TELLS)])
    again(store)
    store.decide(ALL, "anna", 1, 1, verdict, "")
    before = rows(tmp_path, "SELECT * FROM cases")
    again(store, Newer("r3"))
    assert before == rows(tmp_path, "SELECT * FROM cases")
    assert [("r3",)] == rows(tmp_path, "SELECT rules FROM messages")


def test_an_open_case_that_rules_no_longer_ask_for_stays(store: Store, tmp_path: Path) -> None:
    """Only a person closes a case."""
    store.save(SCHOOL_PAGE, [asking("c1", "Hvornår åbner I")])
    again(store)
    assert [(1, "inquiry", "question", "new", 0)] == cases(tmp_path)


def test_old_questions_open_nothing(store: Store, tmp_path: Path) -> None:
    """What was written more than a fortnight ago is no inquiry any more; a breach still is one."""
    old = NOON - timedelta(days=20)
    store.save(SCHOOL_PAGE, [plain("c1", f"{ASKS} {TELLS}", created_at=old), plain("c2", ASKS)])
    again(store)
    assert [(1, "confidentiality"), (2, "inquiry")] == sorted(row[:2] for row in cases(tmp_path))


def test_a_question_that_the_page_answered_is_answered(store: Store, tmp_path: Path) -> None:
    """Nobody is asked for what the page has said already."""
    answer = plain("c2", "Vi åbner klokken 9.", by_page=True, parent_id="c1", created_at=NOON)
    store.save(SCHOOL_PAGE, [plain("c1", ASKS), answer])
    again(store)
    assert [(1, "inquiry", "question", "answered", 1)] == cases(tmp_path)


def test_an_edit_meanwhile_is_not_written_over(store: Store, tmp_path: Path) -> None:
    """What a visit saved between the judging and the writing stands; it was judged by the visit."""
    store.save(SCHOOL_PAGE, [plain("c1", TELLS)])

    class Edited(Newer):
        def judge(self, texts: Sequence[Text]) -> list[Judgement]:
            store.save(SCHOOL_PAGE, [replace(plain("c1", "Tak for i dag."), judgement=Judgement(rules="r2"))])
            return super().judge(texts)

    assert 0 == again(store, Edited())
    assert [("Tak for i dag.", "none")] == rows(tmp_path, "SELECT text, breach FROM messages")
    assert [] == cases(tmp_path)


def test_the_oldest_rules_come_first_and_a_stop_loses_nothing(store: Store, tmp_path: Path) -> None:
    """In batches; a stop ends after the current one, and the next run goes on from there."""
    for number, rules in enumerate(("r1", "r0")):
        one = plain(f"c{number}")
        store._clock.ahead(minutes=1)  # type: ignore[attr-defined]
        store.save(SCHOOL_PAGE, [replace(one, judgement=Judgement(rules=rules))])
    moved: list[int] = []
    assert 1 == again(store, batch=1, keep_going=lambda: not moved, moved=moved.append)
    assert [("r2",), ("r0",)] == rows(tmp_path, "SELECT rules FROM messages ORDER BY id")
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert rejudged.waits(reader)
        assert Progress(1, 2) == rejudged.progress(reader)
    assert 1 == again(store)
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        assert not rejudged.waits(reader)


def test_a_kill_in_the_middle_loses_one_batch(store: Store, tmp_path: Path) -> None:
    """What was written is written whole; the rest is judged at the next start."""
    store.save(SCHOOL_PAGE, [plain(f"c{number}", TELLS) for number in range(6)])

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(store, batch=4, moved=killed)
    assert 4 == len(cases(tmp_path))
    assert 2 == again(store, batch=4)
    assert 6 == len(cases(tmp_path))


def test_the_next_messages_are_found_by_the_index(store: Store) -> None:
    """However many are stored, no query reads them all or sorts."""
    from data.rejudged import _NEXT  # noqa: PLC0415 the statement itself is what is asked about

    plan = " ".join(row[3] for row in store._conn.execute(f"EXPLAIN QUERY PLAN {_NEXT}", ("r1", 0, 500)))
    assert "USING INDEX messages_rules (rules=? AND rowid>?)" in plan or "(rules=? AND id>?)" in plan
    assert "TEMP B-TREE" not in plan


def test_a_masked_number_is_a_breach_again(store: Store, tmp_path: Path) -> None:
    """The real engine, of what is stored: the number is gone, and what stands in its place says that there was one."""
    store.save(SCHOOL_PAGE, [plain("c1", "Hendes cpr er ██████-████")])
    rejudge(store, Engine(), clock=store._clock)
    assert [("clear",)] == rows(tmp_path, "SELECT breach FROM messages")
