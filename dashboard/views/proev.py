"""A draft looked at while one writes it: what would be flagged, and why. Nothing is stored, nothing is logged."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.guard import guarded
from dashboard.views import _draft
from dashboard.words import text


def main() -> None:
    st.title(text("nav.proev"))
    st.caption(text("draft.more"))
    _try()


@st.fragment
@guarded
def _try() -> None:
    """A fragment, so that writing draws nothing else anew; a session that has ended meanwhile ends here."""
    session.viewer()
    left, right = st.columns(2, gap="large")
    with left:
        by_page = st.segmented_control(
            text("draft.who"), [True, False], default=True, required=True, key="hvem",
            format_func=lambda own: text("draft.own" if own else "draft.citizen"),
        )  # fmt: skip
        written = _draft.field("udkast", label=text("draft.text"), height=260, hint=text("draft.hint"))
        st.button(text("draft.look"), type="primary", icon=":material/visibility:")
    with right, st.container(key="svar"):
        _draft.answer(written, by_page=bool(by_page))


if __name__ == "__main__":
    main()
