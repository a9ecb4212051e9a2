"""How much a platform lets itself be asked: what its headers say, and who has to wait for how long.

Sources: RFC 9110 10.2.3 (Retry-After); Graph API, "Rate Limits": the `x-app-usage` and `x-business-use-case-usage`
headers hold percents of the limit and minutes to wait.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is used, in percent, and how many minutes the platform asks to wait."""

    percent: float
    minutes: float = 0.0


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

    def after(self, url: str, token: str | None, headers: Mapping[str, str]) -> None:
        """Note what an answer's headers say of the limits."""
        host = urlsplit(url).netloc
        for key, usage in ((host, ""), app_usage(headers)), ((host, token or ""), page_usage(headers)):
            over = usage.percent - SLOW_ABOVE
            with self._lock:
                self._slow[key] = max(over, 0.0) / (STOP_ABOVE - SLOW_ABOVE) * SLOWEST
                if usage.percent > STOP_ABOVE or usage.minutes > 0:
                    rest = timedelta(minutes=usage.minutes) if usage.minutes else REST
                    self._closed[key] = self._clock() + rest


def _keys(host: str, token: str | None) -> tuple[tuple[str, str], ...]:
    return ((host, ""), (host, token or ""))
