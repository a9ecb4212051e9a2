"""Login without a browser: what counts as this machine, claims, passwords, deep links, and the gate."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from screens import ROOT, municipality
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from support import AppTransport, Hand

from dashboard import settings
from dashboard.access import Role, scope_for, viewer_from
from dashboard.cli import main
from dashboard.login import claims, passwords
from dashboard.login.gate import Gate
from dashboard.login.routes import Door, following
from dashboard.settings_login import Rule, client_secret, is_loopback
from data import people, times
from data.errors import SettingsError
from data.people import Person
from data.queries import open_reader
from data.store import Store

ALL = scope_for(Role.COMMUNICATIONS, ())
LOGIN = """
[login]
url = "https://sideblik.noerreaa.example"
contact = "kommunikation@noerreaa.example"
ways = ["password", "link"]
"""
HERE = "http://127.0.0.1:8501"
PASSWORD = "korrekt hest batteri"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def place(tmp_path):
    """A municipality with a login, Kim and Anna, and Anna's password."""
    path = municipality(tmp_path)
    path.write_text(LOGIN + path.read_text("utf-8"), "utf-8")
    with Store.open(tmp_path / "sideblik.db") as store:
        store.add_person(ALL, "test", Person("kim", "Kim", "communications"))
        anna = store.add_person(ALL, "test", Person("anna", "Anna", "administrator", ("skolen",)))
        store.set_password(ALL, "test", anna, passwords.digest(PASSWORD))
    return path


def client(path, base="https://sideblik.noerreaa.example", clock=times.now):
    """A browser without a screen before a dashboard that answers `seen` to everything."""

    def read():
        return settings.load(path)

    async def seen(_request):
        return PlainTextResponse("seen")

    routes = [*Door(read, clock).routes(), Route("/{rest:path}", seen)]
    app = Starlette(routes=routes, middleware=[Middleware(Gate, settings=read, clock=clock)])
    return httpx.Client(transport=AppTransport(app), base_url=base)


def entered(browser, login="anna", password=PASSWORD, **more):
    return browser.post("/login/password", data={"login": login, "password": password}, headers=SAME, **more)


@pytest.mark.parametrize(
    ("base", "headers", "status"),
    [
        (HERE, {}, 200),
        ("http://localhost:8501", {}, 200),
        ("http://[::1]:8501", {}, 200),
        ("http://192.0.2.7:8501", {}, 403),
        (HERE, {"Host": "rebound.example"}, 403),
        (HERE, {"Host": ""}, 403),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}, 403),
        (HERE, {"X-Forwarded-Proto": "https"}, 403),
        (HERE, {"Forwarded": "for=127.0.0.1"}, 403),
        (HERE, {"Via": "1.1 proxy"}, 403),
    ],
)
def test_without_a_login_only_this_machine_is_answered(tmp_path, base, headers, status):
    """Another address, another name and anything that a proxy passed on are refused."""
    with client(municipality(tmp_path), base) as browser:
        assert status == browser.get("/brud", headers=headers).status_code


@pytest.mark.parametrize("path", ["/readyz", "/webhooks/meta"])
def test_what_stays_open(tmp_path, path):
    """The platform's events come by a proxy and bring a signature of their own; readiness says yes or no."""
    with client(municipality(tmp_path), "http://192.0.2.7") as browser:
        assert "seen" == browser.get(path, headers={"X-Forwarded-For": "192.0.2.8"}).text


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("::ffff:10.0.0.1", False), ("example.dk", False),
        ("", False),
    ],
)  # fmt: skip
def test_loopback(address, own):
    """What nobody but this machine reaches."""
    assert own == is_loopback(address)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('[server]\naddress = "10.0.0.1"\n', "without a [login]"),
        ('[server]\naddress = "::"\n', "without a [login]"),
        ('[server]\naddress = "abc"\n', "must be an address of this machine"),
        (LOGIN.replace("https", "http"), "must begin with https"),
        (LOGIN.replace('["password", "link"]', '["oidc"]'), "no provider or no client_id"),
        (LOGIN + '[[login.rule]]\nclaim = "g"\nvalue = "v"\nrole = "reader"\n', "need some"),
        (LOGIN + '[[login.rule]]\nclaim = "g"\nvalue = "v"\nrole = "dpo"\ninstitutions = ["skolen"]\n', "need some"),
        (LOGIN + '[[login.rule]]\nclaim = "g"\nvalue = "v"\nrole = "reader"\ninstitutions = ["x"]\n', "'x'"),
        (LOGIN + 'client_secret = "abc"\n', "a secret has no place in this file"),
        (LOGIN + "hour = 3\n", "allowed: url, contact, ways"),
    ],
)
def test_settings_that_are_refused(tmp_path, more, expected):
    """Each is told with what would be right."""
    path = municipality(tmp_path)
    path.write_text(more + path.read_text("utf-8"), "utf-8")
    with pytest.raises(SettingsError) as error:
        settings.load(path)
    assert expected in str(error.value)


def test_the_secret_s_places(tmp_path):
    """The environment goes before the file beside the configuration."""
    path = tmp_path / "sideblik.secrets.toml"
    assert client_secret(path, {}) is None
    path.touch(mode=0o600)
    path.write_text('[login]\nclient_secret = "from the file"\n', "utf-8")
    assert "from the file" == client_secret(path, {})
    assert "first" == client_secret(path, {"SIDEBLIK_LOGIN_CLIENT_SECRET": "first"})


RULES = (
    Rule("groups", "g-school", "administrator", ("skolen",)),
    Rule("groups", "g-home", "administrator", ("hjemmet",)),
    Rule("roles", "dpo", "dpo"),
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"groups": ["g-school"]}, ("administrator", ("skolen",))),
        ({"groups": ["g-home", "g-school", "x"]}, ("administrator", ("hjemmet", "skolen"))),
        ({"groups": "g-home"}, ("administrator", ("hjemmet",))),
        ({"roles": "dpo"}, ("dpo", ())),
        ({"roles": ["dpo"], "groups": ["g-school"]}, ("administrator", ("skolen",))),
        ({"groups": ["g-school2"]}, None),
        ({"groups": "xg-homex"}, None),
        ({"groups": {"g-home": 1}}, None),
        ({"groups": ["g-home"], "email": 7}, None),
        ({"groups": ["g-home"], "email_verified": False}, None),
        ({}, None),
    ],
)
def test_a_person_by_claims(place, told, expected):
    """The first rule that fits decides the role, all of that role the institutions; no rule or no login is nobody."""
    login = replace(settings.load(place).login, rules=RULES)
    found = claims.person_in({"email": "eva@noerreaa.example", "name": "Eva", **told}, login)
    assert expected == (found and (found.role, found.institutions))


def test_a_person_s_scope():
    """A row of the people table sees what its role and institutions say."""
    seen = viewer_from(Person("anna", "Anna", "administrator", ("skolen",))).scope
    assert (frozenset({"skolen"}), False, True) == (seen.institutions, seen.everywhere, seen.acts)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/sag?x=1&y=%C3%A6", "/sag?x=1&y=%C3%A6"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/\t/evil.example", "/"),
        ("/logout", "/"),
        ("/login?next=/login", "/"),
        ("/" + "a" * 2000, "/"),
        ("", "/"),
    ],
)
def test_a_deep_link_stays_here(given, expected):
    """What would lead to another host, or round in a circle, is the start page."""
    assert expected == following(given)


def test_nothing_before_the_login(place):
    """A page becomes the login with the deep link in it; anything else is refused."""
    with client(place) as browser:
        asked = browser.get("/brud?sag=7", headers={"Accept": "text/html"})
        assert (303, "/login?next=%2Fbrud%3Fsag%3D7") == (asked.status_code, asked.headers["location"])
        assert 401 == browser.get("/media/a.csv").status_code
        assert 401 == browser.post("/_stcore/upload_file/x").status_code
        assert "Nørreå" not in browser.get("/login").text


def test_password(place):
    """The right one opens a session in a cookie that no script, no other host and no http reads."""
    with client(place) as browser:
        assert 403 == entered(browser, password="wrong").status_code
        assert 403 == entered(browser, login="nobody").status_code
        answer = entered(browser, params={"next": "/brud?sag=7"})
        assert (303, "/brud?sag=7") == (answer.status_code, answer.headers["location"])
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sideblik=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} == set(cookie.split("; ")[1:])
        assert "seen" == browser.get("/brud").text


def test_another_page_logs_nobody_in(place):
    """A form that another host sends is refused, whichever of the two headers the browser tells."""
    given = {"login": "anna", "password": PASSWORD}
    with client(place) as browser:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            assert 403 == browser.post("/login/password", data=given, headers=headers).status_code
        own = {"Origin": "https://sideblik.noerreaa.example"}
        assert 303 == browser.post("/login/password", data=given, headers=own).status_code


def test_five_wrong_tries(place):
    """After five wrong ones not even the right password is looked at, whatever the case, for a quarter of an hour."""
    clock = Hand()
    with client(place, clock=clock) as browser:
        for number in range(5):
            assert 403 == entered(browser, "ANNA" if number % 2 else "anna", "wrong").status_code
        assert 429 == entered(browser).status_code
        clock.move(15 * 60)
        assert 303 == entered(browser).status_code


def test_logout_ends_a_copied_cookie(place):
    """A cookie that was saved before the logout opens nothing after it; another page cannot log anybody out."""
    with client(place) as browser, client(place) as thief:
        entered(browser)
        thief.cookies.update(browser.cookies)
        assert 403 == browser.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).status_code
        assert "seen" == thief.get("/sider").text
        assert "/login/left" == browser.get("/logout", headers=SAME).headers["location"]
        assert 401 == thief.get("/sider").status_code


def test_a_session_is_new_at_each_login(place):
    """Whoever put a cookie into the browser before the login has nothing from it."""
    with client(place) as browser:
        entered(browser)
        first = dict(browser.cookies)
        entered(browser)
        assert first != dict(browser.cookies)
    with client(place) as other:
        other.cookies.update(first)
        assert 401 == other.get("/sider").status_code


def test_a_link_is_used_by_its_button_alone(place):
    """Looking at it, as scanners of mail do, leaves it whole; it is used once."""
    with Store.open(place.with_name("sideblik.db")) as store:
        word = store.make_link(ALL, "test", store.person("anna").id)
    with client(place) as browser:
        for _ in range(2):
            assert 200 == browser.get("/login/link", params={"word": word}).status_code
        answers = [browser.post("/login/link", data={"word": word}, headers=SAME).status_code for _ in range(2)]
        assert [303, 410] == answers


def test_a_way_that_is_not_set(place):
    """A password does not let in where only links do, and the other way round; oidc is not begun."""
    text = place.read_text("utf-8")
    with client(place) as browser:
        place.write_text(text.replace('["password", "link"]', '["link"]'), "utf-8")
        assert 403 == entered(browser).status_code
        place.write_text(text.replace('["password", "link"]', '["password"]'), "utf-8")
        assert 403 == browser.post("/login/link", data={"word": "x"}, headers=SAME).status_code


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=1&" * 50, b"a" * 9000, b""])
def test_forms_of_other_kinds(place, body):
    """Nothing that a stranger posts is more than refused."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", **SAME}
    with client(place) as browser:
        assert 403 == browser.post("/login/password", content=body, headers=kind).status_code


def test_settings_that_cannot_be_read_let_nobody_in(place):
    """A broken configuration is no way round the login."""
    with client(place) as browser:
        entered(browser)
        place.write_text("[login\n", "utf-8")
        assert 503 == browser.get("/brud").status_code


def test_passwords_are_argon2id(tmp_path):
    """Too short a one is refused; what is kept is salted and of the kind that is asked for; without one it is wrong."""
    with pytest.raises(SettingsError):
        passwords.digest("kort")
    kept = passwords.digest(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert kept != passwords.digest(PASSWORD)
    assert (True, False, False) == tuple(
        passwords.is_right(one, given)
        for one, given in ((kept, PASSWORD), (kept, PASSWORD + "x"), (None, "nobody has this password"))
    )


def test_the_throttle_forgets(tmp_path):
    """Old tries count no longer, and a right one wipes the slate."""
    clock = Hand()
    throttle = passwords.Throttle(clock)
    assert [True] * 5 + [False] == [throttle.begins("a") for _ in range(6)]
    clock.move(timedelta(minutes=15).total_seconds())
    assert [True] * 4 == [throttle.begins("a") for _ in range(4)]
    throttle.was_right("A ")
    assert [True] * 5 + [False] == [throttle.begins("a") for _ in range(6)]


def test_the_server_does_not_start_on_another_address(tmp_path):
    """Started past `sideblik run`, it still refuses an address that others reach, and says why."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "asgi.py"), "--server.headless=true"]
    done = subprocess.run(
        [*command, "--server.address=0.0.0.0", "--server.port=0"],
        env={**os.environ, "SIDEBLIK_CONFIG": str(municipality(tmp_path))},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "without a [login] only 127.0.0.1 is answered, not 0.0.0.0" in done.stderr + done.stdout


def command(path, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["person", *arguments, "--config", str(path)])
    return end.value.code


def test_commands(place, capsys):
    """The first person is made on the command line, and a link is printed with the address that people use."""
    assert 0 == command(place, "add", "eva", "--name", "Eva", "--role", "reader", "--institution", "skolen")
    assert 0 == command(place, "change", "eva", "--role", "dpo")
    assert 0 == command(place, "link", "eva")
    assert "https://sideblik.noerreaa.example/login/link?word=" in capsys.readouterr().out
    assert 0 == command(place, "list")
    assert "eva: dpo\n" in capsys.readouterr().out
    assert (0, 0) == (command(place, "out", "eva"), command(place, "end", "eva"))
    assert 1 == command(place, "end", "kim")
    assert "last communications person" in capsys.readouterr().err
    assert (1, 1) == (command(place, "add", "x", "--name", "X", "--role", "boss"), command(place, "out", "nobody"))
    with open_reader(place.with_name("sideblik.db")) as reader:
        assert ["Anna", "Kim", "Eva"] == [row.person.name for row in people.people(reader, ALL)]
