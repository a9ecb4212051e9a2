"""Who may log in and what they may see: added, changed and ended by communications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from dashboard import session
from dashboard.access import Role, Viewer
from dashboard.acting import Told
from dashboard.safe import label
from dashboard.views._told import tell
from dashboard.words import counted, date, text
from data import people, queries, times
from data.errors import OutOfScopeError
from data.people import EVERYWHERE, Person, PersonError, PersonRow
from data.store import Store

NEW = "ny"
REVEALS = timedelta(days=90)


def main() -> None:
    st.title(text("people.title"))
    viewer = session.viewer()
    if not people.keeps(viewer.scope):
        st.info(text("people.may_not"))
        return
    st.caption(text("people.more"))
    if session.settings().login is None:
        st.info(text("people.without_login"))
    with session.reader() as reader:
        found = people.people(reader, viewer.scope)
        shown = queries.reveals(reader, viewer.scope, times.now() - REVEALS)
        places = {one.id: one.name for one in queries.places(reader, viewer.scope).institutions}
    names = {NEW: text("people.new")} | {str(row.id): _named(row) for row in found}
    chosen = st.selectbox(text("people.who"), list(names), format_func=names.__getitem__, key="person")
    row = next((one for one in found if str(one.id) == chosen), None)
    _form(row)
    if row is not None and row.ended_at is None:
        _ways(row)
    if not found:
        st.caption(text("people.empty"))
    _reveals({places.get(one, one): count for one, count in shown.items()})


def _reveals(shown: dict[str, int]) -> None:
    """How often readers asked to see a case unmasked, by institution: no list of persons."""
    st.subheader(text("reveal.title"))
    st.caption(text("reveal.title_more", days=REVEALS.days))
    for name, count in sorted(shown.items()):
        st.text(f"{label(name)}: {counted('reveal.times', count)}")
    if not shown:
        st.text(text("reveal.never"))


def _named(row: PersonRow) -> str:
    what = text(f"role.{row.person.role}")
    ended = text("people.ended", at=date(row.ended_at, times.now())) if row.ended_at else ""
    return " · ".join(filter(None, (label(row.person.name), label(row.person.login), what, ended)))


def _form(row: PersonRow | None) -> None:
    """One form for a new person and for one who is there; who ended comes back by the same form."""
    of, person = row.id if row else 0, row.person if row else Person("", "", Role.READER)
    institutions = {one.id: one.name for one in session.settings().institutions}
    if row is not None:
        _facts(row)
    with st.form(f"person-{of}"):
        login = st.text_input(text("people.login"), person.login, max_chars=200)
        name = st.text_input(text("people.name"), person.name, max_chars=200)
        role = st.selectbox(
            text("people.role"),
            [str(one) for one in Role],
            index=[str(one) for one in Role].index(person.role),
            format_func=lambda word: text(f"role.{word}"),
        )
        places = st.multiselect(
            text("people.institutions"),
            list(institutions),
            [one for one in person.institutions if one in institutions],
            format_func=lambda one: label(institutions[one]),
            placeholder="",
            help=text("people.institutions_help"),
        )
        fresh = row is None or row.ended_at is not None
        asked = st.form_submit_button(text("people.add" if fresh else "people.save"), type="primary")
    if asked:
        given = Person(login, name, role, () if role in EVERYWHERE else tuple(places))
        if fresh:
            _act(
                lambda store, who: store.add_person(who.scope, who.name, given), text("people.added", name=label(name))
            )
        else:
            _act(lambda store, who: store.change_person(who.scope, who.name, of, given), text("people.saved"))


def _facts(row: PersonRow) -> None:
    told = [text("people.active") if row.ended_at is None else text("people.ended", at=date(row.ended_at, times.now()))]
    told += [text("people.bound")] if row.bound else []
    told += [text("people.claims")] if row.source == "claims" else []
    told += [text("people.everywhere")] if row.person.role in EVERYWHERE else []
    st.caption(" · ".join(told))


def _ways(row: PersonRow) -> None:
    """Out everywhere, another account, and the end."""
    with st.container(horizontal=True):
        if st.button(text("people.revoke"), icon=":material/logout:", key=f"ud-{row.id}"):
            _act(lambda store, who: store.end_sessions(who.scope, who.name, row.id), text("people.done_revoke"))
        if row.bound and st.button(text("people.unbind"), help=text("people.unbind_help"), key=f"konto-{row.id}"):
            _act(lambda store, who: store.unbind_person(who.scope, who.name, row.id), text("people.done_unbind"))
    sure = st.checkbox(text("people.end_sure"), key=f"sikker-{row.id}")
    if st.button(text("people.end"), icon=":material/person_off:", disabled=not sure, key=f"slut-{row.id}"):
        _act(lambda store, who: store.end_person(who.scope, who.name, row.id), text("people.done_end"))


def _act(act: Callable[[Store, Viewer], object], done: str) -> None:
    """The act under the role that the viewer has now; what came of it is told on the next run."""
    try:
        with session.store() as store:
            act(store, session.viewer())
    except PersonError as error:
        st.error(text(f"people.refused.{error.refusal}"))
        return
    except OutOfScopeError:
        st.error(text("people.may_not"))
        return
    tell(Told(done=True, sentence=done))
    st.rerun()


if __name__ == "__main__":
    main()
