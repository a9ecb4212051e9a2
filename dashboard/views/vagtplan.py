"""Who covers which page and when: the coming week page by page, the duties behind it, and a form for a new one."""

from __future__ import annotations

from datetime import date, datetime, time

import streamlit as st

from dashboard import acting, session
from dashboard.department import staff
from dashboard.safe import label
from dashboard.settings import PersonSetting
from dashboard.shapes import labels, rota
from dashboard.shapes.basics import empty
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.queries import Reader
from data.rota import DAY, EVERY_DAY, Duty, DutyKind
from data.rows import Places
from data.times import COPENHAGEN
from data.types import Page

PAGE = "side"
WEEKDAYS = (1, 2, 3, 4, 5)


def main() -> None:
    st.title(text("nav.vagtplan"))
    st.caption(text("rota.more"))
    with session.reader() as reader:
        places = queries.places(reader, session.viewer().scope)
        if not places.pages:
            st.html(empty("page.empty"))
            return
        today = times.now().astimezone(COPENHAGEN).date()
        if session.viewer().acts:
            _form(places, staff(reader, session.settings()), today)
        _week(reader, places, today)
        _duties(reader, places)


def _week(reader: Reader, places: Places, today: date) -> None:
    st.subheader(text("rota.week"))
    scope = session.viewer().scope
    if not queries.has_rota(reader, scope):
        st.html(empty("rota.none"))
        return
    held = {page.id: queries.duties(reader, scope, page.id) for page in places.pages}
    st.html(rota.week_table(places, held, today))


def _duties(reader: Reader, places: Places) -> None:
    """The duties of one page, each with a way to take it out."""
    st.subheader(text("rota.duties"))
    page = _page(places, "vagt-side", PAGE)
    found = queries.duties(reader, session.viewer().scope, page.id)
    if not found:
        st.html(empty("rota.page_none"))
    for duty in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"vagt-{duty.id}"):
            st.html(rota.line(duty), width="stretch")
            if session.viewer().acts:
                st.button(
                    text("rota.remove"), key=f"fjern-vagt-{duty.id}", icon=":material/close:", type="tertiary",
                    on_click=_remove, args=(duty.id,), help=text("rota.remove_help", person=label(duty.person)),
                )  # fmt: skip


def _page(places: Places, key: str, asked: str = "") -> Page:
    named = labels.pages(places)
    ids = list(named)
    chosen = st.selectbox(
        text("filter.page"),
        ids,
        format_func=named.__getitem__,
        key=asked or key,
        bind="query-params" if asked else None,
    )
    return next(page for page in places.pages if page.id == (chosen or ids[0]))


def _form(places: Places, known: list[PersonSetting], today: date) -> None:
    with st.expander(text("rota.new"), icon=":material/add:", key="ny-vagt"):
        page = _page(places, "ny-vagt-side")
        people = [
            person.name
            for person in known
            if person.role == "communications" or page.institution_id in person.institutions
        ]
        if not people:
            st.caption(text("rota.no_people"))
            return
        with st.form("vagt", border=False):
            duty = _asked(page, people, today)
            if st.form_submit_button(text("rota.save"), type="primary", icon=":material/check:"):
                _save(duty)


def _asked(page: Page, people: list[str], today: date) -> Duty:
    """What the form holds, as a duty."""
    person = st.selectbox(text("rota.person"), people, format_func=label, key="vagt-hvem")
    kind = st.radio(text("rota.kind"), list(DutyKind), format_func=lambda one: text(f"rota.kind_{one}"), key="vagt-art")
    with st.container(horizontal=True):
        begins = st.date_input(text("rota.begins"), today, format="DD.MM.YYYY", key="vagt-fra")
        ends = st.date_input(text("rota.ends"), None, format="DD.MM.YYYY", key="vagt-til", help=text("rota.ends_help"))
    days = st.pills(
        text("rota.weekdays"), sorted(EVERY_DAY), selection_mode="multi", default=list(WEEKDAYS),
        format_func=lambda day: text(f"calendar.day{day}"), key="vagt-dage",
    )  # fmt: skip
    with st.container(horizontal=True):
        begin = st.time_input(text("rota.from"), time(8), key="vagt-kl-fra")
        end = st.time_input(text("rota.until"), time(16), key="vagt-kl-til", help=text("rota.until_help"))
    return Duty(
        page.id, person or people[0], begins or today, ends, kind or DutyKind.REGULAR, frozenset(days),
        _minutes(begin), _minutes(end) or DAY,
    )  # fmt: skip


def _minutes(clock: time | datetime | None) -> int:
    return clock.hour * 60 + clock.minute if clock else 0


def _save(duty: Duty) -> None:
    with session.store() as store:
        told = acting.add_duty(store, session.viewer(), duty)
    if told.done:
        tell(told)
        st.rerun()
    st.warning(told.sentence)


def _remove(number: int) -> None:
    with session.store() as store:
        tell(acting.remove_duty(store, session.viewer(), number))


if __name__ == "__main__":
    main()
