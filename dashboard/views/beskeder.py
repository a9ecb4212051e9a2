"""What the viewer wants to be told of by mail, and when to be left in peace."""

from __future__ import annotations

import re
from datetime import time

import streamlit as st

from dashboard import session
from dashboard.words import text
from data import notices, times
from data.notices import DIGESTS, Choice
from data.people import PersonRow

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}")


def main() -> None:
    st.title(text("nav.beskeder"))
    st.caption(text("notice.more"))
    person = session.person()
    if person is None:
        return
    with session.reader() as reader:
        if session.viewer().scope.everywhere and notices.unsent(reader, times.now()):
            st.warning(text("notice.unsent"), icon=":material/mail_off:")
        _form(person, notices.choices(reader).get(person.id) or Choice(person.id, _own(person)))


def _form(person: PersonRow, choice: Choice) -> None:
    with st.form("beskeder"):
        address = st.text_input(text("notice.address"), choice.address, max_chars=254)
        at_once = st.checkbox(text("notice.at_once"), choice.at_once)
        digest = st.radio(
            text("notice.digest_label"),
            DIGESTS,
            DIGESTS.index(choice.digest),
            format_func=lambda one: text(f"notice.often.{one}"),
            horizontal=True,
        )
        st.caption(f"{text('notice.quiet')}. {text('notice.quiet_more')}")
        left, right = st.columns(2)
        begins = left.time_input(text("notice.quiet_from"), _clock(choice.quiet_from))
        ends = right.time_input(text("notice.quiet_until"), _clock(choice.quiet_until))
        if not st.form_submit_button(text("notice.save"), type="primary"):
            return
    if not _ADDRESS.fullmatch(address):
        st.error(text("notice.bad_address"))
        return
    with session.store() as store:
        store.choose_notices(Choice(person.id, address, at_once, digest or "never", _minutes(begins), _minutes(ends)))
    st.success(text("notice.saved"))


def _own(person: PersonRow) -> str:
    """The login, where it is a mail address."""
    return person.person.login if _ADDRESS.fullmatch(person.person.login) else ""


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


if __name__ == "__main__":
    main()
