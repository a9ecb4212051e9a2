"""What was decided to be no breach and is not asked about again, with the way to take that back."""

from __future__ import annotations

import streamlit as st

from dashboard import acting, session, words
from dashboard.shapes import remembered
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.remembered_rows import RememberedRow

CASE = "sag"
SIZE = 25
OLDER = "husket_foer"


def draw() -> None:
    """The section below the queue; nothing where nothing is remembered."""
    before = st.session_state.get(OLDER)
    with session.reader() as reader:
        rows = queries.remembered(reader, session.viewer().scope, before=before, limit=SIZE + 1)
    if not rows and before is None:
        return
    with st.expander(text("remembered.title"), icon=":material/bookmark:", key="husket"):
        st.caption(text("remembered.more"))
        for row in rows[:SIZE]:
            _card(row)
        with st.container(horizontal=True, key="husket-bladr"):
            if before is not None:
                st.button(text("remembered.newest"), key="husket-top", on_click=_turn, args=(None,))
            if len(rows) > SIZE:
                st.button(text("pane.next"), key="husket-flere", on_click=_turn, args=(rows[SIZE - 1].id,))


def _card(row: RememberedRow) -> None:
    with st.container(border=True, key=f"husket-{row.id}", gap=None):
        st.html(remembered.card(row, times.now()))
        with st.container(horizontal=True, vertical_alignment="center", key=f"husket-veje-{row.id}"):
            number = text("case.number", number=row.case_id)
            st.button(
                text("remembered.open", case=number), key=f"husket-sag-{row.id}", on_click=_open, args=(row.case_id,)
            )
            if session.viewer().acts:
                st.button(
                    text("remembered.forget", case=number), icon=":material/undo:", key=f"glem-{row.id}",
                    help=words.counted("remembered.forget_help", row.kept_back), on_click=_forget, args=(row.id,),
                )  # fmt: skip


def _open(case_id: int) -> None:
    st.query_params[CASE] = str(case_id)


def _turn(before: int | None) -> None:
    st.session_state[OLDER] = before


def _forget(remembered_id: int) -> None:
    with session.store() as store:
        told = acting.forget(store, session.viewer(), remembered_id)
    tell(told)
