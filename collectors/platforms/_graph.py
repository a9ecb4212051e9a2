"""The Graph API beneath Facebook's pages and Instagram's accounts: one call, its errors, its paging.

Source: Graph API reference, "Handling Errors", "Rate Limits", "Paginated Results"; v25.0 and v26.0. What an error
means is told by its code, never by its type or HTTP status: throttling comes as an OAuthException with status 400.
Since 2026-10-27 no version answers If-None-Match or `?ids=`; neither is asked. The batch endpoint saves no calls, since
each part of a batch counts as one: what saves them is asking for comments inside their posts.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from collectors.addresses import redact
from collectors.errors import (
    EndpointGoneError,
    NetworkError,
    PageSetupError,
    PassingError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.http import Answer, Http
from collectors.limits import page_usage

log = logging.getLogger(__name__)

Json = Mapping[str, Any]

THROTTLED: Final = frozenset({4, 17, 32, 613, *range(80000, 80015)})
APP_WIDE: Final = frozenset({4, 17})  # the limit of the app or its user, which all their pages share
INVALID: Final = 100  # "invalid parameter", the code of many things
_CODES: Final[Mapping[int, type[VisitError]]] = {
    **dict.fromkeys(THROTTLED, ThrottledError),
    **dict.fromkeys((102, 190), TokenError),
    **dict.fromkeys((3, 10, *range(200, 300)), PermissionMissingError),
    **dict.fromkeys((104, 803), PageSetupError),
    **dict.fromkeys((1, 2), NetworkError),
    12: EndpointGoneError,
}
HOUR: Final = 60  # minutes; the window of most limits
_NOT_THERE: Final = 33  # subcode of 100: missing, or not for this token; the platform tells no difference
_REMOVED: Final = re.compile(r"deprecated|nonexisting field|unknown path components", re.IGNORECASE)
_NO_COMMENTS: Final = re.compile(r"nonexisting field \(comments\)", re.IGNORECASE)
_GRANTED: Final = re.compile(r"permission|feature", re.IGNORECASE)
_TOO_MUCH: Final = re.compile(r"reduce the amount of data", re.IGNORECASE)
_TRACE: Final = re.compile(r"[\w-]{5,40}")
_NOT_OURS: Final = frozenset({"access_token", "appsecret_proof", "pretty", "debug", "method"})


class TooMuchError(PassingError):
    """The answer would be too large: ask for less."""


class NotThereError(ShapeError):
    """The object is missing or not for this token."""


class NoCommentsError(EndpointGoneError):
    """The object has no comments at all: a story, a reel or an album that stands among the posts."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How errors call a platform, and the permissions that its administrator must have granted."""

    name: str
    grants: str


FACEBOOK: Final = Voice("Facebook", "pages_read_engagement and pages_read_user_content")


@dataclass(frozen=True, slots=True)
class Graph:
    """One version of the API with one page's token; `proof` shows that the app's owner asks."""

    http: Http
    base: str
    token: str = field(repr=False)
    proof: str = field(default="", repr=False)
    voice: Voice = FACEBOOK

    def get(self, path: str, params: Mapping[str, str]) -> Json:
        """The object that a GET answers; a `VisitError` sorted by who must act."""
        address = f"{self.base}/{path}"
        asked = {**params, "appsecret_proof": self.proof} if self.proof else params
        answer = self.http.get_json(address, params=asked, token=self.token, explain=self._explain)
        if not isinstance(answer.data, dict):
            raise ShapeError(f"{redact(address)} answered no object; one was expected.", endpoint=redact(address))
        self._warn_of_version(answer)
        return answer.data

    def _explain(self, answer: Answer) -> VisitError | None:
        return explain(answer, self.http.clock(), self.voice)

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[Json]:
        """The pages of a list to its end. The end is a page without `next`; an empty one may have a next.

        A page that holds too much is asked for again with half the limit, down to one.
        """
        asked, seen = dict(params), set[str]()
        while True:
            try:
                page = self.get(path, asked)
            except TooMuchError:
                asked = halved(asked)
                continue
            yield page
            follow = following(page)
            if follow is None:
                return
            asked = {**asked, **follow, **{name: asked[name] for name in ("fields", "limit") if name in asked}}
            place = f"{follow.get('after')} {follow.get('until')} {follow.get('__paging_token')} {follow.get('offset')}"
            if place in seen:
                raise ShapeError(
                    f"{redact(f'{self.base}/{path}')} leads in a circle: its next page was read before.",
                    endpoint=redact(f"{self.base}/{path}"),
                )
            seen.add(place)

    def _warn_of_version(self, answer: Answer) -> None:
        asked = re.search(r"/(v\d+\.\d+)$", self.base)
        served = re.fullmatch(r"v\d+\.\d+", answer.headers.get("facebook-api-version", ""))
        if asked and served and asked[1] != served[0]:
            log.warning("%s served version %s where %s was asked for", self.voice.name, served[0], asked[1])


def halved(params: Mapping[str, str]) -> dict[str, str]:
    """The same question for half as much, in the list and in the lists within it; TooMuchError below one."""
    limit = int(params.get("limit", "25"))
    nested = re.search(r"\.limit\((\d+)\)", params.get("fields", ""))
    inner = int(nested[1]) if nested else 0
    if limit <= 1 and inner <= 10:  # noqa: PLR2004, less than ten comments a call would never end
        raise TooMuchError("The platform finds even one post at a time too much; the next visit tries again.")
    less = {**params, "limit": str(max(limit // 2, 1))}
    if nested:
        less["fields"] = params["fields"].replace(nested[0], f".limit({min(inner, max(inner // 2, 10))})", 1)
    return less


def following(page: Json) -> dict[str, str] | None:
    """The parameters of the next page, without the token that the API puts in its address; None at the end."""
    paging = page.get("paging")
    address = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(address, str) or not address:
        return None
    query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return {name: value for name, value in query if name not in _NOT_OURS}


def explain(answer: Answer, at: datetime, voice: Voice = FACEBOOK) -> VisitError | None:
    """The error that an answer of the API tells at a moment, None where it tells none."""
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if not isinstance(error, dict):
        return None
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    place = redact(answer.url)
    trace = error.get("fbtrace_id")
    if isinstance(trace, str) and _TRACE.fullmatch(trace):
        log.info("%s answered error %s/%s, trace %s", place, code, subcode, trace)
    sort = _sort(code, subcode, str(error.get("message", "")), transient=error.get("is_transient") is True)
    if sort is ThrottledError:
        return _throttled(code, place, answer.headers, at, voice)
    means = _MEANS[sort].format(grants=voice.grants)
    return sort(f"{voice.name} answered {code}{f'/{subcode}' if subcode else ''} to {place}: {means}.", endpoint=place)


def _sort(code: int, subcode: int, message: str, *, transient: bool) -> type[VisitError]:
    """Which kind of error a code is; the message decides only where one code stands for several things."""
    if code == 1 and _TOO_MUCH.search(message):
        return TooMuchError
    if code in _CODES:
        return _CODES[code]
    if code == INVALID and subcode == _NOT_THERE:
        return NotThereError
    if _REMOVED.search(message):
        return NoCommentsError if _NO_COMMENTS.search(message) else EndpointGoneError
    if code == INVALID and _GRANTED.search(message):
        return PermissionMissingError
    return NetworkError if transient else ShapeError


_MEANS: Final[Mapping[type[VisitError], str]] = {
    TooMuchError: "the answer would be too large",
    TokenError: "the page's token is dead; a page administrator must connect the page again",
    PermissionMissingError: "the token may not read this; a page administrator must grant {grants}",
    PageSetupError: "the page or the app's settings are wrong; correct the page's entry in sideblik.toml",
    EndpointGoneError: "the platform removed what was asked for; Sideblik must be brought up to date",
    NoCommentsError: "what was asked for has no comments; Sideblik must be corrected",
    NotThereError: "it does not exist, or not for this token",
    ShapeError: "the question was refused; Sideblik must be corrected",
    NetworkError: "the platform is out of order; the next visit tries again",
}


def _throttled(code: int, place: str, headers: Mapping[str, str], at: datetime, voice: Voice) -> ThrottledError:
    minutes = page_usage(headers).minutes or HOUR / 4
    if code == 32:  # noqa: PLR2004, the page limit with a user token
        minutes = max(minutes, HOUR)
    return ThrottledError(
        f"{voice.name} answered {code} to {place}: the limit is reached; it is asked again in {minutes:.0f} minutes.",
        endpoint=place,
        retry_at=at + timedelta(minutes=minutes),
        everyone=code in APP_WIDE,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
