"""The year's figures set as a PDF for the political committee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.pdf import Sheet
from dashboard.shapes import department as shape
from dashboard.words import text
from dashboard.yearly import Year, YearFigures, begun
from data.page_state import State
from data.queries.making import danish
from data.service_rows import Service

_COLUMNS = ("asked", "share", "median", "waiting")


def content(found: Year, municipality: str) -> bytes:
    """The whole document; the same figures of the same day give the same bytes."""
    title = text("year.title", year=found.this.year)
    day = found.now.replace(hour=0, minute=0, second=0, microsecond=0)
    sheet = Sheet(title, day, text("year.page", page="{page}", pages="{pages}"))
    sheet.heading(title, 1)
    sheet.paragraph(text("year.whose", municipality=municipality))
    sheet.paragraph(text("year.as_of", date=f"{words.date(found.now)} {found.now.year}"), muted=True)
    sheet.paragraph(text("year.stored", count=found.this.stored, weeks=begun(found.this.year, found.now)), muted=True)
    _figures(sheet, found)
    _weeks(sheet, found)
    _services(sheet, "year.institutions", "institution", _named(found.by_institution, found.institutions))
    _services(sheet, "year.topics", "topic", {shape.topic(code): one for code, one in found.by_topic.items()})
    _breaches(sheet, found)
    _pages(sheet, found)
    sheet.heading(text("year.how"))
    for name in ("week", "share", "people"):
        sheet.paragraph(text(f"year.how_{name}"))
    return sheet.content()


def _named(groups: Mapping[str, Service], names: Mapping[str, str]) -> dict[str, Service]:
    return {names.get(key, key): one for key, one in groups.items()}


def _figures(sheet: Sheet, found: Year) -> None:
    sheet.heading(text("year.figures"))
    header = [text("year.figure"), str(found.this.year), str(found.before.year)]
    names = ("comments", "posts", "inquiries", "share", "median", "breaches")
    rows = [[text(f"department.of.{name}"), _value(name, found.this), _value(name, found.before)] for name in names]
    sheet.grid(header, _told(header, rows))


def _value(name: str, one: YearFigures) -> str:
    if not one.stored:
        return text("unit.unknown")
    match name:
        case "share":
            return _share(one.service)
        case "median":
            return words.hours(one.service.median_hours)
        case "inquiries":
            return words.number(one.service.asked)
    return words.number(getattr(one, name))


def _share(one: Service) -> str:
    if one.share is None:
        return text("unit.unknown")
    part = text("department.part", part=words.number(one.within), whole=words.number(one.answered + one.overdue))
    return f"{words.share(one.share)} {part}"


def _weeks(sheet: Sheet, found: Year) -> None:
    sheet.heading(text("year.weeks"))
    counts = [count for _, count in found.weeks]
    week, most = max(found.weeks, key=lambda pair: pair[1])
    told = text("year.weeks_alt", week=words.week(week), most=words.number(most), total=words.number(sum(counts)))
    marks = [str(int(name[-2:])) if int(name[-2:]) % 4 == 1 else "" for name, _ in found.weeks]
    sheet.bars(counts, marks, told)
    sheet.paragraph(told, muted=True)


def _services(sheet: Sheet, title: str, by: str, groups: Mapping[str, Service]) -> None:
    if not groups:
        return
    sheet.heading(text(title))
    header = [text(f"department.by_{by}"), *(text(f"department.column.{name}") for name in _COLUMNS)]
    rows = [
        [
            name,
            words.number(one.asked),
            _share(one),
            words.hours(one.median_hours),
            words.number(one.open),
        ]
        for name, one in sorted(groups.items(), key=lambda pair: danish(pair[0]))
    ]
    sheet.grid(header, _told(header, rows))


def _breaches(sheet: Sheet, found: Year) -> None:
    sheet.heading(text("year.breaches"))
    sheet.paragraph(text("year.breaches_more"), muted=True)
    counts: Counter[tuple[str, str]] = Counter()
    for one in found.breaches:
        counts[one.verdict, one.kind] += one.count
    header = [text("department.decision"), *(text(f"kind.{kind}") for kind in shape.KINDS)]
    rows = [
        [shape.decision(verdict), *(words.number(counts[verdict, kind]) for kind in shape.KINDS)]
        for verdict in sorted(
            {verdict for verdict, _ in counts}, key=lambda one: (one != "", danish(shape.decision(one)))
        )
    ]
    sheet.grid(header, _told(header, rows))


def _pages(sheet: Sheet, found: Year) -> None:
    sheet.heading(text("year.pages"))
    sheet.paragraph(text("year.pages_more"), muted=True)
    header = [text("minding.column.state"), text("year.pages")]
    rows = [[text(f"minding.state_{state}"), words.number(found.states.get(state, 0))] for state in State]
    sheet.grid(header, _told(header, rows))


def _told(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[Sequence[str], str]]:
    """Each row with its sentence: every number after its header."""
    return [
        (
            row,
            text(
                "year.row",
                name=row[0],
                values=", ".join(
                    text("year.value", header=name, value=value)
                    for name, value in zip(header[1:], row[1:], strict=True)
                ),
            ),
        )
        for row in rows
    ]
