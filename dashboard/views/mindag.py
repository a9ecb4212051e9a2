"""What waits for the viewer today, part by part; each card opens its case in its own queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from dashboard import session, words
from dashboard.shapes import cases, days, removals
from dashboard.shapes.basics import empty, pill
from dashboard.views import _care
from dashboard.views._message import VIEWS
from dashboard.views._queue import CASE
from dashboard.words import text
from data import queries, times
from data.errors import StoreError
from data.looking import Look
from data.photo_rows import PhotoCount, PhotoView
from data.queries import Reader, RemovalFilter
from data.removal_rows import RemovalRow, Standing
from data.rows import CaseRow

SHOWN = 10
REMOVAL = "fjernelse"
LOOKED = "looked"
AGAIN = timedelta(minutes=10)


def main() -> None:
    st.title(text("nav.mindag"))
    st.caption(text("day.more"))
    viewer, now = session.viewer(), times.now()
    if not (viewer.acts and viewer.scope.browse):
        return
    before = _looked(now)
    with session.reader() as reader:
        day = queries.day(reader, viewer.scope, viewer.name, now, SHOWN)
        gone = _gone(reader)
        back = queries.came_back(reader, viewer.scope, viewer.name, SHOWN)
        given = [] if viewer.scope.everywhere else queries.passed_on(reader, viewer.scope, SHOWN)
        pictures = queries.photos_waiting(reader, viewer.scope, now)
        if before:
            st.markdown(days.since(queries.news(reader, viewer.scope, before.newest), before.at, now))
    waits = day.urgent or day.second or day.overdue or day.mine or day.fresh
    if not (waits or back or gone or pictures.waiting or pictures.review):
        st.html(empty("day.nothing", "✓"))
    _part(text("day.urgent"), day.urgent, before, now)
    _part(text("day.second"), day.second, before, now)
    _part(text("day.overdue"), day.overdue, before, now)
    _part(text("day.mine"), day.mine, before, now)
    _part(text("day.fresh"), day.fresh, before, now)
    _part(text("day.back"), back, before, now)
    _removals(gone, now)
    _pictures(pictures)
    _part(text("day.others"), day.others, before, now)
    _part(text("day.passed"), given, before, now)


def _looked(now: datetime) -> Look | None:
    """The viewer's visit before this one; that they look is kept, but not at every run of the screen."""
    person = session.viewer().name
    held: tuple[str, datetime, Look | None] | None = st.session_state.get(LOOKED)
    if held is None or held[0] != person or now - held[1] > AGAIN:
        try:
            with session.store() as store:
                held = (person, now, store.look(person))
        except StoreError:
            st.warning(text("app.read_only"), icon=":material/database_off:")
            return held[2] if held and held[0] == person else None
        st.session_state[LOOKED] = held
    return held[2]


def _part(title: str, rows: Sequence[CaseRow], before: Look | None, now: datetime) -> None:
    """A part with its cards; one without any is left out."""
    if not rows:
        return
    st.subheader(title)
    with session.reader() as reader:
        marks = _care.marks(reader, rows)
    for case in rows:
        with st.container(border=True, key=f"kort-{case.id}", gap=None):
            name = f"{cases.title(case)} · {text('case.number', number=case.id)}"
            if st.button(name, key=f"aabn-{case.id}", type="tertiary"):
                st.switch_page(VIEWS[case.category], query_params={CASE: str(case.id)})
            new = before is not None and case.id > before.newest
            mark = pill(text("day.since.new"), "●", "accent") if new else ""
            body = cases.card(case, now, release_hours=session.settings().release_hours)
            st.html(mark + body + marks.get(case.id, ""))
    _first(len(rows))


def _gone(reader: Reader) -> list[RemovalRow]:
    asked = RemovalFilter(Standing.UNEXPLAINED)
    return queries.removals(reader, session.viewer().scope, asked, limit=SHOWN)


def _removals(rows: Sequence[RemovalRow], now: datetime) -> None:
    if not rows:
        return
    st.subheader(text("day.removals"))
    for row in rows:
        with st.container(border=True, key=f"kort-f{row.id}", gap=None):
            name = f"{removals.title(row)} · {text('removal.number', number=row.id)}"
            if st.button(name, key=f"aabn-f{row.id}", type="tertiary"):
                st.switch_page("views/sletteregnskab.py", query_params={REMOVAL: str(row.id)})
            st.html(removals.card(row, now))
    _first(len(rows))


def _pictures(count: PhotoCount) -> None:
    """How many own posts with pictures ask, each figure one click from its list."""
    if not (count.waiting or count.review):
        return
    st.subheader(text("day.photos"))
    with st.container(horizontal=True, key="billeder"):
        for view, number in ((PhotoView.WAITING, count.waiting), (PhotoView.REVIEW, count.review)):
            told = text(f"day.photos_{view}", count=words.number(number))
            if number and st.button(told, icon=":material/photo_library:", key=f"billeder-{view}"):
                st.switch_page("views/fotos.py", query_params={"status": text(f"photo.view_{view}")})


def _first(count: int) -> None:
    if count == SHOWN:
        st.caption(text("day.first", count=words.number(count)))


if __name__ == "__main__":
    main()
