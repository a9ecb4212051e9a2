"""The YouTube Data API beneath a channel: one call with its unit of quota, its errors, its paging.

Source: YouTube Data API v3 reference and discovery document (revision 20261104); "Quota and compliance audits": every
list costs one unit a page, also a refused one; 10,000 units a day and project, anew at midnight Pacific time. What an
error means is told by `errors[0].reason`, never by the status: a spent quota and disabled comments are both a 403.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from collectors.addresses import redact
from collectors.errors import (
    EndpointGoneError,
    NetworkError,
    PageSetupError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.http import Answer, Http
from collectors.platforms._quota import Budget, Meter
from data.types import Page

Json = Mapping[str, Any]

PACIFIC: Final = ZoneInfo("America/Los_Angeles")
UNITS: Final = 10_000
BRIEFLY: Final = timedelta(seconds=30)
KEY_HEADER: Final = "x-goog-api-key"


class GoneError(ShapeError):
    """The video, thread, comment or list does not exist, or not any more."""


class NoCommentsError(ShapeError):
    """The video's comments are switched off."""


_REASONS: Final[Mapping[str, type[VisitError]]] = {
    **dict.fromkeys(("quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"), ThrottledError),
    **dict.fromkeys(("rateLimitExceeded", "userRateLimitExceeded"), ThrottledError),
    **dict.fromkeys(("keyInvalid", "keyExpired", "API_KEY_INVALID", "authError", "invalid_grant"), TokenError),
    **dict.fromkeys(("forbidden", "insufficientPermissions", "ineligibleAccount"), PermissionMissingError),
    **dict.fromkeys(("channelForbidden", "playlistForbidden", "SERVICE_UNAVAILABLE"), PermissionMissingError),
    **dict.fromkeys(("accessNotConfigured", "ipRefererBlocked", "SERVICE_DISABLED"), PageSetupError),
    **dict.fromkeys(("videoNotFound", "commentThreadNotFound", "commentNotFound", "playlistNotFound"), GoneError),
    "channelNotFound": PageSetupError,
    "commentsDisabled": NoCommentsError,
    **dict.fromkeys(("processingFailure", "invalidPageToken", "backendError", "internalError"), NetworkError),
    **dict.fromkeys(("unknownPart", "unexpectedPart", "unknownParameter", "unexpectedParameter"), EndpointGoneError),
    "operationNotSupported": EndpointGoneError,
}
_STATUSES: Final[Mapping[int, type[VisitError]]] = {
    400: ShapeError,
    401: TokenError,
    403: PermissionMissingError,
    404: EndpointGoneError,
    410: EndpointGoneError,
    429: ThrottledError,
}
_MEANS: Final[Mapping[type[VisitError], str]] = {
    TokenError: "the API key or token is dead; give a new one for the page",
    PermissionMissingError: "the key or token may not read this; the channel's owner must grant it",
    PageSetupError: "the channel's `ref`, or the key's own settings at Google (YouTube Data API switched on, allowed"
    " addresses), are wrong; correct them",
    EndpointGoneError: "the platform removed what was asked for; Sideblik must be brought up to date",
    GoneError: "it does not exist",
    NoCommentsError: "its comments are switched off",
    NetworkError: "the platform is out of order; the next visit tries again",
    ShapeError: "the question was refused; Sideblik must be corrected",
}


@dataclass(frozen=True, slots=True)
class Api:
    """One channel's calls: a key or an OAuth token, and the meter that counts its units."""

    http: Http
    base: str
    token: str
    meter: Meter

    @property
    def by_owner(self) -> bool:
        """Whether the token is an OAuth token and no API key; Google begins them so."""
        return self.token.startswith("ya29.")

    def count(self, units: int) -> None:
        """Units spent, told to the limits that all visits with this token obey."""
        self.http.spent(self.base, self.token, self.meter.spend(units))

    def get(self, path: str, params: Mapping[str, str], *, etag: str = "") -> Json | None:
        """The list that a GET answers, None where it is as the etag says; a `VisitError` sorted by who must act."""
        address = f"{self.base}/{path}"
        before = self.http.calls
        try:
            answer = self.http.get_json(
                address,
                params=params,
                token=self.token,
                token_header="" if self.by_owner else KEY_HEADER,
                headers={"if-none-match": etag} if etag else {},
                explain=self._explain,
            )
        finally:
            self.count(self.http.calls - before)
        if answer.data is None:
            return None
        if not isinstance(answer.data, dict):
            raise ShapeError(f"{redact(address)} answered no object; one was expected.", endpoint=redact(address))
        return answer.data

    def pages(self, path: str, params: Mapping[str, str], *, etag: str = "") -> Iterator[Json]:
        """The pages of a list to its end: the one without `nextPageToken`, be it empty or not.

        No page at all where the first one is as the etag says.
        """
        asked, seen = dict(params), set[str]()
        while (page := self.get(path, asked, etag="" if seen else etag)) is not None:
            yield page
            following = page.get("nextPageToken")
            if not isinstance(following, str) or not following:
                return
            if following in seen:
                place = redact(f"{self.base}/{path}")
                raise ShapeError(f"{place} leads in a circle: its next page was read before.", endpoint=place)
            seen.add(following)
            asked["pageToken"] = following

    def _explain(self, answer: Answer) -> VisitError | None:
        return explain(answer, self.http.clock())


def channel_asked(page: Page) -> dict[str, str]:
    """The parameter that names the page's channel; PageSetupError where `ref` is neither an id nor a handle."""
    if page.ref.startswith("UC") and page.ref.replace("-", "").replace("_", "").isalnum():
        return {"id": page.ref}
    if page.ref.startswith("@") and len(page.ref) > 1:
        return {"forHandle": page.ref}
    raise PageSetupError("The page has no usable `ref`: give the channel's id (UC…) or handle (@…) in sideblik.toml.")


def explain(answer: Answer, at: datetime) -> VisitError | None:
    """The error that an answer tells at a moment; None where it tells none, or none that has this API's form."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if error is None:
        return None
    status = answer.status
    reason = _reason(error)
    place = redact(answer.url)
    sort = _REASONS.get(reason) or (NetworkError if status >= 500 else _STATUSES.get(status, ShapeError))  # noqa: PLR2004
    if sort is ThrottledError:
        return _throttled(reason, status, place, at)
    named = f" ({reason})" if reason in _REASONS else ""
    return sort(f"YouTube answered {status}{named} to {place}: {_MEANS[sort]}.", endpoint=place)


def _reason(error: object) -> str:
    """The code word of an error, which is an object of several forms, or (from the token's own service) a word."""
    if not isinstance(error, dict):
        return str(error)
    words = [row.get("reason") for name in ("details", "errors") for row in _rows(error.get(name))]
    known = [word for word in words if isinstance(word, str) and word in _REASONS]
    return known[0] if known else ""


def _rows(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _throttled(reason: str, status: int, place: str, at: datetime) -> ThrottledError:
    """A spent quota is back at midnight Pacific time; a call too many in a minute is forgotten soon."""
    if reason.startswith(("quota", "daily")):
        until = Budget(UNITS, PACIFIC).begins_anew(at)
        return ThrottledError(
            f"YouTube answered {status} to {place}: the day's quota is spent; it is asked again at {until:%H:%M} UTC.",
            endpoint=place,
            retry_at=until,
        )
    return ThrottledError(
        f"YouTube answered {status} to {place}: too many calls at once; it is asked again soon.",
        endpoint=place,
        retry_at=at + BRIEFLY,
    )
