"""The removal ledger on the screen: what each role sees of it, how it is explained and taken back, and its figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit as st
from records import ALL, HOME_PAGE, SCHOOL_PAGE, hidden, plain
from screens import environment, municipality, opened, told

from data import queries
from data.queries import open_reader
from data.removal_rows import Ground
from data.store import Store
from data.types import Visibility

NOTE = "Reklame for solbriller 280571-1415"


@pytest.fixture
def path(tmp_path):
    """Three comments hidden at the school, one at the nursing home."""
    st.cache_data.clear()
    made = municipality(tmp_path)
    with Store.open(made.with_name("sideblik.db")) as store:
        school = [plain(f"s{number}", f"Køb solbriller nr. {number}") for number in range(3)]
        home = [plain("h1", "Køb ure", page=HOME_PAGE, thread_id="p9")]
        for page, judged in ((SCHOOL_PAGE, school), (HOME_PAGE, home)):
            store.save(page, judged)
            store.save(page, [hidden(one) for one in judged])
    with environment(made):
        yield made


def ledger(path):
    with open_reader(path.with_name("sideblik.db")) as reader:
        return {row.text: row for row in queries.removals(reader, ALL)}


def pane(path, person, what="Køb solbriller nr. 0"):
    return opened(person, "sletteregnskab", fjernelse=str(ledger(path)[what].id))


def form(screen, ground, note="", *, together=False):
    screen.radio[0].set_value(ground)
    screen.text_area[0].set_value(note)
    if together:
        screen.checkbox[0].check()
    next(one for one in screen.button if one.label == "Gem forklaringen").click()
    return screen.run()


def test_own_institution_only(path):
    """The school's administrator sees three removals of the school and nothing of the nursing home's."""
    shown = told(opened("Anna", "sletteregnskab"))
    assert "3 fjernelser" in shown
    assert "solbriller nr. 2" in shown
    assert [] == [word for word in ("Køb ure", "Åsen") if word in shown]
    assert "kan ikke vises" in told(pane(path, "Anna", "Køb ure"))


def test_communications_see_all(path):
    """Every unexplained removal stays before them, in the list and in the overview's figure."""
    assert "4 fjernelser" in told(opened("Kim", "sletteregnskab"))
    assert 'href="sletteregnskab"' in told(opened("Kim"))
    assert 'href="sletteregnskab"' not in told(opened("Dan"))


def test_a_reader_reads(path):
    """A reader sees what went and no form."""
    screen = pane(path, "Lis")
    assert "Du kan se sletteregnskabet" in told(screen)
    assert [] == list(screen.radio)


def test_explained_masked_and_undone(path):
    """A ground and a note whose CPR number is masked before it is kept; then taken back."""
    screen = form(pane(path, "Anna"), Ground.SPAM, NOTE)
    assert "Forklaringen er gemt" in told(screen)
    assert Ground.SPAM is ledger(path)["Køb solbriller nr. 0"].ground
    assert "280571" not in told(screen)
    assert "Reklame for solbriller ██████" in told(screen)
    next(one for one in screen.button if one.label == "Fortryd forklaringen").click()
    assert "Forklaringen er fortrudt" in told(screen.run())
    assert ledger(path)["Køb solbriller nr. 0"].ground is None


def test_several_at_once(path):
    """One answer for what was hidden under the same post at the same look, after a tick; no other page's is touched."""
    form(pane(path, "Kim"), Ground.SPAM, together=True)
    assert {"Køb ure"} == {what for what, row in ledger(path).items() if row.ground is None}


def test_nothing_is_chosen(path):
    """Without a ground nothing is saved, and a sentence says what to choose."""
    assert "Vælg først" in told(form(pane(path, "Anna"), None))
    assert {None} == {row.ground for row in ledger(path).values()}


def test_somebody_was_faster(path):
    """Who answers what a colleague answered meanwhile is told so, and the colleague's answer stands."""
    screen = pane(path, "Anna")
    row = ledger(path)["Køb solbriller nr. 0"]
    with Store.open(path.with_name("sideblik.db")) as store:
        store.explain(ALL, "Kim", {row.id: row.revision}, Ground.INSULT, "")
    form(screen, Ground.SPAM)
    assert Ground.INSULT is ledger(path)["Køb solbriller nr. 0"].ground


def test_the_text_is_no_longer_kept(path):
    """The digest stands where the text was emptied."""
    row = ledger(path)["Køb solbriller nr. 0"]
    with Store.open(path.with_name("sideblik.db")) as store:
        store._conn.execute("UPDATE messages SET text = '' WHERE id = ?", (row.head,))
    shown = told(opened("Anna", "sletteregnskab", fjernelse=str(row.id)))
    assert "Teksten er ikke længere gemt" in shown
    assert "digest of Køb solbriller nr. 0" in shown


def test_nothing_to_explain(tmp_path):
    """An empty ledger says what that means, and where to look whether the pages are seen."""
    st.cache_data.clear()
    with environment(municipality(tmp_path)):
        assert "Intet mangler en forklaring" in told(opened("Anna", "sletteregnskab"))
        assert "Intet passer" in told(opened("Anna", "sletteregnskab", status="Forklaret"))


def test_screen_and_report_tie(path):
    """The overview's figure, the ledger's head and the weekly line of each page are one query's."""
    with open_reader(path.with_name("sideblik.db")) as reader:
        by_page = queries.unexplained(reader, ALL)
    assert {SCHOOL_PAGE.id: 3, HOME_PAGE.id: 1} == by_page
    assert "solbriller" not in told(opened("Kim", "rapporter"))
    screen = told(opened("Kim"))
    assert '>4</span></span><span class="sb-figure-note">forsvundet eller skjult' in screen


def test_hostile_text(path):
    """What was removed may be hostile; it is escaped here as everywhere."""
    bad = plain("s9", "<img src=x onerror=alert(1)> ![](http://e.dk)")
    with Store.open(path.with_name("sideblik.db")) as store:
        store.save(SCHOOL_PAGE, [bad])
        store.save(SCHOOL_PAGE, [replace(bad, message=replace(bad.message, visibility=Visibility.HIDDEN))])
    screen = opened("Anna", "sletteregnskab")
    assert "<img" not in told(screen)
    assert "&lt;img" in told(screen)
