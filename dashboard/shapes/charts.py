"""The charts that go with a week's file: bars by institution, as Vega-Lite specifications with their values in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.safe import label
from dashboard.shapes.heat import NUMBERS
from dashboard.words import text
from data.queries.making import danish
from data.rows import PageWeek

COUNTED: dict[str, Callable[[PageWeek], int]] = {
    "comments": lambda row: row.comments,
    "inquiries": lambda row: row.inquiries,
    "answered": lambda row: row.answered,
    "breaches": lambda row: row.serious + row.possible + row.self_told,
}
_LINE = 24  # pixels a bar
_NAME = 170  # pixels a name may take at the side


@dataclass(frozen=True, slots=True)
class Bars:
    """A count by institution, in the order of their names: nobody is ranked."""

    name: str
    values: tuple[tuple[str, int], ...]


def bars(name: str, rows: Sequence[PageWeek]) -> Bars:
    """What `name` counts, added up over each institution's pages as the file's rows tell it."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.institution_name] += COUNTED[name](row)
    return Bars(name, tuple(sorted(counts.items(), key=lambda pair: danish(pair[0]))))


def spec(found: Bars, colour: str) -> dict[str, Any]:
    """The bars lying, so that names can be read on a phone."""
    values = [{"place": label(name), "count": count} for name, count in found.values]
    what = text(f"report.chart_{found.name}")
    return {
        "data": {"values": values},
        "height": max(120, _LINE * len(values)),
        "mark": {"type": "bar", "tooltip": True, "color": colour, "cornerRadiusEnd": 2},
        "encoding": {
            "y": {"field": "place", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": _NAME}},
            "x": {
                "field": "count", "type": "quantitative", "title": what,
                "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 4},
            },
            "tooltip": [
                {"field": "place", "title": text("overview.column.name")},
                {"field": "count", "title": what, "format": ",d"},
            ],
        },
        "config": {"locale": {"number": NUMBERS}},
    }  # fmt: skip
