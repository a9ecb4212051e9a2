"""Login in a real browser, against a certified OpenID provider on loopback."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browsing import DESKTOP, PHONE, chromium, dashboard, free_port, settled
from provider import SECRET, provider
from screens import municipality

from dashboard.access import Role, scope_for
from dashboard.login import passwords
from data import people
from data.people import Person
from data.store import Store
from data.times import now, week_of

pytestmark = pytest.mark.browser

ALL = scope_for(Role.COMMUNICATIONS, ())
LOGIN = """
[login]
url = "{url}"
contact = "kommunikation@noerreaa.example"
ways = ["oidc", "password", "link"]
provider = "{issuer}"
client_id = "sideblik"
idle_minutes = 30
[[login.rule]]
claim = "groups"
value = "plejehjem"
role = "reader"
institutions = ["hjemmet"]
"""
OUTSIDE = re.compile(r"https?://(?!127\.0\.0\.1[:/])")  # the provider's own pages ask for a font
PASSWORD = "en lang sætning til Ulla"


class Place:
    """The dashboard behind the provider, and its database."""

    def __init__(self, url, database, browser):
        self.url, self.database, self.browser = url, database, browser

    @contextmanager
    def visitor(self, size=DESKTOP) -> Iterator[object]:
        context = self.browser.new_context(viewport=size, locale="da-DK")
        context.route(OUTSIDE, lambda route: route.abort())
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def store(self) -> Iterator[Store]:
        with Store.open(self.database) as store:
            yield store

    def row(self, name):
        with self.store() as store:
            return people.by_login(store._conn, f"{name}@noerreaa.example")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("login")
    configuration = municipality(folder)
    ports = free_port(), free_port()
    url = f"http://127.0.0.1:{ports[0]}"
    with chromium() as browser, provider(folder, ports[1], url) as issuer:
        configuration.write_text(LOGIN.format(url=url, issuer=issuer) + configuration.read_text("utf-8"), "utf-8")
        secrets = configuration.with_name("sideblik.secrets.toml")
        secrets.touch(mode=0o600)
        secrets.write_text(f'[login]\nclient_secret = "{SECRET}"\n', "utf-8")
        with Store.open(folder / "sideblik.db") as store:
            for name, role, places in (
                ("kim", "communications", ()),
                ("anna", "administrator", ("skolen",)),
                ("ulla", "administrator", ("hjemmet",)),
                ("lis", "reader", ("skolen",)),
            ):
                store.add_person(ALL, "test", Person(f"{name}@noerreaa.example", name.title(), role, places))
            ulla = people.by_login(store._conn, "ulla@noerreaa.example")
            store.set_password(ALL, "test", ulla.id, passwords.digest(PASSWORD))
        with dashboard(configuration, port=ports[0]) as at:
            yield Place(at, folder / "sideblik.db", browser)


def log_in(page, name):
    """From our login page over the provider's two pages and back."""
    page.get_by_role("link", name="Log ind med kommunens login").click()
    page.fill('input[name="login"]', name)
    page.fill('input[name="password"]', "any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def shot(page, name):
    if folder := os.environ.get("SIDEBLIK_LOGIN_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_stranger_s_deep_link(place):
    """A stranger gets the login for a deep link and nothing else; after it the link opens, with æ and all."""
    with place.visitor() as page:
        page.goto(f"{place.url}/soeg?ord=b%C3%A6nk&side=2")
        assert "Nørreå" not in page.content()
        shot(page, "login-desktop")
        log_in(page, "anna")
        settled(page)
        assert page.url == f"{place.url}/soeg?ord=b%C3%A6nk&side=2"
        assert "Anna · sideansvarlig" in page.inner_text('[data-testid="stSidebar"]')
        cookie = next(one for one in page.context.cookies() if one["name"] == "sideblik")
        assert (True, "Lax", -1) == (cookie["httpOnly"], cookie["sameSite"], cookie["expires"])
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie["value"])


def test_somebody_unknown(place):
    """Whom the provider knows and we do not sees one sentence that tells whom to ask, and has no session."""
    with place.visitor(PHONE) as page:
        page.goto(f"{place.url}/brud")
        log_in(page, "fremmed")
        page.wait_for_selector("h1")
        sentence = "Du er ikke oprettet i Sideblik. Spørg kommunikation@noerreaa.example."
        assert ["Ingen adgang", sentence] == page.inner_text("main").split("\n\n")
        shot(page, "unknown-phone")
        assert [] == [one for one in page.context.cookies() if one["name"] == "sideblik"]
        page.goto(f"{place.url}/brud")
        assert page.url.startswith(f"{place.url}/login?")


def test_a_role_by_claims(place):
    """A group that userinfo tells, and the ID token does not, gives a role at an institution."""
    with place.visitor() as page:
        page.goto(place.url)
        log_in(page, "gruppe1")
        settled(page)
        assert "gruppe1 · læser" in page.inner_text('[data-testid="stSidebar"]')
    assert ("reader", ("hjemmet",), "claims") == (
        (row := place.row("gruppe1")).person.role, row.person.institutions, row.source
    )  # fmt: skip


def test_a_role_changed_during_a_session(place):
    """The next click shows what the new role sees; when the person is ended, it shows the way to the login alone."""
    with place.visitor() as page:
        page.goto(f"{place.url}/henvendelser")
        log_in(page, "lis")
        settled(page)
        page.get_by_text("Hvornår åbner I på lørdag?").first.wait_for()
        lis = place.row("lis")
        with place.store() as store:
            store.change_person(ALL, "test", lis.id, replace(lis.person, institutions=("hjemmet",)))
        page.get_by_role("link", name="Overblik").click()
        page.get_by_role("link", name="Henvendelser").first.click()
        page.get_by_text("Må man tage sin hund med").first.wait_for()
        assert 0 == page.get_by_text("Hvornår åbner I på lørdag?").count()
        with place.store() as store:
            store.end_person(ALL, "test", lis.id)
        page.get_by_role("link", name="Overblik").click()
        page.get_by_text("Du er logget ud, eller din adgang er ændret").wait_for()
        shot(page, "ended-desktop")
        assert 0 == page.get_by_text("Må man tage sin hund med").count()


def test_two_people_on_one_machine_and_logout_in_another_tab(place):
    """Logging out ends every tab and the provider's session; the next person on the machine is themselves."""
    with place.visitor() as page:
        page.goto(place.url)
        log_in(page, "anna")
        settled(page)
        before = page.context.cookies()
        other = page.context.new_page()
        other.goto(place.url)
        settled(other)
        other.get_by_role("link", name="Log ud").click()
        other.get_by_role("button", name=re.compile("Yes, sign me out")).click()
        other.get_by_text("Du er logget ud").first.wait_for()
        page.get_by_role("link", name="Sider").first.click()
        page.get_by_text("Du er logget ud, eller din adgang er ændret").wait_for()
        other.get_by_role("link", name="Log ind igen").click()
        log_in(other, "kim")
        settled(other)
        assert "Kim · kommunikation" in other.inner_text('[data-testid="stSidebar"]')
        page.context.clear_cookies()
        page.context.add_cookies(before)
        page.goto(place.url)
        assert page.url.startswith(f"{place.url}/login?")


def test_an_expired_session(place):
    """After the idle time an open tab neither shows nor does anything more, and a new one asks for a login."""
    with place.visitor() as page:
        page.goto(f"{place.url}/henvendelser")
        log_in(page, "anna")
        settled(page)
        page.locator('[class*="st-key-aabn-"] button').first.click()
        page.get_by_role("button", name="Jeg tager den").wait_for()
        with place.store() as store:
            store._conn.execute("UPDATE sessions SET seen_at = '2026-01-01T00:00:00Z'")
        page.get_by_role("button", name="Jeg tager den").click()
        page.get_by_text("Du er logget ud, eller din adgang er ændret").first.wait_for()
        with place.store() as store:
            assert [] == store._conn.execute("SELECT id FROM cases WHERE taken_by IS NOT NULL").fetchall()
        page.goto(place.url)
        assert page.url.startswith(f"{place.url}/login?")


def test_a_forged_cookie_and_no_cookie(place):
    """Neither opens a page, a download or the live connection of the screens."""
    with place.visitor() as page:
        page.context.add_cookies([{"name": "sideblik", "value": "a" * 43, "url": place.url}])
        page.goto(f"{place.url}/brud")
        assert page.url.startswith(f"{place.url}/login?")
        opened = """url => new Promise(done => { const socket = new WebSocket(url);
            socket.onopen = () => done(true); socket.onerror = () => done(false); })"""
        assert page.evaluate(opened, f"{place.url.replace('http', 'ws')}/_stcore/stream") is False
    with pytest.raises(HTTPError, match="401"):
        urlopen(f"{place.url}/media/0123.csv", timeout=5)


def test_password_and_link(place):
    """A wrong password is told, the right one lets in; a link lets in once."""
    with place.visitor(PHONE) as page:
        page.goto(f"{place.url}/sider")
        for given in ("wrong", PASSWORD):
            page.fill("#login", "ulla@noerreaa.example")
            page.fill("#password", given)
            shot(page, f"password-{len(given)}")
            page.get_by_role("button", name="Log ind").click()
            if given == "wrong":
                page.get_by_text("passer ikke sammen").wait_for()
        settled(page)
        assert page.url == f"{place.url}/sider"
    with place.store() as store:
        word = store.make_link(ALL, "test", place.row("ulla").id)
    for sees in ("h1:has-text('Min dag')", "text=Linket er brugt"):
        with place.visitor() as page:
            page.goto(f"{place.url}/login/link?word={word}")
            page.get_by_role("button", name="Log ind").click()
            page.wait_for_selector(sees)


def test_a_download_is_made_under_the_role_of_its_click(place):
    """What was offered to an administrator of the school is of the nursing home alone after the change."""
    with place.visitor() as page:
        page.goto(f"{place.url}/rapporter?uge={week_of(now())}")
        log_in(page, "anna")
        settled(page)
        anna = place.row("anna")
        with place.store() as store:
            store.change_person(ALL, "test", anna.id, replace(anna.person, institutions=("hjemmet",)))
        with page.expect_download() as download:
            page.locator(".st-key-hent-pages button").click()
        told = Path(download.value.path()).read_text("utf-8-sig")
        with place.store() as store:
            store.change_person(ALL, "test", anna.id, anna.person)
    assert ("Plejehjemmet" in told, "Skole" in told) == (True, False)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_communications_keep_the_list(place, size):
    """A person is added on the screen, from a desk and a phone."""
    name = f"ny{size['width']}"
    with place.visitor(size) as page:
        page.goto(f"{place.url}/adgang")
        log_in(page, "kim")
        settled(page)
        page.get_by_label("Brugernavn hos kommunens login").fill(f"{name}@noerreaa.example")
        page.get_by_label("Navn", exact=True).fill(name)
        page.get_by_role("combobox", name="Institutioner").click()
        page.get_by_role("option", name="Nørreå Skole").click()
        page.keyboard.press("Escape")
        shot(page, f"adgang-{size['width']}")
        page.get_by_role("button", name="Tilføj").click()
        page.get_by_text(f"{name} er tilføjet.").wait_for()
    assert ("reader", ("skolen",)) == ((row := place.row(name)).person.role, row.person.institutions)
