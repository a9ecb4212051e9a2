"""Tokens: where they are looked for, how one is written without a trace of it elsewhere, and one question to try it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from records import ALL

from collectors.base import Batch, Request
from collectors.errors import TokenError, UnexpectedError
from collectors.http import Http
from collectors.trial import tried
from dashboard import settings, settings_tokens
from dashboard.settings_tokens import put_in_keyring, write
from dashboard.visitor import Visitor
from dashboard.wiring import open_store, pages
from data import queries
from data.errors import SettingsError
from data.page_state import State, page_state
from tests.visiting import ENGINE, PAGE, START, Visiting, school

CONFIG = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
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
KEYRING = "\n[access]\nkeyring = true\n"


class Ring:
    """A keyring in memory; a broken one raises with the secret in its words."""

    def __init__(self, *, broken: bool = False, **kept: str) -> None:
        self.kept = kept
        self.broken = broken

    def get_password(self, service_name: str, username: str) -> str | None:
        if self.broken:
            raise RuntimeError("locked, hemmeligt-1")
        assert "sideblik" == service_name
        return self.kept.get(username)

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError(f"locked, {password}")
        self.kept[username] = password


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "sideblik.toml"
    path.write_text(CONFIG, "utf-8")
    return path


def kept(folder: Path, text: str) -> Path:
    path = folder / "sideblik.secrets.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def test_a_token_with_its_end(tmp_path: Path):
    """A text, or a table with a day, which ends what begins at its midnight in Copenhagen, or with a moment."""
    path = kept(
        tmp_path,
        '[tokens]\na = "x"\nb = { token = "y", expires = 2026-12-24 }\n[tokens.c]\ntoken = "z"\n'
        "expires = 2026-12-24T10:00:00Z\n",
    )
    found = settings_tokens.secrets(path)
    assert {"a": "x", "b": "y", "c": "z"} == {name: token.value for name, token in found.items()}
    assert [None, datetime(2026, 12, 23, 23, tzinfo=UTC), datetime(2026, 12, 24, 10, tzinfo=UTC)] == [
        token.expires for token in found.values()
    ]
    assert "x" not in repr(found["a"]).replace("expires", "")


@pytest.mark.parametrize(
    "entry",
    ["7", '{ token = "hemmeligt-1", expire = 2026-12-24 }', '{ token = "hemmeligt-1", expires = "soon" }', "{ }"],
)
def test_an_entry_of_another_form(tmp_path: Path, entry: str):
    """It is named, and nothing of what stands there is shown."""
    with pytest.raises(SettingsError, match="see page1") as raised:
        settings_tokens.secrets(kept(tmp_path, f"[tokens]\npage1 = {entry}\n"))
    assert "hemmeligt" not in str(raised.value)


def test_the_keyring_comes_last_and_only_where_it_is_asked_for(config: Path):
    """Page before platform there too; a file's entry goes before it."""
    ring = Ring(facebook="p")
    assert settings.load(config).token("skole-fb", {}) is None
    config.write_text(CONFIG + KEYRING, "utf-8")
    got = settings.load(config)
    assert "p" == getattr(got.token("skole-fb", {}, ring), "value", None)
    ring.kept["skole-fb"] = "q"
    assert "q" == getattr(got.token("skole-fb", {}, ring), "value", None)
    kept(config.parent, '[tokens]\nfacebook = "f"\n')
    assert "f" == getattr(got.token("skole-fb", {}, ring), "value", None)


def test_a_keyring_that_cannot_be_used_says_so_without_the_secret(config: Path):
    """Locked or absent: what to do instead is told, and the library's own words are not."""
    config.write_text(CONFIG + KEYRING, "utf-8")
    for act in (
        lambda: settings.load(config).token("skole-fb", {}, Ring(broken=True)),
        lambda: put_in_keyring(Ring(broken=True), "skole-fb", "hemmeligt-1"),
    ):
        with pytest.raises(SettingsError, match="keyring cannot be used") as raised:
            act()
        assert "hemmeligt" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_writing_makes_a_file_of_its_owner_alone(tmp_path: Path):
    """Rights 0600 from its first byte, and readable again."""
    path = tmp_path / "sideblik.secrets.toml"
    write(path, "skole-fb", "EAAB1")
    assert 0o600 == path.stat().st_mode & 0o777
    assert "EAAB1" == settings_tokens.secrets(path)["skole-fb"].value
    assert [path] == list(tmp_path.iterdir())


def test_writing_leaves_every_other_line_alone(tmp_path: Path):
    """Comments, other tokens and other tables stay as they were; the entry keeps its place."""
    before = '# Annas\n[tokens]\n# til august\nskole-fb = "old"  # note\nfacebook = "f"\n\n[other]\nskole-fb = "no"\n'
    path = kept(tmp_path, before)
    write(path, "skole-fb", 'n"e\\w', datetime(2026, 12, 24, tzinfo=UTC).date())
    entry = 'skole-fb = { token = "n\\"e\\\\w", expires = 2026-12-24 }'
    assert before.replace('skole-fb = "old"  # note', entry) == path.read_text("utf-8")
    write(path, "hjem-fb", "h")
    assert ["# Annas", "[tokens]", 'hjem-fb = "h"', "# til august", entry] == path.read_text("utf-8").splitlines()[:5]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", "two words"),
        ("", "æøå"),
        ("", "a\nb"),
        ('[tokens]\n[tokens.page1]\ntoken = "x"\n', "new"),
        ("[tokens]\npage1 = '''\nx'''\n", "new"),
        ('[tokens]\nother = """\npage1 = "y"\n"""\npage1 = "x"\n', "new"),
    ],
)
def test_what_cannot_be_written_changes_nothing(tmp_path: Path, text: str, value: str):
    """No token, or an entry over several lines: the file stays, and the token is not told."""
    path = kept(tmp_path, text)
    with pytest.raises(SettingsError) as raised:
        write(path, "page1", value)
    assert value not in str(raised.value)
    assert text == path.read_text("utf-8")


def ask(config: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard.cli", "token", *arguments, "--config", str(config)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


def expiry(config: Path) -> datetime | None:
    loaded = settings.load(config)
    with queries.open_reader(loaded.database) as reader:
        return pages(reader, ALL, loaded)[0].token_expires_at


def test_set_reads_a_pipe_and_shows_nothing(config: Path):
    """The token goes to the file alone; what was told of the old one's end is forgotten."""
    with open_store(settings.load(config)) as store:
        store.remember("skole-fb", {"token_expires_at": "2026-11-30T00:00:00Z", "swept": "2026-11-22"})
    told = ask(config, "set", "skole-fb", given="hemmeligt-1\n")
    assert (0, "") == (told.returncode, told.stderr)
    assert "hemmeligt" not in told.stdout
    assert "hemmeligt-1" == settings.load(config).token_for("skole-fb", {})
    assert expiry(config) is None
    ask(config, "set", "skole-fb", "--expires", "2026-12-24", given="hemmeligt-2\n")
    assert datetime(2026, 12, 23, 23, tzinfo=UTC) == expiry(config)
    assert b"hemmeligt" not in settings.load(config).database.read_bytes()


@pytest.mark.parametrize(
    ("page", "given", "words"), [("nobody", "x\n", "no page 'nobody'"), ("skole-fb", "\n", "No token was given")]
)
def test_set_refuses(config: Path, page: str, given: str, words: str):
    """A page that is not there, and nothing on standard input."""
    told = ask(config, "set", page, given=given)
    assert 3 == told.returncode
    assert words in told.stderr
    assert not config.with_name("sideblik.secrets.toml").exists()


class Telling:
    """A platform that answers a first batch, or raises."""

    def __init__(self, answer: Batch | Exception) -> None:
        self.answer = answer

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        if isinstance(self.answer, Exception):
            raise self.answer
        yield self.answer
        raise AssertionError("asked twice")


def test_a_trial_asks_once(tmp_path: Path):
    """The first answer tells: a good token works, a wrong one is told by who must act, and nothing is stored."""
    visiting = Visiting(tmp_path, school(posts=60))
    from collectors.sandbox.facebook import token_for  # noqa: PLC0415, the story's own

    for token, error in (
        (token_for(visiting.scenario, visiting.scenario.places[0]), None),
        ("wrong", TokenError),
        (None, TokenError),
    ):
        http = visiting.http()
        found = tried(PAGE, token, http, START)
        assert error is (type(found.error) if found.error else None)
        assert http.calls <= 2  # when the token ends may be a question of its own
    assert [(0,)] == visiting.rows("SELECT count(*) FROM messages")


@pytest.mark.parametrize(
    ("answer", "expires", "error"),
    [
        (Batch(memory={"token_expires_at": "2026-12-24T00:00:00Z"}), "2026-12-24T00:00:00Z", None),
        (Batch(), None, None),
        (TokenError("dead"), None, TokenError),
        (ValueError("hemmeligt"), None, UnexpectedError),
    ],
)
def test_a_trial_tells_the_end(answer: Batch | Exception, expires: str | None, error: type | None):
    """As the platform told it in its first answer; a failure of ours is told by its kind alone."""
    found = tried(PAGE, "x", Http(), START, Telling(answer))
    assert (expires, error) == (found.expires, type(found.error) if found.error else None)
    assert "hemmeligt" not in str(found.error)


def test_a_token_that_cannot_be_read_is_a_visit_that_failed(config: Path):
    """The page says that it is not seen and who must act: silence would pass for nothing new."""
    loose = kept(config.parent, '[tokens]\nfacebook = "hemmeligt"\n')
    loose.chmod(0o644)
    loaded = settings.load(config)
    with open_store(loaded) as store:
        result = Visitor(loaded, engine=ENGINE).visit(loaded.pages[0], store)
    assert isinstance(result.error, SettingsError)
    with queries.open_reader(loaded.database) as reader:
        row = pages(reader, ALL, loaded)[0]
    assert ("SettingsError", State.ATTENTION) == (page_state(row, START).why, page_state(row, START).state)
