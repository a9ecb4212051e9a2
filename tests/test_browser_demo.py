"""The demo's main paths in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import CARDS, DESKTOP, PHONE, chromium, demo, prepare, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ANDROID = (  # the sidebar closes behind a chosen screen on what calls itself a phone alone
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36"
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The demo and a browser."""
    with chromium() as browser, demo(tmp_path_factory.mktemp("demo")) as address:
        yield browser, address


@pytest.fixture
def page(scene):
    """A tab at desktop size that notes every host it asks."""
    browser, address = scene
    context = browser.new_context(viewport=DESKTOP, locale="da-DK", accept_downloads=True)
    tab = context.new_page()
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    tab.goto(f"{address}/henvendelser")
    settled(tab)
    yield tab
    context.close()
    assert {urlsplit(address).netloc} >= hosts - {""}


def see_as(page, name: str) -> None:
    """Chooses another person in the sidebar's role switch."""
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile(name)).click()
    settled(page)


def test_new_comments_arrive_while_one_looks(page):
    """A button tells how many are new; the list moves when it is pressed, and what is typed stays."""
    page.get_by_role("link", name="Mulige brud").click()
    page.get_by_role("heading", name="Mulige brud", exact=True).wait_for()
    settled(page)
    typed = page.get_by_role("textbox", name="Søg i køen")
    typed.type("åb")
    news = page.get_by_role("button", name=re.compile(r"\d+ nye? – vis"))
    news.wait_for(timeout=180_000)
    assert "åb" == typed.input_value()


def test_a_case_is_taken_decided_and_taken_back(page):
    """From the card to the thread, the take, the decision and its undoing, each told in a sentence."""
    page.locator(CARDS).first.click()
    page.get_by_role("heading", name="Derfor er den her").wait_for()
    assert "sag=" in page.url
    page.get_by_role("button", name="Jeg tager den").click()
    page.get_by_role("button", name="Slip sagen").wait_for()
    page.get_by_text("Besvaret", exact=True).last.click()
    page.get_by_role("button", name="Gem afgørelsen").click()
    page.get_by_role("button", name="Fortryd afgørelsen").click()
    page.get_by_role("button", name="Gem afgørelsen").wait_for()
    page.get_by_role("button", name="Slip sagen").click()
    page.get_by_role("button", name="Jeg tager den").wait_for()


def test_a_reload_keeps_the_case_and_the_filters(page):
    """What stands in the address is what is seen again."""
    page.get_by_text("Nye", exact=True).first.click()
    settled(page)
    page.locator(CARDS).nth(2).click()
    heading = page.locator(".sb-head h2")
    heading.wait_for()
    before = heading.inner_text()
    page.reload()
    settled(page)
    heading.wait_for()
    assert before == heading.inner_text()
    assert "status=Nye" in page.url


def test_another_role_sees_other_cases(page):
    """After the switch nothing of other institutions stands on the screen, and a link to their case opens nothing."""
    page.locator(CARDS).first.click()
    page.locator(".sb-head h2").wait_for()
    see_as(page, "Lene Tornbjerg")
    page.get_by_role("heading", name="Henvendelser").wait_for()
    page.wait_for_timeout(1500)  # what the run before drew is taken away at the end of this one
    places = {found.split(" · ")[0] for found in page.locator('[class*="st-key-kort-"] .sb-meta').all_inner_texts()}
    assert places
    assert all("ibliotek" in place for place in places), places
    assert 0 == page.get_by_role("button", name="Jeg tager den").count()


def test_the_report_is_downloaded(page):
    """The file has its week in its name, a byte order mark, semicolons and the institutions in scope."""
    page.get_by_role("link", name="Rapporter").click()
    button = page.get_by_role("button", name="Hent sider (CSV)")
    button.wait_for()
    with page.expect_download() as waited:
        button.click()
    content = Path(waited.value.path()).read_bytes()
    assert re.fullmatch(r"sideblik-2\d{3}-W\d\d-pages\.csv", waited.value.suggested_filename)
    assert content.startswith(b"\xef\xbb\xbfUge;")
    assert content.count(b"\r\n") > 20


def test_a_page_is_visited_now(page):
    """The button "Hent nu" reads the page and says what came of it."""
    page.get_by_role("link", name="Sider", exact=True).click()
    page.locator(CARDS).nth(4).click()
    page.get_by_role("button", name="Hent nu").click()
    page.get_by_text("Siden er læst helt igennem").wait_for(timeout=60_000)


def test_the_queue_is_reached_by_keyboard(page):
    """Tab goes from the filters past the order and the choice of several to the first card, and Enter opens it."""
    page.get_by_role("button", name="Flere filtre").focus()
    on_a_card = "document.activeElement.closest('[class*=\"st-key-aabn-\"]') !== null"
    for _ in range(5):  # four, and the button that tells of new ones where some came meanwhile
        page.keyboard.press("Tab")
        if page.evaluate(on_a_card):
            break
    assert page.evaluate(on_a_card)
    page.keyboard.press("Enter")
    page.locator(".sb-head h2").wait_for()


def test_the_sidebar_on_a_phone(scene):
    """It is closed at first, opens over the page, leads to another screen and is out of the way again."""
    browser, address = scene
    context = browser.new_context(viewport=PHONE, locale="da-DK", has_touch=True, user_agent=ANDROID)
    page = context.new_page()
    page.goto(address)
    settled(page)
    link = page.get_by_test_id("stSidebar").get_by_role("link", name="Grov tone")
    expect(link).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(link).to_be_in_viewport()
    link.tap()
    page.get_by_role("heading", name="Grov tone", exact=True).wait_for()
    expect(link).not_to_be_in_viewport()
    context.close()


def test_the_heat_map_on_a_phone(scene):
    """All its hours are within the screen, every day is named at its side, and the same figures open as a table."""
    browser, address = scene
    page = browser.new_context(viewport=PHONE, locale="da-DK").new_page()
    prepare(page, address, "overblik")
    chart = page.locator('[data-testid="stVegaLiteChart"]').nth(1).locator("canvas, svg").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert box["height"] >= 7 * 20  # a finger's hold on each day
    page.get_by_text("Vis tallene").nth(1).click()
    table = page.get_by_role("region", name="Hvornår borgerne henvender sig")
    table.wait_for()
    assert 7 == table.locator("tbody tr").count()
    page.context.close()
