"""`sideblik demo`: the made-up municipality, its sandbox, the collector and the dashboard, on this machine alone."""

from __future__ import annotations

import os
import shutil
import sys
import webbrowser
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from collectors.sandbox.configuration import configuration, tokens
from dashboard import running, supervise
from dashboard.settings import FILE, SECRETS, load
from dashboard.supervise import Child
from data.errors import SettingsError

MARK = ".made-by-sideblik-demo"


def show(folder: Path, seed: int, environ: Mapping[str, str] = os.environ) -> int:
    """Sets the demo up anew in the folder and runs it until a signal; returns the exit code."""
    console = Console(highlight=False)
    folder = folder.absolute()
    with supervise.only_one(folder) as held:
        _empty(folder)
        console.print(f"A fresh database is made in {folder}; what an earlier demo left there is gone.", markup=False)
        sandbox, web = supervise.free_port(), supervise.free_port()
        settings = load(_configure(folder, sandbox, web, seed))
        told = f"{len(settings.pages)} pages of {len(settings.institutions)} institutions of {settings.municipality}"
        console.print(f"{told}, all made up, are served on 127.0.0.1 alone.", markup=False)
        children = [_sandbox(folder, sandbox, seed), *running.children(settings, demo=True, output=folder)]
        address = running.url(settings.address, web)
        return supervise.run(
            children,
            ready_told=lambda child: console.print(f"The {child.name} runs.", markup=False),
            started=lambda: _open(address, console, environ),
            keep=[held],
        )


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
    kept.write_text("\n".join(["[tokens]", *lines, ""]), "utf-8")
    return path


def _sandbox(folder: Path, port: int, seed: int) -> Child:
    start = datetime.now(UTC).isoformat(timespec="seconds")
    return Child(
        "sandbox",
        (sys.executable, "-m", "collectors.sandbox", "--port", str(port), "--seed", str(seed), "--start", start),
        vital=True,
        ready=lambda: supervise.answers(f"http://127.0.0.1:{port}/_stats"),
        output=folder / "sandbox.log",
    )


def _open(address: str, console: Console, environ: Mapping[str, str]) -> None:
    console.print(f"Sideblik is on {address}", markup=False)
    console.print("Comments arrive while you look. Ctrl-C stops everything.")
    if has_display(environ):
        webbrowser.open(address)


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether a browser window can open and is wanted; a text browser in this terminal is neither."""
    if environ.get("SIDEBLIK_NO_BROWSER") == "1":
        return False
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
