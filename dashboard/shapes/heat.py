"""When citizens ask: weekday and hour as a heat map, and as the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import words
from dashboard.shapes.basics import table
from dashboard.words import text
from data.service_rows import Asked, Service, grouped

DAYS = range(1, 8)
PARTS = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 24))  # hours; twenty-four columns are no table to listen to
NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}


def by_hour(rows: Sequence[Asked], now: str) -> dict[tuple[int, int], Service]:
    """The figures of each weekday and hour in which somebody asked."""
    return grouped(rows, lambda row: (row.weekday, row.hour), now)


def chart(found: Mapping[tuple[int, int], Service], colours: Sequence[str]) -> dict[str, Any]:
    """All 168 hours as a Vega-Lite specification with its values in it; hours of none are drawn as none.

    `colours`: of none and of most. Days are named in full in the tooltip and by two letters at the axis.
    """
    values = [_value(day, hour, found.get((day, hour), Service())) for day in DAYS for hour in range(24)]
    days = [_short(day) for day in DAYS]
    tips = {"day": "department.day", "clock": "department.clock", "asked": "department.column.asked"}
    tips |= {"share": "department.column.share", "median": "department.column.median"}
    return {
        "data": {"values": values},
        "height": 320,
        "mark": {"type": "rect", "tooltip": True, "cornerRadius": 2},
        "encoding": {
            "x": {
                "field": "hour", "type": "ordinal", "title": text("department.clock"),
                "axis": {"labelAngle": 0, "values": list(range(0, 24, 3)), "labelOverlap": False, "ticks": False},
                "scale": {"paddingInner": 0.08},
            },
            "y": {
                "field": "short", "type": "nominal", "title": None, "sort": days,
                "axis": {"ticks": False, "labelOverlap": False},
                "scale": {"paddingInner": 0.08},
            },
            "color": {
                "field": "count", "type": "quantitative", "title": text("department.column.asked"),
                "scale": {"range": list(colours), "domainMin": 0},
                "legend": {"orient": "top", "format": ",d", "tickMinStep": 1, "gradientLength": 160},
            },
            "tooltip": [{"field": name, "title": text(key)} for name, key in tips.items()],
        },
        "config": {"locale": {"number": NUMBERS}, "view": {"stroke": None}},
    }  # fmt: skip


def _value(day: int, hour: int, one: Service) -> dict[str, Any]:
    return {
        "hour": hour,
        "short": _short(day),
        "day": text(f"calendar.day{day}"),
        "clock": text("department.hour", begin=f"{hour:02}", end=f"{hour + 1:02}"),
        "count": one.asked,
        "asked": words.number(one.asked),
        "share": words.share(one.share),
        "median": words.hours(one.median_hours),
    }


def _short(day: int) -> str:
    return text(f"calendar.day{day}")[:2]


def heat_table(rows: Sequence[Asked], now: str) -> str:
    """The same by weekday and part of the day: inquiries, and the share answered within the goal."""
    found = grouped(rows, lambda row: (row.weekday, _part(row.hour)), now)
    header = [text("department.day"), *(_part_name(part) for part in PARTS)]
    lines = [
        [text(f"calendar.day{day}"), *(_cell(found.get((day, part), Service())) for part in PARTS)] for day in DAYS
    ]
    return table(header, lines, label=text("department.heat"), numbers=frozenset(range(1, len(header))))


def _part(hour: int) -> tuple[int, int]:
    return next(part for part in PARTS if part[0] <= hour < part[1])


def _part_name(part: tuple[int, int]) -> str:
    return text("department.hour", begin=f"{part[0]:02}", end=f"{part[1]:02}")


def _cell(one: Service) -> str:
    told = words.number(one.asked)
    return f"{told} <span class='sb-meta'>{words.share(one.share)}</span>" if one.share is not None else told
