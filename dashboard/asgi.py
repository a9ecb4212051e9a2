"""The web application: Streamlit's, with the headers that it does not send and a route that says whether it can work.

Start: `streamlit run dashboard/asgi.py`. The content security policy is the second wall behind `safe.py`: were foreign
text ever drawn as markup, the browser would still load nothing from another host.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

import streamlit
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

from dashboard import guard, live, session, settings, webhook
from dashboard.login.gate import Gate
from dashboard.login.routes import Door
from dashboard.settings_login import is_loopback
from dashboard.settings_tokens import SECRETS
from dashboard.settings_webhook import webhook_secrets
from dashboard.webhook import Configured
from data.errors import SideblikError
from data.queries import open_reader
from data.times import now

HERE: Final = Path(__file__).parent
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def script_hashes(page: bytes) -> list[str]:
    """The policy's words for the inline scripts that Streamlit's own page holds."""
    return [f"'sha256-{base64.b64encode(hashlib.sha256(found).digest()).decode()}'" for found in _INLINE.findall(page)]


def policy(page: bytes) -> str:
    """The content security policy: this host alone, no frame, no plugin, no script but Streamlit's."""
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *script_hashes(page)])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def headers() -> dict[str, str]:
    """The security headers of every answer."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    return {
        "Content-Security-Policy": policy(page),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """Puts the headers on every HTTP answer, Streamlit's files included."""

    def __init__(self, app: ASGIApp, *, told: dict[str, str]) -> None:
        self._app = app
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._told.items():
                    answer.setdefault(name, value)  # the login pages have a Referrer-Policy of their own
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


def readyz(_request: Request) -> Response:
    """200 when the settings and the database can be read, else 503 with the sentence that says why."""
    try:
        open_reader(settings.load(settings.where()).database).close()
    except SideblikError as problem:
        return PlainTextResponse(f"{type(problem).__name__}\n", 503)
    return PlainTextResponse("ok\n")


def _webhooks() -> Configured | None:
    """The secrets and the visited pages as they are set now; None without both secrets."""
    found = session.settings()
    secrets = webhook_secrets(found.path.with_name(SECRETS))
    if secrets is None:
        return None
    pages: dict[tuple[str, str], tuple[str, ...]] = {}
    for page in found.pages:
        if page.ref:
            pages[page.platform, page.ref] = (*pages.get((page.platform, page.ref), ()), page.id)
    return Configured(secrets, pages)


def _wake(pages: Collection[str]) -> None:
    with session.store() as store:
        store.wake(pages)


def _only_here() -> None:
    """Refuses to start on an address that others reach while nobody has to log in."""
    address = st.get_option("server.address")
    try:
        login = settings.load(settings.where()).login
    except SideblikError:
        login = None
    if address and not is_loopback(str(address)) and login is None:
        sys.exit(f"sideblik: without a [login] only 127.0.0.1 is answered, not {address}; see docs/login.md.")


guard.without_tracebacks()
guard.without_addresses()
_only_here()
app = App(
    HERE / "app.py",
    routes=[
        Route("/readyz", readyz),
        Route(live.PATH, live.answer),
        Route(webhook.PATH, webhook.Webhook(_webhooks, _wake)),
        *Door(session.settings, now).routes(),
    ],
    middleware=[
        Middleware(SecurityHeaders, told=headers()),
        Middleware(Gate, settings=session.settings, clock=now),
    ],
    on_script_error=guard.tell,
)
