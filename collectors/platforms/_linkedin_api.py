"""LinkedIn's versioned API beneath an organisation's page: one call, its errors, its paging, its URNs.

Source: LinkedIn API guide on Microsoft Learn ("Versioning", "Pagination", "Error handling", "Rate limiting", "Rest.li
protocol version"). A version lives for about a year and then answers 426. There are no headers about limits: they are
daily, per app and per member, and begin anew at midnight UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

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
from collectors.limits import retry_after
from collectors.platforms._quota import Meter

Json = Mapping[str, Any]

DAY: Final = ZoneInfo("UTC")
NOT_ALL: Final = 100  # serviceErrorCode of a missing permission of the app
_VERSIONS: Final = frozenset({"NONEXISTENT_VERSION", "VERSION_MISSING"})


class NotForUsError(ShapeError):
    """One post's comments are refused, or are not there any more; the others are read."""


@dataclass(frozen=True, slots=True)
class Api:
    """One version of the API with one member's token; `meter` counts calls where a daily budget is known."""

    http: Http
    base: str
    token: str
    version: str
    meter: Meter | None = None

    def get(self, path: str, query: str = "", *, method: str = "") -> Json:
        """The object that a GET answers; `path` and `query` are percent-encoded already, as Rest.li demands."""
        address = f"{self.base}/{path}{'?' if query else ''}{query}"
        headers = {"linkedin-version": self.version, "x-restli-protocol-version": "2.0.0"}
        before = self.http.calls
        try:
            answer = self.http.get_json(
                address,
                token=self.token,
                headers=headers | ({"x-restli-method": method} if method else {}),
                explain=self._explain,
            )
        finally:
            self.count(self.http.calls - before)
        if not isinstance(answer.data, dict):
            raise ShapeError(f"{redact(address)} answered no object; one was expected.", endpoint=redact(address))
        return answer.data

    def count(self, units: int) -> None:
        """Calls made, told to the limits that all visits with this token obey."""
        if self.meter:
            self.http.spent(self.base, self.token, self.meter.spend(units))

    def pages(self, path: str, query: str, size: int, *, method: str = "") -> Iterator[Json]:
        """The pages of a list to its end: one without a link to a next; a short or empty page is none."""
        start = 0
        while True:
            page = self.get(path, f"{query}{'&' if query else ''}start={start}&count={size}", method=method)
            yield page
            following = next_start(page)
            if following is None:
                return
            if following <= start:
                place = redact(f"{self.base}/{path}")
                raise ShapeError(f"{place} leads in a circle: its next page was read before.", endpoint=place)
            start = following

    def _explain(self, answer: Answer) -> VisitError | None:
        return explain(answer, self.version, self.http.clock())


def encoded(urn: str) -> str:
    """A URN as it stands in a path or a value: every sign that means something there is percent-encoded."""
    return quote(urn, safe="")


def listing(urns: Iterable[str]) -> str:
    """URNs as a Rest.li list: its own parentheses and commas stay bare, those of the URNs do not."""
    return f"List({','.join(encoded(urn) for urn in urns)})"


def next_start(page: Json) -> int | None:
    """Where the next page begins; None at the end."""
    paging = page.get("paging")
    links = paging.get("links") if isinstance(paging, dict) else None
    for one in links if isinstance(links, list) else []:
        if isinstance(one, dict) and one.get("rel") == "next":
            try:
                told = parse_qs(urlsplit(str(one.get("href"))).query).get("start", [""])[0]
            except ValueError:
                return None
            return int(told) if told.isascii() and told.isdigit() else None
    return None


def explain(answer: Answer, version: str, at: datetime) -> VisitError | None:
    """The error that an answer tells at a moment; None leaves it to what its status means everywhere."""
    status, told = answer.status, answer.data if isinstance(answer.data, dict) else {}
    if status < 400 or status >= 500:  # noqa: PLR2004, refusals alone
        return None
    place, code = redact(answer.url), told.get("code")
    if status == 426 or code in _VERSIONS:  # noqa: PLR2004, upgrade required
        return PageSetupError(
            f"LinkedIn answered {status} to {place}: it serves version {version} no longer; give a newer one (YYYYMM)"
            " as the page's option `version` in sideblik.toml, or bring Sideblik up to date.",
            endpoint=place,
        )
    if status == 429:  # noqa: PLR2004, too many requests
        return _throttled(answer, place, at)
    sort, means = _sort(status, told, of_one_post="/socialActions/" in urlsplit(answer.url).path)
    return sort(f"LinkedIn answered {status} to {place}: {means}.", endpoint=place)


def _sort(status: int, told: Json, *, of_one_post: bool) -> tuple[type[VisitError], str]:
    """Which kind of error a refusal is; of one post it costs that post's comments and no more."""
    words = str(told.get("message", ""))
    if status == 401:  # noqa: PLR2004, unauthorised
        return TokenError, "the token is dead; a page administrator must connect the page again"
    lacking = told.get("code") == "ACCESS_DENIED" or told.get("serviceErrorCode") == NOT_ALL
    if status == 403 and (lacking or not of_one_post):  # noqa: PLR2004, forbidden
        return PermissionMissingError, (
            "the token may not read this; a page administrator must grant r_organization_social and"
            " r_organization_social_feed, and be ADMINISTRATOR of the page"
        )
    if status in (404, 410) and (status == 410 or "virtual resource" in words or not of_one_post):  # noqa: PLR2004
        return EndpointGoneError, "the platform removed what was asked for; Sideblik must be brought up to date"
    if status in (403, 404):
        return NotForUsError, "this post's comments are not shown"
    return ShapeError, "the question was refused; Sideblik must be corrected"


def _throttled(answer: Answer, place: str, at: datetime) -> ThrottledError:
    """A daily limit is back at midnight UTC; another one when the answer says, or soon."""
    words = str(answer.data.get("message", "")) if isinstance(answer.data, dict) else ""
    until = retry_after(answer.headers, at)
    if until is None and " DAY " in words:
        until = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    until = until or at + timedelta(minutes=15)
    return ThrottledError(
        f"LinkedIn answered 429 to {place}: the limit is reached; it is asked again at {until:%H:%M} UTC.",
        endpoint=place,
        retry_at=until,
    )
