"""An inquiry goes to another institution, and comes back; what was given away."""

from __future__ import annotations

import streamlit as st

from dashboard import acting, session
from dashboard.shapes import passing
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.passing_rows import PassGround, PassingRow
from data.queries import Reader
from data.rows import CaseRow
from data.scoping import owns
from data.types import Category, Status

_OPEN = (Status.NEW, Status.TAKEN)


def is_theirs(case: CaseRow) -> bool:
    """Whether the viewer's institutions have the case now; else they gave it away and read on."""
    return owns(session.viewer().scope, case.institution_id)


def mark(reader: Reader, case: CaseRow) -> None:
    """Who has the case now, for who gave it away, with the way to have it back while nobody has taken it."""
    viewer = session.viewer()
    rows = queries.passings(reader, viewer.scope, case.id) if case.passed_from else []
    last = next((row for row in rows if row.ended_at is None), None)
    if last is None:
        return
    if not is_theirs(case):
        st.html(passing.away(last, times.now()))
    given = owns(viewer.scope, last.from_id)
    if viewer.acts and given and case.status is Status.NEW and case.verdict is None:
        st.button(
            text("passing.take_back"), icon=":material/undo:", key=f"hent-hjem-{last.id}", on_click=_take_back,
            args=(last,),
        )  # fmt: skip


def draw(reader: Reader, case: CaseRow) -> None:
    """The form that passes an open inquiry on, for who may act."""
    if case.category is not Category.INQUIRY or case.status not in _OPEN or case.verdict is not None:
        return
    found = queries.receivers(reader, session.viewer().scope, case.id)
    if not found:
        return
    found.sort(key=lambda one: one.kind != passing.COMMUNICATIONS)
    with st.expander(text("passing.title"), icon=":material/forward_to_inbox:", key=f"videre-{case.id}"):
        st.caption(text("passing.more"))
        with st.form(f"videre-form-{case.id}-{case.revision}", border=False):
            names = {one.id: passing.receiver(one) for one in found}
            to = st.selectbox(
                text("passing.to"), list(names), index=None, format_func=names.__getitem__, key=f"videre-til-{case.id}",
                placeholder=text("passing.choose_to"),
            )  # fmt: skip
            ground = st.selectbox(
                text("passing.why"), list(PassGround), index=None, key=f"videre-grund-{case.id}",
                format_func=lambda one: text(f"passing.ground.{one}"), placeholder=text("passing.choose_why"),
            )  # fmt: skip
            if st.form_submit_button(text("passing.save"), icon=":material/forward_to_inbox:"):
                _pass_on(case, to, ground)


def history(reader: Reader, case: CaseRow) -> None:
    """The trace: each time that the case changed hands."""
    scope = session.viewer().scope
    if told := passing.history(
        queries.passings(reader, scope, case.id), queries.lapses(reader, scope, case.id), times.now()
    ):
        st.html(told)


def _pass_on(case: CaseRow, to: str | None, ground: PassGround | None) -> None:
    if to is None or ground is None:
        st.warning(text("passing.choose"))
        return
    with session.store() as store:
        tell(acting.pass_on(store, session.viewer(), case.id, case.revision, to, ground))
    st.rerun()


def _take_back(row: PassingRow) -> None:
    with session.store() as store:
        tell(acting.take_back(store, session.viewer(), row.id))
