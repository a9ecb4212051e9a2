"""Times as export files write them: ISO, Danish, American, Excel's day numbers, seconds since 1970.

`11/12/2026` is 11 December in Denmark and 12 November in America. It is read only where the file's format, the option
`date_order` or another row of the same column decides; never by guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from collectors.errors import FileError, PageSetupError
from collectors.exports.words import MONTHS
from data.times import COPENHAGEN
from data.types import Page

ORDERS = ("dmy", "mdy")
_CLOCK = r"(?:[ ,T]+(?:kl\.? ?)?([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?: ?([ap]m))?)?(?: ?(?:UTC|GMT))?"
_NUMBERS = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})" + _CLOCK, re.IGNORECASE)
_WORDS = re.compile(r"([0-9]{1,2})\.? ([^\W\d_]+)\.? ([0-9]{4})" + _CLOCK, re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_EXCEL_FIRST, _EXCEL_LAST = 20_000, 80_000  # 1954 to 2119 in the 1900 system
_SECONDS_FIRST, _SECONDS_LAST = 10**8, 5 * 10**9  # 1973 to 2128
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day number has no zone; the column's zone is put on it


class UndecidedError(Exception):
    """Day and month of a date cannot be told apart from this value alone."""


def order_option(page: Page) -> str | None:
    """The page's option `date_order`, `dmy` or `mdy`; None where it is not set. PageSetupError for another word."""
    order = page.options.get("date_order")
    if order is not None and order not in ORDERS:
        raise PageSetupError('The option date_order is neither "dmy" nor "mdy"; write one of them in sideblik.toml.')
    return order


def zone_option(page: Page, default: ZoneInfo = COPENHAGEN) -> ZoneInfo:
    """The page's option `zone` (as in `America/Los_Angeles`), for times that are written without one."""
    name = page.options.get("zone")
    try:
        return ZoneInfo(name) if name else default
    except (ValueError, OSError, KeyError):
        raise PageSetupError("The option zone names no time zone; write one such as Europe/Copenhagen.") from None


def order_shown(values: Iterable[str]) -> str | None:
    """The order that the first telling value shows (a number over 12 stands on the day's place), None for no such."""
    for value in values:
        found = _NUMBERS.fullmatch(value.strip())
        if found is None or found[2] != "/" or int(found[1]) == int(found[3]):
            continue
        if int(found[1]) > 12 or int(found[3]) > 12:  # noqa: PLR2004 - months in a year
            return "dmy" if int(found[1]) > int(found[3]) else "mdy"
    return None


def moment(value: str, zone: ZoneInfo, order: str | None = None) -> datetime:
    """The time as aware UTC; UndecidedError where only the order of day and month could tell, else ValueError."""
    text = " ".join(value.split())
    try:
        found = _plain(text, zone) if _PLAIN.fullmatch(text) else _written(text, zone, order)
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("A time outside the calendar.") from None


def _plain(text: str, zone: ZoneInfo) -> datetime:
    number = float(text.replace(",", "."))
    if _EXCEL_FIRST <= number <= _EXCEL_LAST:
        return (_EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))).replace(tzinfo=zone)
    for unit in (1, 1_000, 1_000_000):
        if _SECONDS_FIRST <= number / unit <= _SECONDS_LAST:
            return _EPOCH + timedelta(seconds=int(number / unit))
    raise ValueError("A number that is no time.")


def _written(text: str, zone: ZoneInfo, order: str | None) -> datetime:
    if found := _NUMBERS.fullmatch(text):
        day, month = _day_and_month(int(found[1]), int(found[3]), found[2], order)
        return _built(int(found[4]), month, day, found.groups()[4:], zone)
    if (found := _WORDS.fullmatch(text)) and found[2].casefold() in MONTHS:
        return _built(int(found[3]), MONTHS[found[2].casefold()], int(found[1]), found.groups()[3:], zone)
    told = datetime.fromisoformat(text.removesuffix(" UTC"))
    if told.tzinfo is not None:
        return told
    return told.replace(tzinfo=UTC if text.endswith(" UTC") else zone)


def _day_and_month(first: int, second: int, mark: str, order: str | None) -> tuple[int, int]:
    """Hyphens and points are written by Danes, day first; a slash is read as the file shows."""
    if order is None and mark == "/" and first != second:
        raise UndecidedError
    return (second, first) if order == "mdy" and mark == "/" else (first, second)


def _built(year: int, month: int, day: int, clock: tuple[str | None, ...], zone: ZoneInfo) -> datetime:
    hour, minute, second, half = clock
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.casefold() == "pm" else 0)
    return datetime(year, month, day, hours, int(minute or 0), int(second or 0), tzinfo=zone)


def undecided(line: int) -> FileError:
    """What is told when no row of the column shows which number is the day."""
    return FileError(
        f"The date in line {line} may be day/month or month/day, and no other row of the file tells. "
        'Set the option date_order of the page to "dmy" or "mdy" and import again.',
        line=line,
    )
