"""The weekly report: two CSV files from the same queries that the screens read, so that their figures tie.

`sideblik-2026-W47-pages.csv` holds a row for each institution and page and one of totals; `…-cases.csv` a row for
each case. Neither holds what a citizen wrote or is called. The columns are described in docs/reports.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from dashboard import csvfile, trouble, words
from dashboard.csvfile import Cell
from dashboard.wiring import EVERYTHING
from data import queries
from data.page_state import page_state
from data.queries import Reader
from data.rows import CaseRow, PageRow, PageWeek
from data.store import Store
from data.times import shift_week, week_of
from data.types import Scope, Status, Verdict

FIRST_YEAR = 2004  # no page that Sideblik reads is older
_HOUR = timedelta(hours=1)
_WRITTEN = re.compile(r"sideblik-[0-9]{4}(-W[0-9]{2}-(pages|cases)\.csv|\.pdf)")
_SETTLED = (
    Verdict.NOT_A_BREACH,
    Verdict.EDITED,
    Verdict.HIDDEN,
    Verdict.DELETED,
    Verdict.JOURNALISED,
    Verdict.REPORTED_TO_DPO,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A file before it is written, or a preview of it on a screen; rows are read as they are asked for."""

    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


def weekly(reader: Reader, scope: Scope, week: str, out: Path, now: datetime) -> list[Path]:
    """Writes both files of an ISO week into the folder, each whole or not at all; returns their paths.

    `now` is the moment that open and overdue are told for. ValueError for a week that does not exist, `StoreError`
    when the folder cannot be written.
    """
    paths = []
    for name, table in {"pages": pages(reader, scope, week, now), "cases": cases(reader, scope, week, now)}.items():
        path = out / f"sideblik-{week}-{name}.csv"
        csvfile.write(path, table.header, table.rows)
        paths.append(path)
    return paths


def issue(store: Store, reader: Reader, week: str, out: Path, now: datetime, actor: str) -> list[Path]:
    """Writes the whole municipality's report and notes in the journal who had it written."""
    paths = weekly(reader, EVERYTHING, week, out, now)
    store.note(actor, "report_written", week, detail={"files": [path.name for path in paths]})
    return paths


def yearly(reader: Reader, scope: Scope, year: int, now: datetime, municipality: str) -> bytes:
    """A year's summary as PDF, of the institutions in scope; the same figures of the same day give the same bytes."""
    from dashboard.yearly import gather  # noqa: PLC0415 fpdf2 brings fontTools, which few runs need
    from dashboard.yearly_pdf import content  # noqa: PLC0415 likewise

    return content(gather(reader, scope, year, now), municipality)


def issue_year(
    store: Store, reader: Reader, year: int, out: Path, now: datetime, actor: str, municipality: str
) -> Path:
    """Writes the whole municipality's summary of a year, whole or not at all, and notes it in the journal."""
    path = out / year_file(year)
    csvfile.write_bytes(path, yearly(reader, EVERYTHING, year, now, municipality))
    store.note(actor, "report_written", str(year), detail={"files": [path.name]})
    return path


def written(folder: Path) -> list[Path]:
    """The reports in a folder, newest week or year first; nothing else that lies there."""
    found = [path for path in folder.glob("sideblik-*") if _WRITTEN.fullmatch(path.name) and path.is_file()]
    return sorted(found, key=lambda path: path.name, reverse=True)


def year_file(year: int) -> str:
    return f"sideblik-{year}.pdf"


def last_week(now: datetime) -> str:
    """The ISO week that has ended."""
    return shift_week(week_of(now), -1)


def pages(reader: Reader, scope: Scope, week: str, now: datetime) -> Table:
    """A row for each page in scope, by institution and name, then their totals."""
    found = queries.week(reader, scope, week, now)
    header = _texts()["pages"]
    stands = {page.id: _stands(page, now) for page in queries.pages(reader, scope)}
    rows = [
        [*(value(row) for value, _ in PAGE_COLUMNS.values()), *stands.get(row.page_id, ("", "")), now] for row in found
    ]
    totals: list[Cell] = [total(found) for _, total in PAGE_COLUMNS.values()]
    totals[:3] = week, "", _texts()["words"]["total"]
    names = (*PAGE_COLUMNS, "state", "trouble", "as_of")
    return Table(tuple(header[name] for name in names), [*rows, [*totals, "", "", now]])


def _stands(page: PageRow, now: datetime) -> tuple[str, str]:
    """How a page stands now, as the screen says it, and what is wrong and who must act."""
    return _word("page.state", page_state(page, now).state), trouble.sentence(page, now)


def seen_in_week(row: PageWeek) -> str:
    """Whether the page was seen in the week: a week of no comments may be a quiet one or one that nobody saw."""
    if not row.visited:
        return "unknown"
    if row.hours_unseen <= 0:
        return "whole"
    return "not" if row.hours_unseen >= row.hours else "partly"


def cases(reader: Reader, scope: Scope, week: str, now: datetime) -> Table:
    """A row for each case in scope whose message was written in the week, by number."""
    header = _texts()["cases"]
    rows = (_case(row, week, now) for row in queries.case_lines(reader, scope, week))
    return Table(tuple(header[name] for name in CASE_COLUMNS), rows)


def _case(row: CaseRow, week: str, now: datetime) -> list[Cell]:
    told: dict[str, Cell] = {name: value(row) for name, value in _CASE_VALUES.items()}
    told["week"] = week
    open_ = row.status in (Status.NEW, Status.TAKEN)
    told["overdue"] = _yes(open_ and row.due_at is not None and row.due_at < now)
    return [told[name] for name in CASE_COLUMNS]


@cache
def _texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "texts" / "report.toml").read_text("utf-8"))


def _word(group: str, code: object) -> str:
    """The Danish word of a code, the report's own before the screens'; a code without one stands for itself."""
    own = _texts()["words"].get(group, {}).get(str(code))
    key = f"{group}.{code}"
    return str(own or (words.text(key) if words.known(key) else code))


def _yes(value: bool) -> str:
    return str(_texts()["words"]["yes" if value else "no"])


PageValue = Callable[[PageWeek], Cell]
PageTotal = Callable[[Sequence[PageWeek]], Cell]


def _same(_rows: Sequence[PageWeek]) -> Cell:
    """No total: it is no sum of the pages' own."""
    return None


def _summed(value: Callable[[PageWeek], float]) -> tuple[PageValue, PageTotal]:
    return value, lambda rows: sum(value(row) for row in rows)


def _decided(*verdicts: str) -> tuple[PageValue, PageTotal]:
    return _summed(lambda row: sum(row.decided.get(verdict, 0) for verdict in verdicts))


def _median(hours: Iterable[float]) -> float | None:
    found = list(hours)
    return median(found) if found else None


PAGE_COLUMNS: dict[str, tuple[PageValue, PageTotal]] = {
    "week": (lambda row: row.week, _same),
    "institution_id": (lambda row: row.institution_id, _same),
    "institution": (lambda row: row.institution_name, _same),
    "page_id": (lambda row: row.page_id, _same),
    "page": (lambda row: row.page_name, _same),
    "platform": (lambda row: _word("platform", row.platform), _same),
    "posts": _summed(lambda row: row.posts),
    "comments": _summed(lambda row: row.comments),
    "own": _summed(lambda row: row.own),
    "inquiries": _summed(lambda row: row.inquiries),
    "questions": _summed(lambda row: row.questions),
    "requests": _summed(lambda row: row.requests),
    "complaints": _summed(lambda row: row.complaints),
    "answered": _summed(lambda row: row.answered),
    "within": _summed(lambda row: row.within),
    "median_hours": (
        lambda row: _median(row.answer_hours),
        lambda rows: _median(hours for row in rows for hours in row.answer_hours),
    ),
    "open": _summed(lambda row: row.open),
    "overdue": _summed(lambda row: row.overdue),
    "breaches": _summed(lambda row: row.serious + row.possible + row.self_told),
    "serious": _summed(lambda row: row.serious),
    "possible": _summed(lambda row: row.possible),
    "self_told": _summed(lambda row: row.self_told),
    "undecided": _decided(""),
    "not_a_breach": _decided(Verdict.NOT_A_BREACH),
    "edited": _decided(Verdict.EDITED),
    "hidden_by_us": _decided(Verdict.HIDDEN),
    "deleted": _decided(Verdict.DELETED),
    "journalised": _decided(Verdict.JOURNALISED),
    "reported_to_dpo": _decided(Verdict.REPORTED_TO_DPO),
    "decided_otherwise": _decided(*(verdict for verdict in Verdict if verdict not in _SETTLED)),
    "removed": _summed(lambda row: row.removed),
    "hidden": _summed(lambda row: row.hidden),
    "unexplained": _summed(lambda row: row.unexplained),
    "unexplained_ever": _summed(lambda row: row.unexplained_ever),
    "coverage": (lambda row: None if row.coverage is None else row.coverage * 100, _same),
    "hours_unseen": _summed(lambda row: row.hours_unseen),
    "seen": (lambda row: _word("seen", seen_in_week(row)), _same),
}

_CASE_VALUES: dict[str, Callable[[CaseRow], Cell]] = {
    "case": lambda row: row.id,
    "message": lambda row: row.message,
    "category": lambda row: _word("category", row.category),
    "kind": lambda row: _word("kind", row.kind),
    "topic": lambda row: _word("topic", row.topic),
    "severity": lambda row: _word("severity", int(row.severity)),
    "status": lambda row: _word("status", row.status),
    "verdict": lambda row: _word("verdict", row.verdict) if row.verdict else "",
    "institution_id": lambda row: row.institution_id,
    "institution": lambda row: row.institution_name,
    "page_id": lambda row: row.page_id,
    "page": lambda row: row.page_name,
    "platform": lambda row: _word("platform", row.platform),
    "written_as": lambda row: _word("message", row.message_kind),
    "by_page": lambda row: _yes(row.by_page),
    "written_at": lambda row: row.written_at,
    "opened_at": lambda row: row.opened_at,
    "due_at": lambda row: row.due_at,
    "answered_at": lambda row: row.answered_at,
    "answer_hours": lambda row: None if row.answered_at is None else (row.answered_at - row.written_at) / _HOUR,
    "visibility": lambda row: _word("visibility", row.visibility),
    "link": lambda row: row.url,
}
CASE_COLUMNS = tuple(_texts()["cases"])
