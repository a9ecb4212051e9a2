"""The entry of every run: the frame around the screens, and which of them the viewer has."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import session
from dashboard.access import Viewer, choose
from dashboard.guard import guarded, tell
from dashboard.safe import label
from dashboard.settled import settle
from dashboard.views import _help, _told
from dashboard.words import text
from data.errors import SideblikError
from data.people import keeps
from data.types import Category

HERE = Path(__file__).parent
MARK = "👀"


def main() -> None:
    st.set_page_config(page_title="Sideblik", page_icon=MARK, layout="wide")
    st.html(HERE / "look.css")
    st.logo(HERE / "mark.svg", size="large")
    try:
        session.settings()
    except SideblikError:
        st.error(text("app.no_settings"), icon=":material/settings_alert:")
        st.stop()
    try:
        session.used()
        _sidebar(session.viewer())
        viewer = session.viewer()  # the demo's switch stands in the sidebar
    except SideblikError as problem:
        tell(problem)
        st.stop()
    chosen = st.navigation(_pages(viewer), expanded=True)  # folded, its button is in English
    _told.show()
    _help.draw(viewer, _name(chosen, viewer), start=not chosen.url_path)
    try:
        guarded(chosen.run)()
    finally:
        settle(chosen.url_path)


def _pages(viewer: Viewer) -> dict[str, list[st.Page]]:
    """The navigation; what the scope would answer with nothing is left out."""
    categories, browse = viewer.scope.categories, viewer.scope.browse
    own = _minds_pages(viewer)
    today = [_page("mindag", "today", default=own)] if viewer.acts and browse else []
    overview = [_page("overblik", "insights", default=not own)]
    queues = [] if own else today
    queues += [_page("henvendelser", "inbox")] if Category.INQUIRY in categories else []
    queues += [_page("brud", "shield")] if Category.CONFIDENTIALITY in categories else []
    queues += [_page("tone", "campaign")] if Category.TONE in categories else []
    browsing = [_page("opslag", "article"), _page("soeg", "search")] if browse else []
    browsing += [_page("fotos", "photo_library")] if viewer.acts and browse else []
    browsing += [_page("sletteregnskab", "delete_sweep")] if browse else []
    rest = [_page("rapporter", "summarize"), _page("sider", "travel_explore"), _page("proev", "edit_note")]
    rest += [_page("vagtplan", "event_available")] if browse else []
    rest += [_page("beskeder", "mail")] if session.settings().login and session.settings().notice else []
    rest += [_page("adgang", "key")] if keeps(viewer.scope) else []
    sections = {
        "": [*today, *overview, _named("mindag")] if own else [*overview, _named("overblik")],
        text("nav.queues"): queues,
        text("nav.browse"): browsing,
        text("nav.rest"): rest,
    }
    return {name: pages for name, pages in sections.items() if pages}


def _minds_pages(viewer: Viewer) -> bool:
    """Who does begins with what waits for them."""
    return viewer.acts and viewer.scope.browse and not viewer.scope.everywhere


def _name(chosen: st.Page, viewer: Viewer) -> str:
    """The view's name; the address of the start view is empty."""
    return chosen.url_path or ("mindag" if _minds_pages(viewer) else "overblik")


def _page(name: str, icon: str, *, default: bool = False) -> st.Page:
    return st.Page(
        f"views/{name}.py",
        title=text(f"nav.{name}"),
        icon=f":material/{icon}:",
        url_path="" if default else name,
        default=default,
    )


def _named(name: str) -> st.Page:
    """The first page under its own name: its address is the root alone, and links of other people name it."""
    return st.Page(f"views/{name}.py", title=text(f"nav.{name}"), url_path=name, visibility="hidden")


def _sidebar(viewer: Viewer) -> None:
    """Whose pages these are, who looks, and the way out or, in the demo, the switch to another person."""
    found = session.settings()
    with st.sidebar:
        st.text(label(found.municipality))
        if found.login is not None:
            st.text(f"{label(viewer.name)} · {text(f'role.{viewer.role}')}")
            st.html(f'<a class="sb-way" href="/logout" target="_self">{text("login.leave")}</a>')
            return
        people = {person.name: person for person in found.people}
        if session.in_demo() and people:
            first = choose(found.people, None)
            st.selectbox(
                text("demo.switch"),
                list(people),
                index=list(people).index(first.name) if first else 0,
                format_func=lambda name: f"{label(name)} · {text(f'role.{people[name].role}')}",
                key=session.PERSON,
                bind="query-params",
                help=text("demo.help"),
            )


if __name__ == "__main__":
    main()
