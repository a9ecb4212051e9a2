"""Mastodon's REST API: one server, asked with or without a token, and what its refusals mean.

Source: Mastodon API, "Rate limits" (the reset is an ISO time) and "Pagination" (Link headers); recorded against 4.6.
The words of an error are in the user's language and mean nothing here: the status and what was asked do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

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

_NEXT: Final = re.compile(r"<([^>]+)>\s*;\s*rel=\"?next\"?")


class NotThereError(ShapeError):
    """One status is not there, or not to be seen; the others are read."""


@dataclass(frozen=True, slots=True)
class Api:
    """One server by its address; `token` None for what everybody may read."""

    http: Http
    base: str
    token: str | None

    def get(self, path: str, params: Mapping[str, str] | None = None) -> object:
        found: object = self._ask(f"{self.base}/api/v1/{path}", params).data
        return found

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[object]:
        """The pages of a list, by the Link headers that the server gives, until there is none."""
        address, asked = f"{self.base}/api/v1/{path}", dict[str, str](params)
        seen: set[str] = set()
        while address:
            if address in seen:
                raise ShapeError(f"{redact(address)} leads in a circle.", endpoint=redact(address))
            seen.add(address)
            answer = self._ask(address, asked)
            yield answer.data
            address, asked = self._following(address, answer), {}

    def _following(self, address: str, answer: Answer) -> str:
        """Where the next page is: only ever at the same server, so that the token goes nowhere else."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if not found:
            return ""
        base, target = urlsplit(self.base), urlsplit(urljoin(address, found[1]))
        if target.hostname != base.hostname:
            place = redact(address)
            raise ShapeError(f"{place} leads to another server, which is not followed.", endpoint=place)
        return str(target._replace(scheme=base.scheme, netloc=base.netloc).geturl())

    def _ask(self, address: str, params: Mapping[str, str] | None) -> Answer:
        return self.http.get_json(address, params=params or None, token=self.token, explain=self._explain)

    def _explain(self, answer: Answer) -> VisitError | None:
        return explain(answer, self.http.clock(), with_token=bool(self.token))


def explain(answer: Answer, at: datetime, *, with_token: bool) -> VisitError | None:
    """The error that an answer tells at a moment; None leaves it to what its status means everywhere."""
    status, place, path = answer.status, redact(answer.url), urlsplit(answer.url).path
    if status == 429:  # noqa: PLR2004, too many requests
        return _throttled(answer, place, at)
    found: tuple[type[VisitError], str] | None = None
    if status in (401, 422) and not with_token:
        found = TokenError, "shows nothing without a token; a page administrator must make one under Development"
    elif status in (401, 422):
        found = TokenError, "the token is dead; a page administrator must make a new one under Development"
    elif status == 403:  # noqa: PLR2004, forbidden
        found = PermissionMissingError, "the token may not read this; it needs read:statuses and read:notifications"
    elif status in (404, 410):
        found = _missing(path, told=isinstance(answer.data, dict), status=status)
    return found[0](f"Mastodon answered {status} to {place}: {found[1]}.", endpoint=place) if found else None


def _missing(path: str, *, told: bool, status: int) -> tuple[type[VisitError], str]:
    if not told:
        return EndpointGoneError, "the server does not know this question; Sideblik must be brought up to date"
    if "/accounts/" in path:
        gone = "was closed" if status == 410 else "does not exist there"  # noqa: PLR2004, gone
        return PageSetupError, f"the account {gone}; correct the page's `ref` in sideblik.toml"
    return NotThereError, "this status is not to be seen"


def _throttled(answer: Answer, place: str, at: datetime) -> ThrottledError:
    usage = counted_usage(answer.headers, at)
    until = retry_after(answer.headers, at) or (usage.resets_at if usage else None)
    return ThrottledError(
        f"Mastodon answered 429 to {place}: the limit is reached; it is asked again when it begins anew.",
        endpoint=place,
        retry_at=until,
    )
