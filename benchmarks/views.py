"""Every view against an empty Streamlit page of the same run: first paint, what a click costs, ten sessions at once.

    python -m benchmarks.views MANY.db

The database's newest 20,000 cases are opened again first. A first paint is a fresh browser profile until the view's
first block of its own stands; an empty page has a title and a button. Sessions are WebSocket clients (ten browsers
would measure the machine's cores) that open one case after another with one to five seconds to read, while a second
process saves messages.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.dataset import open_again
from benchmarks.screens import QUIET, dashboard, environment
from benchmarks.sessions import Session
from dashboard import supervise
from dashboard.wiring import EVERYTHING
from data.queries import open_reader, queue
from data.types import Category

OPEN, PAINTS, CLICKS, SESSIONS, EACH = 20_000, 5, 20, 10, 15
EMPTY: Final = """
import streamlit as st
st.title("x")
if st.button("y"):
    st.session_state["n"] = st.session_state.get("n", 0) + 1
st.html("<p class='n'>" + str(st.session_state.get("n", 0)) + "</p>")
"""
CARD = "[class*='st-key-kort-']"
HEAD = "document.querySelector('.sb-head')?.innerText ?? ''"
TOP = f'document.querySelector("{CARD}")?.className'
BLOCKS: Final[Mapping[str, str]] = {
    "": ".sb-figures",
    "mindag": CARD,
    "henvendelser": CARD,
    "brud": CARD,
    "opslag": "[data-testid=stHtml]",
    "soeg": "[data-testid=stTextInput]",
    "sletteregnskab": "h1",
    "rapporter": "[data-testid=stMain] [data-testid=stHtml], [data-testid=stDataFrame]",
    "sider": "[data-testid=stMain] [data-testid=stHtml]",
    "proev": "textarea",
    "vagtplan": "h1",
}


def main(database: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("left out: there is no Chromium on this machine (apt install chromium)")
        return
    open_again(database, OPEN)
    with ExitStack() as stack:
        empty = stack.enter_context(_empty())
        ours = stack.enter_context(dashboard(database))
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", *QUIET])
        _paints(browser, empty, ours.address)
        _clicks(browser, empty, ours.address)
        browser.close()
        _sessions(ours.address, database)


@contextmanager
def _empty() -> Iterator[str]:
    """An empty Streamlit page on a port of its own; its address."""
    with tempfile.TemporaryDirectory() as folder:
        script, port = Path(folder) / "empty.py", supervise.free_port()
        script.write_text(EMPTY, "utf-8")
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        quiet = ["--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
        process = subprocess.Popen([*command, *quiet], env=environment(), stdout=subprocess.DEVNULL)
        while not supervise.answers(f"http://127.0.0.1:{port}/_stcore/health"):
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _paints(browser: Browser, empty: str, address: str) -> None:
    spent: dict[str, list[float]] = {name: [] for name in ("(empty)", *BLOCKS)}
    for _ in range(PAINTS):
        spent["(empty)"].append(_paint(browser, empty, "p.n"))
        for name, block in BLOCKS.items():
            spent[name].append(_paint(browser, f"{address}/{name}", block))
    floor = median(spent.pop("(empty)"))
    print(f"first paint of an empty page {floor:,.0f} ms")
    for name, times in spent.items():
        print(f"  {name or 'overblik':16} {median(times):>7,.0f} ms  {median(times) / floor:.2f} x")


def _paint(browser: Browser, address: str, block: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="da-DK")
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(block)
    spent = time.perf_counter() - begun
    context.close()
    return spent * 1000


def _clicks(browser: Browser, empty: str, address: str) -> None:
    """Opening a case, changing a filter and recording a decision, against the rerun of the empty page."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="da-DK")
    page.goto(empty)
    page.wait_for_selector("p.n")
    again = page.get_by_role("button", name="y", exact=True)
    floor = _spent(page, lambda _: again.click(), "document.querySelector('p.n').innerText")
    print(f"rerun of an empty page {floor:,.0f} ms")
    page.goto(f"{address}/henvendelser")
    page.wait_for_selector(CARD)
    titles, statuses = page.locator(f"{CARD} button"), page.locator(".st-key-status button")
    save = page.locator("[kind=primaryFormSubmit]").first
    for name, ready, act, tells in (
        ("opening a case", _nothing, lambda turn: titles.nth(1 + turn % 20).click(), HEAD),
        ("changing a filter", _nothing, lambda turn: statuses.nth(0 if turn % 2 else 3).click(), TOP),
        ("recording a decision", lambda turn: _chosen(page, turn), lambda _: save.click(), HEAD),
    ):
        spent = _spent(page, act, tells, ready)
        print(f"  {name:21} {spent:>7,.0f} ms  {spent / floor:.1f} x")
    page.close()


def _nothing(_: int) -> None:
    """No act has to come before the one that is measured."""


def _chosen(page: Page, turn: int) -> None:
    """Another case is open, and what to decide of it is chosen."""
    before = page.evaluate(HEAD)
    page.locator(f"{CARD} button").nth(1 + turn % 20).click()
    page.wait_for_function(f"before => ({HEAD}) !== before", arg=before)
    page.locator("[data-testid=stForm] [data-testid=stRadio] label:has(input)").first.click()


def _spent(
    page: Page, act: Callable[[int], object], tells: str, ready: Callable[[int], object] = lambda _: None
) -> float:
    """The middle of milliseconds from an act until what `tells` of it has changed."""
    times = []
    for turn in range(CLICKS):
        ready(turn)
        before = page.evaluate(tells)
        begun = time.perf_counter()
        act(turn)
        page.wait_for_function(f"before => ({tells}) !== before", arg=before)
        times.append((time.perf_counter() - begun) * 1000)
        page.wait_for_timeout(100)
    return median(times)


def _sessions(address: str, database: Path) -> None:
    with open_reader(database) as reader:
        numbers = [case.id for case in queue(reader, EVERYTHING, Category.INQUIRY, limit=EACH)]
    alone = _opened(address, numbers)
    writer = subprocess.Popen([sys.executable, "-m", "benchmarks.dataset", str(database), "--more"])
    try:
        with ThreadPoolExecutor(SESSIONS) as pool:
            together = [one for many in pool.map(lambda _: _opened(address, numbers), range(SESSIONS)) for one in many]
    finally:
        writer.terminate()
        writer.wait()
    middle, late = median(together), quantiles(together, n=20)[-1]
    print(f"opening a case, one session {median(alone):,.0f} ms; {SESSIONS} sessions with the collector writing:")
    print(f"  median {middle:,.0f} ms ({middle / median(alone):.1f} x), 95 of 100 within {late:,.0f} ms")


def _opened(address: str, numbers: list[int]) -> list[float]:
    """Milliseconds for each case opened by one session, with one to five seconds to read between them."""
    times, dice = [], random.Random()
    with Session(address, "henvendelser") as session:
        for number in numbers:
            time.sleep(dice.uniform(1, 5))
            times.append(session.run(f"sag={number}"))
    return times


if __name__ == "__main__":
    main(Path(sys.argv[1]))
