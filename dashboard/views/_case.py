"""The open case: why it is here, the thread, and what may be done."""

from __future__ import annotations

import streamlit as st

from dashboard import acting, safe, session, words
from dashboard.shapes import care, cases, grounds, threads
from dashboard.shapes.basics import empty
from dashboard.shapes.marking import told_by
from dashboard.views import _care, _hold, _package, _passing, _reply, _reveal
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.care_rows import awaits
from data.keeping_rows import KeptRow
from data.queries import Reader
from data.rows import CaseRow, DecisionRow, MessageRow
from data.types import Category, Status, Verdict

SHORT = 4  # a thread of so few messages is shown at once, also on a phone


def draw(reader: Reader, case_id: int | None, category: Category) -> None:
    """The pane; a case of another scope or queue is not told apart from one that does not exist."""
    if case_id is None:
        _care.left()
        st.html(empty("case.none", "←"))
        return
    scope, now = session.viewer().scope, times.now()
    case = queries.case(reader, scope, case_id)
    if case is None or case.category is not category:
        st.html(empty("case.unknown", "?"))
        return
    since = _care.opened(case)
    rows = queries.thread(reader, scope, case_id)
    decided = queries.decisions(reader, scope, case_id)
    st.html(cases.head(case, now, release_hours=session.settings().release_hours))
    _care.head(reader, case, rows, since)
    _package.mark(reader, case, decided)
    _passing.mark(reader, case)
    theirs = _passing.is_theirs(case)
    if theirs:
        _reveal.draw(case)
    _ways(case, acts=theirs and session.viewer().acts)
    kept = queries.kept(reader, scope, [row.id for row in rows])
    if not any(row.emptied_at for row in kept if row.message == case.message):  # the words that led here are gone
        st.html(cases.reasons(case, rows))
    _thread(case, rows, kept, care.fresh(rows, case.message, since))
    if theirs:
        _work(reader, case, decided)
    _passing.history(reader, case)
    if history := cases.decided(decided, case.category, now):
        st.html(history)


def _work(reader: Reader, case: CaseRow, decided: list[DecisionRow]) -> None:
    """What those who have the case do with it; who gave it away reads alone."""
    _reply.draw(case)
    _passing.draw(reader, case)
    _decide(case, decided)
    _care.draw(reader, case)
    _package.draw(case)
    _hold.draw(reader, case)


def _thread(case: CaseRow, rows: list[MessageRow], kept: list[KeptRow], fresh: frozenset[int]) -> None:
    """What was written, and the thread around it: open where it is short or where a name and a matter stand apart."""
    now = times.now()
    st.html(threads.alone(rows, now, message=case.message, category=case.category, kept=kept, fresh=fresh))
    if len(rows) == 1:
        return
    expanded = len(rows) <= SHORT or len(told_by(rows, case.message, case.category)) > 1 or bool(fresh)
    with st.expander(text("thread.all", count=words.number(len(rows))), expanded=expanded, key=f"traad-{case.id}"):
        shown = threads.window(rows, case.message)
        if len(shown) < len(rows) and st.toggle(text("thread.whole", count=len(rows)), key=f"hele-{case.id}"):
            shown = rows
        st.html(threads.thread(shown, now, message=case.message, category=case.category, kept=kept, fresh=fresh))


def _ways(case: CaseRow, *, acts: bool) -> None:
    """To the platform, and taking the case."""
    with st.container(horizontal=True, vertical_alignment="center", key="veje"):
        if acts and case.status is Status.TAKEN and case.verdict is None:
            st.button(
                text("act.release"), icon=":material/undo:", key=f"slip-{case.id}", on_click=_release,
                args=(case.id, case.revision),
            )  # fmt: skip
        elif acts and case.verdict is None:
            st.button(
                text("act.take"), icon=":material/back_hand:", key=f"tag-{case.id}", on_click=_take, type="primary",
                args=(case.id, case.revision),
            )  # fmt: skip
        st.html(
            safe.platform_link(case.url, text("case.link"), otherwise=_reveal.no_link(case.id, by_page=case.by_page)),
            width="content",
        )


def _decide(case: CaseRow, decided: list[DecisionRow]) -> None:
    viewer = session.viewer()
    if not viewer.acts:
        st.caption(text("act.reader"))
        return
    if case.verdict is not None:
        last = next((row for row in decided if row.undone_at is None), None)
        if last is not None and (not awaits(case) or last.person == viewer.name):
            st.button(
                text("act.undo"), icon=":material/undo:", key=f"fortryd-{last.id}", on_click=_undo, args=(last.id,)
            )
        return
    with st.form(f"afgoer-{case.id}-{case.revision}"):
        st.subheader(text("decision.ask"))
        verdict = st.radio(
            text("decision.verdict"),
            cases.VERDICTS[case.category],
            index=None,
            format_func=lambda one: cases.verdict(one, case.category),
            key=f"valg-{case.id}-{case.revision}",
            label_visibility="collapsed",
        )
        code = st.selectbox(
            text("ground.no_answer.ask"), grounds.NO_ANSWER, index=None, format_func=grounds.name,
            key=f"grund-valg-{case.id}-{case.revision}", placeholder=text("ground.no_answer.none"),
        ) if case.category is Category.INQUIRY else None  # fmt: skip
        ground = st.text_area(
            text("decision.ground"), key=f"grund-{case.id}-{case.revision}", max_chars=1000, height=80,
            help=text("decision.ground_help"),
        )  # fmt: skip
        if st.form_submit_button(text("decision.save"), type="primary", icon=":material/check:"):
            _save(case, verdict, grounds.said(code if verdict is Verdict.NO_ANSWER_NEEDED else None, ground))


def _save(case: CaseRow, verdict: Verdict | None, ground: str) -> None:
    if verdict is None:
        st.warning(text("decision.choose"))
    elif verdict in cases.GROUND_NEEDED and not ground.strip():
        st.warning(text("decision.ground_missing"))
    else:
        with session.store() as store:
            tell(acting.decide(store, session.viewer(), case.id, case.revision, verdict, ground))
        st.rerun()


def _take(case_id: int, revision: int) -> None:
    with session.store() as store:
        tell(acting.take(store, session.viewer(), case_id, revision))


def _release(case_id: int, revision: int) -> None:
    with session.store() as store:
        tell(acting.release(store, session.viewer(), case_id, revision))


def _undo(decision_id: int) -> None:
    with session.store() as store:
        tell(acting.undo(store, session.viewer(), decision_id))
