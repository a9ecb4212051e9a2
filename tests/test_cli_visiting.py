"""visit and import, against the sandbox as a server of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.sandbox.configuration import configuration, tokens
from dashboard import cli
from data import queries
from data.types import Category, Scope

ALL = Scope(everywhere=True, categories=frozenset(Category), browse=True)
PAGE, FEED = "borgerservice", "nyheder"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    command = [sys.executable, "-m", "collectors.sandbox", "--start", "2026-11-18T12:00:00+00:00"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"
        server.terminate()


@pytest.fixture
def config(sandbox, tmp_path) -> Path:
    path = tmp_path / "sideblik.toml"
    path.write_text(configuration(sandbox), "utf-8")
    kept = tmp_path / "sideblik.secrets.toml"
    kept.touch(mode=0o600)
    kept.write_text(f'[tokens]\n{PAGE} = "{tokens()[PAGE]}"\nkommune = "wrong-one"\n')
    return path


@pytest.fixture
def ask(capsys, config):
    def asked(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main([*map(str, arguments), "--config", str(config)])
        return ended.value.code or 0, *capsys.readouterr()

    return asked


def test_visit_twice(ask, config):
    """Two pages are visited; visiting them again brings what the sandbox's clock has brought, and nothing twice."""
    code, out, err = ask("visit", PAGE, FEED)
    assert (0, "") == (code, err)
    assert [f"{PAGE}: complete", f"{FEED}: complete"] == [line.split(",")[0] for line in out.splitlines()]
    with queries.open_reader(config.parent / "data/local/sideblik.db") as reader:
        stored = len(queries.posts(reader, ALL, PAGE, before=None, limit=500))
    assert 0 == ask("visit", PAGE)[0]
    with queries.open_reader(config.parent / "data/local/sideblik.db") as reader:
        assert stored <= len(queries.posts(reader, ALL, PAGE, before=None, limit=500)) <= stored + 3


def test_wrong_token(ask):
    """A token that the platform refuses: exit code 5, who must act, and no token in what is told."""
    code, out, err = ask("visit", "kommune")
    assert 5 == code
    assert "kommune: failed" in out
    assert "[page_administrator]" in err
    assert "wrong-one" not in out + err


def test_one_failure_does_not_stop_the_rest(ask):
    """What comes after a page that fails is visited all the same, and the exit code tells."""
    code, out, _ = ask("visit", "kommune", FEED)
    assert 5 == code
    assert f"{FEED}: complete" in out


def test_import(ask, config, tmp_path):
    """A table's columns are told as they are understood, its comments are stored, and the file again is no news."""
    table = tmp_path / "export.csv"
    table.write_text("id;dato;tekst\n1;2026-11-17 10:00;Hvornår åbner I?\n2;2026-11-17 11:00;Tak\n", "utf-8")
    code, out, err = ask("import", table, "--page", PAGE)
    assert (0, "") == (code, err)
    assert "from tekst" in out
    assert f"{PAGE}: 2 read, 2 new" in out
    assert "2 read, 0 new, 0 edited, 0 gone, 2 unchanged" in ask("import", table, "--page", PAGE)[1]


def test_import_of_no_table(ask, tmp_path):
    """A file of no known form is told as such, without a word of what it holds."""
    path = tmp_path / "hemmelig.bin"
    path.write_bytes(bytes(range(256)) * 4)
    code, _, err = ask("import", path, "--page", PAGE)
    assert 5 == code
    assert err.startswith("sideblik: ")
    assert 1 == len(err.splitlines())
