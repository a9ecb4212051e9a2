"""The short help of each view, and what a first visit is told in three steps."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.access import Viewer
from dashboard.shapes import helping
from dashboard.words import text
from data.errors import StoreError

WELCOMED = "welcomed"


def draw(viewer: Viewer, view: str, *, start: bool) -> None:
    """Beside the title of a view; on the start view the three steps instead, until they are sent away."""
    if start and not _welcomed(viewer.name):
        with st.container(border=True, key="velkommen"):
            st.subheader(text("welcome.title"))
            st.html(helping.steps(acts=viewer.acts, browses=viewer.scope.browse))
            st.button(text("welcome.done"), key="forstaaet", on_click=_done, args=(viewer.name,))
    elif told := helping.lines(view):
        with st.container(key="hjaelp"), st.popover(text("help.open"), icon=":material/help:", type="tertiary"):
            st.html(told)


def _welcomed(person: str) -> bool:
    """Asked once a session; where the database cannot be written nobody could send the steps away."""
    if st.session_state.get(WELCOMED) != person:
        try:
            with session.store() as store:
                if not store.welcomed(person):
                    return False
        except StoreError:
            return True
        st.session_state[WELCOMED] = person
    return True


def _done(person: str) -> None:
    with session.store() as store:
        store.welcome(person)
