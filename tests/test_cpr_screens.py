"""A CPR number that citizens wrote is on no screen, nor in any file that a screen hands out."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
import streamlit as st
from made_up_cpr import FORMS
from records import ALL, SCHOOL, SCHOOL_PAGE
from screens import environment, municipality, opened, told
from test_cpr_nowhere import facebook, forms

from analysis.engine import Engine
from collectors.http import Http
from collectors.visit import visit
from data import queries, times
from data.store import Store
from data.types import Category, Outcome

DIGITS = "1703854021"  # nobody's: 17 March 1985 with a wrong check digit
VIEWS = ("overblik", "mindag", "henvendelser", "brud", "opslag", "fotos", "soeg", "rapporter", "sider", "proev")


@pytest.fixture(params=["hyphen", "pairs", "zero width"])
def seen(request, tmp_path):
    """A municipality whose school page was visited, and the number as its citizens wrote it in every field."""
    st.cache_data.clear()
    written = FORMS[request.param](DIGITS)
    path = municipality(tmp_path)
    page = replace(SCHOOL_PAGE, ref="1045")
    transport = httpx.MockTransport(lambda asked: facebook(asked, written))
    http = Http(transport=transport, sleep=lambda _: None, addresses=lambda _: ["93.184.216.34"])
    with Store.open(tmp_path / "sideblik.db") as store:
        told_of = visit(page, store=store, http=http, engine=Engine(), institution=SCHOOL, token="t0ken",
                        clock=times.now, author_names="full")  # fmt: skip
    assert Outcome.COMPLETE is told_of.outcome
    with environment(path):
        yield path, forms(written, DIGITS)


def cases_and_posts(path):
    with queries.open_reader(path.with_name("sideblik.db")) as reader:
        cases = queries.queue(reader, ALL, Category.CONFIDENTIALITY)
        posts = queries.posts(reader, ALL, SCHOOL_PAGE.id, before=None, limit=50)
    return [str(case.id) for case in cases], [str(post.message.id) for post in posts]


def held(shown, numbers):
    return [number for number in numbers if number.decode() in shown]


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_shows_a_number(seen, view):
    """Neither a list, nor a figure, nor a table, nor a search for the word beside the number shows it."""
    _, numbers = seen
    asked = {"q": "hans"} if view == "soeg" else {}
    assert [] == held(told(opened("Kim", view, **asked)), numbers)


def test_no_case_and_no_thread_shows_a_number(seen):
    """A case names the number as a reason and shows it masked; so does the thread of the post."""
    path, numbers = seen
    cases, posts = cases_and_posts(path)
    shown = [told(opened("Kim", "brud", sag=case)) for case in cases]
    assert any("█" in one for one in shown), "the number should be there, masked"
    shown += [told(opened("Kim", "opslag", side=SCHOOL_PAGE.id, besked=post)) for post in posts]
    assert [] == held("\n".join(shown), numbers)


def test_a_draft_with_a_number_is_answered_without_it(seen):
    """Who tries a text with a CPR number in it is told so; what is shown again is masked."""
    screen = opened("Kim", "proev")
    screen.text_area[0].set_value("Husk at hente 170385-4021 kl. 12").run()
    answer = told(screen)
    assert "█" in answer
    assert "170385-4021" not in answer
