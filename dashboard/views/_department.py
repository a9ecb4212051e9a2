"""The department's part of the overview, drawn once a visit: it tells of weeks, and nothing in it is of the minute."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analysis.rising import LEAST_TEXTS, LEAST_WRITERS, Rising
from dashboard import department, session, words
from dashboard.department import WORDS_BEFORE, Department
from dashboard.guard import guarded
from dashboard.shapes import colours, heat, minding
from dashboard.shapes import department as shape
from dashboard.wiring import pages
from dashboard.words import text
from data import times
from data.queries import open_reader
from data.times import week_of
from data.types import Category, Scope

BY = "svar_efter"


@guarded
def draw(week: str) -> None:
    """`week` is the one that the overview shows."""
    scope, now = session.viewer().scope, times.now()
    with session.reader() as reader:
        found = department.gather(reader, scope, week, now)
        minded = department.minded(reader, scope, session.settings(), week_of(now), now)
        stands = pages(reader, scope, session.settings())
    if not found.places.institutions:
        return
    if told := minding.nobody(minded):
        st.warning(told, icon=":material/event_busy:")
    st.subheader(text("department.compared"))
    st.html(shape.compared(found, scope, running=week == week_of(now)))
    if Category.INQUIRY in scope.categories:
        _answers(found)
        _heat(found)
        _asked(found, scope)
    if Category.CONFIDENTIALITY in scope.categories:
        st.subheader(text("department.breaches"))
        st.caption(text("department.breaches_note", **_span(found)))
        st.html(shape.breaches(found.breaches))
    st.subheader(text("department.pages"))
    st.html(minding.summary(stands, minded, now))
    with st.expander(text("department.pages_table")):
        st.html(minding.page_table(stands, minded, now))


def _span(found: Department) -> dict[str, str]:
    weeks = department.weeks_to(found.week)
    return {"first": words.week(weeks[0]), "last": words.week(weeks[-1])}


def _answers(found: Department) -> None:
    st.subheader(text("department.answered"))
    by = st.segmented_control(
        text("department.by"),
        list(shape.BY),
        default="institution",
        required=True,
        format_func=lambda name: text(f"department.by_{name}"),
        key=BY,
        label_visibility="collapsed",
    )
    st.html(shape.answered(found, by or "institution"))
    st.caption(text("department.answered_note", **_span(found)))


def _heat(found: Department) -> None:
    st.subheader(text("department.heat"))
    st.caption(text("department.heat_note", **_span(found)))
    chosen = colours.of(st.context.theme.type)
    spec = heat.chart(heat.by_hour(found.asked, found.now), (chosen.least, chosen.most))
    st.vega_lite_chart(None, spec, width="stretch", alt=text("department.heat_alt"), key="varme")
    with st.expander(text("department.heat_table")):
        st.html(heat.heat_table(found.asked, found.now))


def _asked(found: Department, scope: Scope) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(text("department.topics"))
        st.html(shape.topics(found))
    if not scope.browse:
        return
    with right:
        st.subheader(text("department.words"))
        st.caption(text("department.words_note", weeks=WORDS_BEFORE, texts=LEAST_TEXTS, writers=LEAST_WRITERS))
        st.html(shape.risen(_risen(session.settings().database, scope, found.week)))


@st.cache_data(ttl=900, show_spinner=False, hash_funcs={Scope: repr})
def _risen(database: Path, scope: Scope, week: str) -> list[Rising] | None:
    """Kept a quarter of an hour for each scope: reading some thousand texts is no part of a click."""
    with open_reader(database) as reader:
        return department.words_that_rise(reader, scope, week)
