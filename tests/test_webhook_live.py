"""From an event of the sandbox to the screen: four processes on loopback, and polling that is far too slow to help."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from browsing import DESKTOP, ROOT, answers, chromium, free_port, settled, wait_for

from collectors.sandbox.configuration import configuration_of, tokens
from collectors.sandbox.demo import demo
from collectors.sandbox.events import Happening, happenings
from dashboard.webhook import PATH
from data import queries
from data.errors import StoreError
from data.types import Category, Scope

ALL = Scope(everywhere=True, categories=frozenset(Category), browse=True)
SECONDS = 5.0
SEED = 7
FEW = 3
CALM = 2.2  # seconds before an event in which nothing is leapt over
log = logging.getLogger(__name__)


@dataclass
class Scene:
    """A running municipality of Facebook pages; `coming` is what will happen there."""

    address: str
    sandbox: str
    database: Path
    coming: list[Happening]

    def t(self) -> float:
        """The sandbox's time."""
        with urllib.request.urlopen(f"{self.sandbox}/_clock", timeout=5) as answer:
            return float(json.loads(answer.read())["t"])

    def leap_to(self, one: Happening, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Moves the sandbox's clock to shortly before something happens, and waits until it does."""
        far = one.at - self.t() - CALM
        if far > 0:
            body = json.dumps({"advance": far}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{self.sandbox}/_clock", body), timeout=5).close()

        def is_there() -> bool:
            meanwhile()
            return self.t() >= one.at

        assert until(is_there, 2 * CALM)

    def holds(self, message_id: str) -> bool:
        with queries.open_reader(self.database) as reader:
            return bool(reader.number("SELECT count(*) FROM messages WHERE message_id = ?", (message_id,)))

    def asks(self, message_id: str) -> bool:
        """Whether the message is stored and taken for an inquiry; not everything with a question mark is one."""
        sql = """SELECT count(*) FROM cases JOIN messages ON messages.id = cases.message
            WHERE message_id = ? AND category = ?"""
        with queries.open_reader(self.database) as reader:
            return bool(reader.number(sql, (message_id, "inquiry")))

    def questions(self) -> Iterator[Happening]:
        """Questions that will be written from now on."""
        t = self.t()
        added = (
            one for one in self.coming if one.at > t and (one.value["verb"], one.value["item"]) == ("add", "comment")
        )
        return (one for one in added if "?" in one.value["message"])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Sandbox, collector and dashboard; every page was visited once, and the next visit of its own is in an hour."""
    folder = tmp_path_factory.mktemp("live")
    sandbox, web = free_port(), free_port()
    start = datetime.now(UTC).replace(microsecond=0)
    story = demo(SEED, start, lasts=900)
    places = [one for one in story.places if one.dialect == "facebook"][:8]
    path = configured(folder, configuration_of(f"http://127.0.0.1:{sandbox}", story.institutions, places))
    address = f"http://127.0.0.1:{web}"
    told = f"--calm --port {sandbox} --seed {SEED} --start {start.isoformat()} --events {address}{PATH}"
    with ExitStack() as stack:
        run = partial(running, stack, folder)
        run("sandbox", "-m", "collectors.sandbox", *told.split())
        collector = run("collector", "-m", "dashboard.cli", "collect", "--config", str(path))
        database = folder / "sideblik.db"
        wait_for(lambda: visited(database) == len(places), collector)
        served = run("dashboard", "-m", "streamlit", "run", str(ROOT / "dashboard" / "asgi.py"), f"--server.port={web}")
        wait_for(lambda: answers(f"{address}/readyz"), served)
        refs = {one.ref for one in places}
        yield Scene(
            address, f"http://127.0.0.1:{sandbox}", database, [one for one in happenings(story) if one.ref in refs]
        )


def configured(folder: Path, text: str) -> Path:
    path = folder / "sideblik.toml"
    path.write_text('[storage]\ndatabase = "sideblik.db"\nreports = "out"\n' + text, "utf-8")
    kept = folder / "sideblik.secrets.toml"
    kept.touch(mode=0o600)
    lines = ["[tokens]", *(f'{page} = "{token}"' for page, token in tokens(SEED).items()), "[webhooks]"]
    lines += ['meta_app_secret = "app-secret-of-a-test"', 'meta_verify_token = "agreed-word"']
    kept.write_text("\n".join(lines), "utf-8")
    return path


def running(stack: ExitStack, folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A process that is ended with the test; what it says goes to a file."""
    env = {**os.environ, "SIDEBLIK_CONFIG": str(folder / "sideblik.toml"), "SIDEBLIK_DEMO": "1"}
    env["SIDEBLIK_META_APP_SECRET"] = "app-secret-of-a-test"
    out = stack.enter_context((folder / f"{name}.log").open("wb"))
    process = subprocess.Popen([sys.executable, *arguments], env=env, cwd=ROOT, stdout=out, stderr=out)
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    return process


def visited(database: Path) -> int:
    try:
        with queries.open_reader(database) as reader:
            return sum(page.seen_at is not None for page in queries.pages(reader, ALL))
    except StoreError:
        return 0


def until(ready: Callable[[], bool], seconds: float) -> bool:
    """Whether it became so in time; there is no event of another process to wait for."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_stored_within_seconds(scene: Scene) -> None:
    """Each of the next comments is stored within five seconds of being written, though nobody polls."""
    took = []
    for _ in range(FEW):
        one = next(scene.questions())
        scene.leap_to(one)
        assert until(partial(scene.holds, one.value["comment_id"]), SECONDS)
        took.append(scene.t() - one.at)
    report("from event to stored", took)
    assert max(took) < SECONDS


@pytest.mark.browser
def test_on_screen_within_seconds(scene: Scene) -> None:
    """A queue that somebody looks at says that something new came within five seconds of a question's event."""
    took = []
    with chromium() as browser:
        page = browser.new_context(viewport=DESKTOP, locale="da-DK").new_page()
        page.goto(f"{scene.address}/henvendelser")
        settled(page)
        button = page.get_by_role("button", name=re.compile(r"\d+ nye? – vis"))

        def seen() -> None:
            """Of what came on the way there: seen, so that the next is told anew."""
            if button.count():
                button.click()
                button.wait_for(state="detached")

        for _ in range(4 * FEW):
            one = next(scene.questions())
            scene.leap_to(one, seen)
            if button.count() or not until(partial(scene.asks, one.value["comment_id"]), SECONDS):
                continue
            button.wait_for(timeout=SECONDS * 1000)
            took.append(scene.t() - one.at)
            if len(took) == FEW:
                break
            seen()
    report("from event to screen", took)
    assert took
    assert max(took) < SECONDS


def report(what: str, took: list[float]) -> None:
    """Seen with `--log-cli-level=INFO`."""
    log.info("%s: median %.2f s of %s", what, median(took), [round(one, 2) for one in sorted(took)])


def test_nothing_of_an_event_is_logged(scene: Scene) -> None:
    """No process wrote a text or a name of an event into its log, nor the address that it came to."""
    for written in scene.database.parent.glob("*.log"):
        told = written.read_text("utf-8")
        assert (
            []
            == [
                one.value["comment_id"]
                for one in scene.coming
                if "message" in one.value and one.value["message"] in told
            ][:3]
        )
        assert "app-secret" not in told
