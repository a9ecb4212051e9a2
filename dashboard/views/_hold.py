"""Legal hold on a case: who keeps its thread from deletion and until when, and the way to decide so."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import acting, session
from dashboard.shapes import keeping
from dashboard.views._told import tell
from dashboard.words import text
from data import holds, queries, times
from data.queries import Reader
from data.rows import CaseRow

_USUAL = timedelta(days=365)
GROUND_LENGTH = 1000


def draw(reader: Reader, case: CaseRow) -> None:
    """The section below the decision; who may not act sees the holds that there are, and no form."""
    viewer, now = session.viewer(), times.now()
    rows = queries.holds(reader, viewer.scope, case.id)
    if not (rows or viewer.acts):
        return
    in_force = [row for row in rows if row.in_force(now)]
    with st.expander(text("hold.title"), icon=":material/lock:", expanded=bool(in_force), key=f"stop-{case.id}"):
        st.caption(text("hold.more"))
        if rows:
            st.html(keeping.holds(rows, now))
        if not viewer.acts:
            return
        for row in in_force:
            st.button(
                text("hold.lift", number=row.id), icon=":material/lock_open:", key=f"ophaev-{row.id}", on_click=_lift,
                args=(row.id,),
            )  # fmt: skip
        _form(case, now.astimezone(times.COPENHAGEN).date())


def _form(case: CaseRow, today: date) -> None:
    with st.form(f"stop-form-{case.id}", border=False):
        until = st.date_input(
            text("hold.until"), value=today + _USUAL, min_value=today, max_value=today + holds.LONGEST,
            format="DD.MM.YYYY", key=f"stop-dag-{case.id}",
        )  # fmt: skip
        ground = st.text_area(
            text("hold.ground"), key=f"stop-grund-{case.id}", max_chars=GROUND_LENGTH, height=80,
            help=text("decision.ground_help"),
        )  # fmt: skip
        if st.form_submit_button(text("hold.save"), icon=":material/lock:"):
            wrong = holds.problem(until, ground, today)
            if wrong:
                st.warning(text(f"hold.wrong.{wrong}"))
                return
            with session.store() as store:
                tell(acting.hold(store, session.viewer(), case.id, until, ground))
            st.rerun()


def _lift(hold_id: int) -> None:
    with session.store() as store:
        tell(acting.lift_hold(store, session.viewer(), hold_id))
