"""The one place that speaks HTTP: a shared client that waits, tries again, and turns every failure into a `VisitError`.

    get_json / get_bytes ──► allowed now? ──► send ──► body within its cap ──► what does the answer mean? ──► Answer
                                ▲                                                    │
                                └──── a passing failure: backoff with jitter ◄───────┘

A token travels in one header (Authorization, or the one that a platform names); where one is renewed, as the platform
wants it. No address with a query reaches a log or an error: `redact` is used wherever one is told.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

from collectors.addresses import may_follow, redact, resolve
from collectors.bodies import decode, looks
from collectors.errors import (
    NetworkError,
    PageSetupError,
    ShapeError,
    ThrottledError,
    VisitError,
)
from collectors.limits import Limits, Usage
from collectors.refusals import refusal
from data.times import now

TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
WHOLE_ANSWER: Final = timedelta(seconds=120)  # a server that sends a byte now and then may not hold a worker for ever
JSON_CAP: Final = 20_000_000
BYTES_CAP: Final = 5_000_000
ATTEMPTS: Final = 4
LONGEST_WAIT: Final = timedelta(seconds=60)  # longer waits are for the next visit
HOPS: Final = 5
USER_AGENT: Final = f"Mozilla/5.0 (compatible; Sideblik/{version('sideblik')})"
_LOOPBACK: Final = ("all://127.0.0.1", "all://localhost", "all://[::1]")  # never through a proxy

for _name in ("httpx", "httpcore"):  # their own messages hold whole addresses and headers
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx or 304: `data` is decoded JSON or bytes, None for a 304; `headers` by any case; `url` where it came from.

    `moved` is True when the platform said that the address changed for good.
    """

    status: int
    headers: Mapping[str, str]
    data: Any
    url: str
    moved: bool = False


Explain = Callable[[Answer], VisitError | None]
"""What an answer means on a platform, refusals included; None leaves it to what the status means everywhere."""


@dataclass(frozen=True, slots=True)
class _Ask:
    url: str
    params: Mapping[str, str] | None
    token: str | None
    headers: Mapping[str, str]
    cap: int
    apart: float
    decode: bool
    token_header: str = ""
    body: Mapping[str, str] | None = None  # sent with a POST, as JSON or as a form; None asks with a GET
    form: bool = False


class Http:
    """The shared client; safe to share between threads.

    `calls` counts the requests sent through this view of it; `usage` is how full the platform's limit was by the
    newest answer that told of one.
    """

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        user_agent: str = USER_AGENT,
        clock: Callable[[], datetime] = now,
        sleep: Callable[[float], None] = time.sleep,
        addresses: Callable[[str], Iterable[str]] = resolve,
    ) -> None:
        self.calls = 0
        self.usage: Usage | None = None
        self.clock = clock
        self._sleep = sleep
        self._addresses = addresses
        self._limits = Limits(clock, sleep)
        self._client = httpx.Client(
            transport=transport,
            timeout=TIMEOUT,
            headers={"user-agent": user_agent},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # nobody is to know Sideblik again by one
            mounts=None if transport else dict.fromkeys(_LOOPBACK),
        )

    def view(self) -> Http:
        """The same client and limits with a count and a usage of its own, for one visit."""
        other = object.__new__(Http)
        other.__dict__.update(self.__dict__, calls=0, usage=None)
        return other

    def close(self) -> None:
        self._client.close()

    def get_json(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        explain: Explain | None = None,
        apart: float = 0.0,
        token_header: str = "",
    ) -> Answer:
        """GET an address that answers JSON, at most 20 MB; `apart` seconds after the last request to its host.

        The token is sent as a bearer token, or bare in the header that `token_header` names.
        """
        told = {"accept": "application/json", **(headers or {})}
        ask = _Ask(url, params, token, told, JSON_CAP, apart, decode=True, token_header=token_header)
        return self._get(ask, explain)

    def post(
        self,
        url: str,
        body: Mapping[str, str],
        *,
        form: bool = False,
        token: str | None = None,
        explain: Explain | None = None,
    ) -> Answer:
        """POST to an address that answers JSON, and follow it nowhere; for logins and tokens, since nothing is changed.

        The body goes as a JSON object, or as a form, which OAuth servers want.
        """
        told = {"accept": "application/json"}
        return self._get(_Ask(url, None, token, told, JSON_CAP, 0.0, decode=True, body=body, form=form), explain)

    def get_bytes(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        explain: Explain | None = None,
        apart: float = 0.0,
    ) -> Answer:
        """GET an address whose answer is taken as it is, at most 5 MB."""
        return self._get(_Ask(url, params, None, dict(headers or {}), BYTES_CAP, apart, decode=False), explain)

    def _get(self, ask: _Ask, explain: Explain | None) -> Answer:
        retrying = tenacity.Retrying(
            sleep=self._sleep,
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            retry=tenacity.retry_if_exception(self._passes_soon),
            wait=self._wait,
            reraise=True,
        )
        return retrying(self._once, ask, explain)

    def _passes_soon(self, error: BaseException) -> bool:
        if isinstance(error, ThrottledError):
            return error.retry_at is not None and error.retry_at - self.clock() <= LONGEST_WAIT
        return isinstance(error, NetworkError)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        backoff = tenacity.wait_exponential_jitter(multiplier=0.5, max=10, jitter=0.5)(state)
        if isinstance(error, ThrottledError) and error.retry_at is not None:
            return max((error.retry_at - self.clock()).total_seconds(), 0.0) + backoff
        return backoff

    def _once(self, ask: _Ask, explain: Explain | None) -> Answer:
        url, params, moved = ask.url, ask.params, True
        for _ in range(HOPS):
            self._limits.before(url, ask.token, ask.apart)
            response, body = self._send(url, params, ask)
            if ask.body is not None or not (response.is_redirect and "location" in response.headers):
                return self._meaning(ask, response, body, explain, moved=moved and url != ask.url)
            moved = moved and response.status_code in (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT)
            url, params = self._redirected(ask, str(response.url), response.headers["location"]), None
        raise PageSetupError(
            f"{redact(ask.url)} leads on more than {HOPS} times; correct its address.", endpoint=redact(ask.url)
        )

    def _redirected(self, ask: _Ask, came_from: str, location: str) -> str:
        target = _joined(came_from, location)
        if not may_follow(ask.url, target, self._addresses):
            raise PageSetupError(
                f"{redact(ask.url)} leads to an address outside its own site, which is not followed; correct the"
                " page's address if the site has moved.",
                endpoint=redact(ask.url),
            )
        return target

    def _send(self, url: str, params: Mapping[str, str] | None, ask: _Ask) -> tuple[httpx.Response, bytes]:
        """One request and its whole body; NetworkError where it does not come whole."""
        headers = dict(ask.headers)
        if ask.token and urlsplit(url).netloc == urlsplit(ask.url).netloc:
            headers[ask.token_header or "authorization"] = ask.token if ask.token_header else f"Bearer {ask.token}"
        place = redact(url)
        self.calls += 1
        try:
            with self._client.stream(
                "GET" if ask.body is None else "POST",
                url,
                params=params,
                headers=headers,
                json=None if ask.form else ask.body,
                data=ask.body if ask.form else None,
            ) as response:
                return response, self._body(response, ask.cap, place)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError):
            raise PageSetupError(
                f"{place} cannot be asked: address or token hold what cannot be sent; correct them.", endpoint=place
            ) from None
        except httpx.HTTPError as error:
            raise NetworkError(
                f"{place} did not answer whole ({type(error).__name__}); the next visit tries again.", endpoint=place
            ) from None  # the cause's own words may hold the whole address

    def _body(self, response: httpx.Response, cap: int, place: str) -> bytes:
        until = self.clock() + WHOLE_ANSWER
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > cap:
                raise ShapeError(f"{place} answered with more than {cap // 1_000_000} MB.", endpoint=place)
            if self.clock() > until:
                raise NetworkError(f"{place} took too long to send its answer.", endpoint=place)
        return bytes(body)

    def _meaning(
        self, ask: _Ask, response: httpx.Response, body: bytes, explain: Explain | None, *, moved: bool
    ) -> Answer:
        place = redact(str(response.url))
        self.usage = self._limits.after(str(response.url), ask.token, response.headers) or self.usage
        data, broken = decode(body) if ask.decode else (body, False)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            data, broken = None, False
        answer = Answer(response.status_code, response.headers, data, str(response.url), moved)
        meant = explain(answer) if explain else None
        error = meant or refusal(answer.status, answer.headers, body, place, self.clock())
        if error is None and broken:
            error = ShapeError(f"{place} answered {looks(body)} where JSON was expected.", endpoint=place)
        if isinstance(error, ThrottledError):
            self._limits.refused(str(response.url), None if error.everyone else ask.token, error.retry_at)
        if error is not None:
            raise error
        return answer

    def spent(self, url: str, token: str | None, usage: Usage) -> None:
        """A limit that a platform counts without telling it in headers, as its module keeps count of it."""
        self._limits.note((urlsplit(url).netloc, token or ""), usage)
        self.usage = usage


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:
        return ""
