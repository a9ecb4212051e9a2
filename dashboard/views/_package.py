"""The package of a case, made on the click, and the number that the case got in the record system."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import acting, package, session
from dashboard.package_told import Order
from dashboard.shapes.basics import pill
from dashboard.views._told import tell
from dashboard.words import text
from data import queries, times
from data.errors import OutOfScopeError
from data.filing import NUMBER_LENGTH, Face
from data.queries import Reader, open_reader
from data.rows import CaseRow, DecisionRow
from data.store import Store
from data.types import Category, Scope


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
        _number(case)


def mark(reader: Reader, case: CaseRow, decided: list[DecisionRow]) -> None:
    """Under which number the case stands in the record system, as long as the decision beside it is in force."""
    in_force = next((row.id for row in decided if row.undone_at is None), None)
    if in_force is None:
        return
    if number := queries.record_numbers(reader, session.viewer().scope, case.id).get(in_force):
        st.html(f'<div class="sb-pills">{pill(text("package.pill", number=number), "▣", "good")}</div>')


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
        if case.verdict is not None:
            st.caption(text("package.decided"))
        save = text("package.save" if case.verdict is None else "package.save_number")
        if st.form_submit_button(save, icon=":material/check:"):
            if wrong := acting.wrong_number(number):
                st.warning(wrong)
                return
            with session.store() as store:
                decided = case.verdict is not None
                tell(acting.journalise(store, session.viewer(), case.id, case.revision, number, decided=decided))
            st.rerun()
