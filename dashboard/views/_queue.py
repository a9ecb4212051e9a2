"""A queue of cases as cards beside the case that is open. The open case stands in the address: `?sag=214`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import streamlit as st

from dashboard import session, words
from dashboard.guard import guarded
from dashboard.shapes import cases, labels
from dashboard.shapes.basics import empty
from dashboard.views import _bulk, _care, _case, _undo
from dashboard.views._panes import cursor, detail_pane, go_on, list_pane, number_from, read_cursor, start_over
from dashboard.words import text
from data import queries, times
from data.queries import QueueFilter, Reader
from data.queries.cases import MOST
from data.rows import CaseRow
from data.types import Breach, Category, Inquiry, Status, Tone

SIZE = 25
GIVEN = 100  # cases that were passed on; more are not shown
NEWS = 2  # seconds: an event is on screen within five
CASE = "sag"
PASSED = "passed"
OVERDUE = "overdue"
_TUCKED = ("sted", "side", "art", "emne", "frist")
VIEWS: dict[str, frozenset[Status]] = {
    "open": frozenset({Status.NEW, Status.TAKEN}),
    "new": frozenset({Status.NEW}),
    "taken": frozenset({Status.TAKEN}),
    "waiting": frozenset({Status.TAKEN}),
    "answered": frozenset({Status.ANSWERED}),
    "closed": frozenset({Status.CLOSED}),
    PASSED: frozenset({Status.NEW, Status.TAKEN}),
}
_ONLY = {"answered": Category.INQUIRY, PASSED: Category.INQUIRY, "waiting": Category.CONFIDENTIALITY}
_KINDS: dict[Category, tuple[str, ...]] = {
    Category.INQUIRY: (Inquiry.QUESTION, Inquiry.REQUEST, Inquiry.COMPLAINT),
    Category.CONFIDENTIALITY: (Breach.CLEAR, Breach.POSSIBLE, Breach.SELF),
    Category.TONE: (Tone.THREAT, Tone.HATE, Tone.ABUSE),
}


def draw(category: Category) -> None:
    st.title(text(f"queue.{category}.title"))
    st.caption(text(f"queue.{category}.more"))
    with session.reader() as reader:
        opened = number_from(CASE)
        filters = _filters(reader, category, tucked=opened is not None)
        _undo.draw(reader, category)
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(opened is not None):
            scope = session.viewer().scope
            if st.session_state["status"] == PASSED:
                _given(queries.passed_on(reader, scope, GIVEN), opened)
            else:
                count = queries.queue_count(reader, scope, category, filters)
                _news(category, filters, count, queries.newest(reader, scope))
                _list(reader, category, filters, opened)
        with right, detail_pane(opened is not None):
            _case.draw(reader, opened, category)


def _filters(reader: Reader, category: Category, *, tucked: bool) -> QueueFilter:
    """The filters, each kept in the address; a changed one begins at the top again. `tucked`: not shown on a phone."""
    places = queries.places(reader, session.viewer().scope)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filtre-bag" if tucked else "filtre"):
        view = _view(category)
        typed = st.text_input(
            text("filter.words"), key="ord", bind="query-params", placeholder=text("filter.words_hint"), width=170,
            on_change=start_over,
        )  # fmt: skip
        with st.popover(_more_label(), icon=":material/tune:", key="flere"):
            institution = _choice("sted", "filter.place", labels.institutions(places))
            page = _choice("side", "filter.page", labels.pages(places))
            kind = _choice("art", "filter.kind", {word: text(f"kind.{word}") for word in _KINDS[category]})
            topic = _choice("emne", "filter.topic", _topics()) if category is Category.INQUIRY else ""
            due = _choice("frist", "filter.due", _due()) if category is Category.INQUIRY else ""
        newest = _newest_first() if category is Category.INQUIRY else False
    now = times.now()
    begin, end = _window(due, now)
    return QueueFilter(
        statuses=VIEWS[view],
        institution_id=institution,
        page_id=page,
        kind=kind,
        topic=topic,
        overdue=due == OVERDUE,
        due_from=begin,
        due_until=end,
        newest=newest,
        now=now,
        words=typed or "",
        awaits=True if view == "waiting" else None,
    )


def _view(category: Category) -> str:
    """Which part of the queue is shown, by the state of its cases."""
    view = st.segmented_control(
        text("filter.status"),
        [name for name in VIEWS if _ONLY.get(name, category) is category],
        default="open",
        required=True,
        format_func=lambda name: text(f"filter.status_{name}"),
        key="status",
        bind="query-params",
        on_change=start_over,
    )
    return view or "open"


def _due() -> dict[str, str]:
    return {name: text(f"filter.due_{name}") for name in (OVERDUE, "today", "week")}


def _window(due: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Between when a deadline lies that is today or in this week, as Copenhagen counts days."""
    if due not in ("today", "week"):
        return None, None
    today = now.astimezone(times.COPENHAGEN).date()
    days = 1 if due == "today" else 8 - today.isoweekday()
    begin, end = (datetime.combine(day, time(), times.COPENHAGEN) for day in (today, today + timedelta(days=days)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def _newest_first() -> bool:
    """The order: what is urgent and what is due first, or what was written last."""
    order = st.selectbox(
        text("filter.order"), ("due", "newest"), format_func=lambda one: text(f"filter.order_{one}"), key="orden",
        bind="query-params", on_change=start_over, width=150,
    )  # fmt: skip
    return order == "newest"


def _more_label() -> str:
    """Says how many of the filters that are tucked away are set."""
    chosen = sum(bool(st.session_state.get(name)) for name in _TUCKED)
    return text("filter.more_chosen", count=chosen) if chosen else text("filter.more")


def _topics() -> dict[str, str]:
    """The topics with their names, in the order of these."""
    keys = [key for key in words.keys() if key.startswith("topic.")]  # noqa: SIM118 a function, no mapping
    named = {key.removeprefix("topic."): text(key) for key in keys}
    return {topic: name[:1].upper() + name[1:] for topic, name in sorted(named.items(), key=lambda one: one[1])}


def _choice(key: str, name: str, options: dict[str, str]) -> str:
    """One of the options by id, "" for all."""
    chosen = st.selectbox(
        text(name),
        list(options),
        index=None,
        format_func=lambda one: options.get(one, one),
        placeholder=text("filter.all"),
        key=key,
        bind="query-params",
        on_change=start_over,
    )
    return chosen or ""


@st.fragment(run_every=NEWS)
@guarded
def _news(category: Category, filters: QueueFilter, shown: int, since: int) -> None:
    """How many there are, and how many came after case `since`; the list itself moves only when asked to."""
    with session.reader() as reader:
        new = queries.arrived(reader, session.viewer().scope, category, filters, since=since)
    with st.container(horizontal=True, vertical_alignment="center", key="antal"):
        st.markdown(_total(shown))
        if new and st.button(
            words.counted("queue.arrived", new), icon=":material/refresh:", type="primary", key="hent_nye"
        ):
            st.query_params.pop("fra", None)
            st.rerun()


def _total(count: int) -> str:
    return text("queue.many", count=words.number(MOST)) if count >= MOST else words.counted("queue.count", count)


def _list(reader: Reader, category: Category, filters: QueueFilter, opened: int | None) -> None:
    rows = queries.queue(
        reader, session.viewer().scope, category, filters, before=read_cursor(int, str, int), limit=SIZE + 1
    )
    if not rows:
        st.html(empty(f"queue.{category}.{'empty' if filters.statuses == VIEWS['open'] else 'none'}", "✓"))
    several = bool(rows) and _bulk.asked(category, filters)
    if several:
        _bulk.bar(rows[:SIZE])
    now, hours, marks = times.now(), session.settings().release_hours, _care.marks(reader, rows[:SIZE])
    for case in rows[:SIZE]:
        body = cases.card(case, now, release_hours=hours) + marks.get(case.id, "")
        _card(case, body, chosen=case.id == opened, several=several)
    last = rows[SIZE - 1] if len(rows) > SIZE else None
    go_on(cursor(last.newest_key if filters.newest else last.key) if last else None)


def _given(rows: list[CaseRow], opened: int | None) -> None:
    """The open cases that were passed on; none of the filters counts here."""
    if not rows:
        st.html(empty("passing.none", "⇢"))
    now, hours = times.now(), session.settings().release_hours
    for case in rows:
        _card(case, cases.card(case, now, release_hours=hours), chosen=case.id == opened)


def _card(case: CaseRow, body: str, *, chosen: bool, several: bool = False) -> None:
    with st.container(border=True, key=f"kort-{case.id}{'-valgt' if chosen else ''}", gap=None):
        if several:
            _bulk.box(case)
        st.button(
            f"{cases.title(case)} · {text('case.number', number=case.id)}",
            key=f"aabn-{case.id}",
            type="tertiary",
            on_click=_open,
            args=(case.id,),
        )
        st.html(body)


def _open(case_id: int) -> None:
    st.query_params[CASE] = str(case_id)
