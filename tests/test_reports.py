from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import (
    ALL,
    HOME_PAGE,
    NOON,
    SCHOOL_ONLY,
    SCHOOL_PAGE,
    WEEK,
    Clock,
    asking,
    plain,
    set_up,
    telling,
)

from dashboard import reports, trouble, words
from data import queries
from data.store import Store
from data.types import NOTHING, Answer, Category, Verdict

ROOT = Path(__file__).parent.parent
TEXTS = tomllib.loads((ROOT / "dashboard/texts/report.toml").read_text("utf-8"))
NOW = NOON + timedelta(days=3)
FOREIGN = "=HYPERLINK(1) Karla Æblehave"


@pytest.fixture
def database(tmp_path):
    """A week with an answered, a waiting and an overdue question, two possible breaches, one of them decided."""
    path = tmp_path / "sideblik.db"
    clock = Clock()
    with Store.open(path, clock=clock) as store:
        set_up(store)
        answers = [Answer("c1", "c9", NOON + timedelta(hours=4))]
        mine = [plain("p1"), asking("c1"), asking("c2", FOREIGN, author_name=FOREIGN), telling("c3"), telling("c4")]
        store.save(SCHOOL_PAGE, [*mine, plain("c9", by_page=True)], answers=answers)
        late = {"created_at": NOON + timedelta(hours=30)}
        store.save(HOME_PAGE, [asking("h1", page=HOME_PAGE, thread_id="h0", **late)])
        with queries.open_reader(path) as reader:
            case = queries.queue(reader, ALL, Category.CONFIDENTIALITY)[0]
        store.decide(ALL, "Anna", case.id, case.revision, Verdict.NOT_A_BREACH, "kendt af alle")
    return path


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


def written(database: Path, out: Path, scope=ALL) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    with queries.open_reader(database) as reader:
        pages, cases = reports.weekly(reader, scope, WEEK, out, NOW)
    return read(pages), read(cases)


def test_names(database, tmp_path):
    """The files are named after the week, and nothing else lies in the folder."""
    with queries.open_reader(database) as reader:
        paths = reports.weekly(reader, ALL, WEEK, tmp_path / "out", NOW)
    assert ["sideblik-2026-W47-pages.csv", "sideblik-2026-W47-cases.csv"] == [path.name for path in paths]
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())


def test_page_row(database, tmp_path):
    """A page's row tells its week: counts, answers, decisions, the middle time of answer with a decimal comma."""
    row = next(row for row in written(database, tmp_path)[0] if row["Side-id"] == "skole_fb")
    expected = {
        "Uge": WEEK,
        "Opslag": "1",
        "Kommentarer": "4",
        "Henvendelser": "2",
        "Spørgsmål": "2",
        "Klager": "0",
        "Besvaret": "1",
        "Besvaret inden frist": "1",
        "Svartid, median (timer)": "5,00",
        "Ikke besvaret": "1",
        "Over frist": "1",
        "Mulige brud": "2",
        "Mulige brud, tydelige": "2",
        "Mulige brud uden afgørelse": "1",
        "Afgjort: ikke et brud": "1",
        "Opgjort": "2026-11-21 13:00",
    }
    assert expected == {name: row[name] for name in expected}


def test_totals_equal_the_screens(database, tmp_path):
    """The row of totals, the overview's trend, its figures on top and the queues all tell the same."""
    *_, totals = written(database, tmp_path)[0]
    with queries.open_reader(database) as reader:
        trend = queries.trend(reader, ALL, [WEEK])
        counts = queries.counts(reader, ALL, NOW)
        waiting = queries.queue_count(reader, ALL, Category.INQUIRY)
    assert "I alt" == totals["Institution"]
    shown = {name: sum(getattr(row, name) for row in trend) for name in ("comments", "inquiries", "breaches")}
    assert shown == {
        "comments": int(totals["Kommentarer"]),
        "inquiries": int(totals["Henvendelser"]),
        "breaches": int(totals["Mulige brud"]),
    }
    assert (waiting, counts.overdue, counts.breaches_open) == (
        int(totals["Ikke besvaret"]),
        int(totals["Over frist"]),
        int(totals["Mulige brud uden afgørelse"]),
    )


def test_totals_are_sums(database, tmp_path):
    """Every counting column's total is the sum of its rows, and the decisions add up to the possible breaches."""
    *rows, totals = written(database, tmp_path)[0]
    left_out = {"week", "institution_id", "institution", "page_id", "page", "platform", "as_of"}
    left_out |= {"median_hours", "coverage", "hours_unseen", "seen", "state", "trouble"}
    for name, header in TEXTS["pages"].items():
        if name not in left_out:
            assert sum(int(row[header]) for row in rows) == int(totals[header]), name
    decided = [value for header, value in totals.items() if header.startswith(("Afgjort", "Mulige brud uden"))]
    assert int(totals["Mulige brud"]) == sum(map(int, decided))


def test_cases_tie_with_pages(database, tmp_path):
    """The file of cases holds as many inquiries and possible breaches as the totals say."""
    pages, cases = written(database, tmp_path)
    kinds = [row["Kategori"] for row in cases]
    assert (int(pages[-1]["Henvendelser"]), int(pages[-1]["Mulige brud"])) == (
        kinds.count("Henvendelse"),
        kinds.count("Muligt brud"),
    )
    assert 1 == [row["Status"] for row in cases].count(words.text("status.answered"))
    assert 1 == [row["Afgørelse"] for row in cases].count("Ikke et brud")


def test_no_text_and_no_name(database, tmp_path):
    """Nothing that a citizen wrote or is called, and no member of the staff, stands in either file."""
    written(database, tmp_path / "out")
    raw = "".join(path.read_text("utf-8-sig") for path in (tmp_path / "out").iterdir())
    assert [] == [word for word in ("Karla", "HYPERLINK", "diabetes", "Hvornår", "Anna", "kendt") if word in raw]


def test_scope(database, tmp_path):
    """A viewer's report holds their institutions only, totals included; without a scope it holds nothing."""
    pages, cases = written(database, tmp_path, SCHOOL_ONLY)
    assert {"skolen"} == {row["Institutions-id"] for row in [*pages[:-1], *cases]}
    assert "2" == pages[-1]["Henvendelser"]
    pages, cases = written(database, tmp_path, NOTHING)
    assert ([], "0") == (cases, pages[-1]["Henvendelser"])
    assert 1 == len(pages)


def test_issue_is_in_the_journal(database, tmp_path):
    """Who had a report written stands in the journal."""
    with Store.open(database) as store, queries.open_reader(database) as reader:
        reports.issue(store, reader, WEEK, tmp_path / "out", NOW, "Anna")
        newest = queries.journal(reader, ALL, 1, None)[0]
    assert ("Anna", "report_written", WEEK) == (newest.actor, newest.action, newest.subject)


def test_last_week():
    """On Monday at six in Copenhagen the week that has ended is the one before, also over new year."""
    assert "2026-W47" == reports.last_week(NOON + timedelta(days=5))
    assert "2026-W53" == reports.last_week(NOON + timedelta(days=47))


@pytest.mark.parametrize("name", ["pages", "cases"])
def test_every_column_is_documented(database, name):
    """docs/reports.md describes exactly the columns of each file, in their order."""
    section = (ROOT / "docs/reports.md").read_text("utf-8").split(f"## {name}\n")[1].split("\n## ")[0]
    described = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)[2:]
    with queries.open_reader(database) as reader:
        header = getattr(reports, name)(reader, ALL, WEEK, NOW).header
    assert list(header) == described
    assert list(TEXTS[name].values()) == described


@pytest.mark.parametrize(
    ("unseen", "visited", "expected"),
    [(0, True, "whole"), (3.5, True, "partly"), (168, True, "not"), (0, False, "unknown")],
)
def test_a_quiet_week_is_not_an_unseen_one(database, unseen, visited, expected):
    """Nothing new and not seen never look the same: a word says which it was, beside the hours."""
    with queries.open_reader(database) as reader:
        line = queries.week(reader, ALL, WEEK, NOW)[0]
    quiet = replace(line, comments=0, hours_unseen=unseen, hours=168, visited=visited)
    assert expected == reports.seen_in_week(quiet)


def test_the_report_tells_how_each_page_stands(database, tmp_path):
    """The same state and the same saying as on the screen, for every page; the totals have none."""
    *lines, totals = written(database, tmp_path)[0]
    with queries.open_reader(database) as reader:
        stands = {page.id: trouble.sentence(page, NOW) for page in queries.pages(reader, ALL)}
    assert stands == {row["Side-id"]: row["Hvad er der galt"] for row in lines}
    assert {"Kræver handling", "Vi ved det ikke"} >= {row["Tilstand nu"] for row in lines}
    assert ("", "") == (totals["Tilstand nu"], totals["Hvad er der galt"])
