"""Bluesky's XRPC: the public host for what everybody may read, the account's own with an app password.

    app password ──► session (kept in memory alone) ──► expired (HTTP 400 ExpiredToken) ──► renewed, asked once more

Logins are few a day (ten were measured), so a session is shared by all visits of this process and renewed, not made
anew. Source: lexicons com.atproto.server.*; AT Protocol, "Rate Limits" (`ratelimit-reset` is epoch seconds).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from collectors.addresses import redact
from collectors.errors import (
    EndpointGoneError,
    PageSetupError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.http import Answer, Http
from collectors.limits import counted_usage, retry_after

Json = Mapping[str, Any]
PUBLIC: Final = "https://public.api.bsky.app"
MEMBERS: Final = "https://bsky.social"
_EXPIRED: Final = frozenset({"ExpiredToken", "InvalidToken"})
_LOGIN: Final = frozenset({"AuthenticationRequired", "AuthMissing", "AuthFactorTokenRequired"})
_CLOSED: Final = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended"})
_BLOCKED: Final = frozenset({"BlockedActor", "BlockedByActor"})


class NotThereError(ShapeError):
    """One post is not there any more; the others are read."""


class ExpiredError(TokenError):
    """The session is over; it may be renewed."""


@dataclass(frozen=True, slots=True)
class Session:
    access: str
    refresh: str


class Sessions:
    """The sessions of this process by app password; nothing of them is ever written. Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Session] = {}

    def access(self, http: Http, base: str, account: str, password: str, *, after: str = "") -> str:
        """A token to read with; another one than `after`, which was told to be expired."""
        key = (account, password)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.access == after:
                self._kept[key] = kept = self._renewed(http, base, kept) or self._made(http, base, account, password)
            return kept.access

    def _made(self, http: Http, base: str, account: str, password: str) -> Session:
        told = {"identifier": account, "password": password}
        return self._session(http, f"{base}/xrpc/com.atproto.server.createSession", told)

    def _renewed(self, http: Http, base: str, kept: Session | None) -> Session | None:
        if kept is None:
            return None
        try:
            return self._session(http, f"{base}/xrpc/com.atproto.server.refreshSession", {}, kept.refresh)
        except TokenError:
            return None

    def _session(self, http: Http, url: str, body: Mapping[str, str], token: str | None = None) -> Session:
        answer = http.post(url, body, token=token, explain=lambda one: explain(one, http.clock()))
        told = answer.data if isinstance(answer.data, dict) else {}
        access, refresh = told.get("accessJwt"), told.get("refreshJwt")
        if not isinstance(access, str) or not isinstance(refresh, str):
            raise ShapeError(f"{redact(url)} answered no session.", endpoint=redact(url))
        return Session(access, refresh)


@dataclass(frozen=True, slots=True)
class Api:
    """One host; `password` "" for what everybody may read."""

    http: Http
    base: str
    account: str
    password: str
    sessions: Sessions

    def get(self, method: str, params: Mapping[str, str | list[str]] | None = None) -> Json:
        """The object that a query answers; a list of values is the parameter repeated."""
        query = "&".join(
            f"{name}={quote(one, safe='')}"
            for name, value in (params or {}).items()
            for one in (value if isinstance(value, list) else [value])
        )
        address = f"{self.base}/xrpc/{method}{'?' if query else ''}{query}"
        access = self._access() if self.password else None
        try:
            data = self._asked(address, access)
        except ExpiredError:
            if not access:
                raise
            data = self._asked(address, self._access(after=access))
        if not isinstance(data, dict):
            raise ShapeError(f"{redact(address)} answered no object; one was expected.", endpoint=redact(address))
        return data

    def pages(self, method: str, params: Mapping[str, str | list[str]]) -> Iterator[Json]:
        """The pages of a list until one has no cursor; an empty one with a cursor is not the end."""
        seen: set[str] = set()
        cursor = ""
        while True:
            page = self.get(method, {**params, "cursor": cursor} if cursor else params)
            yield page
            following = page.get("cursor")
            if not isinstance(following, str) or not following:
                return
            if following in seen:
                place = redact(f"{self.base}/xrpc/{method}")
                raise ShapeError(f"{place} leads in a circle: its next page was read before.", endpoint=place)
            seen.add(following)
            cursor = following

    def _access(self, after: str = "") -> str:
        return self.sessions.access(self.http, self.base, self.account, self.password, after=after)

    def _asked(self, address: str, access: str | None) -> object:
        found: object = self.http.get_json(address, token=access, explain=self._explain).data
        return found

    def _explain(self, answer: Answer) -> VisitError | None:
        return explain(answer, self.http.clock())


def explain(answer: Answer, at: datetime) -> VisitError | None:
    """The error that an answer tells at a moment; None leaves it to what its status means everywhere."""
    status, place = answer.status, redact(answer.url)
    told = answer.data.get("error") if isinstance(answer.data, dict) else None
    if status == 429:  # noqa: PLR2004, too many requests
        usage = counted_usage(answer.headers, at)
        until = retry_after(answer.headers, at) or (usage.resets_at if usage else None)
        words = f"Bluesky answered 429 to {place}: the limit is reached; it is asked again when it begins anew."
        return ThrottledError(words, endpoint=place, retry_at=until)
    if status < 400 or (status >= 500 and status != 501):  # noqa: PLR2004, refusals alone
        return None
    sort, means = _sort(status, told if isinstance(told, str) else "", place.rpartition("/")[2])
    return sort(f"Bluesky answered {status} to {place}: {means}.", endpoint=place)


def _sort(status: int, told: str, method: str) -> tuple[type[VisitError], str]:
    """Which kind of error a refusal is, by its name before its status, and what it means."""
    unknown = told == "InvalidRequest" and method.endswith(("getAuthorFeed", "resolveHandle"))
    cases: tuple[tuple[bool, type[VisitError], str], ...] = (
        (told in _EXPIRED, ExpiredError, "the login is over; a page administrator must make a new app password"),
        (told in _CLOSED, PageSetupError, "the account is closed; correct the page's `ref` in sideblik.toml"),
        (
            told in _LOGIN or status == 401,  # noqa: PLR2004, unauthorised
            TokenError,
            "the app password is wrong or missing; a page administrator must make a new one",
        ),
        (
            told in _BLOCKED or status == 403,  # noqa: PLR2004, forbidden
            PermissionMissingError,
            "the account may not read this; a page administrator must allow it",
        ),
        (told == "NotFound", NotThereError, "the post is not there any more"),
        (
            status in (404, 501),
            EndpointGoneError,
            "the platform removed what was asked for; Sideblik must be brought up to date",
        ),
        (unknown, PageSetupError, "it knows no such account; correct the page's `ref` in sideblik.toml"),
    )
    refused = ShapeError, "the question was refused; Sideblik must be corrected"
    return next(((sort, means) for holds, sort, means in cases if holds), refused)
