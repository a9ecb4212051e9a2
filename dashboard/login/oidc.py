"""Login by OpenID Connect (Authlib): code flow with state, nonce and PKCE; what the provider says is checked here.

    start ──► the provider ──► finish: state ─► code for tokens ─► ID token's signature, issuer, audience, age, nonce
                                       └─► userinfo of the same account fills in what the ID token leaves out

What an attempt must remember waits in this process for ten minutes, under a word in the browser's cookie and the
attempt's own state: two tabs may log in at once, and no other browser can finish what one began.
Source: openid.net/specs/openid-connect-core-1_0.html, openid-connect-rpinitiated-1_0.html.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteIntegration, StarletteOAuth2App
from starlette.requests import Request

from dashboard.settings_login import Login

log = logging.getLogger(__name__)

CALLBACK: Final = "/login/callback"
LEFT: Final = "/login/left"
_PATIENCE: Final = timedelta(minutes=10)
_MOST: Final = 1000  # attempts that wait; beyond it the oldest begins anew
_NAME: Final = "sideblik"
_SIGNED: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_OFFERED: Final = "id_token_signing_alg_values_supported"


class ProviderError(Exception):
    """The provider could not be asked, or its answer does not hold; says no word of it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who the provider says has come: `subject` is issuer and number, `hint` the ID token, `next` the deep link."""

    subject: str
    claims: Mapping[str, Any]
    hint: str
    next: str


@dataclass(frozen=True, slots=True)
class _Attempt:
    kept: dict[str, Any]
    next: str
    at: datetime


class Provider:
    """The provider of one [login]; its metadata and keys are asked once, keys again when a new one signs."""

    def __init__(self, login: Login, secret: str | None, clock: Callable[[], datetime]) -> None:
        self._login = login
        self._clock = clock
        self._attempts: OrderedDict[tuple[str, str], _Attempt] = OrderedDict()
        how = {"scope": login.scope, "code_challenge_method": "S256", "timeout": 10.0}
        self._client: Any = StarletteOAuth2App(
            StarletteIntegration(_NAME),
            name=_NAME,
            client_id=login.client_id,
            client_secret=secret,
            server_metadata_url=f"{login.provider}/.well-known/openid-configuration",
            client_kwargs=how if secret else {**how, "token_endpoint_auth_method": "none"},
        )

    async def start(self, request: Request, browser: str, following: str) -> str:
        """Where the browser goes to log in; ProviderError where the provider cannot be asked."""
        kept: dict[str, Any] = {}
        try:
            await self._metadata()
            answer = await self._client.authorize_redirect(_with(request, kept), self._login.url + CALLBACK)
        except Exception as problem:  # noqa: BLE001 the library's, the network's, the provider's
            raise _told("asked", problem) from None
        state = next(iter(kept)).removeprefix(f"_state_{_NAME}_")
        now = self._clock()
        while self._attempts and (len(self._attempts) >= _MOST or self._oldest() < now - _PATIENCE):
            self._attempts.popitem(last=False)
        self._attempts[browser, state] = _Attempt(kept, following, now)
        return str(answer.headers["location"])

    async def finish(self, request: Request, browser: str) -> Arrival:
        """Who has come; ProviderError where anything does not hold. An attempt is finished once, well or not."""
        attempt = self._attempts.pop((browser, request.query_params.get("state", "")), None)
        if attempt is None or attempt.at < self._clock() - _PATIENCE:
            raise ProviderError
        try:
            metadata = await self._metadata()
            wanted = {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": self._login.client_id},
            }
            token = await self._client.authorize_access_token(_with(request, attempt.kept), claims_options=wanted)
            claims = dict(token["userinfo"])
            subject = f"{claims['iss']} {claims['sub']}"
        except Exception as problem:  # noqa: BLE001 likewise
            raise _told("believed", problem) from None
        return Arrival(subject, await self._more(token, claims), str(token["id_token"]), attempt.next)

    async def leaving(self, hint: str) -> str | None:
        """Where the browser goes to end the provider's session too; None where it offers no such place."""
        try:
            if not (await self._metadata()).get("end_session_endpoint"):
                return None
            answer = await self._client.create_logout_url(self._login.url + LEFT, hint)
        except Exception as problem:  # noqa: BLE001 our own session has ended; that must not fail
            _told("asked", problem)
            return None
        return str(answer["url"])

    async def _metadata(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._client.load_server_metadata()
        if str(found.get("issuer", "")).rstrip("/") != self._login.provider:
            self._client.server_metadata.clear()
            raise ProviderError
        # what a provider offers may hold "none", and Authlib would then take a token that nobody signed
        found[_OFFERED] = [one for one in _SIGNED if one in (found.get(_OFFERED) or ())] or ["RS256"]
        return found

    async def _more(self, token: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
        """Claims with userinfo's behind them; many providers keep name, mail and groups there."""
        try:
            told = dict(await self._client.userinfo(token=token)) if await self._offers_userinfo() else {}
        except Exception as problem:  # noqa: BLE001 what the ID token says stands
            _told("asked for more", problem)
            return claims
        return {**told, **claims} if told.get("sub") == claims["sub"] else claims

    async def _offers_userinfo(self) -> bool:
        return "userinfo_endpoint" in await self._metadata()

    def _oldest(self) -> datetime:
        return next(iter(self._attempts.values())).at


def _with(request: Request, kept: dict[str, Any]) -> Request:
    """The request with what an attempt remembers; Streamlit has a session of its own in the scope."""
    return Request({**request.scope, "session": kept})


def _told(what: str, problem: Exception) -> ProviderError:
    """The kind of a problem in the log; its words may hold tokens and names."""
    code = problem.error if isinstance(problem, OAuthError) and str(problem.error).isidentifier() else ""
    log.warning("the login provider could not be %s: %s %s", what, type(problem).__name__, code)
    return ProviderError()
