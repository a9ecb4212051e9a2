"""The pages and how well they are seen, beside one page's visits, gaps and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sized

import streamlit as st

from collectors.platforms import keep_limit
from dashboard import session, words
from dashboard.diagnosis import OLDEST_BACKUP
from dashboard.safe import label
from dashboard.shapes import minding, page_detail, places
from dashboard.shapes.basics import empty
from dashboard.views import _import
from dashboard.views._panes import detail_pane, list_pane
from dashboard.wiring import pages as pages_of
from dashboard.words import text
from data import backup, jobs, queries, rejudged, times
from data.queries import Reader
from data.rows import PageRow
from data.times import COPENHAGEN
from data.types import Outcome

CHOSEN = "valgt"


def main() -> None:
    st.title(text("nav.sider"))
    st.caption(text("page.more"))
    _backups()
    _undone()
    _rejudged()
    with session.reader() as reader:
        now = times.now()
        found = pages_of(reader, session.viewer().scope, session.settings())
        missing = queries.uncovered(reader, session.viewer().scope, now.astimezone(COPENHAGEN).date())
        pages = sorted(found, key=lambda page: places.rank(page, now))
        chosen = next((page for page in pages if page.id == st.query_params.get(CHOSEN)), None)
        left, right = st.columns([5, 7], gap="large")
        with left, list_pane(chosen is not None):
            if not pages:
                st.html(empty("page.empty"))
            for page in pages:
                _card(page, places.card(page, now) + _uncovered(missing, page), chosen=page is chosen)
        with right, detail_pane(chosen is not None):
            _detail(reader, chosen)


def _backups() -> None:
    """When the last backup was made, for those who answer for all institutions; nothing where none is asked for."""
    wanted = session.settings().backup
    if wanted is None or not session.viewer().scope.everywhere:
        return
    newest = next(iter(backup.found(wanted.folder)), None)
    if newest is None:
        st.warning(text("backup.none"), icon=":material/backup:")
    elif times.now() - newest.made_at > OLDEST_BACKUP:
        st.warning(text("backup.old", when=words.moment(newest.made_at)), icon=":material/backup:")
    else:
        st.caption(text("backup.made", when=words.moment(newest.made_at)))


def _undone() -> None:
    """What should have been done at night or on Monday and was not, for those who answer for all institutions."""
    if not session.viewer().scope.everywhere:
        return
    with session.reader() as reader:
        for job, due in jobs.undone(reader, times.now()):
            what = text(f"job.name.{job.replace(' ', '_')}")
            st.warning(text("job.undone", what=what, when=words.moment(due)), icon=":material/assignment_late:")


def _uncovered(missing: Mapping[str, Sized], page: PageRow) -> str:
    """The warning that nobody looks after the page on some working day of the coming week."""
    days = len(missing.get(page.id, ()))
    return f'<div class="sb-pills">{minding.uncovered(days)}</div>' if days else ""


@st.fragment(run_every=5)
def _rejudged() -> None:
    """How far judging again has come, for as long as something is left."""
    with session.reader() as reader:
        if not rejudged.waits(reader):
            return
        found = rejudged.progress(reader)
    shown = {"done": words.number(found.done), "total": words.number(found.total)}
    st.progress(found.done / max(1, found.total), text("rejudged.progress", **shown))


def _card(page: PageRow, body: str, *, chosen: bool) -> None:
    with st.container(border=True, key=f"kort-{page.id}{'-valgt' if chosen else ''}", gap=None):
        st.html(body)
        st.button(text("page.open"), key=f"aabn-side-{page.id}", type="tertiary", on_click=_open, args=(page.id,))


def _open(page_id: str) -> None:
    st.query_params[CHOSEN] = page_id


def _detail(reader: Reader, page: PageRow | None) -> None:
    if page is None:
        st.html(empty("page.none", "←"))
        return
    scope, now = session.viewer().scope, times.now()
    visits = queries.visits(reader, scope, page.id)
    st.html(page_detail.head(page, visits, keep_limit(page.platform), now))
    if people := queries.on_duty(reader, scope, page.id, now):
        st.text(text("rota.card", people=", ".join(label(one) for one in people)))
    if session.viewer().acts:
        _fetch_now(page)
    if short := page_detail.short_posts(queries.short_posts(reader, scope, page.id), now):
        st.subheader(text("short.title"))
        st.caption(text("short.more"))
        st.html(short)
    st.subheader(text("gap.title"))
    watched = page.visited and page.seen_at is not None
    nothing = empty("gap.empty", "✓") if watched else empty("gap.unknown", "?")
    st.html(places.gaps(queries.gaps(reader, scope, page.id), now) or nothing)
    st.subheader(text("visit.title"))
    st.html(page_detail.visits(visits, now))
    if session.viewer().acts:
        _import.draw(page)


def _fetch_now(page: PageRow) -> None:
    """A visit at once, for whoever does not want to wait for the next one."""
    configured = next((one for one in session.settings().pages if one.id == page.id), None)
    if configured is None or not configured.ref:
        st.caption(text("page.by_import"))
        return
    if not st.button(text("page.fetch"), icon=":material/sync:", type="primary", key=f"hent-{page.id}"):
        return
    with st.status(text("page.fetching")) as status, session.store() as store:
        result = session.visitor().visit(configured, store)
        tally = result.tally
        st.write(text("page.fetched", new=tally.new, edited=tally.edited, gone=tally.gone, read=tally.fetched))
        done = result.outcome is Outcome.COMPLETE
        status.update(label=text(f"page.visit_{result.outcome}"), state="complete" if done else "error", expanded=True)


if __name__ == "__main__":
    main()
