"""Several inquiries at once that need no answer: boxes on the cards, one ground, one decision."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import acting, session, words
from dashboard.shapes import grounds
from dashboard.views._told import tell
from dashboard.words import text
from data import times
from data.at_once import is_harmless
from data.queries import QueueFilter
from data.rows import CaseRow
from data.types import Category, Status

MODE = "vaelg_flere"
GROUND = "flere_grund"
NOTE = "flere_note"
_OPEN = (Status.NEW, Status.TAKEN)


def asked(category: Category, filters: QueueFilter) -> bool:
    """The switch above the list; whether several are being chosen."""
    if category is not Category.INQUIRY or not session.viewer().acts or not filters.statuses <= set(_OPEN):
        return False
    return st.toggle(text("bulk.mode"), key=MODE, help=text("bulk.help"))


def box(case: CaseRow) -> None:
    """The box of a card; a case that is to be looked at alone says so."""
    if is_harmless(case, session.viewer().name, times.now()):
        st.checkbox(text("bulk.choose", number=case.id), key=_key(case.id))
    else:
        st.caption(text("bulk.alone"))


def bar(rows: Sequence[CaseRow]) -> None:
    """What will happen to how many, the ground, and the button that does it."""
    person, now = session.viewer().name, times.now()
    chosen = {
        case.id: case.revision
        for case in rows
        if st.session_state.get(_key(case.id)) and is_harmless(case, person, now)
    }
    with st.container(border=True, key="flere-ad-gangen"):
        st.markdown(words.counted("bulk.will", len(chosen)) if chosen else text("bulk.none"))
        ground = st.selectbox(
            text("bulk.ground"), grounds.NO_ANSWER, index=None, format_func=grounds.name, key=GROUND,
            placeholder=text("bulk.choose_ground"),
        )  # fmt: skip
        st.text_input(text("bulk.note"), key=NOTE, max_chars=500, help=text("decision.ground_help"))
        ready = bool(chosen) and ground is not None
        st.button(
            words.counted("bulk.close", len(chosen)), type="primary" if ready else "secondary", disabled=not ready,
            icon=":material/done_all:", key="flere_luk", on_click=_close, args=(chosen,),
        )  # fmt: skip


def _close(chosen: dict[int, int]) -> None:
    ground = grounds.said(st.session_state[GROUND], st.session_state[NOTE] or "")
    with session.store() as store:
        told = acting.close_many(store, session.viewer(), chosen, ground)
    if told.done:
        for number in chosen:
            st.session_state.pop(_key(number), None)
        st.session_state[NOTE] = ""
    tell(told)


def _key(number: int) -> str:
    return f"vaelg-{number}"
