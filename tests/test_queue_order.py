"""The queue by deadline or newest first, and narrowed by when its deadlines are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import streamlit as st
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, plain, set_up
from screens import environment, municipality, opened, told

from data import queries, times
from data.queries import QueueFilter, open_reader
from data.store import Store
from data.types import Category, Status

INQUIRY = Category.INQUIRY


@pytest.fixture
def path(tmp_path):
    """Inquiries of two institutions, written in another order than they were read in; the home's stand in between."""
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as store:
        set_up(store)
        for number in (5, 1, 9, 3, 7):
            when = NOON - timedelta(hours=number)
            store.save(SCHOOL_PAGE, [asking(f"c{number}", f"Hvornår åbner I {number}?", created_at=when)])
            home = asking(f"h{number}", created_at=when - timedelta(minutes=5), page=HOME_PAGE)
            store.save(HOME_PAGE, [home])
        store.save(SCHOOL_PAGE, [plain("c20", "Hvornår åbner I aldrig")])
    return tmp_path / "sideblik.db"


@pytest.mark.parametrize("words", ["", "åbner"])
@pytest.mark.parametrize("common", [0, 50_000])
@pytest.mark.parametrize("scope", [ALL, SCHOOL_ONLY], ids=["all", "school"])
def test_newest_first_page_by_page(path, scope, words, common):
    """Page after page gives each case once, the one written last first, whichever way words are looked up."""
    filters = QueueFilter(newest=True, words=words)
    with open_reader(path, common=common) as reader:
        found, before = [], None
        while page := queries.queue(reader, scope, INQUIRY, filters, before=before, limit=3):
            found += page
            before = page[-1].newest_key
    assert sorted(found, key=lambda case: case.written_at, reverse=True) == found
    assert (10 if scope is ALL else 5) == len({case.id for case in found}) == len(found)


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [(None, None, 5), (39, None, 5), (40, None, 4), (39, 41, 1), (None, 41, 1), (41, 47, 3), (47, None, 1)],
)
def test_narrowed_by_the_deadline(path, begin, end, found):
    """The begin is in, the end is not; deadlines here are two days after the inquiry, so 39 to 47 hours from now."""
    span = [NOON + timedelta(hours=hours) if hours else None for hours in (begin, end)]
    filters = QueueFilter(due_from=span[0], due_until=span[1])
    with open_reader(path) as reader:
        assert found == queries.queue_count(reader, SCHOOL_ONLY, INQUIRY, filters)
        assert found == len(queries.queue(reader, SCHOOL_ONLY, INQUIRY, filters))


def test_on_the_screen(tmp_path):
    """Both stand in the address: what is over is found under its word alone, and the newest stands first."""
    st.cache_data.clear()
    made = municipality(tmp_path)
    long_ago = times.now() - timedelta(days=9)
    with Store.open(tmp_path / "sideblik.db") as store:
        store.save(SCHOOL_PAGE, [asking("c7", "Hvornår er der skolefest?", created_at=long_ago)])
    with environment(made):
        over = told(opened("Anna", "henvendelser", frist="Over fristen"))
        assert ("skolefest" in over, "på lørdag" in over) == (True, False)
        week = told(opened("Anna", "henvendelser", frist="I dag"))
        assert "skolefest" not in week
        due, newest = (told(opened("Anna", "henvendelser", orden=one)) for one in ("Kortest frist", "Nyeste"))
        assert due.index("skolefest") < due.index("på lørdag")
        assert newest.index("på lørdag") < newest.index("skolefest")
        assert "frist=Over%20fristen" in told(opened("Kim", "overblik"))
    with open_reader(tmp_path / "sideblik.db") as reader:
        assert {Status.NEW} == {case.status for case in queries.queue(reader, ALL, INQUIRY)}
