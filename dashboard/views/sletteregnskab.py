"""The removal ledger: what vanished or was hidden, beside what is known of it and who says why. `?fjernelse=12`."""

from __future__ import annotations

import streamlit as st

from dashboard import acting, safe, session, words
from dashboard.shapes import labels, removals
from dashboard.shapes.basics import empty
from dashboard.views import _reveal
from dashboard.views._message import MESSAGE
from dashboard.views._panes import close, cursor, detail_pane, go_on, list_pane, number_from, read_cursor, start_over
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.queries import Reader, RemovalFilter
from data.removal_rows import NOTE_LENGTH, ExplanationRow, Ground, RemovalRow, Standing

SIZE = 25
SHOWN = 100  # messages of one removal that are drawn
REMOVAL = "fjernelse"
VIEWS: dict[str, Standing | None] = {
    "unexplained": Standing.UNEXPLAINED,
    "explained": Standing.EXPLAINED,
    "outage": Standing.OUTAGE,
    "all": None,
}


def main() -> None:
    st.title(text("nav.sletteregnskab"))
    st.caption(text("removal.more"))
    with session.reader() as reader:
        opened = number_from(REMOVAL)
        asked = _filters(reader, tucked=opened is not None)
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(opened is not None):
            _list(reader, asked, opened)
        with right, detail_pane(opened is not None):
            _detail(reader, opened)


def _filters(reader: Reader, *, tucked: bool) -> RemovalFilter:
    """Kept in the address; a changed one begins at the top again. `tucked`: not shown on a phone."""
    named = labels.pages(queries.places(reader, session.viewer().scope))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filtre-bag" if tucked else "filtre"):
        view = st.segmented_control(
            text("removal.view"),
            list(VIEWS),
            default="unexplained",
            required=True,
            format_func=lambda name: text(f"removal.view_{name}"),
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
    return RemovalFilter(VIEWS[view or "unexplained"], page_id=page or "")


def _change() -> None:
    start_over()
    close()


def _list(reader: Reader, asked: RemovalFilter, opened: int | None) -> None:
    scope, now = session.viewer().scope, times.now()
    before = read_cursor(int)
    rows = queries.removals(reader, scope, asked, before=before[0] if before else None, limit=SIZE + 1)
    if asked == RemovalFilter(Standing.UNEXPLAINED):
        st.markdown(words.counted("removal.count", sum(queries.unexplained(reader, scope).values())))
    if not rows:
        calm = asked == RemovalFilter(Standing.UNEXPLAINED)
        st.html(empty("removal.empty" if calm else "removal.nothing", "✓" if calm else "○"))
    for row in rows[:SIZE]:
        with st.container(border=True, key=f"kort-{row.id}{'-valgt' if row.id == opened else ''}", gap=None):
            name = f"{removals.title(row)} · {text('removal.number', number=row.id)}"
            st.button(name, key=f"aabn-{row.id}", type="tertiary", on_click=_open, args=(row.id,))
            st.html(removals.card(row, now))
    go_on(cursor((rows[SIZE - 1].id,)) if len(rows) > SIZE else None)


def _open(removal_id: int) -> None:
    st.query_params[REMOVAL] = str(removal_id)


def _detail(reader: Reader, removal_id: int | None) -> None:
    """The pane; a removal of another scope is not told apart from one that does not exist."""
    if removal_id is None:
        st.html(empty("removal.none", "←"))
        return
    scope, now = session.viewer().scope, times.now()
    row = queries.removal(reader, scope, removal_id)
    if row is None:
        st.html(empty("removal.unknown", "?"))
        return
    st.html(removals.head(row, now))
    with st.container(horizontal=True, vertical_alignment="center", key="veje"):
        if st.button(text("removal.open_thread"), icon=":material/forum:", key=f"traad-{row.id}"):
            st.switch_page("views/opslag.py", query_params={MESSAGE: str(row.head)})
        st.html(
            safe.platform_link(row.url, text("case.link"), otherwise=_reveal.no_link(None, by_page=row.by_page)),
            width="content",
        )
    _went(reader, row)
    told = queries.explanations(reader, scope, row.id)
    _answer(reader, row, told)
    if history := removals.answers(told, now):
        st.html(history)


def _went(reader: Reader, row: RemovalRow) -> None:
    scope, now = session.viewer().scope, times.now()
    rows = queries.removed(reader, scope, row.id, SHOWN)
    st.html(removals.messages(rows[:1], now))
    st.caption(text("removal.digest_help"))
    if len(rows) > 1:
        with st.expander(text("removal.went_along", count=words.number(row.size)), key=f"med-{row.id}"):
            st.html(removals.messages(rows[1:], now))
            if len(rows) < row.size:
                st.caption(text("removal.more_went", count=words.number(len(rows))))


def _answer(reader: Reader, row: RemovalRow, told: list[ExplanationRow]) -> None:
    """Who did it and why; undone by whoever may answer. An outage and what is back ask nobody."""
    if not session.viewer().acts:
        st.caption(text("removal.reader"))
        return
    last = next((one for one in told if one.undone_at is None), None)
    if row.standing is Standing.EXPLAINED and last is not None:
        st.button(
            text("removal.undo"), icon=":material/undo:", key=f"fortryd-{last.id}", on_click=_undo, args=(last.id,)
        )
        return
    if row.standing is not Standing.UNEXPLAINED:
        return
    others = queries.removals_beside(reader, session.viewer().scope, row.id)
    _form(row, others)


def _form(row: RemovalRow, others: list[RemovalRow]) -> None:
    with st.form(f"forklar-{row.id}-{row.revision}"):
        st.subheader(text("removal.ask"))
        if row.ground is Ground.UNKNOWN:
            st.caption(text("removal.better"))
        ground = st.radio(
            text("removal.who"), removals.GROUNDS, index=None, format_func=removals.ground,
            key=f"grund-{row.id}-{row.revision}", label_visibility="collapsed",
        )  # fmt: skip
        note = st.text_area(
            text("removal.note"), key=f"note-{row.id}-{row.revision}", max_chars=NOTE_LENGTH, height=80,
            help=text("removal.note_help"),
        )  # fmt: skip
        together = False
        if others:
            together = st.checkbox(words.counted("removal.beside", len(others)), key=f"samme-{row.id}-{row.revision}")
            with st.expander(words.counted("removal.count", len(others)), key=f"andre-{row.id}"):
                st.html(removals.beside(others, times.now()))
        if st.form_submit_button(text("removal.save"), type="primary", icon=":material/check:"):
            _save([row, *others] if together else [row], ground, note)


def _save(rows: list[RemovalRow], ground: Ground | None, note: str) -> None:
    if ground is None:
        st.warning(text("removal.choose"))
        return
    asked = {row.id: row.revision for row in rows}
    with session.store() as store:
        tell(acting.explain(store, session.viewer(), asked, ground, note))
    st.rerun()


def _undo(explanation: int) -> None:
    with session.store() as store:
        tell(acting.unexplain(store, session.viewer(), explanation))


if __name__ == "__main__":
    main()
