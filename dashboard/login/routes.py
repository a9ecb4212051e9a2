"""What a person meets before the gate: the ways to log in, and the way out."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.login import claims, html, passwords
from dashboard.login.gate import open_session, word_of
from dashboard.login.oidc import CALLBACK, LEFT, Provider, ProviderError
from dashboard.settings import Settings
from dashboard.settings_login import Login, client_secret
from dashboard.settings_tokens import SECRETS
from dashboard.words import text
from data import people
from data.errors import SideblikError
from data.people import PersonError
from data.queries import open_reader
from data.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")
_LONGEST: Final = 2000
_BODY: Final = 8192  # bytes of a form
_BROWSER: Final = "sideblik-attempt"
_NEXT: Final = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


def following(given: str) -> str:
    """The place on this host that a deep link means; the start page for anything that could lead elsewhere."""
    inside = len(given) <= _LONGEST and _NEXT.fullmatch(given) and not given.startswith(("/login", "/logout"))
    return given if inside else "/"


def is_own_form(request: Request) -> bool:
    """Whether a page of ours sent the form, so that no other page logs its reader in as somebody else."""
    told = request.headers.get("sec-fetch-site")
    if told is not None:
        return told == "same-origin"
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")


class Door:
    """The routes. `settings` is asked at each request; one Door a process, since it counts attempts."""

    def __init__(self, settings: Callable[[], Settings], clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._tries = passwords.Throttle(clock)
        self._hashing = asyncio.Semaphore(2)  # 64 MiB each
        self._provider: tuple[Login, str | None, Provider] | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/login", self._guarded(self._ask)),
            Route("/login/oidc", self._guarded(self._start)),
            Route(CALLBACK, self._guarded(self._finish)),
            Route("/login/password", self._guarded(self._password), methods=["POST"]),
            Route("/login/link", self._guarded(self._link), methods=["GET", "POST"]),
            Route("/logout", self._guarded(self._leave)),
            Route(LEFT, self._guarded(self._left)),
        ]

    def _guarded(
        self, answer: Callable[[Request, Login], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                login = self._settings().login
                if login is None:
                    return RedirectResponse("/", 303)
                return await answer(request, login)
            except SideblikError as problem:
                log.warning("a login was not possible: %s", problem.code)
                return html.told(text("login.title"), text("app.no_database"), 503, "/login")

        return guarded

    async def _ask(self, request: Request, login: Login) -> Response:
        target = following(request.query_params.get("next", "/"))
        if await run_in_threadpool(open_session, self._settings(), request.cookies, self._clock()):
            return RedirectResponse(target, 303)
        return html.ask(login, target)

    async def _start(self, request: Request, login: Login) -> Response:
        browser = request.cookies.get(_BROWSER, "")
        browser = browser if _WORD.fullmatch(browser) else secrets.token_urlsafe(32)
        target = following(request.query_params.get("next", "/"))
        try:
            answer: Response = RedirectResponse(await self._oidc(login).start(request, browser, target), 303)
        except ProviderError:
            return html.told(text("login.title"), text("login.no_provider"), 503, "/login")
        answer.set_cookie(
            _BROWSER, browser, max_age=600, path="/login", httponly=True, secure=login.secure, samesite="lax"
        )
        return answer

    async def _finish(self, request: Request, login: Login) -> Response:
        try:
            arrival = await self._oidc(login).finish(request, request.cookies.get(_BROWSER, ""))
        except ProviderError:
            return html.told(text("login.title"), text("login.failed"), 400, "/login")
        word, mapped = claims.login_in(arrival.claims, login), claims.person_in(arrival.claims, login)
        try:
            number = await self._stored(lambda store: store.arrived(arrival.subject, word, mapped))
        except PersonError:
            number = None
        if number is None:
            log.info("somebody logged in at the provider who is unknown here")
            return html.told(text("login.unknown_title"), text("login.unknown", contact=login.contact), 403)
        return await self._let_in(request, login, number, "oidc", arrival.next, arrival.hint)

    async def _password(self, request: Request, login: Login) -> Response:
        form = await _form(request)
        if "password" not in login.ways or form is None or not is_own_form(request):
            return Response(status_code=403)
        target = following(request.query_params.get("next", "/"))
        name, given = form.get("login", ""), form.get("password", "")
        if not self._tries.begins(name):
            return html.ask(login, target, text("login.too_often"), 429)
        kept = await run_in_threadpool(self._kept, name)
        async with self._hashing:
            right = await run_in_threadpool(passwords.is_right, kept[1] if kept else None, given)
        if not right or kept is None:
            return html.ask(login, target, text("login.wrong"), 403)
        self._tries.was_right(name)
        return await self._let_in(request, login, kept[0], "password", target)

    async def _link(self, request: Request, login: Login) -> Response:
        if request.method != "POST":
            word = request.query_params.get("word", "")
            return html.use_link(word if _WORD.fullmatch(word) else "")
        form = await _form(request)
        if "link" not in login.ways or form is None or not is_own_form(request):
            return Response(status_code=403)
        number = await self._stored(lambda store: store.use_link(form.get("word", "")))
        if number is None:
            return html.told(text("login.title"), text("login.link_used", contact=login.contact), 410)
        return await self._let_in(request, login, number, "link", "/")

    async def _leave(self, request: Request, login: Login) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return html.told(text("login.leave_title"), text("login.leave_more"), 403, "/")
        word = word_of(login, request.cookies)
        ended = await self._stored(lambda store: store.end_session(word)) if word else None
        away = None
        if ended and ended[0] == "oidc" and "oidc" in login.ways:
            away = await self._oidc(login).leaving(ended[1])
        answer = RedirectResponse(away or LEFT, 303)
        answer.delete_cookie(login.cookie, path="/", secure=login.secure, httponly=True, samesite="lax")
        return answer

    async def _left(self, _request: Request, _login: Login) -> Response:
        return html.told(text("login.left_title"), text("login.left"), 200, "/login")

    async def _let_in(
        self, request: Request, login: Login, number: int, way: str, target: str, hint: str = ""
    ) -> Response:
        """A new session under a new word; one that this browser had before ends."""
        before = word_of(login, request.cookies)

        def begin(store: Store) -> str:
            if before:
                store.end_session(before)
            return store.begin_session(number, way, login.lasts, hint)

        word = await self._stored(begin)
        answer = RedirectResponse(target, 303)
        answer.set_cookie(login.cookie, word, path="/", httponly=True, secure=login.secure, samesite="lax")
        return answer

    def _oidc(self, login: Login) -> Provider:
        """The provider of the settings as they are; made anew when they change."""
        secret = client_secret(self._settings().path.with_name(SECRETS))
        if self._provider is None or self._provider[:2] != (login, secret):
            self._provider = (login, secret, Provider(login, secret, self._clock))
        return self._provider[2]

    def _kept(self, name: str) -> tuple[int, str] | None:
        with open_reader(self._settings().database) as reader:
            return people.password_of(reader, name)

    async def _stored(self, act: Callable[[Store], T]) -> T:
        def acted() -> T:
            with Store.open(self._settings().database, clock=self._clock) as store:
                return act(store)

        return await run_in_threadpool(acted)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a small form of texts; None for anything else."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > _BODY:
            return None
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    try:
        return dict(parse_qsl(parts.decode("utf-8"), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return None
