"""The department's screens: the overview's figures, the rota, the reports; for each role what is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import streamlit as st
from records import ALL, SCHOOL_PAGE, asking
from screens import environment, municipality, opened, told

from dashboard.department import administrators, staff
from dashboard.settings import load
from dashboard.settings_login import Login
from data import queries, times
from data.people import Person
from data.queries import open_reader
from data.rota import Duty
from data.store import Store

LOGIN = Login(
    "https://sideblik.example.dk", "Kim", ("password",), "", "", "", "", "", timedelta(hours=1), timedelta(hours=9), ()
)


@pytest.fixture
def path(tmp_path):
    st.cache_data.clear()
    at = times.now() - timedelta(days=2)
    before = [asking(f"o{n}", "Hvornår lukker svømmehallen?", created_at=at - timedelta(days=14)) for n in range(40)]
    now = [
        asking(
            f"n{n}", "Hvornår bliver der ryddet glatføre, hr. Xylofonsen?", created_at=times.now(), author_key=f"k{n}"
        )
        for n in range(6)
    ]
    made = municipality(tmp_path, more=[*before, *now])
    with environment(made):
        yield made


def kept(path) -> list[Duty]:
    with open_reader(path.with_name("sideblik.db")) as reader:
        return queries.duties(reader, ALL, SCHOOL_PAGE.id)


def this_week(person: str):
    """The overview of the running week, whichever day it is."""
    screen = opened(person)
    screen.button_group(key="uge_vist").set_value("now").run()
    return screen


def test_the_overview_tells_what_rises_and_names_nobody(path):
    """A word of this week's inquiries stands there; a name in the same texts does not."""
    shown = told(this_week("Kim"))
    assert "glatføre" in shown
    assert "Xylofonsen" not in shown
    assert "svømmehallen</span>" not in shown


def test_the_overview_has_its_heat_map_and_the_table_of_it(path):
    """The chart has words of its own for whoever does not see it, and its figures stand in a table."""
    screen = this_week("Kim")
    charts = screen.get("arrow_vega_lite_chart") or screen.get("vega_lite_chart")
    assert 2 == len(charts)
    assert "Hvornår borgerne henvender sig" in told(screen)
    assert all(day in told(screen) for day in ("mandag", "søndag", "08–12"))


def test_the_dpo_sees_possible_breaches_alone(path):
    """No figure of inquiries, no words, no hours: their scope has none."""
    shown = told(opened("Dan"))
    assert "Mulige brud efter afgørelse" in shown
    assert [] == [one for one in ("glatføre", "Svar på henvendelser", "Hvornår borgerne") if one in shown]


def test_a_page_with_one_administrator_is_told(path):
    """The risk of a single administrator stands by the page."""
    assert "kun én sideansvarlig" in told(opened("Kim"))


def test_nobody_on_duty_is_a_warning_once_a_rota_is_kept(path):
    """On the overview and under Sider; where no rota is kept nobody is told so."""
    assert "ingen på vagt" not in told(opened("Kim"))
    assert "uden vagt" not in told(opened("Kim", "sider"))
    with Store.open(path.with_name("sideblik.db")) as store:
        store.add_duty(ALL, "Kim", Duty(SCHOOL_PAGE.id, "Anna", date(2020, 1, 1)))
    assert "1 side har ingen på vagt" in told(opened("Kim"))
    assert "5 hverdage uden vagt" in told(opened("Kim", "sider"))
    assert "ingen på vagt" not in told(opened("Anna"))


def test_a_duty_is_put_in_and_taken_out(path):
    """From the form to the week's table and back, each told in a sentence."""
    screen = opened("Anna", "vagtplan")
    assert "Her er ingen vagtplan endnu" in told(screen)
    next(one for one in screen.button if one.label == "Gem vagten").click().run()
    assert ([], "Vagten står i planen.") == (list(screen.exception), screen.toast[0].value)
    assert 1 == len(kept(path))
    assert "mandag til fredag kl. 08.00–16.00" in told(screen)
    next(one for one in screen.button if one.label == "Fjern").click().run()
    assert [] == kept(path)


def test_a_duty_that_cannot_be_is_refused_with_what_is_wrong(path):
    """A holiday cover without a last day is not kept."""
    screen = opened("Anna", "vagtplan")
    screen.radio(key="vagt-art").set_value("cover")
    next(one for one in screen.button if one.label == "Gem vagten").click().run()
    assert ["Skriv den sidste dag; en afløser og et fravær skal slutte en dag."] == [
        one.value for one in screen.warning
    ]
    assert [] == kept(path)


def test_a_reader_reads_the_rota(path):
    """The plan without a form or a button."""
    screen = opened("Lis", "vagtplan")
    assert "Vagtplan" == screen.title[0].value
    assert [] == [one.label for one in screen.button if one.label in ("Gem vagten", "Fjern")]


def test_only_communications_has_the_archive(path):
    """Its files are the whole municipality's."""
    assert "Arkiv" in told(opened("Kim", "rapporter"))
    assert [] == [person for person in ("Anna", "Lis", "Dan") if "Arkiv" in told(opened(person, "rapporter"))]


def test_with_a_login_the_people_table_counts(path):
    """Whoever left is not counted, and neither is a name that only the configuration holds."""
    settings = replace(load(path), login=LOGIN)
    with Store.open(path.with_name("sideblik.db")) as store, open_reader(path.with_name("sideblik.db")) as reader:
        store.add_person(ALL, "Kim", Person("kim@example.dk", "Kim", "communications"))
        for name in ("Ea", "Per"):
            number = store.add_person(ALL, "Kim", Person(name, name, "administrator", ("skolen",)))
        store.end_person(ALL, "Kim", number)
        found = staff(reader, settings)
    assert {"Kim", "Ea"} == {one.name for one in found}
    assert (1, 0) == (administrators(found, "skolen"), administrators(found, "hjemmet"))
