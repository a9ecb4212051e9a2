"""How it stands: figures, the weeks, the institutions, and the pages that are not seen."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import session, words
from dashboard.guard import guarded
from dashboard.shapes import colours, overview, places
from dashboard.shapes.basics import empty
from dashboard.views import _department
from dashboard.wiring import pages
from dashboard.words import text
from data import queries, times
from data.rows import Counts, PageRow
from data.times import COPENHAGEN, shift_week, week_of
from data.types import Category

WEEKS = 12
WEEK = "uge_vist"
TURNED = "uge_skiftet"


@dataclass(frozen=True, slots=True)
class Overview:
    """What the screen shows, read at one time."""

    counts: Counts
    tone: int
    weeks: list[overview.WeekTotal]
    lines: list[overview.InstitutionLine]
    pages: list[PageRow]


def fetch(week: str) -> Overview:
    """`week` is the one that the institutions' lines tell of."""
    scope, now = session.viewer().scope, times.now()
    names = [shift_week(week_of(now), back) for back in range(1 - WEEKS, 1)]
    with session.reader() as reader:
        trend = queries.trend(reader, scope, names)
        lines = overview.institutions(
            queries.places(reader, scope), trend, queries.week(reader, scope, week, now), names
        )
        return Overview(
            queries.counts(reader, scope, now),
            queries.queue_count(reader, scope, Category.TONE),
            overview.totals(trend, names),
            lines,
            pages(reader, scope, session.settings()),
        )


def shown_week() -> str:
    """The running week, or the one before: on a Monday at first, when the running one has hardly begun."""
    now = times.now()
    monday = now.astimezone(COPENHAGEN).isoweekday() == 1
    chosen = st.session_state.get(WEEK) or ("last" if monday else "now")
    return shift_week(week_of(now), -1) if chosen == "last" else week_of(now)


@st.fragment(run_every=20)
@guarded
def draw() -> None:
    """Nobody types here, so that the whole of it is drawn anew as it goes."""
    if st.session_state.pop(TURNED, False):
        st.rerun()  # the department's part below tells of the same week
    now, week, viewer = times.now(), shown_week(), session.viewer()
    found = fetch(week)
    if not found.lines:
        st.html(empty("overview.empty"))
        return
    st.html(overview.top(found.counts, found.tone, found.weeks, viewer))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(text("overview.weeks"))
        chosen = colours.of(st.context.theme.type)
        st.vega_lite_chart(
            None, overview.chart(found.weeks, chosen), width="stretch", alt=text("overview.weeks_alt"), key="uger"
        )
        with st.expander(text("overview.weeks_table")):
            st.html(overview.week_table(found.weeks))
    with right:
        st.subheader(text("overview.unseen_title"))
        st.html(places.unseen(found.pages, now) or empty("overview.all_seen", "✓"))
    st.subheader(text("overview.institutions"))
    _which_week(week == week_of(now))
    st.caption(text("overview.institutions_note", week=words.week(week)))
    st.html(f'<div class="sb-wide">{overview.institution_table(found.lines)}</div>')


def _which_week(running: bool) -> None:
    st.segmented_control(
        text("overview.which_week"),
        ["now", "last"],
        default="now" if running else "last",
        required=True,
        format_func=lambda name: text(f"overview.{name}"),
        key=WEEK,
        label_visibility="collapsed",
        on_change=_turned,
    )


def _turned() -> None:
    st.session_state[TURNED] = True


if __name__ == "__main__":
    st.title(text("nav.overblik"))
    draw()
    _department.draw(shown_week())
