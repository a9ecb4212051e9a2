"""A whole day as people live it: sandbox, visits, dashboard and report; an inquiry from its arrival to the week's CSV,
and a breach in an own post from its arrival to the package. One browser, two people.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsing import DESKTOP, PHONE, chromium, dashboard, settled

from collectors.sandbox.app import build
from collectors.sandbox.configuration import configuration_of
from collectors.sandbox.dialects import KINDS
from collectors.sandbox.scenario import Author, Change, Entry, Place, story
from data.times import week_of
from data.types import Institution, Kind
from tests.served import serving
from tests.support import Hand

pytestmark = pytest.mark.browser
SEED, MINUTE = 7, 60.0
HOME = Institution("hjemmet", "Plejehjemmet Åsen", "plejecenter")
PLACE = Place("aasen-fb", HOME.id, "facebook", "Plejehjemmet Åsen", KINDS["facebook"].ref(SEED, "aasen-fb"))
POST, PRAISE = f"{PLACE.ref}_500", f"{PLACE.ref}_501"
PEOPLE = """
[[person]]
name = "Anna Holm"
role = "administrator"
institutions = ["hjemmet"]
[[person]]
name = "Kim Toft"
role = "communications"
"""
ANNA, KIM = "Anna Holm · sideansvarlig", "Kim Toft · kommunikation"
ASKED = "Hvornår er der besøgstid på lørdag? Vi kommer langvejs fra."
TOLD = "Tillykke til Ester Birkemose på stue 4, som er tilbage hos os efter sin blodprop!"
MENDED = "Tillykke til en af vores beboere, som er tilbage hos os!"


def a_day(start: datetime) -> Any:
    """A question at 10 minutes past, the page's reply at 20; an own post at 30 that tells too much, mended at 40."""
    entries = [
        Entry(POST, PLACE.id, Kind.POST, POST, -MINUTE, "Så er der pyntet op i stuen.", by_page=True),
        Entry("500_1", PLACE.id, Kind.COMMENT, POST, 10 * MINUTE, ASKED, author=Author("77", "Bo Lund")),
        Entry("500_2", PLACE.id, Kind.REPLY, POST, 20 * MINUTE, "Hej Bo. Klokken 10 til 20, velkommen.", "500_1",
              by_page=True),
        Entry(PRAISE, PLACE.id, Kind.POST, PRAISE, 30 * MINUTE, TOLD, by_page=True),
    ]  # fmt: skip
    return story(SEED, start, [HOME], [PLACE], entries, [Change(40 * MINUTE, PRAISE, "edit", MENDED)])


@dataclass
class Scene:
    folder: Path
    clock: Hand
    address: str
    browser: Any

    def at(self, minutes: float) -> None:
        """So many minutes into the day, just visited, as `sideblik visit` does it."""
        self.clock.at = START + timedelta(minutes=minutes)
        told = self.cli("visit")
        assert 0 == told.returncode, told.stderr

    def cli(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dashboard.cli", *arguments, "--config", str(self.folder / "sideblik.toml")]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=self.folder)

    def see(self, person: str, view: str, size: dict[str, int] = DESKTOP) -> Any:
        """A view in a window of its own, as a person sees it."""
        page = self.browser.new_context(viewport=size, locale="da-DK").new_page()
        page.goto(f"{self.address}/{view}{'&' if '?' in view else '?'}som={quote(person)}")
        settled(page)
        return page


START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder, clock = tmp_path_factory.mktemp("day"), Hand(START)
    with serving(build(a_day(START), clock)) as sandbox:
        told = configuration_of(sandbox, [HOME], [PLACE])
        (folder / "sideblik.toml").write_text(
            f'[storage]\ndatabase = "sideblik.db"\nreports = "out"\n{told}\n{PEOPLE}', "utf-8"
        )
        kept = folder / "sideblik.secrets.toml"
        kept.touch(mode=0o600)
        kept.write_text(f'[tokens]\n{PLACE.id} = "{KINDS["facebook"].token(SEED, PLACE.ref)}"\n', "utf-8")
        made = Scene(folder, clock, "", None)
        made.at(1)
        with dashboard(folder / "sideblik.toml") as made.address, chromium() as made.browser:
            yield made


def test_an_inquiry_from_its_arrival_to_the_report(scene: Scene) -> None:
    """It arrives, is flagged, taken, answered on the platform, recognised as answered, and stands in the week's CSV."""
    scene.at(11)
    anna = scene.see(ANNA, "mindag", PHONE)
    anna.get_by_role("button", name=re.compile("Spørgsmål .*sag")).click()
    anna.get_by_role("button", name="Jeg tager den").click()
    anna.locator(".sb-head", has_text="I gang: Anna Holm").wait_for()
    kim = scene.see(KIM, "henvendelser?status=I gang")
    kim.get_by_text("I gang: Anna Holm").first.wait_for()
    scene.at(21)
    answered = scene.see(ANNA, "henvendelser?status=Besvarede")
    answered.get_by_role("button", name=re.compile("Spørgsmål .*sag")).click()
    answered.get_by_text("Klokken 10 til 20, velkommen.").first.wait_for()
    week = week_of(START + timedelta(minutes=10))
    told = scene.cli("report", "--week", week)
    assert 0 == told.returncode, told.stderr
    pages = next(one for one in (scene.folder / "out").rglob("*.csv") if "sider" in one.name or "pages" in one.name)
    rows = list(csv.DictReader(io.StringIO(pages.read_text("utf-8-sig")), delimiter=";"))
    assert ["1", "1"] == [rows[0][name] for name in ("Henvendelser", "Besvaret")]


def test_a_breach_from_its_arrival_to_the_package(scene: Scene) -> None:
    """It arrives in an own post, is opened and checked off, mended on the platform, closed by two, and packed."""
    scene.at(31)
    anna = scene.see(ANNA, "brud")
    anna.get_by_role("button", name=re.compile("brud .*sag")).first.click()
    anna.get_by_text("timer tilbage").first.wait_for()
    for item in ("Lederen har fået besked", "Kommunens eget skema er udfyldt"):
        anna.get_by_role("radiogroup", name=item).get_by_text("Gjort").click()
        settled(anna)
    anna.get_by_text("2 af 8 punkter er afklaret").first.wait_for()
    scene.at(41)
    anna.reload()
    settled(anna)
    anna.get_by_text(MENDED).first.wait_for()
    anna.locator("[data-testid=stForm] label", has_text="Rettet").first.click()
    anna.get_by_role("button", name="Gem afgørelse").click()
    anna.get_by_text("En anden skal se på den, før den kan lukkes").wait_for()
    kim = scene.see(KIM, anna.url.split("/")[-1].split("&som")[0])
    kim.get_by_role("button", name="Enig – luk sagen").click()
    kim.get_by_text("var enig").first.wait_for()
    kim.get_by_text("Journalisér, eller send til DPO").click()
    with kim.expect_download() as download:
        kim.get_by_role("button", name="Hent pakke til DPO").click()
    with zipfile.ZipFile(download.value.path()) as package:
        told = json.loads(package.read("case.json"))
        assert {"case.json", "case.pdf", "SHA256SUMS"} <= set(package.namelist())
    text = json.dumps(told, ensure_ascii=False)
    assert "Birkemose" not in text
    assert MENDED in text
