"""An export file taken in by upload, in a real browser: looked at first, then imported; it stays nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browsing import DESKTOP, chromium, dashboard, settled
from exported import FACEPAGER, csv_text
from records import HOME, HOME_PAGE, SCHOOL, SCHOOL_PAGE, rows
from screens import municipality

from data.store import Store

pytestmark = pytest.mark.browser
WHOLE = csv_text(FACEPAGER, ";", quote=True)
PAGES = """
[[page]]
id = "skole-fb"
institution = "skolen"
platform = "facebook"
name = "Skolen på nettet"
ref = "104512347896501"
[[page]]
id = "skole-skaev"
institution = "skolen"
platform = "facebook"
name = "Skolens skæve side"
ref = "300"
options = { date_order = "baglæns" }
"""


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A dashboard whose school has a page to import for, and one that is set up wrongly."""
    folder = tmp_path_factory.mktemp("upload")
    path = municipality(folder)
    path.write_text(path.read_text("utf-8").replace("[[institution]]", f"{PAGES}[[institution]]", 1), "utf-8")
    with Store.open(folder / "sideblik.db") as store:
        right = replace(SCHOOL_PAGE, id="skole-fb")
        askew = replace(SCHOOL_PAGE, id="skole-skaev", name="Skolens skæve side")
        store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE, right, askew])
    with chromium() as browser, dashboard(path) as address:
        yield browser, address, folder


def given(scene, page_id: str, content: str):
    """A tab in which a file was given for a page."""
    browser, address, _ = scene
    tab = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
    tab.goto(f"{address}/sider?valgt={page_id}")
    settled(tab)
    file = {"name": "eksport.csv", "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")}
    tab.locator('input[type="file"]').set_input_files(file)
    return tab


def test_a_file_is_shown_then_taken_in_once(scene):
    """Format, columns and first texts before anything is saved; the result after; the same again changes nothing."""
    folder = scene[2]
    asked = "SELECT count(*) FROM messages WHERE message_id LIKE '%812345678901234%'"
    tab = given(scene, "skole-fb", WHOLE)
    go = tab.get_by_role("button", name="Importér")
    go.wait_for()
    shown = tab.locator(".st-key-rude").inner_text()
    assert "Facepager" in shown
    assert "Hvorfor lukket om søndagen?" in shown
    assert [(0,)] == rows(folder, asked)
    go.click()
    tab.get_by_text("3 nye, 0 redigeret, 0 kendt i forvejen.").wait_for(timeout=60_000)
    assert [(3,)] == rows(folder, asked)
    go.click()
    tab.get_by_text("0 nye, 0 redigeret, 3 kendt i forvejen.").wait_for(timeout=60_000)
    assert [(3,)] == rows(folder, asked)
    tab.context.close()
    assert [] == [one.name for one in folder.iterdir() if one.name.startswith("import-")]
    assert [] == [one for one in folder.rglob("*") if one.is_file() and b"fetched (200)" in one.read_bytes()]


@pytest.mark.parametrize("content", ["ikke en tabel", "a;b;c\r\n1;2;3\r\n", "\x00\x01\x02"])
def test_what_is_no_export_is_told_in_a_sentence(scene, content):
    """A file that nobody knows is refused before there is a button to import it."""
    tab = given(scene, "skole-fb", content)
    tab.get_by_text("Filen kan ikke læses.").wait_for()
    assert 0 == tab.get_by_role("button", name="Importér").count()
    tab.context.close()


def test_a_cut_file_says_where(scene):
    """A break beyond what the preview reads: what is whole is kept, and the sentence tells the line."""
    comment = FACEPAGER[3]
    more = [(*comment[:3], f"{comment[3]}{number}", *comment[4:]) for number in range(40)]
    tab = given(scene, "skole-fb", csv_text([*FACEPAGER[:3], *more], ";", quote=True)[:-60])
    tab.get_by_role("button", name="Importér").click()
    tab.get_by_text("det, der var helt, er gemt. Fejlen er ved linje 43.").wait_for(timeout=60_000)
    assert [(39,)] == rows(scene[2], "SELECT count(*) FROM messages WHERE message_id LIKE '%1029384756102938_%'")
    tab.context.close()


def test_a_wrong_option_names_who_must_act(scene):
    """An option that the page is set up with wrongly is no fault of the file's."""
    tab = given(scene, "skole-skaev", WHOLE)
    go = tab.get_by_role("button", name="Importér")
    wrong = tab.get_by_text("en indstilling i sideblik.toml er forkert")
    go.or_(wrong).first.wait_for()
    if go.count():
        go.click()
    wrong.wait_for(timeout=60_000)
    tab.context.close()
