"""Henvendelser in a real browser: first paint, rerun and memory, with few and with many comments stored.

    python -m benchmarks.screens SMALL.db LARGE.db

Both dashboards run side by side and are measured in turn, so that a slow spell of the machine strikes both. A first
paint is a fresh browser profile until the first case is drawn; a rerun is a click on another status until another
case stands on top. Server and browser share the machine's cores.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard import running, supervise
from dashboard.settings import load
from data.queries import open_reader

PAINTS, RERUNS = 7, 30
CARD = "[class*='st-key-kort-']"
TOP = f'document.querySelector("{CARD}")?.className'
QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@dataclass(slots=True)
class Measured:
    """One dashboard, and what was measured of it: milliseconds, and the process's resident megabytes."""

    address: str
    process: subprocess.Popen[bytes]
    stored: int
    paints: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    memory: float = 0.0


def main(small: Path, large: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("left out: there is no Chromium on this machine (apt install chromium)")
        return
    with ExitStack() as stack:
        pair = [stack.enter_context(dashboard(path)) for path in (small, large)]
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", *QUIET])
        for _ in range(PAINTS):
            for one in pair:
                one.paints.append(_paint(browser, one.address))
        for one in pair:
            _reruns(browser, one)
            one.memory = _resident(one.process.pid)
        browser.close()
    _tell(*pair)


@contextmanager
def dashboard(database: Path) -> Iterator[Measured]:
    """The dashboard over a database, on a port of its own."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "sideblik.toml"
        server = f"[server]\nport = {supervise.free_port()}\n"
        config.write_text(f'[municipality]\nname = "Bench"\n[storage]\ndatabase = "{database.absolute()}"\n{server}')
        settings = load(config)
        _, child = running.children(settings)
        process = subprocess.Popen(child.command, env={**environment(), **child.env}, stdout=subprocess.DEVNULL)
        while not (child.ready and child.ready()):
            time.sleep(0.05)
        with open_reader(database) as reader:
            stored = reader.number("SELECT count(*) FROM messages")
        try:
            yield Measured(running.url(settings.address, settings.port), process, stored)
        finally:
            process.terminate()
            process.wait()


def environment() -> dict[str, str]:
    """This shell's, without settings that would measure another dashboard."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SIDEBLIK", "STREAMLIT"))}


def _paint(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="da-DK")
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(f"{address}/henvendelser")
    page.wait_for_selector(CARD)
    spent = time.perf_counter() - begun
    context.close()
    return spent * 1000


def _reruns(browser: Browser, one: Measured) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="da-DK")
    page.goto(f"{one.address}/henvendelser")
    page.wait_for_selector(CARD)
    _click(page, 3)
    for place in islice(cycle((0, 3)), RERUNS):
        one.reruns.append(_click(page, place))
    page.close()


def _click(page: Page, place: int) -> float:
    """Milliseconds from a click on a status until another case stands on top of the list."""
    before = page.evaluate(TOP)
    begun = time.perf_counter()
    page.locator(".st-key-status button").nth(place).click()
    page.wait_for_function(f"before => {{ const now = {TOP}; return now && now !== before; }}", arg=before)
    return (time.perf_counter() - begun) * 1000


def _resident(pid: int) -> float:
    """The process's resident memory in MB, as Linux tells it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _tell(few: Measured, many: Measured) -> None:
    print(f"{'':24} {few.stored:>12,} {many.stored:>12,}    ratio")
    for name, unit, first, second in (
        ("first paint", "ms", median(few.paints), median(many.paints)),
        ("rerun", "ms", median(few.reruns), median(many.reruns)),
        ("memory of the dashboard", "MB", few.memory, many.memory),
    ):
        print(f"{name:24} {first:>9,.0f} {unit} {second:>9,.0f} {unit}    {second / first:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
