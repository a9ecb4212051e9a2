"""Packages of npm that tests use, fetched once into a folder beside the project's other caches."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

UNREACHABLE = "the package could not be had from npm's registry"


def installed(package: str) -> Path:
    """The folder of a package ("name@version"), filled the first time; the test skips where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sideblik-tests"
    base.mkdir(parents=True, exist_ok=True)
    folder = base / package.replace("@", "-")
    with (base / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side, and both may be the first to ask
        if not (folder / "node_modules" / package.rpartition("@")[0]).exists():
            _fill(folder, npm, package)
    return folder


def _fill(folder: Path, npm: str, package: str) -> None:
    made = folder.with_name(f"{folder.name}.{os.getpid()}")
    made.mkdir()
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(made), package]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    except subprocess.SubprocessError:
        shutil.rmtree(made, ignore_errors=True)
        pytest.skip(UNREACHABLE)
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
