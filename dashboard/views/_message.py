"""The thread of a message that was chosen in a list, with the way to the cases that it has."""

from __future__ import annotations

import streamlit as st

from dashboard import safe, session
from dashboard.shapes import cases, threads
from dashboard.shapes.basics import empty
from dashboard.views import _reveal
from dashboard.words import text
from data import queries, times
from data.queries import Reader
from data.types import Category

MESSAGE = "besked"
VIEWS = {
    Category.INQUIRY: "views/henvendelser.py",
    Category.CONFIDENTIALITY: "views/brud.py",
    Category.TONE: "views/tone.py",
}


def draw(reader: Reader, message: int | None) -> None:
    if message is None:
        st.html(empty("thread.none", "←"))
        return
    scope, now = session.viewer().scope, times.now()
    rows = queries.thread_of_post(reader, scope, message)
    if not rows:
        st.html(empty("thread.unknown", "?"))
        return
    looked_at = next((row for row in rows if row.id == message), rows[0])
    with st.container(horizontal=True, vertical_alignment="center", key="veje"):
        for case in queries.cases_of(reader, scope, message):
            if case.category in VIEWS and st.button(
                text("thread.case", title=cases.title(case)), key=f"sag-{case.id}", icon=":material/inbox:"
            ):
                st.switch_page(VIEWS[case.category], query_params={"sag": str(case.id)})
        st.html(
            safe.platform_link(
                looked_at.url, text("case.link"), otherwise=_reveal.no_link(None, by_page=looked_at.by_page)
            ),
            width="content",
        )
    shown = threads.window(rows, message)
    if len(shown) < len(rows) and st.toggle(text("thread.whole", count=len(rows)), key=f"hele-{message}"):
        shown = rows
    kept = queries.kept(reader, scope, [row.id for row in shown])
    st.html(threads.thread(shown, now, message=message, kept=kept))


def card(message: int, title: str, body: str, *, chosen: bool) -> None:
    """A card that opens the thread of a message."""
    with st.container(border=True, key=f"kort-{message}{'-valgt' if chosen else ''}", gap=None):
        st.button(title, key=f"aabn-{message}", type="tertiary", on_click=_open, args=(message,))
        st.html(body)


def _open(message: int) -> None:
    st.query_params[MESSAGE] = str(message)
