"""Search in all messages of the viewer's institutions, last seen first."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.shapes import posts
from dashboard.shapes.basics import empty
from dashboard.views import _message
from dashboard.views._panes import (
    close,
    cursor,
    detail_pane,
    go_on,
    list_pane,
    number_from,
    read_cursor,
    start_over,
)
from dashboard.words import text
from data import queries, times
from data.queries import Reader

SIZE = 25


def main() -> None:
    st.title(text("nav.soeg"))
    asked = st.text_input(
        text("search.label"), key="q", bind="query-params", placeholder=text("search.hint"), on_change=_change,
        icon=":material/search:",
    )  # fmt: skip
    opened = number_from(_message.MESSAGE)
    if not (asked or "").strip():
        st.html(empty("search.begin", "⌕"))
        return
    with session.reader() as reader:
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(opened is not None):
            _list(reader, asked or "", opened)
        with right, detail_pane(opened is not None):
            _message.draw(reader, opened)


def _list(reader: Reader, asked: str, opened: int | None) -> None:
    before = read_cursor(int)
    rows = queries.search(reader, session.viewer().scope, asked, before=before[0] if before else None, limit=SIZE + 1)
    if not rows:
        st.html(empty("search.none"))
    now = times.now()
    for row in rows[:SIZE]:
        _message.card(row.id, posts.title(row, now), posts.hit(row), chosen=row.id == opened)
    go_on(cursor((rows[SIZE - 1].id,)) if len(rows) > SIZE else None)


def _change() -> None:
    start_over()
    close()


if __name__ == "__main__":
    main()
