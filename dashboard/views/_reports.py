"""Around the weekly files: the charts that go with them, the year's summary, and what has been written before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import reports, session, words
from dashboard.shapes import charts, colours
from dashboard.shapes.basics import empty
from dashboard.words import text
from data import queries, times
from data.queries import Reader, open_reader
from data.times import COPENHAGEN
from data.types import Category, Scope

YEARS = 5
SHOWN = 60


def charts_of(reader: Reader, scope: Scope, week: str) -> list[charts.Bars]:
    """What a week's file tells by institution: the same query, the same sums."""
    rows = queries.week(reader, scope, week, times.now())
    found = [charts.bars("comments", rows)]
    if Category.INQUIRY in scope.categories:
        found += [charts.bars("inquiries", rows), charts.bars("answered", rows)]
    return [*found, charts.bars("breaches", rows)] if Category.CONFIDENTIALITY in scope.categories else found


def draw_charts(reader: Reader, scope: Scope, week: str) -> None:
    """One chart at a time, chosen by what it counts; its figures stand in the table of the file below."""
    found = {one.name: one for one in charts_of(reader, scope, week) if one.values}
    if not found:
        return
    name = st.segmented_control(
        text("report.chart"), list(found), default="comments", required=True, key="figur",
        format_func=lambda one: text(f"report.chart_{one}"),
    )  # fmt: skip
    shown = found[name or "comments"]
    colour = colours.of(st.context.theme.type).accent
    alt = text("report.chart_alt", what=text(f"report.chart_{shown.name}"), week=words.week(week))
    st.vega_lite_chart(None, charts.spec(shown, colour), width="stretch", alt=alt, key="ugefigur")


def year() -> None:
    """The summary for the political committee, made when it is asked for."""
    st.caption(text("year.more"))
    this = times.now().astimezone(COPENHAGEN).year
    chosen = st.selectbox(text("year.choose"), [this - back for back in range(YEARS)], key="aar", width=200) or this
    st.download_button(
        text("year.download"),
        data=partial(_yearly, session.scope_later(), chosen),
        file_name=reports.year_file(chosen),
        mime="application/pdf",
        icon=":material/picture_as_pdf:",
        key="hent-aar",
        on_click="ignore",
    )


def _yearly(scope: Callable[[], Scope], chosen: int) -> bytes:
    settings = session.settings()
    with open_reader(settings.database) as reader:
        return reports.yearly(reader, scope(), chosen, times.now(), settings.municipality)


def _kept(scope: Callable[[], Scope], path: Path) -> bytes:
    now = scope()
    return path.read_bytes() if now.everywhere and now.browse else b""


def archive() -> None:
    """The files that were written into the folder, newest first, each to be fetched as it was written."""
    st.subheader(text("report.archive"))
    st.caption(text("report.archive_more"))
    files = reports.written(session.settings().reports)
    if not files:
        st.html(empty("report.no_archive"))
        return
    name = st.selectbox(text("report.file"), [path.name for path in files[:SHOWN]], key="arkiv", width=420)
    path = next((path for path in files if path.name == name), files[0])
    st.download_button(
        text("report.download_file"),
        data=partial(_kept, session.scope_later(), path),
        file_name=path.name,
        icon=":material/download:",
        key="hent-arkiv",
        on_click="ignore",
    )
