"""How much a platform lets itself be asked: what its headers say, and who has to wait for how long.

    an answer's headers ──► how much is used, when its window begins anew ──► slower above 75 percent, none above 95
    a refusal (429 and its like) ──► nobody asks there before the time that it names

Sources: RFC 9110 10.2.3 (Retry-After); Graph API, "Rate Limits": the `x-app-usage` and `x-business-use-case-usage`
headers hold percents of the limit of a sliding hour and minutes to wait; Mastodon, "Rate limits": `x-ratelimit-limit`,
`-remaining` and `-reset`, an ISO time; AT Protocol, "Rate Limits": `ratelimit-…` alike, with epoch seconds.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from collectors.addresses import redact
from collectors.errors import ThrottledError

SLOW_ABOVE: Final = 75  # percent
STOP_ABOVE: Final = 95
SLOWEST: Final = 5.0  # seconds between two calls just below the stop
REST: Final = timedelta(minutes=15)  # where the platform does not say how long; its window is an hour
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)  # no window that a header tells of is longer
_NUMBER: Final = re.compile(r"\s*([0-9]{1,9})\s*(?:[,;]|$)")


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used, in percent; minutes that the platform asks to wait; when the window begins anew."""

    percent: float
    minutes: float = 0.0
    resets_at: datetime | None = None


def retry_after(headers: Mapping[str, str], at: datetime) -> datetime | None:
    """When a Retry-After header (seconds or an HTTP date) lets one ask again; None without a readable one."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return at + timedelta(seconds=min(int(text), 86400))
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def app_usage(headers: Mapping[str, str]) -> Usage:
    """What all pages of the app used together (`x-app-usage`)."""
    return _most(_entries(headers.get("x-app-usage", "")))


def page_usage(headers: Mapping[str, str]) -> Usage:
    """What the page used (`x-business-use-case-usage`)."""
    return _most(_entries(headers.get("x-business-use-case-usage", "")))


def counted_usage(headers: Mapping[str, str], at: datetime) -> Usage | None:
    """What `x-ratelimit-…` or `ratelimit-…` headers count; None where they are absent or cannot be read.

    The reset is an ISO time, epoch seconds, or seconds from now.
    """
    for name in ("x-ratelimit", "ratelimit"):
        limit, left = (_whole(headers.get(f"{name}-{part}", "")) for part in ("limit", "remaining"))
        if limit and left is not None:
            percent = 100.0 * (1 - min(left, limit) / limit)
            return Usage(percent, resets_at=_reset(headers.get(f"{name}-reset", "").strip(), at))
    return None


def _whole(text: str) -> int | None:
    """The number that a header begins with: `300`, or `300, 300;w=300`."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


def _reset(text: str, at: datetime) -> datetime | None:
    try:
        if text.isascii() and text.isdigit():
            number = int(text)
            when = (
                datetime.fromtimestamp(number, UTC) if number > at.timestamp() / 2 else at + timedelta(seconds=number)
            )
        else:
            when = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    return min(when, at + DAY)


def _entries(text: str) -> Iterator[Mapping[str, object]]:
    """The objects with percents in a header, at any depth; none where it is not JSON."""
    try:
        left = [json.loads(text)] if text else []
    except (ValueError, RecursionError):
        return
    while left:
        value = left.pop()
        if isinstance(value, list):
            left.extend(value)
        elif isinstance(value, dict):
            left.extend(one for one in value.values() if isinstance(one, (list, dict)))
            yield value


def _most(entries: Iterator[Mapping[str, object]]) -> Usage:
    percent = minutes = 0.0
    for entry in entries:
        for name in ("call_count", "total_time", "total_cputime"):
            percent = max(percent, _number(entry.get(name)))
        minutes = max(minutes, _number(entry.get("estimated_time_to_regain_access")))
    return Usage(percent, minutes)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


class Limits:
    """Who must wait: a host asked by everyone, or one token at it. Shared by all threads."""

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._closed: dict[tuple[str, str], datetime] = {}
        self._slow: dict[tuple[str, str], float] = {}
        self._free: dict[str, datetime] = {}

    def before(self, url: str, token: str | None, apart: float) -> None:
        """Wait for one's turn; ThrottledError while the limit is all but used up."""
        host = urlsplit(url).netloc
        with self._lock:
            until = max((self._closed[key] for key in _keys(host, token) if key in self._closed), default=None)
            pause = max((self._slow.get(key, 0.0) for key in _keys(host, token)), default=0.0)
            at = self._clock()
            if apart:
                turn = max(self._free.get(host, at), at)
                self._free[host] = turn + timedelta(seconds=apart)
                pause = max(pause, (turn - at).total_seconds())
        if until is not None and until > at:
            place = redact(url)
            raise ThrottledError(
                f"More than {STOP_ABOVE} percent of what {place} allows is used; it is asked again when that is over.",
                endpoint=place,
                retry_at=until,
            )
        if pause > 0:
            self._sleep(pause)

    def after(self, url: str, token: str | None, headers: Mapping[str, str]) -> Usage | None:
        """Note what an answer's headers say of the limits; the fullest one of them, None where they say nothing."""
        host, at = urlsplit(url).netloc, self._clock()
        told = [((host, ""), app_usage(headers)), ((host, token or ""), page_usage(headers))]
        hourly = "x-app-usage" in headers or "x-business-use-case-usage" in headers
        found = [replace(usage, resets_at=at + HOUR) for _, usage in told] if hourly else []
        if counted := counted_usage(headers, at):
            told.append(((host, token or ""), counted))
            found.append(counted)
        fullest: dict[tuple[str, str], Usage] = {}
        for key, usage in told:
            fullest[key] = max(fullest.get(key, usage), usage, key=lambda one: (one.percent, one.minutes))
        for key, usage in fullest.items():
            self.note(key, usage)
        return max(found, key=lambda usage: usage.percent, default=None)

    def note(self, key: tuple[str, str], usage: Usage) -> None:
        """Slow down whoever asks under a key (a host, and a token or ""), or stop them, as a limit's use demands."""
        over, at = usage.percent - SLOW_ABOVE, self._clock()
        with self._lock:
            self._slow[key] = min(max(over, 0.0) / (STOP_ABOVE - SLOW_ABOVE), 1.0) * SLOWEST
            if usage.minutes > 0:
                self._closed[key] = at + timedelta(minutes=usage.minutes)
            elif usage.percent > STOP_ABOVE:
                self._closed[key] = usage.resets_at or at + REST

    def refused(self, url: str, token: str | None, until: datetime | None) -> None:
        """The platform said no for now: nobody asks there again with that token before the time, or for a while."""
        key = (urlsplit(url).netloc, token or "")
        with self._lock:
            until = until or self._clock() + REST
            self._closed[key] = max(until, self._closed.get(key, until))


def _keys(host: str, token: str | None) -> tuple[tuple[str, str], ...]:
    return ((host, ""), (host, token or ""))
