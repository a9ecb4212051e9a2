"""A real Chromium, a dashboard started as a person starts it, and a listener that counts what reaches it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 720, "height": 450}  # what a desktop shows at 200 %
CARDS = '[class*="st-key-aabn-"] button'
BESIDE = ("henvendelser", "brud", "tone", "opslag", "soeg", "sider")  # views that show a list and one of it
DRAFT = (
    "Velkommen til Emil på Blå stue! Hans mor Lone kan ringes op på 28 11 43 07, hvis I har spørgsmål om hans diabetes."
)


@contextmanager
def chromium() -> Iterator[object]:
    """The machine's own Chromium; the test skips where there is none."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def dashboard(configuration: Path, port: int | None = None) -> Iterator[str]:
    """The dashboard on a port of its own, started away from the project's folder; its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "asgi.py"), f"--server.port={port}"]
    env = {**os.environ, "SIDEBLIK_CONFIG": str(configuration), "SIDEBLIK_DEMO": "1"}
    log = configuration.with_name("dashboard.log")
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, cwd=configuration.parent, stdout=out, stderr=out)
        try:
            wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(ready, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, "it ended before it was ready"
        assert time.monotonic() < end, "it was not ready in time"
        threading.Event().wait(0.1)


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that keeps the path of each request: its address, and the paths."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def settled(page) -> None:
    """Waits until the screen stands: its title is there and no run is under way."""
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stStatusWidget"]', state="detached")
    page.wait_for_selector('[data-testid="stSkeleton"]', state="detached")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The whole demo: sandbox, collector and dashboard, as `make demo` starts them; the dashboard's address."""
    told = folder / "demo.out"
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--folder", str(folder / "demo"), "--seed", "7"]
    with told.open("wb") as out:
        env = {**os.environ, "SIDEBLIK_NO_BROWSER": "1", "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=out, stderr=out)
        try:
            wait_for(lambda: "Sideblik is on" in told.read_text("utf-8"), process, 120)
            yield told.read_text("utf-8").split("Sideblik is on ")[1].split()[0]
        finally:
            process.terminate()
            process.wait(30)


def prepare(page, address: str, view: str) -> None:
    """Opens a view as one meets it: with a case open beside the queue where there is room for both."""
    path = {"overblik": "", "soeg": "soeg?q=hvornår"}.get(view, view)
    page.goto(f"{address}/{path}")
    settled(page)
    if page.viewport_size == DESKTOP and view in BESIDE:
        page.locator(CARDS).nth(1).click()
        page.locator(".st-key-rude").wait_for()
    if view == "proev":
        page.get_by_role("textbox", name="Tekst").fill(DRAFT)
        page.get_by_role("button", name="Se på teksten").click()
        page.locator(".st-key-svar mark").first.wait_for()
    if view == "overblik":
        page.locator('[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg').first.wait_for()
    settled(page)
