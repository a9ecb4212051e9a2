"""The weekly report as it is written to CSV: what stands in it, and the files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice

import streamlit as st

from analysis.veil import ThirdPartyVeil
from dashboard import csvfile, reports, session, words
from dashboard.reports import Table
from dashboard.safe import clean
from dashboard.shapes.basics import empty, table
from dashboard.views import _reports
from dashboard.words import text
from data import times
from data.queries import Reader, open_reader
from data.times import shift_week, week_bounds, week_of
from data.types import Scope

WEEKS = 16
SHOWN = 40


def main() -> None:
    st.title(text("nav.rapporter"))
    st.caption(text("report.more"))
    weekly, yearly = st.tabs([text("report.tab"), text("year.tab")])
    with weekly:
        _weekly()
    with yearly:
        _reports.year()
    if session.viewer().scope.everywhere and session.viewer().scope.browse:
        _reports.archive()


def _weekly() -> None:
    week = _week()
    scope = session.viewer().scope
    with st.container(horizontal=True, key="hent"):
        _download("pages", week)
        _download("cases", week)
    with session.reader() as reader:
        _reports.draw_charts(reader, scope, week)
    pages, cases = st.tabs([text("report.pages"), text("report.cases")])
    with session.reader() as reader:
        with pages:
            _preview(_made("pages", reader, scope, week), "report.pages")
        with cases:
            _preview(_made("cases", reader, scope, week), "report.cases")


def _week() -> str:
    """The ISO week, kept in the address; the last that has ended at first."""
    now = times.now()
    weeks = [shift_week(week_of(now), -back) for back in range(WEEKS)]
    chosen = st.selectbox(
        text("report.week"), weeks, index=1, format_func=_named, key="uge", bind="query-params", width=360
    )
    return chosen or weeks[1]


def _named(week: str) -> str:
    begin, end = week_bounds(week)
    last = end - (end - begin) / 7
    now = times.now()
    name = text("report.week_name", week=words.week(week), begin=words.date(begin, now), end=words.date(last, now))
    return f"{name} · {text('report.running')}" if week == week_of(now) else name


def _download(name: str, week: str) -> None:
    """The file is made when it is asked for, under what the viewer may see then."""
    st.download_button(
        text(f"report.download_{name}"),
        data=partial(_content, name, session.scope_later(), week),
        file_name=f"sideblik-{week}-{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"hent-{name}",
        on_click="ignore",
    )


def _content(name: str, scope: Callable[[], Scope], week: str) -> bytes:
    with open_reader(session.settings().database, veil=ThirdPartyVeil()) as reader:
        made = _made(name, reader, scope(), week)
        return csvfile.content(made.header, made.rows)


def _made(name: str, reader: Reader, scope: Scope, week: str) -> Table:
    if name == "pages":
        return reports.pages(reader, scope, week, times.now())
    return reports.cases(reader, scope, week, times.now())


def _preview(made: Table, name: str) -> None:
    """The first rows, written as the file writes them."""
    cells = [[clean(csvfile.cell(value)) for value in row] for row in islice(made.rows, SHOWN)]
    if not cells:
        st.html(empty("report.empty"))
        return
    numbers = frozenset(place for place, value in enumerate(cells[0]) if value.replace(",", "").isdigit())
    st.html(f'<div class="sb-wide">{table(made.header, cells, label=text(name), numbers=numbers)}</div>')
    if len(cells) == SHOWN:
        st.caption(text("report.first", count=SHOWN))


if __name__ == "__main__":
    main()
