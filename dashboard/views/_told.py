"""What came of an act, said on the screen by the run after it: what is drawn before a rerun would be gone with it."""

from __future__ import annotations

import streamlit as st

from dashboard.acting import Told

_KEPT = "told"


def tell(told: Told) -> None:
    """Keep it for the next run."""
    st.session_state[_KEPT] = told


def show() -> None:
    """Show what the run before kept, once."""
    told: Told | None = st.session_state.pop(_KEPT, None)
    if told:
        st.toast(told.sentence, icon=":material/check:" if told.done else ":material/info:")
