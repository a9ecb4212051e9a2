"""A page's posts, newest first, each with its thread."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.shapes import labels, posts
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

SIZE = 20


def main() -> None:
    st.title(text("nav.opslag"))
    with session.reader() as reader:
        page = _page(reader)
        if page is None:
            st.html(empty("posts.no_pages"))
            return
        opened = number_from(_message.MESSAGE)
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(opened is not None):
            _list(reader, page, opened)
        with right, detail_pane(opened is not None):
            _message.draw(reader, opened)


def _page(reader: Reader) -> str | None:
    """The page that is chosen, kept in the address."""
    places = queries.places(reader, session.viewer().scope)
    if not places.pages:
        return None
    named = labels.pages(places)
    return st.selectbox(
        text("filter.page"),
        list(named),
        format_func=lambda one: named.get(one, one),
        key="side",
        bind="query-params",
        on_change=_change,
    )


def _list(reader: Reader, page: str, opened: int | None) -> None:
    rows = queries.posts(reader, session.viewer().scope, page, before=read_cursor(str, int), limit=SIZE + 1)
    if not rows:
        st.html(empty("posts.empty"))
    now = times.now()
    for row in rows[:SIZE]:
        _message.card(row.message.id, posts.title(row.message, now), posts.post(row), chosen=row.message.id == opened)
    go_on(cursor(rows[SIZE - 1].key) if len(rows) > SIZE else None)


def _change() -> None:
    start_over()
    close()


if __name__ == "__main__":
    main()
