from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from records import ALL, NOON, Clock

from collectors.errors import TokenError
from dashboard import diagnosis
from dashboard.diagnosis import Level
from dashboard.settings import load
from dashboard.wiring import ACTING, open_store
from data import queries
from data.errors import Who
from data.people import Person
from data.types import Outcome

TOKEN = {"SIDEBLIK_TOKEN_FACEBOOK": "x"}
TEXT = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "kept/sideblik.db"
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "skole-fb"
institution = "skolen"
platform = "facebook"
name = "Skolen på nettet"
ref = "100"
"""


@pytest.fixture
def config(tmp_path) -> Path:
    path = tmp_path / "sideblik.toml"
    path.write_text(TEXT, "utf-8")
    return path


def visited(config: Path, at: datetime = NOON, error: TokenError | None = None, stored: int = 10) -> None:
    settings = load(config)
    with open_store(settings) as store:
        store._clock = Clock(at)
        visit = store.begin_visit(settings.pages[0])
        visit.end(Outcome.FAILED if error else Outcome.COMPLETE, error=error, stored=stored, claimed=10)


def wrong(config: Path, environ: dict[str, str] = TOKEN, now: datetime = NOON) -> list[tuple[str, Who]]:
    return [(found.what, found.who) for found in diagnosis.examine(config, now, environ) if found.level is Level.WRONG]


def test_nothing_wrong(config):
    """A page seen today, a token, a whole journal, rights as they should be: nothing is wrong."""
    visited(config)
    assert [] == wrong(config)


def test_configuration_first(tmp_path):
    """Without a configuration nothing else can be looked at."""
    found = list(diagnosis.examine(tmp_path / "none.toml"))
    assert [Level.WRONG] == [one.level for one in found]


def test_no_token(config):
    """A page that needs a token and has none is told with the variables that would give it one."""
    visited(config)
    (what, who), *_ = wrong(config, {})
    assert "page skole-fb: no token; set SIDEBLIK_TOKEN_SKOLE_FB or SIDEBLIK_TOKEN_FACEBOOK" in what
    assert Who.OPERATOR is who


def test_loose_secrets(config):
    """A secrets file that others can read is wrong even where another token would do."""
    visited(config)
    kept = config.with_name("sideblik.secrets.toml")
    kept.write_text('[tokens]\nfacebook = "x"\n')
    kept.chmod(0o644)
    assert ["0644" in what for what, _ in wrong(config)] == [True]


def test_no_database(config):
    """Before the first start there is nothing to read, and the way on is told."""
    assert ["There is no database" in what for what, _ in wrong(config)] == [True]


def test_database_that_others_can_read(config):
    """The database holds citizens' words: its file is its owner's alone."""
    visited(config)
    load(config).database.chmod(0o644)
    assert ["others can read it (rights 0644)" in what for what, _ in wrong(config)] == [True]


def test_changed_journal(config):
    """A journal row that was changed is told by its number."""
    visited(config)
    with open_store(load(config)) as store:
        store.note("Anna", "looked", "x")
        store.note("Anna", "looked", "y")
    conn = sqlite3.connect(load(config).database)
    conn.execute("DROP TRIGGER journal_no_update")
    conn.execute("UPDATE journal SET actor = 'Bo' WHERE id = 2")
    conn.commit()
    conn.close()
    assert ["journal: row 2 does not follow" in what for what, _ in wrong(config)] == [True]


def test_page_that_failed(config):
    """A visit that failed names the one who must act, and since when the page is not seen."""
    visited(config, NOON - timedelta(hours=2))
    visited(config, NOON, TokenError("The token of the page has expired; renew it."))
    (what, who), *_ = wrong(config)
    assert "page skole-fb: not seen since 2026-11-18 11:00" in what
    assert "The token of the page has expired; renew it." in what
    assert Who.PAGE_ADMINISTRATOR is who


def test_collector_that_stopped(config):
    """Silence of some days is no quiet page: it is told that it is not seen."""
    visited(config)
    (what, _), *_ = wrong(config, now=NOON + timedelta(days=3))
    assert "page skole-fb: not visited since 2026-11-18 13:00; is the collector running?" == what


def test_clock(config):
    """A clock that is behind what is stored, or behind this release, is told: deadlines would be wrong."""
    visited(config)
    assert any("behind the last visit" in what for what, _ in wrong(config, now=NOON - timedelta(hours=1)))
    assert any("before this release" in what for what, _ in wrong(config, now=NOON - timedelta(days=400)))


def test_a_job_that_failed(config):
    """Or did not end: told until its next turn went well, with when it was due."""
    visited(config)
    with open_store(load(config)) as store:
        store._clock = Clock(NOON - timedelta(hours=2))
        for job in ("retention", "backup", "tokens"):
            assert store.job_due(job, NOON - timedelta(hours=3))
        store.job_done("retention", NOON - timedelta(hours=3), ok=False)
        store.job_done("tokens", NOON - timedelta(hours=3), ok=True)
        told = [what.partition(":")[0] for what, _ in wrong(config)]
        assert ["job backup, due 2026-11-18 10", "job retention, due 2026-11-18 10"] == told
        for job in ("retention", "backup"):
            store._clock = Clock(NOON)
            assert store.job_due(job, NOON)
            store.job_done(job, NOON, ok=True)
    assert [] == wrong(config)


def test_never_seen(config):
    """A page that was never visited says so."""
    with open_store(load(config)):
        pass
    assert ["page skole-fb: never seen"] == [what for what, _ in wrong(config)]


def test_page_lines(config):
    """The list of pages tells local time and the share of comments that is stored."""
    visited(config)
    with queries.open_reader(load(config).database) as reader:
        lines = diagnosis.page_lines(queries.pages(reader, ALL), NOON)
    assert [("skole-fb", "Nørreå Skole", "2026-11-18 13:00", "100.0%", "")] == lines
    visited(config, stored=9)
    assert [("page skole-fb: 90.0% of its comments are stored, at least 98.0% should be", Who.OPERATOR)] == wrong(
        config
    )


@pytest.mark.parametrize(
    ("days", "level", "who", "words"),
    [
        (15, Level.OK, Who.OPERATOR, "page skole-fb: its token ends in 15 days, on 2026-12-03"),
        (14, Level.NOTE, Who.PAGE_ADMINISTRATOR, "its token ends in 14 days"),
        (3, Level.WRONG, Who.PAGE_ADMINISTRATOR, "its token ends in 3 days"),
        (1, Level.WRONG, Who.PAGE_ADMINISTRATOR, "its token ends in 1 day, on"),
        (0, Level.WRONG, Who.PAGE_ADMINISTRATOR, "its token ended on"),
    ],
)
def test_a_token_that_will_end(config: Path, days: int, level: Level, who: Who, words: str):
    """Told of each page; a note from 14 days before, wrong from 3, and then its administrator must renew it."""
    visited(config)
    with open_store(load(config)) as store:
        store.remember("skole-fb", {"token_expires_at": (NOON + timedelta(days=days)).isoformat()})
    found = [one for one in diagnosis.examine(config, NOON, TOKEN) if "token end" in one.what]
    assert [(level, who)] == [(one.level, one.who) for one in found]
    assert all(words in one.what for one in found)


def test_an_end_that_nobody_told(config: Path):
    """Silence about a token's end is said, and is no end."""
    visited(config)
    told = [one.what for one in diagnosis.examine(config, NOON, TOKEN) if "page skole-fb" in one.what]
    assert ["page skole-fb: neither the platform nor anybody else said when its token ends"] == told


META = {"SIDEBLIK_META_APP_SECRET": "a", "SIDEBLIK_META_VERIFY_TOKEN": "b"}


@pytest.mark.parametrize(
    ("given", "level", "what"),
    [
        ((), Level.OK, "webhooks: off; pages are visited by the schedule alone"),
        (("APP_SECRET",), Level.WRONG, "webhooks: off; meta_verify_token is missing under [webhooks] in"),
        (("VERIFY_TOKEN",), Level.WRONG, "webhooks: off; meta_app_secret is missing"),
        (("APP_SECRET", "VERIFY_TOKEN"), Level.OK, "webhooks: on for skole-fb"),
    ],
)
def test_webhooks(config: Path, given: tuple[str, ...], level: Level, what: str):
    """Off, half set up, or on, and for which pages; a secret is never told."""
    config.write_text(
        f'{TEXT}[[page]]\nid = "nyt"\ninstitution = "skolen"\nplatform = "website"\nname = "Nyt"\nref = "https://x.example"\n'
    )
    environ = {name: value for name, value in META.items() if name.endswith(given or "none")}
    [found] = [one for one in diagnosis.examine(config, NOON, TOKEN | environ) if one.what.startswith("webhooks")]
    assert (level, True) == (found.level, found.what.startswith(what))
    assert "nyt" not in found.what


def test_webhooks_of_no_page(config: Path):
    """Secrets without a page that Meta tells of are a note; a table of another form is wrong."""
    config.write_text(TEXT.replace('"facebook"', '"mastodon"'), "utf-8")
    found = [one for one in diagnosis.examine(config, NOON, META) if one.what.startswith("webhooks")]
    assert [(Level.NOTE, "webhooks: on, and no page of Facebook or Instagram is visited")] == [
        (one.level, one.what) for one in found
    ]
    kept = config.with_name("sideblik.secrets.toml")
    kept.write_text("[webhooks]\nmeta_app_secret = 7\n")
    kept.chmod(0o600)
    found = [one for one in diagnosis.examine(config, NOON, {}) if one.what.startswith("webhooks")]
    assert [(Level.WRONG, True)] == [
        (one.level, "holds a secret under [webhooks] that is no text" in one.what) for one in found
    ]


def test_the_sooner_end_counts(config: Path):
    """What stands beside the token, and what the platform told: whichever comes first."""
    visited(config)
    kept = config.with_name("sideblik.secrets.toml")
    kept.write_text('[tokens]\nskole-fb = { token = "x", expires = 2026-11-20 }\n')
    kept.chmod(0o600)
    with open_store(load(config)) as store:
        store.remember("skole-fb", {"token_expires_at": "2026-12-24T00:00:00Z"})
    assert [True] == ["its token ends in 1 day, on 2026-11-20" in what for what, _ in wrong(config, {})]


def test_the_budget_of_a_platform(config: Path):
    """How much is used and when the window begins anew; nothing once it has."""
    visited(config)
    with open_store(load(config)) as store:
        store._clock = Clock(NOON)
        store.note_usage("skole-fb", 81.4, NOON + timedelta(minutes=40))
    told = [one.what for one in diagnosis.examine(config, NOON, TOKEN) if one.what.startswith("limit")]
    assert [
        "limit of facebook: 81 percent used at 2026-11-18 13:00, the window begins anew at 2026-11-18 13:40"
    ] == told
    later = diagnosis.examine(config, NOON + timedelta(minutes=41), TOKEN)
    assert [] == [one.what for one in later if one.what.startswith("limit")]


def test_a_login_that_nobody_can_let_others_in_by(config):
    """Where people log in, somebody must have the role that keeps their table, there or by a rule."""
    login = '[login]\nurl = "https://sideblik.example"\ncontact = "k@kommune.example"\nways = ["password"]\n'
    config.write_text(config.read_text("utf-8") + login, "utf-8")
    visited(config)
    assert ["login: nobody has the role communications"] == [what.split(",")[0] for what, _ in wrong(config)]
    with open_store(load(config)) as store:
        store.add_person(ACTING, "kim", Person("kim@kommune.example", "Kim", "communications"))
    assert [] == wrong(config)
