"""Each view of the demo in a real browser: it fits, on a phone and at 200 % too, axe finds nothing; its pictures."""

from __future__ import annotations

import io
import os
import re

import pytest
from browsing import CARDS, DESKTOP, PHONE, ROOT, ZOOMED, chromium, demo, prepare, settled
from packages import installed
from PIL import Image

pytestmark = pytest.mark.browser
SCREENSHOTS = ROOT / "docs" / "screenshots"
AXE = "axe-core@4.14.1"
RULES = "axe.run({exclude: ['[data-testid=stSidebarNav]']}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})"
FAILED = ", ".join(f'[data-testid="{one}"]' for one in ("stException", "stAlertContentError", "stAlertContentWarning"))
LOGIN_ALONE = {"beskeder"}  # shown where people log in and notices are set up
VIEWS = sorted({file.stem for file in (ROOT / "dashboard" / "views").glob("[a-z]*.py")} - LOGIN_ALONE)
PICTURES = pytest.mark.skipif(
    not os.environ.get("SIDEBLIK_SCREENSHOTS"), reason="pictures are taken by make screenshots"
)
ROLES = {
    "communications": "Karen Lyngvig · kommunikation",
    "administrator": "Jonas Havbo · sideansvarlig",
    "reader": "Lene Tornbjerg · læser",
    "dpo": "Susanne Ravnholt · DPO",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The demo and a browser, after the first visit of whoever looks at first."""
    with chromium() as browser, demo(tmp_path_factory.mktemp("demo")) as address:
        page = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
        page.goto(address)
        settled(page)
        first_visit_done(page)
        page.context.close()
        yield browser, address


@pytest.fixture
def opened(scene):
    """Opens a view in a tab of its own; closed afterwards."""
    browser, address = scene
    contexts = []

    def tab(size, view, scheme="light", **more):
        contexts.append(browser.new_context(viewport=size, locale="da-DK", color_scheme=scheme, **more))
        page = contexts[-1].new_page()
        prepare(page, address, view)
        return page

    yield tab
    for context in contexts:
        context.close()


def test_the_navigation_has_each_view_and_no_other(opened):
    """A view that is made later is looked at here without anybody having to remember it."""
    page = opened(DESKTOP, "overblik")
    links = page.locator('[data-testid="stSidebarNav"] a').evaluate_all("all => all.map(one => one.pathname.slice(1))")
    assert sorted(VIEWS) == sorted(link or "overblik" for link in links)


@pytest.fixture(scope="module")
def axe():
    """The checker's script; tests that need it skip where npm's registry cannot be reached."""
    return (installed(AXE) / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_a_phone(opened, view):
    """Nothing overflows sideways at 390 px, and no view shows an error."""
    page = opened(PHONE, view)
    fits(page)
    if os.environ.get("SIDEBLIK_SCREENSHOTS"):
        keep(page, f"{view}-phone")


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_fits_a_desktop_also_at_200_percent(opened, view):
    """Nothing overflows sideways, also where everything is shown at twice its size."""
    page = opened(DESKTOP, view)
    fits(page)
    if os.environ.get("SIDEBLIK_SCREENSHOTS"):
        keep(page, f"{view}-desktop")
    page.set_viewport_size(ZOOMED)
    page.wait_for_timeout(300)  # the layout follows
    fits(page)


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(opened, axe, view):
    """No view breaks a WCAG 2.1 AA rule that a machine can check; left out is the navigation, which is Streamlit's."""
    page = opened(DESKTOP, view, bypass_csp=True)
    page.evaluate(axe)
    for scheme, background in (("light", "rgb(251, 250, 248)"), ("dark", "rgb(20, 26, 27)")):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)  # the theme follows
        assert background == page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        told = page.evaluate(RULES)
        assert [] == [(scheme, one["id"], one["nodes"][0]["html"][:200]) for one in told["violations"]]


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert 0 == page.locator(FAILED).count()


@pytest.mark.on_request
@PICTURES
@pytest.mark.parametrize("view", VIEWS)
def test_pictures_in_the_dark(opened, view):
    """The same views at both widths as they are shown to whoever has chosen dark colours."""
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        keep(opened(size, view, "dark"), f"{view}-{name}-dark")


@pytest.mark.on_request
@PICTURES
def test_pictures_of_a_case_on_a_phone_and_of_the_help(opened):
    """Two more pictures for the documents."""
    phone = opened(PHONE, "brud")
    phone.locator(CARDS).first.click()
    phone.locator(".sb-head h2").wait_for()
    keep(phone, "brud-phone-case")
    page = opened(DESKTOP, "overblik")
    page.get_by_role("button", name="Hjælp").click()
    page.locator(".sb-help").wait_for()
    keep(page, "help-desktop")


@pytest.mark.on_request
@PICTURES
@pytest.mark.parametrize("role", ROLES)
def test_pictures_of_each_role_s_start(scene, role):
    """The first thing that each role sees, of the same data: at the first visit, and from then on."""
    browser, address = scene
    page = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
    page.goto(address)
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile(ROLES[role])).click()
    settled(page)
    page.wait_for_timeout(2000)
    if role == "administrator":
        keep(page, "first-visit-desktop")
    first_visit_done(page)
    keep(page, f"start-{role}")
    page.context.close()


def first_visit_done(page) -> None:
    """Sends the three steps away where they stand."""
    button = page.get_by_role("button", name="Forstået, vis det ikke igen")
    if button.count():
        button.click()
        button.wait_for(state="detached")
        settled(page)


def keep(page, name: str) -> None:
    """Saves a picture of what is in the window; small enough for the repository."""
    page.wait_for_timeout(600)  # charts and toasts come to rest
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(96).save(path, optimize=True)
    assert path.stat().st_size < 200_000
