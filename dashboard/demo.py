"""`sideblik demo`: the made-up municipality, its sandbox, the collector and the dashboard, on this machine alone."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.status import Status

from collectors.sandbox.configuration import configuration, tokens
from dashboard import running, supervise
from dashboard.settings import FILE, Settings, load
from dashboard.settings_tokens import SECRETS
from dashboard.settings_webhook import APP_SECRET, VERIFY_TOKEN, variable, webhook_secrets
from dashboard.supervise import Child
from dashboard.webhook import PATH
from dashboard.wiring import EVERYTHING
from data import queries
from data.errors import SettingsError, StoreError

FIRST_VISITS = 30.0  # seconds; whoever waits longer sees the rest arrive
MARK = ".made-by-sideblik-demo"


def show(folder: Path, seed: int, environ: Mapping[str, str] = os.environ) -> int:
    """Sets the demo up anew in the folder and runs it until a signal; returns the exit code."""
    console = Console(highlight=False, soft_wrap=True)
    folder = folder.absolute()
    with supervise.only_one(folder) as held:
        _empty(folder)
        console.print(f"A fresh database is made in {folder}; what an earlier demo left there is gone.", markup=False)
        sandbox, web = supervise.free_port(), supervise.free_port()
        settings = load(_configure(folder, sandbox, web, seed))
        told = f"{len(settings.pages)} pages of {len(settings.institutions)} institutions of {settings.municipality}"
        console.print(f"{told}, all made up, are served on 127.0.0.1 alone.", markup=False)
        collector, dashboard = running.children(settings, demo=True, output=folder)
        address = running.url(settings.address, web)
        with console.status("Starting") as status:
            first = _FirstVisits(settings, status)
            code = supervise.run(
                [_sandbox(folder, sandbox, seed, address + PATH), replace(collector, ready=first.done), dashboard],
                ready_told=lambda child: console.print(f"The {child.name} is ready.", markup=False),
                started=lambda: _open(address, console, status, environ),
                keep=[held],
            )
    console.print("Everything is stopped.")
    return code


class _FirstVisits:
    """Whether every page has been visited once, so that the first look at the dashboard is not an empty one."""

    def __init__(self, settings: Settings, status: Status) -> None:
        self._database = settings.database
        self._status = status
        self._patience = time.monotonic() + FIRST_VISITS

    def done(self) -> bool:
        try:
            with queries.open_reader(self._database) as reader:
                pages = queries.pages(reader, EVERYTHING)
        except StoreError:
            return False
        visited = sum(page.last_visit is not None and page.last_visit.ended_at is not None for page in pages)
        self._status.update(f"Visiting the pages for the first time: {visited} of {len(pages)}")
        return bool(pages) and (visited == len(pages) or time.monotonic() > self._patience)


def _empty(folder: Path) -> None:
    """Removes what an earlier demo left; a folder that no demo made is left alone."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).exists():
            raise SettingsError(f"{folder} holds files that no demo made; give another folder with --folder.")
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    (folder / MARK).touch()


def _configure(folder: Path, sandbox: int, web: int, seed: int) -> Path:
    """Writes sideblik.toml and the tokens beside it; returns the former's path."""
    path = folder / FILE
    server = f'[storage]\ndatabase = "sideblik.db"\nreports = "reports"\n\n[server]\nport = {web}\n\n'
    path.write_text(server + configuration(f"http://127.0.0.1:{sandbox}", seed), "utf-8")
    kept = folder / SECRETS
    kept.touch(mode=0o600)
    lines = [f'{page} = "{token}"' for page, token in tokens(seed).items()]
    lines += ["", "[webhooks]", *(f'{name} = "{secrets.token_hex(16)}"' for name in (APP_SECRET, VERIFY_TOKEN))]
    kept.write_text("\n".join(["[tokens]", *lines, ""]), "utf-8")
    return path


def _sandbox(folder: Path, port: int, seed: int, events: str) -> Child:
    """The sandbox, which tells the dashboard at `events` of what happens, as Meta would."""
    known = webhook_secrets(folder / SECRETS, {})
    start = datetime.now(UTC).isoformat(timespec="seconds")
    options = f"--port {port} --seed {seed} --start {start} --events {events}".split()
    return Child(
        "sandbox",
        (sys.executable, "-m", "collectors.sandbox", *options),
        env={variable(APP_SECRET): known.app_secret} if known else {},
        vital=True,
        ready=lambda: supervise.answers(f"http://127.0.0.1:{port}/_stats"),
        output=folder / "sandbox.log",
    )


def _open(address: str, console: Console, status: Status, environ: Mapping[str, str]) -> None:
    status.stop()
    console.print(f"Sideblik is on {address}", markup=False)
    console.print("Comments arrive while you look. Ctrl-C stops everything.")
    if has_display(environ):
        webbrowser.open(address)


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether a browser window can open and is wanted; a text browser in this terminal is neither."""
    if environ.get("SIDEBLIK_NO_BROWSER") == "1":
        return False
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
