"""Tokens renewed before they end: against the sandbox's OAuth answers, written back where they stood, told nowhere."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from collectors.base import Grant
from collectors.errors import PageSetupError, ShapeError, TokenError
from collectors.http import Http
from collectors.platforms import names, renewer_for
from collectors.sandbox import instagram, linkedin
from collectors.sandbox.app import build
from collectors.sandbox.scenario import Place, story
from collectors.trial import tried
from dashboard import settings as settings_of
from dashboard.renewing import Renewal, renew
from dashboard.settings_tokens import secrets
from dashboard.wiring import open_store, pages
from data import queries
from data.errors import SettingsError
from data.types import Institution
from tests.records import ALL
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
SEED = 7
JOBS = Place("jobcenter-li", "skolen", "linkedin", "Nørreå Jobcenter", "1045007")
HOUSE = Place("kultur-ig", "skolen", "instagram", "Nørreå Kulturhus", "17841400000000001")
SANDBOX = story(SEED, START, [Institution("skolen", "Nørreå Skole", "skole")], [JOBS, HOUSE], [], ())
BASE = "http://127.0.0.1:8000"
CONFIG = f"""
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "jobcenter-li"
institution = "skolen"
platform = "linkedin"
name = "Jobcenter"
ref = "{JOBS.ref}"
[page.options]
accept_48_hours = "yes"
base_url = "{BASE}/linkedin/rest"
oauth_url = "{BASE}/linkedin/oauth/v2/accessToken"
[[page]]
id = "kultur-ig"
institution = "skolen"
platform = "instagram"
name = "Kulturhus"
ref = "{HOUSE.ref}"
[page.options]
login = "instagram"
base_url = "{BASE}/instagram/v25.0"
"""
LINKEDIN = linkedin.token_of(SEED, JOBS.ref)
REFRESH = linkedin.refresh_of(SEED, JOBS.ref)
INSTAGRAM = instagram.token_of(SEED, HOUSE.ref)


@dataclass
class Renewing:
    """A configuration with its secrets file, and a client that reaches the sandbox."""

    folder: Path

    def __post_init__(self) -> None:
        self.clock = Hand(START)
        self.http = Http(transport=AppTransport(build(SANDBOX, self.clock)), clock=self.clock, sleep=lambda _: None)
        (self.folder / "sideblik.toml").write_text(CONFIG, "utf-8")
        self.settings = settings_of.load(self.folder / "sideblik.toml")
        open_store(self.settings).close()

    @property
    def kept(self) -> Path:
        return self.folder / "sideblik.secrets.toml"

    def keep(self, days: int = 20, refresh: str = REFRESH) -> None:
        """Both tokens end in so many days."""
        ends = (START + timedelta(days=days)).date().isoformat()
        renewal = f'refresh = "{refresh}", client_id = "77abc", client_secret = "hemmeligt-1"'
        self.kept.write_text(
            f'# Annas\n[tokens]\njobcenter-li = {{ token = "{LINKEDIN}", expires = {ends}, {renewal} }}\n'
            f'kultur-ig = {{ token = "{INSTAGRAM}", expires = {ends} }}\nfacebook = "f"\n',
            "utf-8",
        )
        self.kept.chmod(0o600)

    def renew(self, **more: object) -> list[Renewal]:
        options: dict[str, object] = {"actor": "scheduler", "environ": {}} | more
        return renew(self.settings, self.http, self.clock, **options)  # type: ignore[arg-type]

    def ends(self) -> dict[str, datetime | None]:
        with queries.open_reader(self.settings.database) as reader:
            return {row.id: row.token_expires_at for row in pages(reader, ALL, self.settings)}


@pytest.fixture
def place(tmp_path: Path) -> Renewing:
    return Renewing(tmp_path)


def test_both_are_renewed_and_work(place: Renewing):
    """Three weeks before their end: the new ones stand where the old ones stood, open their pages, and end later."""
    place.keep()
    assert {"jobcenter-li", "kultur-ig"} == {one.name for one in place.renew()}
    found = secrets(place.kept)
    assert (LINKEDIN + "R", INSTAGRAM + "R") == (found["jobcenter-li"].value, found["kultur-ig"].value)
    assert Grant(LINKEDIN + "R", REFRESH, "77abc", "hemmeligt-1") == found["jobcenter-li"].grant
    for page in place.settings.pages:
        assert tried(page, place.settings.token_for(page.id, {}), place.http, START).error is None
    assert {59, 60} >= {(end - START).days for end in place.ends().values() if end}
    assert ["# Annas", "[tokens]"] == place.kept.read_text("utf-8").splitlines()[:2]
    assert 'facebook = "f"' in place.kept.read_text("utf-8")


def test_renewed_once(place: Renewing):
    """The next night there is nothing to do; the pages' journal tells of one renewal each, and of no secret."""
    place.keep()
    place.renew()
    assert [] == place.renew()
    with closing(sqlite3.connect(place.settings.database)) as conn:
        rows = conn.execute("SELECT subject, detail FROM journal WHERE action = 'token_renewed' ORDER BY subject")
        told = [(subject, json.loads(detail)["ends"]) for subject, detail in rows]
    assert [("page:jobcenter-li", "2027-01-21"), ("page:kultur-ig", "2027-01-21")] == told
    stored = place.settings.database.read_bytes()
    assert not any(secret.encode() in stored for secret in (LINKEDIN, REFRESH, INSTAGRAM, "hemmeligt"))


def test_far_from_its_end(place: Renewing):
    """A token with more than three weeks is left alone, unless its page is named."""
    place.keep(days=30)
    assert [] == place.renew()
    assert ["kultur-ig"] == [one.name for one in place.renew(only=frozenset({"kultur-ig"}))]


def test_a_token_whose_end_nobody_knows(place: Renewing):
    """It is renewed, since nothing would warn of its end; then the end is known."""
    place.kept.write_text(f'[tokens]\nkultur-ig = "{INSTAGRAM}"\n', "utf-8")
    place.kept.chmod(0o600)
    place.renew()
    assert datetime(2027, 1, 21, 13, 59, 4, tzinfo=UTC) == place.ends()["kultur-ig"]


def test_what_is_refused_changes_nothing(place: Renewing, caplog: pytest.LogCaptureFixture):
    """A dead refresh token: the file stays as it was, the end is warned of as before, and who must act is told."""
    place.keep(refresh="AQdead")
    before = place.kept.read_text("utf-8")
    with caplog.at_level(logging.INFO):
        found = place.renew(only=frozenset({"jobcenter-li"}))
    assert [TokenError] == [type(one.error) for one in found]
    assert before == place.kept.read_text("utf-8")
    assert "page_administrator" in caplog.text
    assert not any(secret in caplog.text for secret in ("AQdead", LINKEDIN, "hemmeligt"))


def test_the_environment_is_left_alone(place: Renewing):
    """What cannot be written back is not asked for: it would be renewed each night and lost."""
    environ = {"SIDEBLIK_TOKEN_KULTUR_IG": INSTAGRAM}
    assert [] == place.renew(environ=environ, only=frozenset({"kultur-ig"}))


def test_a_file_that_cannot_be_written(place: Renewing):
    """The old token goes on, and the operator is told."""
    place.keep()
    place.kept.write_text(f"[tokens]\nkultur-ig = '''\n{INSTAGRAM}'''\n", "utf-8")
    found = place.renew(only=frozenset({"kultur-ig"}))
    assert [SettingsError] == [type(one.error) for one in found]
    assert INSTAGRAM == secrets(place.kept)["kultur-ig"].value


def test_a_keyring_takes_the_new_one(place: Renewing):
    """Under the name that the old one has there; its end is kept with the page."""

    class Ring:
        def __init__(self) -> None:
            self.held = {"kultur-ig": INSTAGRAM}

        def get_password(self, service_name: str, username: str) -> str | None:
            return self.held.get(username)

        def set_password(self, service_name: str, username: str, password: str) -> None:
            self.held[username] = password

    ring = Ring()
    place.renew(keyring=ring)
    assert {"kultur-ig": INSTAGRAM + "R"} == ring.held
    assert place.ends()["kultur-ig"] is not None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant", "error_description": "hemmeligt"}, TokenError),
        (401, {"error": "invalid_client"}, PageSetupError),
        (400, {"error": "invalid_request"}, ShapeError),
        (200, {"access_token": "x"}, ShapeError),
        (200, {"access_token": "", "expires_in": 9}, ShapeError),
        (200, {"access_token": "x", "expires_in": True}, ShapeError),
        (200, {"access_token": "x", "expires_in": 10**12}, ShapeError),
        (200, [], ShapeError),
    ],
)
def test_answers_that_renew_nothing(place: Renewing, status: int, body: object, error: type):
    """Each is told by who must act, without a word of what was answered."""
    http = Http(transport=httpx.MockTransport(lambda _: httpx.Response(status, json=body)), sleep=lambda _: None)
    renewer = renewer_for("linkedin")
    assert renewer is not None
    with pytest.raises(error) as raised:
        renewer.renewed(place.settings.pages[0], Grant("a", "b", "c", "d"), http)
    assert "hemmeligt" not in str(raised.value)


def test_secrets_are_not_sent_on(place: Renewing):
    """An OAuth server that leads elsewhere gets the form and nobody after it."""
    asked: list[str] = []

    def lead(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"location": f"{BASE}/elsewhere"})

    renewer = renewer_for("linkedin")
    assert renewer is not None
    with pytest.raises(ShapeError):
        renewer.renewed(place.settings.pages[0], Grant("a", "b", "c", "d"), Http(transport=httpx.MockTransport(lead)))
    assert [f"{BASE}/linkedin/oauth/v2/accessToken"] == asked


def test_only_these_platforms_renew():
    """The others' tokens have no end, or are a person's to renew; docs/platforms.md says which and why."""
    assert ["instagram", "linkedin"] == [name for name in names() if renewer_for(name)]
