"""`sideblik run` as it is started by a service manager: real processes, a real port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dashboard import supervise

TEXT = """
[municipality]
name = "Nørreå Kommune"
[storage]
database = "sideblik.db"
[server]
port = {port}
[[institution]]
id = "skolen"
name = "Nørreå Skole"
kind = "skole"
[[page]]
id = "skole-fb"
institution = "skolen"
platform = "facebook"
name = "Skolen på nettet"
"""


def configured(folder: Path, port: int) -> Path:
    path = folder / "sideblik.toml"
    path.write_text(TEXT.format(port=port), "utf-8")
    return path


def start(config: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "run", "--config", str(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def running(tmp_path):
    """A Sideblik that is up, with its configuration and address; what is left of it is killed in the end."""
    port = supervise.free_port()
    config = configured(tmp_path, port)
    parent = start(config)
    said = []
    for line in parent.stdout:
        said.append(line)
        if "Sideblik is on" in line:
            break
    else:
        pytest.fail("".join(said))
    yield parent, config, f"http://127.0.0.1:{port}"
    if parent.poll() is None:
        parent.kill()
    parent.stdout.close()
    parent.wait(10)


def test_up_and_down(running):
    """It answers when it says that it is up; SIGTERM ends it with 0 in two seconds, and nothing holds its pipe."""
    parent, _, address = running
    assert supervise.answers(f"{address}/readyz")
    began = time.monotonic()
    parent.terminate()
    rest = parent.stdout.read()
    assert 0 == parent.wait(10)
    assert time.monotonic() - began < 2
    assert "Traceback" not in rest
    assert not supervise.answers(f"{address}/readyz")


def test_second_run_is_refused(running, tmp_path):
    """A second run on the same database ends at once with 4, and the first goes on."""
    _, config, address = running
    other = tmp_path / "other.toml"
    other.write_text(config.read_text("utf-8").replace("port = ", f"port = {supervise.free_port()} # "), "utf-8")
    second = start(other)
    told = second.communicate(timeout=30)[0]
    assert 4 == second.returncode
    assert "Another Sideblik runs on the database" in told
    assert supervise.answers(f"{address}/readyz")


def test_killed_parent_leaves_nothing(running):
    """After kill -9 of the parent the pipe ends: collector and dashboard have gone too."""
    parent, _, address = running
    os.kill(parent.pid, signal.SIGKILL)
    parent.stdout.read()
    assert not supervise.answers(f"{address}/readyz")


def test_taken_port(tmp_path):
    """A port in use is told in a sentence, and nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        parent = start(configured(tmp_path, taken.getsockname()[1]))
        told = parent.communicate(timeout=30)[0]
    assert 3 == parent.returncode
    assert "cannot be used" in told
    assert 1 == len(told.splitlines())
    assert not (tmp_path / "sideblik.db").exists()
