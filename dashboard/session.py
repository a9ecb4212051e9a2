"""What a run of a screen needs: the settings, the viewer, a reader or a store for this run, the engine.

A run may take place on any thread and a connection stays in its own, so each run opens one: 1 ms, measured.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analysis.veil import ThirdPartyVeil
from dashboard import settings as configuration
from dashboard.access import Viewer, choose, local_viewer, viewer_from, viewer_of
from dashboard.guard import NotSavedError
from dashboard.login.gate import open_session, word_of
from dashboard.settings import Settings
from dashboard.words import text
from data.errors import StoreError
from data.people import PersonRow
from data.queries import Reader, open_reader
from data.sessions import Session, is_stale
from data.store import Store
from data.times import now
from data.types import NOTHING, Scope

if TYPE_CHECKING:
    from analysis.engine import Engine
    from dashboard.visitor import Visitor

log = logging.getLogger(__name__)

REVEALED_FOR = timedelta(minutes=30)
_REVEALED = "vist"
PERSON = "som"  # the demo's role switch; its name stands in the address


def settings() -> Settings:
    """The settings as the file says now; read again when it changed."""
    return _settings(*_file())


def in_demo() -> bool:
    return os.environ.get("SIDEBLIK_DEMO") == "1"


def viewer() -> Viewer:
    """Who looks, as the people table has them now; a session that ended meanwhile ends the run with a sentence.

    Without a login: in the demo the person chosen in the sidebar, otherwise whoever sits at the machine.
    """
    found = _viewer()
    return replace(found, scope=replace(found.scope, revealed=_revealed(found))) if found.scope.masked else found


def reveal(case_id: int) -> None:
    """Show a case unmasked to this person for a while, in this session alone; `acting.reveal` has noted it."""
    st.session_state.setdefault(_REVEALED, {})[_viewer().name, case_id] = now() + REVEALED_FOR


def revealed_until(case_id: int) -> datetime:
    """Until when a case is shown unmasked; asked of one that is."""
    until: datetime = st.session_state[_REVEALED][_viewer().name, case_id]
    return until


def _revealed(found: Viewer) -> frozenset[int]:
    kept: dict[tuple[str, int], datetime] = st.session_state.get(_REVEALED, {})
    at = now()
    return frozenset(case_id for (name, case_id), until in kept.items() if name == found.name and at < until)


def _viewer() -> Viewer:
    if settings().login is not None:
        return viewer_from(_logged_in().person.person)
    if in_demo():
        person = choose(settings().people, st.session_state.get(PERSON))
        if person is not None:
            return viewer_of(person)
    return local_viewer(text("role.local"))


def person() -> PersonRow | None:
    """The person who is logged in; None where nobody has to."""
    return _logged_in().person if settings().login is not None else None


def scope_later() -> Callable[[], Scope]:
    """What this viewer may see when it is asked: for a file that is made on a click, where no run is there to ask.

    Nothing for a session that has ended meanwhile.
    """
    before, cookies = viewer().scope, st.context.cookies.to_dict() if settings().login else {}

    def asked() -> Scope:
        if settings().login is None:
            return before
        found = open_session(settings(), cookies, now())
        return viewer_from(found.person.person).scope if found else NOTHING

    return asked


def used() -> None:
    """A run that somebody asked for: the session is in use. Parts that renew themselves do not come here."""
    if settings().login is not None and is_stale(_logged_in(), now()):
        login = settings().login
        try:
            with store() as opened:
                opened.used_session(word_of(login, st.context.cookies) if login else "")
        except StoreError as problem:  # a full disk must not keep from reading what is stored
            log.warning("the use of a session was not noted: %s", problem)


def _logged_in() -> Session:
    """The open session of this connection's cookie, asked anew at each call; where it ended the run does."""
    found = open_session(settings(), st.context.cookies, now())
    if found is None:
        st.warning(text("login.ended"), icon=":material/lock:")
        st.html(f'<a class="sb-way" href="/login" target="_self">{text("login.again")}</a>')
        st.stop()
    return found


@contextmanager
def reader() -> Iterator[Reader]:
    with open_reader(settings().database, veil=ThirdPartyVeil()) as opened:
        yield opened


@contextmanager
def store() -> Iterator[Store]:
    """To write with; NotSavedError where the database cannot be written."""
    try:
        with Store.open(settings().database) as opened:
            yield opened
    except StoreError as problem:
        raise NotSavedError(str(problem)) from problem


def engine() -> Engine:
    """The engine that judges drafts; loaded when it is first asked, shared between viewers."""
    return _engine(*_file())


def visitor() -> Visitor:
    """For "hent nu" and imports; the client and the engine are loaded when first asked."""
    return _visitor(*_file())


@lru_cache(maxsize=2)
def _settings(path: Path, _changed: int) -> Settings:
    return configuration.load(path)


def _file() -> tuple[Path, int]:
    """The configuration and when it was changed: what is made from it is made anew when that differs."""
    path = configuration.where()
    return path, path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=1)
def _engine(path: Path, changed: int) -> Engine:
    from dashboard.wiring import engine_for  # noqa: PLC0415 detectors and model cost a second that most views need not

    return engine_for(_settings(path, changed))


@lru_cache(maxsize=1)
def _visitor(path: Path, changed: int) -> Visitor:
    from dashboard.visitor import Visitor  # noqa: PLC0415 likewise

    return Visitor(_settings(path, changed), engine=_engine(path, changed))
