"""The collector as a process of its own, against the sandbox as another."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.sandbox.configuration import configuration, tokens
from data import queries
from data.errors import StoreError
from data.types import Category, Outcome, Scope

ALL = Scope(everywhere=True, categories=frozenset(Category), browse=True)
PATIENCE = 30.0


@pytest.fixture
def config(tmp_path) -> Iterator[Path]:
    command = [sys.executable, "-m", "collectors.sandbox", "--latency", "0.02"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        address = f"http://127.0.0.1:{json.loads(sandbox.stdout.readline())['port']}"
        path = tmp_path / "sideblik.toml"
        path.write_text('[storage]\ndatabase = "sideblik.db"\nreports = "out"\n' + configuration(address), "utf-8")
        kept = tmp_path / "sideblik.secrets.toml"
        kept.touch(mode=0o600)
        kept.write_text("[tokens]\n" + "".join(f'{page} = "{token}"\n' for page, token in tokens().items()))
        yield path
        sandbox.terminate()


def start(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dashboard.cli", "collect", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def until(asked, wanted) -> None:
    """Waits for another process's work; there is no event of it to wait for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if wanted(asked()):
                return
        except StoreError:
            pass
        time.sleep(0.05)
    pytest.fail("waited in vain")


def seen(config: Path) -> list[Outcome]:
    """How the last visit of each page ended, or that it runs."""
    with queries.open_reader(config.parent / "sideblik.db") as reader:
        return [row.last_visit.outcome for row in queries.pages(reader, ALL) if row.last_visit]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_in_the_middle(config, number):
    """A signal in the middle of visits ends the process in two seconds with 0; no visit is left running."""
    collector = start(config)
    until(lambda: seen(config), lambda outcomes: len(outcomes) >= 3)
    began = time.monotonic()
    collector.send_signal(number)
    told = collector.communicate(timeout=10)[1]
    assert 0 == collector.returncode
    assert time.monotonic() - began < 2
    assert "Traceback" not in told
    assert Outcome.RUNNING not in seen(config)


def test_carries_on_after_a_kill(config):
    """After kill -9 in the middle of a visit the next start reads that page whole; no visit is left running."""
    collector = start(config)
    until(lambda: seen(config), lambda outcomes: Outcome.RUNNING in outcomes)
    os.kill(collector.pid, signal.SIGKILL)
    collector.communicate(timeout=10)
    collector = start(config)
    until(lambda: seen(config), lambda outcomes: len(outcomes) >= 3 and set(outcomes) == {Outcome.COMPLETE})
    collector.terminate()
    collector.communicate(timeout=10)
    with queries.open_reader(config.parent / "sideblik.db") as reader:
        left = [
            page.id
            for page in queries.pages(reader, ALL)
            for visit in queries.visits(reader, ALL, page.id)
            if visit.outcome is Outcome.RUNNING
        ]
    assert [] == left


def test_report_is_written(config):
    """The report that is owed is written at the start, and noted in the journal."""
    collector = start(config)
    until(lambda: sorted((config.parent / "out").glob("sideblik-*.csv")), lambda files: len(files) == 2)
    collector.terminate()
    collector.communicate(timeout=10)
    with queries.open_reader(config.parent / "sideblik.db") as reader:
        rows = queries.journal(reader, ALL, 100, None)
    assert ["scheduler"] == [row.actor for row in rows if row.action == "report_written"]
