"""What belongs to a possible breach alone: its clock, its checklist, the second person, what is new since last time.

Opening one is noted once, when its pane opens; until it is left, what was new then stays marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import streamlit as st

from dashboard import acting, safe, session
from dashboard.shapes import care, cases
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.care_rows import CheckItem, CheckRow, CheckState, ClockRow, Doubt, awaits
from data.errors import OutOfScopeError, StoreError
from data.queries import Reader
from data.rows import CaseRow, MessageRow
from data.types import Category, Severity, Verdict

_OPENED: Final = "aabnet_sag"


@dataclass(frozen=True, slots=True)
class _Opened:
    person: str
    case: int
    since: datetime | None


def left() -> None:
    """No case is open: whoever opens one next opens it anew."""
    st.session_state.pop(_OPENED, None)


def opened(case: CaseRow) -> datetime | None:
    """Notes that the viewer opens the case, once; since when what came is new to them, None where all of it is."""
    viewer = session.viewer()
    if case.category is not Category.CONFIDENTIALITY or not viewer.acts:
        left()
        return None
    held: _Opened | None = st.session_state.get(_OPENED)
    if held is None or (held.person, held.case) != (viewer.name, case.id):
        try:
            with session.store() as store:
                since = store.open_case(viewer.scope, viewer.name, case.id)
        except OutOfScopeError:  # passed on while it was being opened
            since = None
        except StoreError:  # it can be read all the same, and the next run tries again to note who opened it
            st.warning(text("app.read_only"), icon=":material/database_off:")
            return None
        held = st.session_state[_OPENED] = _Opened(viewer.name, case.id, since)
    return held.since


def head(reader: Reader, case: CaseRow, rows: Sequence[MessageRow], since: datetime | None) -> None:
    """Below the case's head: the clock, and that there is something new."""
    if case.category is not Category.CONFIDENTIALITY:
        return
    now = times.now()
    waits = f'<div class="sb-pills">{care.second_pill(case)}</div>' if awaits(case) else ""
    parts = [waits, care.clock_line(queries.clock(reader, session.viewer().scope, case.id), now)]
    if since is not None:
        parts.append(care.new_line(len(care.fresh(rows, case.message, since)), since, now))
    if told := "".join(parts):
        st.html(told)


def marks(reader: Reader, shown: Sequence[CaseRow]) -> dict[int, str]:
    """What the cards of possible breaches say besides, by case."""
    wanted = [case.id for case in shown if case.category is Category.CONFIDENTIALITY]
    if not wanted:
        return {}
    viewer, now = session.viewer(), times.now()
    clocks = queries.clocks(reader, viewer.scope, wanted)
    changed = queries.changed(reader, viewer.scope, viewer.name, wanted)
    told = {
        case.id: care.clock_pill(clocks.get(case.id), now)
        + care.second_pill(case)
        + (care.new_pill() if case.id in changed else "")
        for case in shown
    }
    return {case: f'<div class="sb-pills">{pills}</div>' for case, pills in told.items() if pills}


def draw(reader: Reader, case: CaseRow) -> None:
    """Below the decision: the second person where one is waited for, and the checklist."""
    if case.category is not Category.CONFIDENTIALITY:
        return
    scope, now = session.viewer().scope, times.now()
    if awaits(case):
        _second(case, reader)
    elif told := care.seconds(queries.second_looks(reader, scope, case.id), now):
        st.html(told)
    if case.verdict is not Verdict.NOT_A_BREACH:
        _checklist(case, queries.checklist(reader, scope, case.id), queries.clock(reader, scope, case.id))


def _checklist(case: CaseRow, rows: Sequence[CheckRow], clock: ClockRow | None) -> None:
    grave, now = case.severity is Severity.SERIOUS, times.now()
    with st.expander(text("care.checklist"), icon=":material/checklist:", expanded=grave, key=f"tjek-{case.id}"):
        st.caption(care.progress(rows, clock, now))
        if not session.viewer().acts:
            st.html(care.listed(rows, now))
            return
        for row in rows:
            key = f"tjek-{case.id}-{row.item}"
            st.session_state[key] = row.state
            st.segmented_control(
                text(f"care.item.{row.item}"), list(CheckState), required=True, key=key,
                format_func=lambda state: text(f"care.state.{state}"),
                on_change=_check, args=(case.id, row.item, key),
            )  # fmt: skip
            if told := care.checked(row, now):
                st.html(told)


def _check(case_id: int, item: CheckItem, key: str) -> None:
    with session.store() as store:
        told = acting.check(store, session.viewer(), case_id, item, CheckState(st.session_state[key]))
    if not told.done:
        tell(told)


def _second(case: CaseRow, reader: Reader) -> None:
    """Who decided what, and for the second person the two answers; without a login the honest way out."""
    viewer = session.viewer()
    waiting = queries.second_looks(reader, viewer.scope, case.id)
    if not waiting or case.verdict is None:
        return
    verdict = cases.verdict(case.verdict, case.category)
    with st.container(border=True, key=f"anden-{case.id}"):
        st.subheader(text("care.second"))
        st.html(f"<p>{safe.name(waiting[0].decided_by)} {text('care.decided', verdict=verdict)}</p>")
        if not viewer.acts:
            return
        if session.settings().login is None and not session.in_demo():
            st.caption(text("care.alone_more"))
            _agree(case, "care.alone", alone=True)
        elif waiting[0].decided_by == viewer.name:
            st.caption(text("care.same_person"))
        else:
            st.caption(text("care.second_more"))
            _agree(case, "care.agree", alone=False)
            _disagree(case)


def _agree(case: CaseRow, key: str, *, alone: bool) -> None:
    st.button(
        text(key), icon=":material/done_all:", type="primary", key=f"enig-{case.id}", on_click=_agreed,
        args=(case.id, case.revision, alone),
    )  # fmt: skip


def _disagree(case: CaseRow) -> None:
    with st.form(f"uenig-{case.id}-{case.revision}", border=False):
        doubt = st.selectbox(
            text("care.doubt.ask"), list(Doubt), index=None, format_func=lambda one: text(f"care.doubt.{one}"),
            placeholder=text("care.doubt.choose"), key=f"tvivl-{case.id}-{case.revision}",
        )  # fmt: skip
        if st.form_submit_button(text("care.disagree"), icon=":material/undo:"):
            if doubt is None:
                st.warning(text("care.doubt.missing"))
                return
            with session.store() as store:
                tell(acting.disagree(store, session.viewer(), case.id, doubt))
            st.rerun()


def _agreed(case_id: int, revision: int, alone: bool) -> None:
    with session.store() as store:
        tell(acting.agree(store, session.viewer(), case_id, revision, alone=alone))
