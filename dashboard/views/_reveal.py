"""A reader asks to see a case's thread with its third parties: for a reason, in the journal, for half an hour."""

from __future__ import annotations

import streamlit as st

from dashboard import acting, session, words
from dashboard.views._told import tell
from dashboard.words import text
from data.revealing import Reason
from data.rows import CaseRow


def draw(case: CaseRow) -> None:
    """Nothing for whoever is shown names anyway; until when they are shown, or the way to ask."""
    viewer = session.viewer()
    if not viewer.scope.masked:
        return
    if case.id in viewer.scope.revealed:
        st.caption(text("reveal.until", moment=words.moment(session.revealed_until(case.id))))
        return
    st.caption(text("reveal.masked"))
    with (
        st.popover(text("reveal.ask"), icon=":material/visibility:", key=f"vis-{case.id}"),
        st.form(f"vis-form-{case.id}", border=False),
    ):
        reason = st.selectbox(
            text("reveal.why"), list(Reason), index=None, format_func=lambda one: text(f"reveal.reason.{one}"),
            placeholder=text("reveal.choose"), key=f"vis-grund-{case.id}",
        )  # fmt: skip
        st.caption(text("reveal.noted"))
        if st.form_submit_button(text("reveal.show"), type="primary"):
            _show(case.id, reason)


def no_link(case_id: int | None, *, by_page: bool) -> str:
    """Why no way leads to the platform: masking left it out, or the platform told none."""
    scope = session.viewer().scope
    left_out = scope.masked and not by_page and case_id not in scope.revealed
    return text("reveal.no_link" if left_out else "case.no_link")


def _show(case_id: int, reason: Reason | None) -> None:
    if reason is None:
        st.warning(text("reveal.choose_first"))
        return
    with session.store() as store:
        told = acting.reveal(store, session.viewer(), case_id, reason)
    if told.done:
        session.reveal(case_id)
    tell(told)
    st.rerun()
