"""Each screen for each role, from the entry file: what is shown, what is left out, what an act does."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit as st
from records import ALL, HOME, HOME_PAGE, SCHOOL, SCHOOL_PAGE, asking, plain, shouting
from screens import PEOPLE, environment, municipality, opened, told

from data import queries
from data.queries import open_reader
from data.store import Store
from data.types import Category, Status, Verdict

VIEWS = {
    "overblik": "Overblik",
    "henvendelser": "Henvendelser",
    "brud": "Mulige brud",
    "tone": "Grov tone",
    "opslag": "Opslag",
    "soeg": "Søg",
    "sletteregnskab": "Sletteregnskab",
    "rapporter": "Rapporter",
    "sider": "Sider",
    "proev": "Prøv en tekst",
    "vagtplan": "Vagtplan",
}
NOT_FOR_DPO = ("henvendelser", "tone", "opslag", "soeg", "sletteregnskab", "vagtplan")


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    made = municipality(tmp_path)
    with environment(made):
        yield made


def cases(path, category):
    with open_reader(path.with_name("sideblik.db")) as reader:
        statuses = frozenset(Status)
        found = queries.queue(reader, ALL, category, queries.QueueFilter(statuses=statuses))
        return {case.institution_id: case for case in found}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_for_every_role(path, person, view):
    """No view fails for any role; those that a role does not have lead to the overview."""
    if PEOPLE[person] == "dpo" and view in NOT_FOR_DPO:
        return
    screen = opened(person, view)
    assert ([], []) == (list(screen.exception), list(screen.error))
    assert VIEWS[view] == screen.title[0].value


def test_the_overview_counts_the_tone(tmp_path):
    """Open cases of harsh tone have their figure for those who have the queue, and no link for the DPO."""
    st.cache_data.clear()
    with environment(municipality(tmp_path, more=[shouting("c5", "Jeg kommer efter jer.")])):
        assert 'href="tone"' in told(opened("Anna", "overblik"))
        assert 'href="tone"' not in told(opened("Dan", "overblik"))


@pytest.mark.parametrize("view", ["overblik", "henvendelser", "brud", "tone", "opslag", "rapporter", "sider"])
def test_others_institutions_show_nowhere(path, view):
    """Neither a text, nor a name, nor a figure of the nursing home reaches the school's administrator."""
    shown = told(opened("Anna", view))
    assert [] == [word for word in ("hund", "Ester", "Åsen", "banko") if word in shown]


def test_search_finds_own_texts_only(path):
    """A word of another institution's is not found; one's own is."""
    assert "hund" not in told(opened("Anna", "soeg", q="hund")).replace("q=hund", "")
    assert "lørdag" in told(opened("Anna", "soeg", q="lørdag"))
    assert "hund" in told(opened("Ulla", "soeg", q="hund"))


def test_a_case_shows_thread_reason_and_link(path):
    """A deep link opens the case: the whole thread, the marked words, why, and the way to the platform."""
    case = cases(path, Category.CONFIDENTIALITY)["skolen"]
    shown = told(opened("Anna", "brud", sag=str(case.id)))
    assert "Vi holder åbent hus." in shown
    assert "diabete</mark>" in shown
    assert "Derfor er den her" in shown
    assert f"sag {case.id}" in shown


def test_what_was_flagged_stands_before_its_thread(tmp_path):
    """Of a long thread the flagged text comes first, marked, and again in its place, outlined; the rest is folded."""
    st.cache_data.clear()
    more = [plain(f"c{number}", f"Tak for kaffe nummer {number}.") for number in range(20, 50)]
    made = municipality(tmp_path, more=more)
    with environment(made):
        case = cases(made, Category.CONFIDENTIALITY)["skolen"]
        screen = opened("Anna", "brud", sag=str(case.id))
        shown = told(screen)
        expander = screen.expander[0]
    assert ("Hele tråden (33)", False) == (expander.label, expander.proto.expanded)
    assert shown.index("Derfor er den her") < shown.index("diabete</mark>") < shown.index("Tak for kaffe")
    assert 2 == shown.count('sb-here"')
    assert "Under opslaget: <bdi" in shown


def test_a_case_of_others_is_as_one_that_does_not_exist(path):
    """A deep link to another's case, to the other queue's, and to none at all give the same sentence."""
    foreign = cases(path, Category.INQUIRY)["hjemmet"].id
    other_queue = cases(path, Category.CONFIDENTIALITY)["skolen"].id
    for number in (str(foreign), str(other_queue), "999999", "x", "-1"):
        screen = opened("Anna", "henvendelser", sag=number)
        assert not screen.exception
        assert "hund" not in told(screen)
        assert "Karla" not in told(screen)


def test_take_decide_and_undo(path):
    """An administrator takes a question, decides it, and takes the decision back; each is told."""
    case = cases(path, Category.INQUIRY)["skolen"]
    screen = opened("Anna", "henvendelser", sag=str(case.id))
    screen.button(key=f"tag-{case.id}").click().run()
    taken = cases(path, Category.INQUIRY)["skolen"]
    assert (Status.TAKEN, "Anna") == (taken.status, taken.taken_by)
    screen.radio[0].set_value(Verdict.ANSWERED)
    next(one for one in screen.button if one.label == "Gem afgørelsen").click().run()
    assert Status.ANSWERED is cases(path, Category.INQUIRY)["skolen"].status
    next(one for one in screen.button if one.label == "Fortryd afgørelsen").click().run()
    assert Status.TAKEN is cases(path, Category.INQUIRY)["skolen"].status


def test_a_decision_that_needs_a_ground_asks_for_it(path):
    """A decision "not a breach" without a because is not recorded."""
    case = cases(path, Category.CONFIDENTIALITY)["skolen"]
    screen = opened("Anna", "brud", sag=str(case.id))
    screen.radio[0].set_value(Verdict.NOT_A_BREACH)
    next(one for one in screen.button if one.label == "Gem afgørelsen").click().run()
    assert "begrundelse" in screen.warning[0].value
    assert Status.NEW is cases(path, Category.CONFIDENTIALITY)["skolen"].status


def test_a_ground_is_masked_before_it_is_kept(path):
    """A CPR number that somebody writes as a ground is in no row."""
    case = cases(path, Category.CONFIDENTIALITY)["skolen"]
    screen = opened("Anna", "brud", sag=str(case.id))
    screen.radio[0].set_value(Verdict.EDITED)
    screen.text_area[0].set_value("Rettet, der stod 130485-1234")
    next(one for one in screen.button if one.label == "Gem afgørelsen").click().run()
    with open_reader(path.with_name("sideblik.db")) as reader:
        ground = queries.decisions(reader, ALL, case.id)[0].ground
    assert "1234" not in ground
    assert "130485" not in ground


def test_a_tone_case_is_decided_in_its_own_words(tmp_path):
    """A threat stands in its queue with its mark; what is no harsh tone is said so, not as no need of an answer."""
    st.cache_data.clear()
    threat = shouting("c5", "Jeg kommer efter jer, skal I vide.")
    made = municipality(tmp_path, more=[threat])
    with environment(made):
        case = cases(made, Category.TONE)["skolen"]
        screen = opened("Anna", "tone", sag=str(case.id))
        assert "kommer efter jer</mark>" in told(screen)
        assert ["Ikke grov tone, fordi …", "Rettet", "Skjult", "Slettet"] == screen.radio[0].options
        screen.radio[0].set_value(Verdict.HIDDEN)
        next(one for one in screen.button if one.label == "Gem afgørelsen").click().run()
        assert Status.CLOSED is cases(made, Category.TONE)["skolen"].status
        assert "kommer efter" not in told(opened("Ulla", "tone", status="Lukkede"))
        assert "tone?" not in told(opened("Dan"))


def test_a_reader_cannot_act(path):
    """A reader sees the case and no button to act, a form least of all."""
    case = cases(path, Category.INQUIRY)["skolen"]
    screen = opened("Lis", "henvendelser", sag=str(case.id))
    labels = [one.label for one in screen.button]
    assert "Jeg tager den" not in labels
    assert "Gem afgørelsen" not in labels
    assert "Du kan se sagen" in told(screen)


def test_a_case_changed_meanwhile_is_left_alone(path):
    """Who acts on what has changed since is told so, and nothing is written."""
    case = cases(path, Category.INQUIRY)["skolen"]
    mine, theirs = (opened(name, "henvendelser", sag=str(case.id)) for name in ("Anna", "Kim"))
    theirs.button(key=f"tag-{case.id}").click().run()
    mine.button(key=f"tag-{case.id}").click().run()
    assert "Kim" == cases(path, Category.INQUIRY)["skolen"].taken_by
    assert "En anden har ændret sagen" in mine.toast[0].value


def test_the_dpo_sees_possible_breaches_alone(path):
    """All institutions' possible breaches, no queue of inquiries, no browsing, no search."""
    screen = opened("Dan", "brud")
    assert "Karla" in told(screen)
    assert "Ester" in told(screen)
    assert "hund" not in told(opened("Dan"))


def test_filters_in_the_address(path):
    """A link with filters opens the queue as it was: status, page, words."""
    assert "Ingen henvendelser passer" in told(opened("Kim", "henvendelser", status="Lukkede"))
    narrowed = told(opened("Kim", "henvendelser", ord="hund"))
    assert "hund" in narrowed
    assert "lørdag" not in narrowed


def test_a_topic_in_the_address(tmp_path):
    """A link with a topic narrows the inquiries to it; "Flere filtre" counts it; the other queues have none."""
    st.cache_data.clear()
    road = asking("c6", "Hvornår salter I fortovet?")
    made = municipality(tmp_path, more=[replace(road, cases=(replace(road.cases[0], topic="vej_park"),))])
    with environment(made):
        screen = opened("Kim", "henvendelser", emne="Vej og park")
        assert "salter" in told(screen)
        assert "lørdag" not in told(screen)
        assert "Emne" in [one.label for one in screen.selectbox]
        assert "Emne" not in [one.label for one in opened("Kim", "brud").selectbox]


def test_pages_of_one_name_are_told_apart(tmp_path):
    """Two pages of one name carry their institution, two of one institution their id; each can be chosen by a link."""
    st.cache_data.clear()
    made = municipality(tmp_path)
    twins = [
        replace(SCHOOL_PAGE, id="a", name="Nyheder"),
        replace(SCHOOL_PAGE, id="b", name="Nyheder"),
        replace(SCHOOL_PAGE, id="c", name="Nyheder", institution_id=HOME.id),
    ]
    with Store.open(made.with_name("sideblik.db")) as store:
        store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE, *twins])
        store.save(twins[2], [plain("p77", "Fælles kaffe.", page=twins[2], by_page=True)])
    with environment(made):
        screen = opened("Kim", "opslag", side="Nyheder · Facebook · Plejehjemmet Åsen")
        options = screen.selectbox(key="side").options
        assert len(options) == len(set(options))
        assert {"Nyheder · Facebook · Nørreå Skole (a)", "Nyheder · Facebook · Nørreå Skole (b)"} <= set(options)
        assert "Fælles kaffe." in told(screen)
        assert len(options) == len(opened("Kim", "henvendelser").selectbox(key="side").options)


@pytest.mark.parametrize("query", [{"fra": "x"}, {"fra": "3|x|y"}, {"status": "nope"}, {"side": "nope"}, {"ord": '"*'}])
def test_a_made_up_address_does_no_harm(path, query):
    """Whatever stands in the address, the queue opens."""
    screen = opened("Kim", "henvendelser", **query)
    assert ([], []) == (list(screen.exception), list(screen.error))


def test_a_draft_is_marked_and_not_stored(path):
    """A draft is judged on the screen; the number in it is masked there, and the database knows nothing of it."""
    before = path.with_name("sideblik.db").read_bytes()
    screen = opened("Anna", "proev")
    screen.text_area[0].set_value("Ring til Lone på 130485-1234").run()
    shown = told(screen)
    assert "<mark" in shown
    assert "130485" not in shown
    assert before == path.with_name("sideblik.db").read_bytes()


def test_without_settings_a_sentence_says_so(tmp_path):
    """A missing configuration is told in Danish, without a path or a traceback."""
    with environment(tmp_path / "none.toml"):
        screen = opened("Kim")
    assert "opsætning" in screen.error[0].value
    assert str(tmp_path) not in told(screen)
