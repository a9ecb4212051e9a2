"""What was decided to be no breach is remembered for its page: what counts as the same, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, message, plain, rows, set_up

from analysis.engine import Engine
from collectors.base import Batch
from collectors.intake import Intake
from data import journal, queries
from data.errors import ChangedError, OutOfScopeError
from data.spans import REMEMBERED, told_by
from data.store import Store
from data.types import (
    CaseDraft,
    Category,
    Finding,
    Institution,
    Judged,
    Judgement,
    Kind,
    RawMessage,
    Severity,
    Status,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULE = "breach_person_and_matter"
OF_C2 = "FROM messages WHERE message_id = 'c2'"
C2 = f"SELECT id {OF_C2}"
BOTH = {"Karla Holm": "person", "diabetes": "health"}
CONFIDENTIALITY = Category.CONFIDENTIALITY
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Z", "Cc"), blacklist_characters="█"), min_size=1, max_size=8)


def found(text: str, words: str, kind: str, reason: str = "") -> Finding:
    begin = text.index(words)
    return Finding(kind, 1, kind, begin, begin + len(words), 0.9, reason or kind)


def breach(
    name: str, text: str, spans: dict[str, str], *, because=(RULE,), rules="r1", failed=(), urgent=False, **more
):
    """A possible breach whose words are flagged as `spans` says (words: type)."""
    facts = tuple(found(text, words, kind) for words, kind in spans.items())
    judgement = Judgement(findings=facts, because=because, rules=rules, failed=failed, urgent=urgent)
    return Judged(message(name, text, **more), judgement, (CaseDraft(CONFIDENTIALITY, "clear", Severity.SERIOUS),))


def about(name: str, who: str = "Karla Holm", matter: str = "diabetes", **more) -> Judged:
    return breach(name, f"Så fik {who} vist {matter}.", {who: "person", matter: "health"}, **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One possible breach at the school, decided to be none: decision 1 of case 1."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as opened:
        set_up(opened)
        opened.save(SCHOOL_PAGE, [plain("p1"), about("c1")])
        opened.decide(SCHOOL_ONLY, "anna", 1, 1, Verdict.NOT_A_BREACH, "En figur i en bog.")
        yield opened


def asked(folder: Path) -> list[str]:
    """The messages that have a case of a possible breach still to be decided."""
    sql = """SELECT message_id FROM cases JOIN messages ON messages.id = message
             WHERE category = 'confidentiality' AND status IN ('new', 'taken') ORDER BY message_id"""
    return [row[0] for row in rows(folder, sql)]


def test_the_same_again_opens_no_case(store: Store, tmp_path: Path) -> None:
    """Other words around, another order, case and blanks: the judgement stays, says so, and no case is opened."""
    text = "DIABETES, det har karla  holm jo!"
    again = breach("c2", text, {"karla  holm": "person", "DIABETES": "health"})
    store.save(SCHOOL_PAGE, [again])
    assert [] == asked(tmp_path)
    ((because,),) = rows(tmp_path, "SELECT because FROM messages WHERE message_id = 'c2'")
    assert f'["{RULE}", "{REMEMBERED}"]' == because
    assert [(2,)] == rows(
        tmp_path, "SELECT count(*) FROM findings JOIN messages ON message = messages.id WHERE message_id = 'c2'"
    )
    store.save(SCHOOL_PAGE, [again])
    assert [(1,)] == rows(tmp_path, "SELECT count(*) FROM kept_back")


@pytest.mark.parametrize(
    "other",
    [
        about("c2", matter="depression"),
        about("c2", who="Karla Bang"),
        about("c2", because=("breach_page_names",)),
        about("c2", rules="r2"),
        about("c2", urgent=True),
        about("c2", failed=("person",)),
        breach(
            "c2",
            "Så fik Karla Holm diabetes 3.b.",
            {"Karla Holm": "person", "diabetes": "health", "3.b": "identifying"},
        ),
        breach(
            "c2",
            "Karla Holm diabetes 280571-1415",
            {"Karla Holm": "person", "diabetes": "health", "280571-1415": "cpr"},
        ),
    ],
    ids=["matter", "name", "rule", "version", "urgent", "failed", "more", "cpr"],
)
def test_what_differs_is_asked(store: Store, tmp_path: Path, other: Judged) -> None:
    """Another span, rule or version, an urgent text, one not judged whole, one with a CPR number: all are asked."""
    store.save(SCHOOL_PAGE, [other])
    assert ["c2"] == asked(tmp_path)


def test_another_page_is_asked(store: Store, tmp_path: Path) -> None:
    """What the school decided holds for its own page alone."""
    store.save(HOME_PAGE, [about("c2", page=HOME_PAGE)])
    assert ["c2"] == asked(tmp_path)


def test_other_cases_of_the_message_stay(store: Store, tmp_path: Path) -> None:
    """A remembered decision keeps back the breach and no question that stands beside it."""
    one = about("c2")
    store.save(SCHOOL_PAGE, [replace(one, cases=(*one.cases, *asking("c2").cases))])
    assert [("inquiry",)] == rows(
        tmp_path, "SELECT category FROM cases JOIN messages ON messages.id = message WHERE message_id = 'c2'"
    )


@pytest.mark.parametrize(
    "first",
    [
        breach("c5", "Hende med diabetes", {"diabetes": "health"}),
        about("c5", rules="r1", because=("breach_cpr",)),
        about("c5", urgent=True),
        about("c5", who="Ida ██████-████"),
    ],
    ids=["matter alone", "cpr rule", "urgent", "masked"],
)
def test_what_teaches_nothing(tmp_path: Path, first: Judged) -> None:
    """A matter of nobody, a CPR number and an urgent text are asked each time."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [first])
        store.decide(ALL, "anna", 1, 1, Verdict.NOT_A_BREACH, "")
    assert [(0,)] == rows(tmp_path, "SELECT count(*) FROM remembered")


def test_my_husband_is_anothers_in_anothers_mouth() -> None:
    """A relative who is told by the writer alone teaches nothing; a name beside him does."""
    text = "Min mand Bo har diabetes"
    kin = Finding("identifying", 1, "identifying", 0, 8, 0.5, "identifying_own_kin")
    name = found(text, "Bo", "person", "person_given")
    assert told_by(text, Judgement(findings=(kin, found(text, "diabetes", "health")), rules="r1")) is None
    assert told_by(text, Judgement(findings=(kin, name), rules="r1")) is not None


def test_another_verdict_teaches_nothing(tmp_path: Path) -> None:
    """What was hidden was a breach; the next one is asked."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [about("c1")])
        store.decide(ALL, "anna", 1, 1, Verdict.HIDDEN, "")
        store.agree(ALL, "bo", 1, 2)
        store.save(SCHOOL_PAGE, [about("c2")])
    assert ["c2"] == asked(tmp_path)


def test_undoing_the_decision_asks_again(store: Store, tmp_path: Path) -> None:
    """The case stands as before, what was kept back becomes a case, and what comes later is asked."""
    store.save(SCHOOL_PAGE, [about("c2")])
    store.undo(SCHOOL_ONLY, "bo", 1)
    store.save(SCHOOL_PAGE, [about("c3")])
    assert ["c1", "c2", "c3"] == asked(tmp_path)
    assert [(f'["{RULE}"]',)] * 3 == rows(tmp_path, "SELECT because FROM messages WHERE message_id LIKE 'c%'")
    assert [("undone", "bo")] == rows(tmp_path, "SELECT ended, ended_by FROM remembered")


def test_taking_back_leaves_the_decided_case(store: Store, tmp_path: Path) -> None:
    """Whoever may act takes it back; the decided case stays decided, and it is taken back once."""
    store.save(SCHOOL_PAGE, [about("c2")])
    store.forget(SCHOOL_ONLY, "bo", 1)
    assert ["c2"] == asked(tmp_path)
    with pytest.raises(ChangedError):
        store.forget(SCHOOL_ONLY, "bo", 1)
    told = rows(tmp_path, "SELECT actor, action, detail FROM journal WHERE subject = 'remembered:1'")
    assert [("anna", "remember", '{"decision": 1}'), ("bo", "forget", '{"why": "taken_back"}')] == told
    assert journal.verify(store._conn) is None


def test_two_alike_both_hold(tmp_path: Path) -> None:
    """Decided twice, it is kept back until both are taken back."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        store.save(SCHOOL_PAGE, [about("c1"), about("c2")])
        store.decide(ALL, "anna", 1, 1, Verdict.NOT_A_BREACH, "")
        store.decide(ALL, "bo", 2, 1, Verdict.NOT_A_BREACH, "")
        store.save(SCHOOL_PAGE, [about("c3")])
        store.forget(ALL, "anna", 1)
        assert [] == asked(tmp_path)
        store.forget(ALL, "anna", 2)
        assert ["c3"] == asked(tmp_path)


def test_an_edit_ends_it(store: Store, tmp_path: Path) -> None:
    """When the text that it was learned from is edited, it is asked itself, and so is the next one."""
    store.save(SCHOOL_PAGE, [breach("c1", "Karla Holm har diabetes!", BOTH)])
    store.save(SCHOOL_PAGE, [about("c2")])
    assert ["c1", "c2"] == asked(tmp_path)
    assert [("edited", "sideblik")] == rows(tmp_path, "SELECT ended, ended_by FROM remembered")


def test_newer_rules_end_it(store: Store, tmp_path: Path) -> None:
    """What was learned under older rules says nothing any more, not even when the older ones come back."""
    store.save(SCHOOL_PAGE, [replace(plain("c8"), judgement=Judgement(rules="r2"))])
    store.save(SCHOOL_PAGE, [about("c2")])
    assert ["c2"] == asked(tmp_path)
    assert [("rules",)] == rows(tmp_path, "SELECT ended FROM remembered")


def test_an_edited_text_that_is_kept_back_no_more(store: Store, tmp_path: Path) -> None:
    """A message that was kept back and then tells of another matter is asked, and counts no longer."""
    store.save(SCHOOL_PAGE, [about("c2")])
    store.save(SCHOOL_PAGE, [about("c2", matter="depression")])
    assert ["c2"] == asked(tmp_path)
    assert [(0,)] == rows(tmp_path, "SELECT count(*) FROM kept_back")


@pytest.mark.parametrize(
    "scope",
    [
        replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"})),
        replace(SCHOOL_ONLY, acts=False),
        replace(ALL, categories=frozenset({Category.INQUIRY})),
    ],
    ids=["elsewhere", "reader", "no breaches"],
)
def test_taking_back_needs_a_scope(store: Store, tmp_path: Path, scope) -> None:
    """Another institution's, a reader's and one without the category's: nothing is written."""
    with pytest.raises(OutOfScopeError):
        store.forget(scope, "bo", 1)
    assert [(None,)] == rows(tmp_path, "SELECT ended_at FROM remembered")


def test_the_list_is_scoped_and_counts(store: Store, tmp_path: Path) -> None:
    """Who, when, how often since, and the flagged words; nothing of it to another institution."""
    store.save(SCHOOL_PAGE, [about("c2"), about("c3")])
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        (row,) = queries.remembered(reader, SCHOOL_ONLY)
        assert ("anna", NOON, 2, 1, "skole_fb") == (row.person, row.at, row.kept_back, row.case_id, row.page_id)
        assert ("Karla Holm", "diabetes") == row.words
        for scope in (
            replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"})),
            replace(ALL, categories=frozenset({Category.INQUIRY})),
        ):
            assert [] == queries.remembered(reader, scope)
        store.forget(ALL, "bo", 1)
        assert [] == queries.remembered(reader, ALL)


def test_nothing_but_hashes_is_kept(store: Store, tmp_path: Path) -> None:
    """No flagged word, as written or folded, stands in any column of the two tables."""
    store.save(SCHOOL_PAGE, [about("c2")])
    told = str(rows(tmp_path, "SELECT * FROM remembered") + rows(tmp_path, "SELECT * FROM kept_back")).casefold()
    assert [] == [word for word in ("karla", "holm", "diabetes") if word in told]
    assert [(32,)] == rows(tmp_path, "SELECT length(spans) FROM remembered")
    assert Status.CLOSED.value == rows(tmp_path, "SELECT status FROM cases WHERE id = 1")[0][0]


def test_no_file_holds_what_is_compared(store: Store, tmp_path: Path) -> None:
    """The folded words, which no message holds, stand in no byte of the database or of the files beside it."""
    store.save(SCHOOL_PAGE, [about("c2")])
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {"sideblik.db", "sideblik.key"} <= {path.name for path in files}
    assert [] == [path.name for path in files if b"karla holm" in path.read_bytes()]


def test_from_the_platform_to_the_queue(tmp_path: Path) -> None:
    """Judged as they come in: the same name and illness in other words are kept back, another illness is not."""
    said = {
        "c1": "Nu har Karla Holm jo diabetes",
        "c2": "Jeg har hørt, at KARLA  HOLM har fået diabetes",
        "c3": "Nu har Karla Holm jo kræft",
    }
    school = Institution("skolen", "Nørreå Skole", "skole")
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        intake = Intake(SCHOOL_PAGE, store=store, engine=Engine(), institution=school, clock=Clock())
        for name, text in said.items():
            raw = RawMessage("facebook", name, SCHOOL_PAGE.id, Kind.COMMENT, text, "p1", created_at=NOON)
            intake.save(Batch((raw,)), lambda _: None)
            if name == "c1":
                store.decide(ALL, "anna", 1, 1, Verdict.NOT_A_BREACH, "")
    assert ["c3"] == asked(tmp_path)
    assert [("clear", 1)] == rows(tmp_path, f"SELECT breach, instr(because, '{REMEMBERED}') > 0 {OF_C2}")


@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_order_case_and_blanks_do_not_matter(said: list[str], random) -> None:
    """The same words in another order, other blanks and another case (where that folds back), are the same."""
    other = [(" \n" if random.random() < 0.5 else "  ").join((word, word)) for word in said]
    random.shuffle(other)
    shouted = [one.upper() if one.upper().casefold() == one.casefold() else one for one in other]
    assert told(f"{word} {word}" for word in said) == told(shouted)


@given(st.lists(WORDS, min_size=1, max_size=5), WORDS)
def test_another_span_matters(said: list[str], more: str) -> None:
    """One more span is another thing to decide on, unless it says again what stands there."""
    same = told(said) == told([*said, more])
    assert same == (told([more]) in {told([word]) for word in said})


def told(words) -> str | None:
    """What a text of these words is remembered by, each flagged as a person."""
    parts = list(words)
    text, facts = "", []
    for part in parts:
        facts.append(Finding("person", 1, "person", len(text), len(text) + len(part), 0.9, "person_full"))
        text += f"{part}, "
    return told_by(text, Judgement(findings=tuple(facts), rules="r1"))
