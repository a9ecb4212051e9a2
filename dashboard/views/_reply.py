"""Help with the reply to an inquiry: the yardstick, saved answers, and a draft that is looked at and copied."""

from __future__ import annotations

import streamlit as st

from dashboard import safe, session
from dashboard.guard import guarded
from dashboard.settings_replies import SavedReply
from dashboard.shapes import replies
from dashboard.views import _draft
from dashboard.words import text
from data.rows import CaseRow
from data.types import Category, Status

_OPEN = (Status.NEW, Status.TAKEN)


def draw(case: CaseRow) -> None:
    """Shown to those who may act, while an inquiry waits; nothing of it is stored."""
    if case.category is not Category.INQUIRY or case.status not in _OPEN or not session.viewer().acts:
        return
    with st.expander(text("reply.title"), icon=":material/edit_note:", key=f"svarhjaelp-{case.id}"):
        st.html(replies.yardstick())
        _write(case)


@st.fragment
@guarded
def _write(case: CaseRow) -> None:
    """The draft; a fragment, so that writing draws nothing else anew."""
    session.viewer()  # a session that has ended meanwhile ends here
    key = f"svar-{case.id}"
    _saved(case, key)
    written = _draft.field(key, label=text("reply.draft"), height=180, hint=text("reply.hint"))
    with st.container(horizontal=True, vertical_alignment="center", key="svar-veje"):
        _draft.copy_button(key)
        st.html(safe.platform_link(case.url, text("case.link"), otherwise=text("case.no_link")), width="content")
    st.caption(text("reply.unsaved"))
    _draft.answer(written, by_page=True)


def _saved(case: CaseRow, key: str) -> None:
    """The municipality's own texts, those for the inquiry's topic first; a text goes below what is written already."""
    found = replies.fitting(session.settings().replies, case.topic)
    if not found:
        st.caption(text("reply.none"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="svar-gemte"):
        chosen = st.selectbox(
            text("reply.saved"), found, format_func=lambda one: safe.label(one.title), key=f"svartekst-{case.id}"
        )
        st.button(
            text("reply.insert"), icon=":material/add_notes:", key=f"svarind-{case.id}", on_click=_insert,
            args=(chosen, case, key),
        )  # fmt: skip


def _insert(chosen: SavedReply, case: CaseRow, key: str) -> None:
    st.session_state[key] = replies.added(st.session_state.get(key) or "", replies.filled(chosen, case))
