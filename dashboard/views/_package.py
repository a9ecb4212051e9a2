"""The package of a case, made on the click, and the number that the case got in the record system."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import acting, package, session
from dashboard.acting import Told
from dashboard.package_told import Order
from dashboard.shapes.basics import pill
from dashboard.words import text
from data import queries, times
from data.errors import OutOfScopeError
from data.filing import NUMBER_LENGTH, Face
from data.queries import Reader, open_reader
from data.rows import CaseRow
from data.store import Store
from data.types import Category, Scope, Verdict


def draw(case: CaseRow) -> None:
    """The section below the decision, for who may act: packages to fetch, and the record number to tell."""
    if not session.viewer().acts:
        return
    breach = case.category is Category.CONFIDENTIALITY
    title = text("package.open_dpo" if breach else "package.open")
    with st.expander(title, icon=":material/inventory_2:", key=f"pakke-{case.id}"):
        st.caption(" ".join([text("package.more"), *([text("package.for_dpo")] if breach else [])]))
        if case.platform == "linkedin":
            st.caption(text("package.linkedin"))
        masked = st.checkbox(
            text("package.mask"), value=True, key=f"pakke-maske-{case.id}", help=text("package.mask_help")
        )
        with st.container(horizontal=True):
            _download(case, Face.RECORDS, masked=masked)
            if breach:
                _download(case, Face.DPO, masked=True)
        if case.verdict is None:
            _number(case)
        elif case.verdict is not Verdict.JOURNALISED:
            st.caption(text("package.decided"))


def mark(reader: Reader, case: CaseRow) -> None:
    """Under which number the case stands in the record system, as long as that decision is in force."""
    if case.verdict is not Verdict.JOURNALISED:
        return
    numbers = queries.record_numbers(reader, session.viewer().scope, case.id)
    if numbers:  # the last one: a decision of an earlier version of Sideblik has none
        st.html(f'<div class="sb-pills">{pill(text("package.pill", number=numbers[max(numbers)]), "▣", "good")}</div>')


def _download(case: CaseRow, face: Face, *, masked: bool) -> None:
    dpo = face is Face.DPO
    st.download_button(
        text("package.download_dpo" if dpo else "package.download"),
        data=partial(_made, session.scope_later(), session.viewer().name, case.id, face, masked),
        file_name=package.file_name(case.id, face),
        mime="application/zip",
        icon=":material/folder_zip:",
        key=f"hent-pakke-{face.value}-{case.id}",
        on_click="ignore",
    )


def _made(asked: Callable[[], Scope], person: str, case_id: int, face: Face, masked: bool) -> bytes:
    """The package, noted in the journal before it is handed out; nothing for who may not see the case any more."""
    settings, scope = session.settings(), asked()
    order = Order(face, masked, times.now(), settings.municipality, package.last_head(settings.heads))
    with open_reader(settings.database) as reader:
        made = package.make(reader, scope, case_id, order)
    if made is None:
        return b""
    try:
        with Store.open(settings.database) as store:
            store.packed(scope, person, case_id, face, made.sha256, masked=masked, messages=made.messages)
    except OutOfScopeError:
        return b""
    return made.content


def _number(case: CaseRow) -> None:
    with st.form(f"journal-form-{case.id}-{case.revision}", border=False):
        number = st.text_input(
            text("package.number"), key=f"journal-nr-{case.id}-{case.revision}", max_chars=NUMBER_LENGTH,
            help=text("package.number_help"), width=420,
        )  # fmt: skip
        if st.form_submit_button(text("package.save"), icon=":material/check:"):
            if wrong := acting.wrong_number(number):
                st.warning(wrong)
                return
            with session.store() as store:
                _tell(acting.journalise(store, session.viewer(), case.id, case.revision, number))
            st.rerun()


def _tell(told: Told) -> None:
    st.session_state["told"] = (told.sentence, ":material/check:" if told.done else ":material/info:")
