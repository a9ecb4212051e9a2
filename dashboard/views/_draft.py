"""A text that is looked at while one writes it: sent to this server when one rests, judged, and forgotten.

The field is Streamlit's own, which sends on Ctrl+Enter and on leaving it. `live.js`, served from this host as the
content security policy asks for, presses that key half a second after the last one, and copies on a click. The text is
in no address, no log and no table; it is gone with the field.
"""

from __future__ import annotations

import html

import streamlit as st

from analysis.base import Text
from dashboard import session
from dashboard.live import PATH
from dashboard.shapes import drafts
from dashboard.shapes.basics import empty
from dashboard.words import text

MOST = 10_000


def field(key: str, *, label: str, height: int, hint: str = "") -> str:
    """The field, live; what it holds as far as it was sent."""
    with st.container(key=f"live-{key}", gap=None):
        st.html(f'<script src="{PATH}"></script>', unsafe_allow_javascript=True, width="content")
        written = st.text_area(label, key=key, height=height, max_chars=MOST, placeholder=hint)
    return written or ""


def copy_button(key: str) -> None:
    """Copies what the field holds now, sent or not."""
    told, failed = html.escape(text("draft.copied")), html.escape(text("draft.copy_failed"))
    st.html(
        f'<button type="button" class="sb-copy" data-sb-copy="live-{key}" data-sb-told="{told}"'
        f' data-sb-failed="{failed}">{html.escape(text("draft.copy"))}</button>'
        ' <span class="sb-meta" role="status"></span>',
        width="content",
    )


def answer(written: str, *, by_page: bool) -> None:
    """What would be flagged, or a kind sentence where nothing is written yet."""
    if not written.strip():
        st.html(empty("draft.empty", "✎"))
        return
    judged = session.engine().judge([Text(text=written, by_page=by_page)])[0]
    st.html(drafts.told(written, judged))
