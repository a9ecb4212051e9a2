"""How it stands: figures, the weeks, the institutions, and the pages that are not seen."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import session, words
from dashboard.shapes import overview, places
from dashboard.shapes.basics import empty
from dashboard.words import text
from data import queries, times
from data.rows import Counts, PageRow
from data.times import shift_week, week_of

WEEKS = 12
LIGHT = {"other": "#c9d6d3", "inquiries": "#17635f", "breaches": "#b4552d"}
DARK = {"other": "#3d4c4b", "inquiries": "#6cc0b6", "breaches": "#e59468"}


@dataclass(frozen=True, slots=True)
class Overview:
    """What the screen shows, read at one time."""

    counts: Counts
    weeks: list[overview.WeekTotal]
    lines: list[overview.InstitutionLine]
    pages: list[PageRow]


def fetch() -> Overview:
    scope, now = session.viewer().scope, times.now()
    names = [shift_week(week_of(now), back) for back in range(1 - WEEKS, 1)]
    with session.reader() as reader:
        trend = queries.trend(reader, scope, names)
        lines = overview.institutions(
            queries.places(reader, scope), trend, queries.week(reader, scope, names[-1], now), names
        )
        return Overview(
            queries.counts(reader, scope, now), overview.totals(trend, names), lines, queries.pages(reader, scope)
        )


@st.fragment(run_every=20)
def draw() -> None:
    """Nobody types here, so that the whole of it is drawn anew as it goes."""
    now, found, viewer = times.now(), fetch(), session.viewer()
    if not found.lines:
        st.html(empty("overview.empty"))
        return
    st.html(overview.top(found.counts, found.weeks, viewer))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(text("overview.weeks"))
        colours = DARK if st.context.theme.type == "dark" else LIGHT
        st.vega_lite_chart(
            None, overview.chart(found.weeks, colours), width="stretch", alt=text("overview.weeks_alt"), key="uger"
        )
        with st.expander(text("overview.weeks_table")):
            st.html(overview.week_table(found.weeks))
    with right:
        st.subheader(text("overview.unseen_title"))
        st.html(places.unseen(found.pages, now) or empty("overview.all_seen", "✓"))
    st.subheader(text("overview.institutions"))
    st.caption(text("overview.institutions_note", week=words.week(week_of(now))))
    st.html(overview.institution_table(found.lines))


if __name__ == "__main__":
    st.title(text("nav.overblik"))
    draw()
