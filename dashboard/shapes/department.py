"""The department's figures as tables: a week held against others, answers by place, topic and hour, possible breaches.

Lines stand by name, never by size: nobody is ranked.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from analysis.rising import Rising
from dashboard import safe, words
from dashboard.department import Department, WeekFigures
from dashboard.shapes.basics import empty, pill, table
from dashboard.shapes.cases import platform
from dashboard.words import text
from data.queries.making import danish
from data.service_rows import Asked, BreachCount, Service, grouped
from data.types import Breach, Category, Scope

BY: dict[str, Callable[[Asked], str]] = {
    "institution": lambda row: row.institution_id,
    "platform": lambda row: row.platform,
    "topic": lambda row: row.topic,
}
KINDS = (Breach.CLEAR, Breach.POSSIBLE, Breach.SELF)
FEW = 5  # answers; a middle one of fewer says little, and the table says so


def compared(found: Department, scope: Scope, *, running: bool) -> str:
    """The week beside the one before and the same week last year; a dash where nothing is stored of a week."""
    header = [text("department.figure"), *(_week_name(one, found.week) for one in found.compared)]
    rows = [
        [html.escape(text(f"department.of.{name}")), *(_value(name, one) for one in found.compared)]
        for name in _names(scope)
    ]
    told = table(header, rows, label=text("department.compared"), numbers=frozenset({1, 2, 3}))
    return told + (f'<p class="sb-meta">{html.escape(text("department.running"))}</p>' if running else "")


def _names(scope: Scope) -> list[str]:
    names = ["comments", "posts"]
    if Category.INQUIRY in scope.categories:
        names += ["inquiries", "share", "median"]
    return [*names, "breaches"] if Category.CONFIDENTIALITY in scope.categories else names


def _week_name(one: WeekFigures, week: str) -> str:
    name = words.week(one.week)
    return name if one.week[:4] == week[:4] else f"{name} {one.week[:4]}"


def _value(name: str, one: WeekFigures) -> str:
    if one.written is None:
        return text("unit.unknown")
    match name:
        case "share":
            return share(one.service)
        case "median":
            return words.hours(one.service.median_hours)
        case "breaches":
            return words.number(one.breaches)
        case "inquiries":
            return words.number(one.service.asked)
    return words.number(getattr(one.written, name))


def share(service: Service) -> str:
    """Answered within the goal, with the numbers behind it: a percentage of two says little."""
    if service.share is None:
        return text("unit.unknown")
    part = text("department.part", part=words.number(service.within), whole=words.number(_due(service)))
    return f"{html.escape(words.share(service.share))} <span class='sb-meta'>{html.escape(part)}</span>"


def _due(service: Service) -> int:
    return service.answered + service.overdue


def answered(found: Department, by: str) -> str:
    """How inquiries were answered by institution, platform or topic, in the order of their names."""
    names = {place.id: place.name for place in found.places.institutions}
    groups = grouped(found.asked, BY[by], found.now)
    named = sorted(((_name(by, key, names), one) for key, one in groups.items()), key=lambda pair: danish(pair[0]))
    if not named:
        return empty("department.nothing_asked")
    header = [text(f"department.by_{by}"), *(text(f"department.column.{name}") for name in _COLUMNS)]
    rows = [[safe.name(name), *_cells(one)] for name, one in named]
    numbers = frozenset(range(1, len(header)))
    return f'<div class="sb-wide">{table(header, rows, label=text("department.answered"), numbers=numbers)}</div>'


_COLUMNS = ("asked", "share", "median", "waiting", "overdue")


def _cells(one: Service) -> list[str]:
    over = f'<strong class="sb-over">▲ {words.number(one.overdue)}</strong>' if one.overdue else "0"
    few = f" <span class='sb-meta'>{html.escape(text('department.few'))}</span>" if 0 < one.answered < FEW else ""
    return [
        words.number(one.asked),
        share(one),
        html.escape(words.hours(one.median_hours)) + few,
        words.number(one.open),
        over,
    ]


def _name(by: str, key: str, institutions: Mapping[str, str]) -> str:
    match by:
        case "institution":
            return institutions.get(key, key)
        case "platform":
            return platform(key)
    return topic(key)


def topic(code: str) -> str:
    """A topic's word; one that nobody has named stands for itself."""
    if not code:
        return text("department.no_topic")
    return text(f"topic.{code}") if words.known(f"topic.{code}") else code


def topics(found: Department) -> str:
    """What the week's inquiries are about, beside the week before."""
    this, before = (
        Counter(row.topic for row in found.asked if row.week == one.week) for one in found.compared[:2]
    )  # fmt: skip
    if not this:
        return empty("department.nothing_asked")
    header = [text("department.by_topic"), *(_week_name(one, found.week) for one in found.compared[:2])]
    rows = [
        [safe.name(topic(code)), words.number(this[code]), words.number(before[code])]
        for code in sorted({*this, *before}, key=lambda code: danish(topic(code)))
    ]
    told = table(header, rows, label=text("department.topics"), numbers=frozenset({1, 2}))
    return f'<div class="sb-wide">{told}</div>'


def risen(found: Sequence[Rising] | None) -> str:
    """The words that rose; masked texts, no names, no few."""
    if found is None:
        return empty("department.words_unknown", "?")
    if not found:
        return empty("department.words_none", "✓")
    items = [
        f"<li>{pill(one.word)} <span class='sb-meta'>{html.escape(_used(one))}</span></li>" for one in found
    ]  # fmt: skip
    return f'<ul class="sb-words">{"".join(items)}</ul>'


def _used(one: Rising) -> str:
    return text("department.word", texts=words.number(one.texts), usual=words.number(one.usual, 1))


def breaches(found: Sequence[BreachCount]) -> str:
    """Possible breaches by kind, and what people decided of them; what nobody has decided on comes first."""
    if not found:
        return empty("department.no_breaches")
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        counts[one.verdict, one.kind] += one.count
    verdicts = sorted(
        {verdict for verdict, _ in counts}, key=lambda verdict: (verdict != "", danish(decision(verdict)))
    )
    header = [text("department.decision"), *(text(f"kind.{kind}") for kind in KINDS)]
    rows = [
        [html.escape(decision(verdict)), *(words.number(counts[verdict, kind]) for kind in KINDS)]
        for verdict in verdicts
    ]
    return table(header, rows, label=text("department.breaches"), numbers=frozenset({1, 2, 3}))


def decision(verdict: str) -> str:
    return text(f"department.verdict.{verdict}") if verdict else text("department.undecided")
