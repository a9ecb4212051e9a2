"""`sideblik run`: which processes there are, and when each is ready."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

from dashboard import supervise
from dashboard.settings import ENV_CONFIG, Settings
from dashboard.supervise import Child
from data.errors import StoreError
from data.queries import open_reader

log = logging.getLogger(__name__)

ASGI = Path(__file__).parent / "asgi.py"


def serve(settings: Settings) -> int:
    """Runs collector and dashboard until a signal; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    supervise.check_port(settings.address, settings.port)
    with supervise.only_one(settings.database) as held:
        address = url(settings.address, settings.port)
        return supervise.run(children(settings), started=lambda: log.info("Sideblik is on %s", address), keep=[held])


def children(settings: Settings, *, demo: bool = False, output: Path | None = None) -> list[Child]:
    """The collector first, since it brings the database up to date; then the dashboard."""
    env = {ENV_CONFIG: str(settings.path)} | ({"SIDEBLIK_DEMO": "1"} if demo else {})
    address = url(settings.address, settings.port)
    return [
        Child(
            "collector",
            (sys.executable, "-m", "dashboard.cli", "collect"),
            env=env,
            ready=lambda: _readable(settings.database),
            output=output and output / "collector.log",
        ),
        Child(
            "dashboard",
            (sys.executable, "-m", "streamlit", "run", str(ASGI), *_flags(settings)),
            env=env,
            vital=True,
            ready=lambda: supervise.answers(f"{address}/readyz"),
            output=output and output / "dashboard.log",
        ),
    ]


def url(address: str, port: int) -> str:
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def _flags(settings: Settings) -> list[str]:
    """What must hold wherever it is started from: no address but ours, no statistics sent, no file watched."""
    return [
        f"--server.address={settings.address}",
        f"--server.port={settings.port}",
        f"--browser.serverAddress={_named(settings)}",
        "--server.headless=true",
        "--server.fileWatcherType=none",
        "--browser.gatherUsageStats=false",
    ]


def _named(settings: Settings) -> str:
    """The name in the browser's address; connections under another name are refused."""
    return (urlsplit(settings.login.url).hostname if settings.login else None) or settings.address


def _readable(database: Path) -> bool:
    try:
        open_reader(database).close()
    except StoreError:
        return False
    return True
