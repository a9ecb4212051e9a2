"""The overview: figures, the weeks, and each institution with its trend."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dashboard import safe, words
from dashboard.access import Viewer
from dashboard.shapes.basics import bars, figure, figures, table
from dashboard.shapes.colours import Colours
from dashboard.words import text
from data.rows import Counts, PageWeek, Places, WeekCount
from data.types import Category

TREND = 8


@dataclass(frozen=True, slots=True)
class WeekTotal:
    """All institutions of the scope in one week."""

    week: str
    comments: int = 0
    inquiries: int = 0
    breaches: int = 0


@dataclass(frozen=True, slots=True)
class InstitutionLine:
    """An institution in the week that is shown, with its comments over the weeks before."""

    name: str
    comments: int
    inquiries: int
    answered: int
    overdue: int
    breaches: int
    trend: tuple[int, ...]
    unexplained: int = 0


def totals(rows: Sequence[WeekCount], weeks: Sequence[str]) -> list[WeekTotal]:
    """One total a week, in the order of `weeks`, zero where nothing was written."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        for place, value in enumerate((row.comments, row.inquiries, row.breaches)):
            found[row.week][place] += value
    return [WeekTotal(week, *found[week]) for week in weeks]


def institutions(
    places: Places, trend: Sequence[WeekCount], week: Sequence[PageWeek], weeks: Sequence[str]
) -> list[InstitutionLine]:
    """A line for each institution, by name."""
    comments = {(row.institution_id, row.week): row.comments for row in trend}
    pages: dict[str, list[PageWeek]] = defaultdict(list)
    for row in week:
        pages[row.institution_id].append(row)
    return [
        InstitutionLine(
            name=place.name,
            comments=sum(row.comments for row in pages[place.id]),
            inquiries=sum(row.inquiries for row in pages[place.id]),
            answered=sum(row.answered for row in pages[place.id]),
            overdue=sum(row.overdue for row in pages[place.id]),
            breaches=sum(row.serious + row.possible for row in pages[place.id]),
            trend=tuple(comments.get((place.id, name), 0) for name in weeks[-TREND:]),
            unexplained=sum(row.unexplained for row in pages[place.id]),
        )
        for place in places.institutions
    ]


def top(counts: Counts, tone: int, weeks: Sequence[WeekTotal], viewer: Viewer) -> str:
    """The figures on top, those that the viewer's role has; `tone`: open cases of harsh tone."""
    inquiry = Category.INQUIRY in viewer.scope.categories
    asked = [one.inquiries for one in weeks[-TREND:]]
    told = [one.breaches for one in weeks[-TREND:]]
    parts = [
        figure(text("overview.new"), counts.new, note=words.counted("overview.taken", counts.taken)),
    ]
    if inquiry:
        parts += [
            figure(
                text("overview.inquiries"), asked[-1], note=text("overview.this_week", before=words.number(asked[-2])),
                trend=_trend(asked, "inquiries"), href="henvendelser",
            ),
            figure(
                text("overview.overdue"), counts.overdue, note=text("overview.overdue_note"),
                href=f"henvendelser?frist={quote(text('filter.due_overdue'))}",
                tone="bad" if counts.overdue else "plain",
            ),
            figure(text("overview.urgent"), counts.urgent, note=text("overview.urgent_note"), href="henvendelser"),
        ]  # fmt: skip
    parts += [
        figure(
            text("overview.breaches"), counts.breaches_open, note=text("overview.breaches_note"),
            trend=_trend(told, "breaches"), href="brud", tone="bad" if counts.breaches_open else "plain",
        ),
    ]  # fmt: skip
    if Category.TONE in viewer.scope.categories:
        parts.append(figure(text("nav.tone"), tone, note=text("overview.tone_note"), href="tone"))
    if viewer.scope.browse:
        parts.append(_unexplained(counts.unexplained))
    parts.append(
        figure(
            text("overview.unseen"), counts.pages_unseen, note=text("overview.unseen_note"), href="sider",
            tone="bad" if counts.pages_unseen else "plain",
        )
    )  # fmt: skip
    return figures(parts)


def _unexplained(count: int) -> str:
    return figure(
        text("overview.unexplained"), count, note=text("overview.unexplained_note"), href="sletteregnskab",
        tone="bad" if count else "plain",
    )  # fmt: skip


def institution_table(lines: Sequence[InstitutionLine]) -> str:
    header = [
        text(f"overview.column.{name}")
        for name in ("name", "trend", "comments", "inquiries", "answered", "overdue", "breaches", "unexplained")
    ]
    rows = [
        [
            safe.name(one.name),
            bars(one.trend, text("overview.trend_label", values=", ".join(words.number(n) for n in one.trend))),
            words.number(one.comments),
            words.number(one.inquiries),
            words.number(one.answered),
            f'<strong class="sb-over">▲ {words.number(one.overdue)}</strong>' if one.overdue else "0",
            f"<strong>{words.number(one.breaches)}</strong>" if one.breaches else "0",
            f"<strong>{words.number(one.unexplained)}</strong>" if one.unexplained else "0",
        ]
        for one in lines
    ]
    return table(header, rows, label=text("overview.institutions"), numbers=frozenset({2, 3, 4, 5, 6, 7}))


def week_table(weeks: Sequence[WeekTotal]) -> str:
    """The chart's figures, for whoever does not see a chart."""
    header = [text(f"overview.column.{name}") for name in ("week", "comments", "inquiries", "breaches")]
    rows = [
        [html.escape(words.week(one.week)), *(words.number(n) for n in (one.comments, one.inquiries, one.breaches))]
        for one in reversed(weeks)
    ]
    return table(header, rows, label=text("overview.weeks"), numbers=frozenset({1, 2, 3}))


def chart(weeks: Sequence[WeekTotal], colours: Colours) -> dict[str, Any]:
    """The weeks as a Vega-Lite specification with its values in it: no data frame is made."""
    values = [
        {"week": str(int(one.week[-2:])), "order": place, "kind": text(f"overview.column.{kind}"), "count": count}
        for place, one in enumerate(weeks)
        for kind, count in (("other", _rest(one)), ("inquiries", one.inquiries), ("breaches", one.breaches))
    ]
    kinds = [text(f"overview.column.{name}") for name in ("other", "inquiries", "breaches")]
    name = text("overview.column.week")
    week = {"field": "week", "type": "nominal", "title": name, "sort": {"field": "order"}, "axis": {"labelAngle": 0}}
    return {
        "data": {"values": values},
        "height": 260,
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "tooltip": True},
        "encoding": {
            "x": week,
            "y": {"field": "count", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": ",d"}},
            "color": {
                "field": "kind", "type": "nominal", "title": None, "sort": kinds,
                "scale": {"domain": kinds, "range": [colours.quiet, colours.accent, colours.warm]},
                "legend": {"orient": "top", "offset": 6},
            },
            "order": {"field": "kind", "sort": "descending"},
            "tooltip": [
                {"field": "week", "title": text("overview.column.week")},
                {"field": "kind", "title": text("overview.column.kind")},
                {"field": "count", "title": text("overview.column.count"), "format": ",d"},
            ],
        },
        "config": {"locale": {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}}},
    }  # fmt: skip


def _rest(one: WeekTotal) -> int:
    """Comments that are neither; a comment may be both, and own posts may be breaches, hence never below none."""
    return max(0, one.comments - one.inquiries - one.breaches)


def _trend(values: Sequence[int], name: str) -> str:
    return bars(values, text(f"overview.trend_{name}", values=", ".join(words.number(one) for one in values)))
