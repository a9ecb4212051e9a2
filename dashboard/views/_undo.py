"""The last decision of the viewer, with the way to take it back, for some minutes above the queue."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import acting, session, words
from dashboard.shapes import cases
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.queries import Reader
from data.rows import DecisionRow
from data.types import Category

STANDS = timedelta(minutes=10)


def draw(reader: Reader, category: Category) -> None:
    """What was decided last of this queue, all that were decided at once together."""
    viewer, now = session.viewer(), times.now()
    rows = queries.undoable(reader, viewer.scope, viewer.name, category, now - STANDS)
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="fortryd-linje"):
        st.markdown(_told(rows, category))
        st.button(
            text("undo.button"), icon=":material/undo:", key=f"fortryd-nu-{rows[-1].id}", on_click=_undo,
            args=(rows[-1],), help=text("undo.until", clock=words.clock(rows[-1].at + STANDS)),
        )  # fmt: skip


def _told(rows: list[DecisionRow], category: Category) -> str:
    verdict = cases.verdict(rows[-1].verdict, category).removesuffix(text("undo.because"))
    if len(rows) == 1:
        return text("undo.one", number=rows[0].case_id, verdict=verdict)
    return text("undo.many", count=words.number(len(rows)), verdict=verdict)


def _undo(row: DecisionRow) -> None:
    with session.store() as store:
        if row.batch is None:
            told = acting.undo(store, session.viewer(), row.id)
        else:
            told = acting.undo_many(store, session.viewer(), row.batch)
    tell(told)
