"""A real, certified OpenID provider (npm: oidc-provider) on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import answers, wait_for

PACKAGE = "oidc-provider@8.8.1"  # the last that runs on the Node of Debian 12
UNREACHABLE = "the package could not be had from npm's registry"
HERE = Path(__file__).parent
SECRET = "a-secret-of-this-test-alone"


def installed() -> Path:
    """The folder that holds the package, filled the first time; the test skips where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "sideblik-tests" / PACKAGE.replace("@", "-")
    if not (folder / "node_modules" / "oidc-provider").exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = folder.with_name(f"{folder.name}.{os.getpid()}")
        made.mkdir()
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(made), PACKAGE]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        except subprocess.SubprocessError:
            shutil.rmtree(made, ignore_errors=True)
            pytest.skip(UNREACHABLE)
        shutil.rmtree(folder)
        made.rename(folder)
    return folder


@contextmanager
def provider(folder: Path, port: int, url: str) -> Iterator[str]:
    """The provider for the dashboard at `url`; its own address. Whoever types a name is that account."""
    script = folder / "provider.mjs"
    shutil.copy(HERE / "provider.mjs", script)
    (folder / "node_modules").symlink_to(installed() / "node_modules")
    command = ["node", str(script), str(port), f"{url}/login/callback", f"{url}/login/left"]
    with (folder / "provider.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            issuer = f"http://127.0.0.1:{port}"
            wait_for(lambda: answers(f"{issuer}/.well-known/openid-configuration"), process)
            yield issuer
        finally:
            process.terminate()
            process.wait(20)
