"""Nothing is answered before the gate has been passed: no screen, no download, no live connection.

    no [login] ──► from this machine itself? ──────► on, else 403
    [login]    ──► a session that is open now? ────► on
                   └─ a page is asked for ─────────► the login, which remembers what was asked for
                   └─ anything else ───────────────► 401, a live connection is refused

The screens ask again at each of their runs (`dashboard/session.py`): a connection may be older than a session's end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import webhook
from dashboard.login import local
from dashboard.settings import Settings
from dashboard.settings_login import Login
from dashboard.words import text
from data.errors import SideblikError
from data.queries import open_reader
from data.sessions import Session, session

_OPEN: Final = frozenset({"/readyz", webhook.PATH})  # says yes or no; has signatures of its own
_BEFORE: Final = ("/login", "/logout", "/static/")  # the login itself, and Streamlit's own files


class Gate:
    """ASGI middleware around everything. `settings` is asked at each request."""

    def __init__(self, app: ASGIApp, *, settings: Callable[[], Settings], clock: Callable[[], datetime]) -> None:
        self._app = app
        self._settings = settings
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        try:
            refusal = await self._refusal(asked)
        except SideblikError:
            refusal = PlainTextResponse(text("app.no_settings"), 503)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _refusal(self, asked: HTTPConnection) -> Response | None:
        settings = self._settings()
        if settings.login is None:
            return None if local.is_own(asked) else PlainTextResponse(text("login.not_local"), 403)
        path = asked.url.path
        if path.startswith(_BEFORE):
            return None
        if await run_in_threadpool(open_session, settings, asked.cookies, self._clock()):
            return None
        if asked.scope.get("method") == "GET" and "text/html" in asked.headers.get("accept", ""):
            query = f"?{asked.url.query}" if asked.url.query else ""
            return RedirectResponse(f"/login?{urlencode({'next': path + query})}", 303)
        return Response(status_code=401)


def open_session(settings: Settings, cookies: object, now: datetime) -> Session | None:
    """The session of a request's cookies, looked up now; None for none, one that ended, or cookies of another form."""
    login = settings.login
    word = word_of(login, cookies) if login else ""
    if not login or not word:
        return None
    with open_reader(settings.database) as reader:
        return session(reader, word, now, login.idle)


def word_of(login: Login, cookies: object) -> str:
    """The session's word in a request's cookies; "" where there is none."""
    found = cookies.get(login.cookie) if hasattr(cookies, "get") else None
    return found if isinstance(found, str) else ""
