"""A real, certified OpenID provider (npm: oidc-provider) on loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from browsing import answers, wait_for
from packages import installed

PACKAGE = "oidc-provider@8.8.1"  # the last that runs on the Node of Debian 12
HERE = Path(__file__).parent
SECRET = "a-secret-of-this-test-alone"


@contextmanager
def provider(folder: Path, port: int, url: str) -> Iterator[str]:
    """The provider for the dashboard at `url`; its own address. Whoever types a name is that account."""
    script = folder / "provider.mjs"
    shutil.copy(HERE / "provider.mjs", script)
    (folder / "node_modules").symlink_to(installed(PACKAGE) / "node_modules")
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
