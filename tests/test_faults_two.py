"""Two collectors started by mistake: the second refuses in one sentence, and the first goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data import queries
from data.store import Store

TEXT = """
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
"""
BEGUN = "the collector visits"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "sideblik.toml"
    path.write_text(TEXT, "utf-8")
    return path


def start(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dashboard.cli", "collect", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def begun(collector: subprocess.Popen[str]) -> bool:
    """Whether it says that it works; False where it ended without."""
    assert collector.stderr is not None
    return any(BEGUN in line for line in collector.stderr)


def test_a_second_collector_refuses(config: Path) -> None:
    """One sentence and exit code 4, nothing begun; the first still holds the lock and ends by its signal alone."""
    first = start(config)
    assert begun(first)
    told = (second := start(config)).communicate(timeout=30)[1]
    assert 4 == second.returncode
    assert 1 == len(told.splitlines())
    assert told.startswith("sideblik: Another collector works on the database")
    assert first.poll() is None
    first.terminate()
    first.communicate(timeout=10)
    assert 0 == first.returncode


def test_the_database_is_read_and_written_beside_a_collector(config: Path) -> None:
    """The lock is the collector's alone: the dashboard, which reads and decides, needs none."""
    first = start(config)
    assert begun(first)
    with Store.open(config.parent / "sideblik.db") as store, queries.open_reader(config.parent / "sideblik.db"):
        store.note("anna", "looked", "test")
    first.terminate()
    first.communicate(timeout=10)


def test_a_killed_collector_leaves_no_lock(config: Path) -> None:
    """After kill -9 the next start works at once."""
    first = start(config)
    assert begun(first)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=10)
    second = start(config)
    assert begun(second)
    second.terminate()
    second.communicate(timeout=10)
