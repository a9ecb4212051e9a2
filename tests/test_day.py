"""Min dag: each case in one part, a colleague's apart, own institutions only, and one click to the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import ALL, SCHOOL_PAGE, asking, hidden, plain
from screens import environment, municipality, opened, told

from dashboard.access import Role, scope_for
from data import queries, times
from data.photo_rows import PhotoAnswer
from data.queries import open_reader
from data.store import Store
from data.types import Category, Verdict
from tests.support import Hand

SCHOOL = scope_for(Role.ADMINISTRATOR, ["skolen"])


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def days(path, person="Anna", scope=SCHOOL, later=0, limit=10):
    with open_reader(path.with_name("sideblik.db")) as reader:
        day = queries.day(reader, scope, person, times.now() + timedelta(days=later), limit)
    parts = ("urgent", "second", "overdue", "mine", "fresh", "others")
    return {part: [case.category for case in getattr(day, part)] for part in parts if getattr(day, part)}


def case(path, category):
    with open_reader(path.with_name("sideblik.db")) as reader:
        return next(one for one in queries.queue(reader, ALL, category) if one.institution_id == "skolen")


def take(path, person, category=Category.INQUIRY):
    with Store.open(path.with_name("sideblik.db")) as store:
        found = case(path, category)
        store.take(SCHOOL, person, found.id, found.revision)


def test_what_nobody_has_taken(path):
    """A serious possible breach is urgent; the question is untaken; the nursing home's cases are not here."""
    assert {"urgent": [Category.CONFIDENTIALITY], "fresh": [Category.INQUIRY]} == days(path)


def test_overdue_stands_once(path):
    """A question past its deadline stands among the overdue and nowhere else."""
    assert {"urgent": [Category.CONFIDENTIALITY], "overdue": [Category.INQUIRY]} == days(path, later=30)


def test_taken_by_oneself_or_a_colleague(path):
    """Who takes a case has it as theirs; to a colleague it is a colleague's, also past its deadline."""
    take(path, "Anna")
    assert {"urgent": [Category.CONFIDENTIALITY], "mine": [Category.INQUIRY]} == days(path)
    assert {"urgent": [Category.CONFIDENTIALITY], "others": [Category.INQUIRY]} == days(path, "Kim", later=30)


def test_a_part_stops_at_its_limit(path):
    """The communications department sees two untaken questions, or as many as it asked for."""
    everybody = scope_for(Role.COMMUNICATIONS, ())
    assert 2 == len(days(path, "Kim", everybody)["fresh"])
    assert 1 == len(days(path, "Kim", everybody, limit=1)["fresh"])


def test_from_arrival_to_gone(path):
    """A question is among the untaken, then one's own, and gone once it is answered; others' texts are never here."""
    shown = told(opened("Anna", "mindag"))
    assert "Det har ingen taget endnu" in shown
    assert "på lørdag" in shown
    assert "hund" not in shown
    take(path, "Anna")
    assert "Det har du taget" in told(opened("Anna", "mindag"))
    with Store.open(path.with_name("sideblik.db")) as store:
        found = case(path, Category.INQUIRY)
        store.decide(SCHOOL, "Anna", found.id, found.revision, Verdict.ANSWERED, "")
    assert "på lørdag" not in told(opened("Anna", "mindag"))


def test_a_card_opens_its_case(path):
    """One press of a card's button stands in the queue with the case open."""
    number = case(path, Category.INQUIRY).id
    screen = opened("Anna", "mindag")
    screen.button(key=f"aabn-{number}").click().run()
    assert ([], []) == (list(screen.exception), list(screen.error))
    assert "Henvendelser" == screen.title[0].value
    assert "Derfor er den her" in told(screen)


def test_what_vanished_is_asked_about(path):
    """A hidden comment without an explanation is a question of the day, with its way to the ledger."""
    with Store.open(path.with_name("sideblik.db")) as store:
        gone = plain("s1", "Køb solbriller")
        store.save(SCHOOL_PAGE, [gone])
        store.save(SCHOOL_PAGE, [hidden(gone)])
    screen = opened("Anna", "mindag")
    assert "Forsvundet uden forklaring" in told(screen)
    next(one for one in screen.button if one.key.startswith("aabn-f")).click().run()
    assert "Sletteregnskab" == screen.title[0].value


def test_a_decision_that_waits_for_another(path):
    """A colleague's confirmed breach waits for one's agreement; one's own waits for a colleague; closed it is gone."""
    with Store.open(path.with_name("sideblik.db")) as store:
        found = case(path, Category.CONFIDENTIALITY)
        store.open_case(SCHOOL, "Anna", found.id)
        store.decide(SCHOOL, "Anna", found.id, found.revision, Verdict.EDITED, "")
        assert {"second": [Category.CONFIDENTIALITY], "fresh": [Category.INQUIRY]} == days(path, person="Kim")
        assert {"others": [Category.CONFIDENTIALITY], "fresh": [Category.INQUIRY]} == days(path)
        assert "Venter på, at du er enig" in told(opened("Kim", "mindag"))
        assert "venter på en anden</span>" in told(opened("Kim", "mindag"))
        assert "timer tilbage</span>" in told(opened("Kim", "mindag"))
        assert "Det venter på en kollega" in told(opened("Anna", "mindag"))
        store.agree(ALL, "Kim", found.id, found.revision + 1)
    assert {"fresh": [Category.INQUIRY]} == days(path)


@pytest.mark.parametrize("person", ["Anna", "Kim"])
def test_a_kind_word_where_nothing_waits(path, person):
    """With everything decided the day says that nothing waits."""
    with Store.open(path.with_name("sideblik.db")) as store, open_reader(path.with_name("sideblik.db")) as reader:
        for category in (Category.INQUIRY, Category.CONFIDENTIALITY):
            for one in queries.queue(reader, ALL, category):
                verdict = Verdict.ANSWERED if category is Category.INQUIRY else Verdict.JOURNALISED
                store.decide(scope_for(Role.COMMUNICATIONS, ()), "Kim", one.id, one.revision, verdict, "")
                if category is Category.CONFIDENTIALITY:
                    store.agree(ALL, "Dan", one.id, one.revision + 1)
        store.answer_photo(ALL, "Kim", 1, 1, PhotoAnswer.SITUATION, "", timedelta(days=365))
    assert "Der venter ikke noget på dig" in told(opened(person, "mindag"))


@pytest.mark.parametrize("person", ["Lis", "Dan"])
def test_who_has_no_day(path, person):
    """Who may not act, or not browse, has no such screen in the navigation."""
    assert "Min dag" != opened(person).title[0].value
    assert [] == [one for one in opened(person, "mindag").button if one.key and one.key.startswith("aabn-")]


def test_what_came_since_the_visit_before(path):
    """The first look knows none; one within half an hour belongs to it; the next one tells what came in between."""
    clock = Hand(times.now())
    with Store.open(path.with_name("sideblik.db"), clock=clock) as store:
        assert None is store.look("Anna")
        clock.move(20 * 60)
        assert None is store.look("Anna")
        seen, newest = clock.at, case(path, Category.INQUIRY)
        clock.move(3 * 3600)
        store.save(SCHOOL_PAGE, [asking("ny")])
        before = store.look("Anna")
        assert (seen.replace(microsecond=0), True) == (before.at, before.newest >= newest.id)
        with open_reader(path.with_name("sideblik.db")) as reader:
            assert queries.News(inquiries=1) == queries.news(reader, SCHOOL, before.newest)
            assert queries.News() == queries.news(reader, scope_for(Role.ADMINISTRATOR, ["hjemmet"]), before.newest)
        clock.move(60)
        assert before == store.look("Anna")
        assert None is store.look("Bo")


def test_news_on_the_screen(path):
    """The sentence tells how many there are, and their cards say that they are new."""
    with Store.open(path.with_name("sideblik.db"), clock=Hand(times.now() - timedelta(hours=5))) as store:
        store.look("Anna")
        store.save(SCHOOL_PAGE, [asking("ny", "Kan man leje salen til en barnedåb?")])
    shown = told(opened("Anna", "mindag"))
    assert "1 ny henvendelse." in shown
    assert 1 == shown.count("ny siden sidst")


def test_the_start(path):
    """Who minds pages begins with their day, the others with the overview."""
    assert ["Min dag", "Overblik", "Overblik", "Overblik"] == [
        opened(person).title[0].value for person in ("Anna", "Kim", "Lis", "Dan")
    ]
