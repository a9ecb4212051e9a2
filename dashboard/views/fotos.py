"""Own posts with pictures: whether consent is in order, and where it is kept. `?foto=12` opens a post."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import acting, safe, session, words
from dashboard.shapes import labels, photos
from dashboard.shapes.basics import empty
from dashboard.views._message import MESSAGE
from dashboard.views._panes import close, cursor, detail_pane, go_on, list_pane, number_from, read_cursor, start_over
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.photo_rows import NOTE_LENGTH, PhotoAnswer, PhotoAnswerRow, PhotoRow, PhotoView
from data.queries import Reader

SIZE = 25
PHOTO = "foto"


def main() -> None:
    st.title(text("nav.fotos"))
    st.caption(text("photo.more"))
    with session.reader() as reader:
        opened = number_from(PHOTO)
        view, page = _filters(reader, tucked=opened is not None)
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(opened is not None):
            _list(reader, view, page, opened)
        with right, detail_pane(opened is not None):
            _detail(reader, opened)


def _filters(reader: Reader, *, tucked: bool) -> tuple[PhotoView, str]:
    """Kept in the address; a changed one begins at the top again. `tucked`: not shown on a phone."""
    named = labels.pages(queries.places(reader, session.viewer().scope))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filtre-bag" if tucked else "filtre"):
        view = st.segmented_control(
            text("photo.view"),
            [view.value for view in PhotoView],
            default=PhotoView.WAITING.value,
            required=True,
            format_func=lambda name: text(f"photo.view_{name}"),
            key="status",
            bind="query-params",
            on_change=_change,
        )
        page = st.selectbox(
            text("filter.page"),
            list(named),
            index=None,
            format_func=lambda one: named.get(one, one),
            placeholder=text("filter.all"),
            key="side",
            bind="query-params",
            on_change=_change,
        )
    return PhotoView(view or PhotoView.WAITING), page or ""


def _change() -> None:
    start_over()
    close()


def _list(reader: Reader, view: PhotoView, page: str, opened: int | None) -> None:
    scope, now = session.viewer().scope, times.now()
    rows = queries.photos(reader, scope, view, now, page_id=page, before=read_cursor(str, int), limit=SIZE + 1)
    if not rows:
        calm = view is PhotoView.WAITING
        st.html(empty("photo.empty" if calm else "photo.nothing", "✓" if calm else "○"))
    for row in rows[:SIZE]:
        with st.container(border=True, key=f"kort-{row.message}{'-valgt' if row.message == opened else ''}", gap=None):
            name = f"{photos.title(row, now)} · {text('photo.number', number=row.message)}"
            st.button(name, key=f"aabn-{row.message}", type="tertiary", on_click=_open, args=(row.message,))
            st.html(photos.card(row, now))
    go_on(cursor(rows[SIZE - 1].key) if len(rows) > SIZE else None)


def _open(message: int) -> None:
    st.query_params[PHOTO] = str(message)


def _detail(reader: Reader, message: int | None) -> None:
    """The pane; a post of another scope is not told apart from one that does not exist."""
    if message is None:
        st.html(empty("photo.none", "←"))
        return
    scope, now = session.viewer().scope, times.now()
    row = queries.photo(reader, scope, message)
    if row is None:
        st.html(empty("photo.unknown", "?"))
        return
    st.html(photos.head(row, now))
    with st.container(horizontal=True, vertical_alignment="center", key="veje"):
        if st.button(text("photo.open_thread"), icon=":material/forum:", key=f"traad-{row.message}"):
            st.switch_page("views/opslag.py", query_params={MESSAGE: str(row.message)})
        st.html(safe.platform_link(row.url, text("case.link"), otherwise=text("case.no_link")), width="content")
    told = queries.photo_answers(reader, scope, row.message)
    _answer(row, told)
    if history := photos.answers(told, now):
        st.html(history)


def _answer(row: PhotoRow, told: list[PhotoAnswerRow]) -> None:
    """The question while it asks; while an answer holds, the way to take it back."""
    if not session.viewer().acts:
        st.caption(text("act.reader"))
        return
    now = times.now()
    last = next((one for one in told if one.undone_at is None), None)
    if row.answer is not None and last is not None:
        st.button(text("photo.undo"), icon=":material/undo:", key=f"fortryd-{last.id}", on_click=_undo, args=(last.id,))
        if row.asks_from > now:
            st.caption(text("photo.until", day=words.date(row.asks_from, now)))
            return
    _form(row)


def _form(row: PhotoRow) -> None:
    with st.form(f"foto-{row.message}-{row.revision}"):
        st.subheader(text("photo.ask"))
        chosen = st.radio(
            text("photo.answer"), photos.ANSWERS, index=None, format_func=photos.answer,
            captions=[photos.meaning(one) for one in photos.ANSWERS],
            key=f"svar-{row.message}-{row.revision}", label_visibility="collapsed",
        )  # fmt: skip
        note = st.text_input(
            text("photo.note"), key=f"note-{row.message}-{row.revision}", max_chars=NOTE_LENGTH,
            help=text("photo.note_help"),
        )  # fmt: skip
        if st.form_submit_button(text("photo.save"), type="primary", icon=":material/check:"):
            _save(row, chosen, note)


def _save(row: PhotoRow, chosen: PhotoAnswer | None, note: str) -> None:
    if chosen is None:
        st.warning(text("photo.choose"))
    elif chosen is PhotoAnswer.CONSENT and not note.strip():
        st.warning(text("photo.note_missing"))
    else:
        review = timedelta(days=session.settings().photo_review_days)
        with session.store() as store:
            tell(acting.answer_photo(store, session.viewer(), row.message, row.revision, chosen, note, review))
        st.rerun()


def _undo(answer: int) -> None:
    with session.store() as store:
        tell(acting.undo_photo(store, session.viewer(), answer))


if __name__ == "__main__":
    main()
