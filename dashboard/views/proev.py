"""A draft looked at before it is published: what would be flagged, and why. Nothing is stored, nothing is logged."""

from __future__ import annotations

import streamlit as st

from analysis.base import Text
from dashboard import session
from dashboard.shapes import drafts
from dashboard.shapes.basics import empty
from dashboard.words import text

MOST = 10_000


def main() -> None:
    st.title(text("nav.proev"))
    st.caption(text("draft.more"))
    left, right = st.columns(2, gap="large")
    with left:
        by_page = st.segmented_control(
            text("draft.who"), [True, False], default=True, required=True, key="hvem",
            format_func=lambda own: text("draft.own" if own else "draft.citizen"),
        )  # fmt: skip
        written = st.text_area(
            text("draft.text"), key="udkast", height=260, max_chars=MOST, placeholder=text("draft.hint")
        )
        st.button(text("draft.look"), type="primary", icon=":material/visibility:")
    with right, st.container(key="svar"):
        if not (written or "").strip():
            st.html(empty("draft.empty", "✎"))
            return
        judged = session.engine().judge([Text(text=written, by_page=bool(by_page))])[0]
        st.html(drafts.told(written, judged))


if __name__ == "__main__":
    main()
