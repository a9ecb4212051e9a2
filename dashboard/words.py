"""Danish words for the screens: sentences from `texts/`, and numbers, dates and spans as Danes write them.

No other module of the dashboard holds a Danish word. Times come in aware and leave in Europe/Copenhagen.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from data.times import COPENHAGEN

TEXTS = Path(__file__).parent / "texts"
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_NEAR = {-1: "calendar.yesterday", 0: "calendar.today", 1: "calendar.tomorrow"}
_SHORT_HOURS = 36  # up to here a span is told in hours, beyond it in days


def text(key: str, **values: object) -> str:
    """The text of a key such as `queue.title`, its {places} filled; KeyError for a key that does not exist."""
    found = _texts()[key]
    return found.format(**values) if values else found


def known(key: str) -> bool:
    """Whether there is a text of that key: for codes that come from a platform or a detector."""
    return key in _texts()


def keys() -> frozenset[str]:
    """All keys, so that a test can hold them against those that are used."""
    return frozenset(_texts())


def reason(code: str) -> str:
    """Why a place was flagged, as one sentence; a plain one for a code that nobody has described yet."""
    found = _reasons().get(code, {}).get("text")
    return str(found) if found else text("reason.unknown")


def touches(code: str) -> str:
    """Which rule a reason touches (the law, the municipality's own policy); "" where nothing is told."""
    return str(_reasons().get(code, {}).get("touches", ""))


def harmless(code: str) -> str:
    """When the reason is no trouble after all; "" where nothing is told."""
    found = _reasons().get(code, {}).get("harmless", "")
    return text("reason.harmless", text=found) if found else ""


def counted(key: str, count: int) -> str:
    """A count with its noun: the text `<key>.one` for one, `<key>.many` otherwise."""
    return text(f"{key}.one" if count == 1 else f"{key}.many", count=number(count))


def number(value: float, decimals: int = 0) -> str:
    """12345.6 as 12.346, or with one decimal as 12.345,6."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def share(value: float | None) -> str:
    """0.974 as 97 %; a dash where nothing is known. Less than all is never rounded up to all."""
    if value is None:
        return text("unit.unknown")
    percent = round(value * 100)
    if value < 1:
        percent = min(percent, 99)
    return text("unit.percent", number=number(percent))


def hours(value: float | None) -> str:
    """A number of hours as 40 min., 5,5 timer or 3 dage; a dash where nothing is known."""
    return text("unit.unknown") if value is None else _span(timedelta(hours=value))


def date(at: datetime, now: datetime | None = None) -> str:
    """The day as `mandag 16. nov.`; with the year when it is another one than now's."""
    local = at.astimezone(COPENHAGEN)
    day = text(f"calendar.day{local.isoweekday()}")
    told = text("calendar.date", day=day, number=local.day, month=text(f"calendar.month{local.month}"))
    same_year = now is None or now.astimezone(COPENHAGEN).year == local.year
    return told if same_year else f"{told} {local.year}"


def day(at: datetime, now: datetime) -> str:
    """The day as one says it: `i dag` and its neighbours by their names, or `mandag 16. nov.`."""
    apart = (at.astimezone(COPENHAGEN).date() - now.astimezone(COPENHAGEN).date()).days
    return text(_NEAR[apart]) if apart in _NEAR else date(at, now)


def moment(at: datetime, now: datetime | None = None) -> str:
    """Day and clock as `mandag 16. nov. kl. 09.17`."""
    return text("calendar.moment", date=date(at, now), clock=clock(at))


def latest(at: datetime, now: datetime) -> str:
    """Until when, as one says it: `i dag kl. 14`, `torsdag kl. 8.30`, beyond six days with the date.

    Midnight is the end of the day before: `fredag kl. 24`.
    """
    local = at.astimezone(COPENHAGEN)
    ends = not (local.hour or local.minute)
    last = (local - _DAY if ends else local).date()
    apart = (last - now.astimezone(COPENHAGEN).date()).days
    if apart in _NEAR:
        said = text(_NEAR[apart])
    elif 0 < apart < 7:  # noqa: PLR2004 from then on a weekday's name is another week's
        said = text(f"calendar.day{last.isoweekday()}")
    else:
        said = date(at - _MINUTE, now)
    hour = "24" if ends else str(local.hour)
    return text("calendar.latest", day=said, clock=f"{hour}.{local:%M}" if local.minute else hour)


def both(at: datetime, now: datetime) -> str:
    """Day and clock, and how long ago where that says more: `mandag 16. nov. kl. 09.17 (for 3 timer siden)`."""
    told = moment(at, now)
    return told if abs(now - at) > 7 * _DAY else text("calendar.both", moment=told, ago=ago(at, now))


def clock(at: datetime) -> str:
    """09.17, in Copenhagen."""
    return f"{at.astimezone(COPENHAGEN):%H.%M}"


def ago(at: datetime, now: datetime) -> str:
    """`for 12 min. siden`, `om 5 timer`, `lige nu`; beyond a week the day itself."""
    passed = now - at
    if abs(passed) < _MINUTE:
        return text("ago.now")
    if abs(passed) > 7 * _DAY:
        return date(at, now)
    return text("ago.past" if passed > timedelta() else "ago.coming", span=_span(abs(passed)))


def week(name: str) -> str:
    """2026-W47 as `uge 47`."""
    return text("calendar.week", number=int(name[-2:]))


def _span(length: timedelta) -> str:
    """One unit, the largest that says enough."""
    if length < _HOUR:
        return text("unit.minutes", number=number(max(1, length // _MINUTE)))
    if length < _SHORT_HOURS * _HOUR:
        whole = round(length / _HOUR)
        return text("unit.hour" if whole == 1 else "unit.hours", number=number(whole))
    return text("unit.days", number=number(round(length / _DAY)))


@cache
def _texts() -> dict[str, str]:
    return dict(_flat(tomllib.loads((TEXTS / "da.toml").read_text("utf-8"))))


@cache
def _reasons() -> dict[str, dict[str, Any]]:
    path = TEXTS / "reasons.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def _flat(tree: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        pairs += _flat(value, f"{before}{name}.") if isinstance(value, dict) else [(before + name, str(value))]
    return pairs
