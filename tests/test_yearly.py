"""The year's summary: what it tells, that it tells nobody's name, and that it is the same file again."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from records import ALL, HOME_PAGE, NOON, SCHOOL_ONLY, SCHOOL_PAGE, Clock, asking, plain, set_up, telling

from dashboard import reports, yearly, yearly_pdf
from data.queries import journal, open_reader
from data.store import Store
from data.types import NOTHING, Answer

NOW = NOON + timedelta(days=3)
PLACE = "Nørreå Kommune"


@pytest.fixture
def path(tmp_path):
    """A question answered in time and one that waits at the school, one at the home, a possible breach."""
    path = tmp_path / "sideblik.db"
    with Store.open(path, clock=Clock()) as store:
        set_up(store)
        answers = [Answer("c1", "c9", NOON + timedelta(hours=4))]
        asked = [asking("c1"), asking("c2", "Må Karla Æblehave komme med?", author_name="Zenobia Q.")]
        store.save(SCHOOL_PAGE, [plain("p1"), *asked, telling("c3"), plain("c9", by_page=True)], answers=answers)
        store.save(HOME_PAGE, [asking("h1", page=HOME_PAGE, thread_id="h0")])
    return path


def made(path, scope=ALL, now=NOW, year=2026) -> bytes:
    with open_reader(path) as reader:
        return reports.yearly(reader, scope, year, now, PLACE)


def told(pdf: bytes) -> str:
    """All that the pages draw, and all that the structure says of it."""
    drawn = b"".join(
        zlib.decompressobj().decompress(found[1])  # its last byte may be a \r, and is no loss
        for found in re.finditer(rb"FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    )
    named = b"".join(
        bytes.fromhex(found[1].decode()).decode("utf-16").encode("cp1252", "replace")
        for found in re.finditer(rb"<(FEFF[0-9A-F]+)>", pdf, re.IGNORECASE)
    )
    return (drawn + named + pdf).decode("latin-1")


def test_the_same_figures_are_the_same_file(path):
    """Byte for byte, whenever on the day they are added up; another day tells its own date."""
    assert made(path) == made(path, now=NOW + timedelta(hours=5))
    assert made(path) != made(path, now=NOW + timedelta(days=1))


def test_the_figures_are_those_of_the_screens(path):
    """Inquiries, answers, possible breaches of the year, and none of the year before."""
    with open_reader(path) as reader:
        found = yearly.gather(reader, ALL, 2026, NOW)
    assert (3, 1, 1, 1) == (
        found.this.service.asked, found.this.service.answered, found.this.service.within, found.this.breaches,
    )  # fmt: skip
    assert (1, 0, 0) == (found.this.stored, found.before.stored, found.before.service.asked)
    assert {"skolen": 2, "hjemmet": 1} == {name: one.asked for name, one in found.by_institution.items()}
    assert ("2026-W47", 3) in found.weeks
    assert 53 == len(found.weeks)


def test_it_tells_nobody(path):
    """No text, no writer: only institutions, topics and numbers."""
    text = told(made(path))
    assert "Besvaret inden for m" in text
    assert [] == [word for word in ("Karla", "Zenobia", "diabetes", "Hvorn\xe5r \xe5bner") if word in text]


def test_it_is_tagged_and_danish(path):
    """A screen reader finds a language, a title, headings, paragraphs, and a figure with words of its own."""
    pdf = made(path)
    for mark in (b"/Lang (da-DK)", b"/MarkInfo", b"/StructTreeRoot", b"/S /H1", b"/S /H2", b"/S /P", b"/S /Figure"):
        assert mark in pdf, mark
    assert "Institution" in told(pdf)


def test_scope(path):
    """An administrator's summary is of their institutions; without a scope it tells nothing."""
    assert "sen p\xe5 nettet" not in told(made(path, SCHOOL_ONLY))
    with open_reader(path) as reader:
        assert {"skolen"} == set(yearly.gather(reader, SCHOOL_ONLY, 2026, NOW).by_institution)
        assert 0 == yearly.gather(reader, NOTHING, 2026, NOW).this.service.asked
    assert made(path, NOTHING).startswith(b"%PDF-")


def test_many_lines_turn_the_page_whole(path):
    """A hundred institutions are told over several pages, each of their numbers uncut."""
    with open_reader(path) as reader:
        found = yearly.gather(reader, ALL, 2026, NOW)
    one = replace(found.by_institution["skolen"], asked=123_456, answered=111_111, within=100_001, overdue=0)
    pdf = yearly_pdf.content(replace(found, by_institution={f"Skole {n:03}": one for n in range(100)}), PLACE)
    assert 4 <= pdf.count(b"/Type /Page\n")
    assert 200 == told(pdf).count("100.001 af 111.111")  # drawn, and in the row's own sentence


def test_it_is_written_whole_and_noted(path, tmp_path):
    """Under the year's name, beside nothing half-written, with a row in the journal; and it is in the archive."""
    out = tmp_path / "out"
    with Store.open(path) as store, open_reader(path) as reader:
        written = reports.issue_year(store, reader, 2026, out, NOW, "Anna", PLACE)
        reports.issue(store, reader, "2026-W47", out, NOW, "Anna")
        assert ("Anna", "report_written", "2026") == tuple(
            getattr(journal(reader, ALL)[1], name) for name in ("actor", "action", "subject")
        )
    (out / "sideblik-egne-noter.csv").touch()
    assert ["sideblik-2026.pdf", "sideblik-2026-W47-pages.csv", "sideblik-2026-W47-cases.csv"] == [
        one.name for one in reports.written(out)
    ]
    assert written.read_bytes() == made(path)


@pytest.mark.parametrize(("year", "weeks"), [(2026, 53), (2025, 52), (2020, 53)])
def test_the_weeks_of_a_year(year, weeks):
    """As ISO counts them."""
    assert weeks == len(yearly.weeks_of(year))
    assert f"{year}-W01" == yearly.weeks_of(year)[0]
