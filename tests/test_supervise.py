"""Real processes: what a child prints comes through the parent's pipe; the pipe ends when nobody is left to hold it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dashboard import supervise
from data.errors import SettingsError, StoreError

SAY = "os.write(1, b'%s %d\\n' % (NAME.encode(), os.getpid()))"  # one write: several processes share the pipe
SLEEPER = f"import os, signal; {SAY}; signal.pause()"
STUBBORN = f"""import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if GRANDCHILD: os.fork()
{SAY}
while True: signal.pause()"""
PARENT = """
import logging, os, sys
from pathlib import Path
from dashboard import supervise
from dashboard.supervise import Child

logging.basicConfig(stream=sys.stdout, format="log %(message)s")
def child(name, code, **more):
    return Child(name, (sys.executable, "-c", code.replace("NAME", repr(name))), **more)
def up():
    os.write(1, b"up\\n")
"""


def start(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT + f"SLEEPER = {SLEEPER!r}\nSTUBBORN = {STUBBORN!r}\n" + textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def words(parent: subprocess.Popen[str], count: int) -> list[list[str]]:
    lines = [parent.stdout.readline() for _ in range(count)]
    assert all(line.strip() for line in lines), f"said {lines}, ended with {parent.poll()}"
    return [line.split() for line in lines]


def ended(parent: subprocess.Popen[str]) -> tuple[int, list[str], float]:
    """Exit code, what was said until the last process closed the pipe, and how long that took."""
    began = time.monotonic()
    rest = parent.stdout.read().splitlines()
    return parent.wait(10), rest, time.monotonic() - began


TWO = """
    sys.exit(supervise.run([child("web", SLEEPER, vital=True), child("collector", SLEEPER)], started=up))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_all(number):
    """One signal to the parent: exit code 0 within two seconds, and nothing is left running."""
    parent = start(TWO)
    assert {"up", "web", "collector"} == {line[0] for line in words(parent, 3)}
    parent.send_signal(number)
    code, rest, seconds = ended(parent)
    assert (0, []) == (code, rest)
    assert seconds < 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_killed_parent_takes_its_children():
    """Kill -9 of the parent leaves no child: the kernel tells them."""
    parent = start(TWO)
    words(parent, 3)
    parent.kill()
    code, rest, seconds = ended(parent)
    assert (-signal.SIGKILL, []) == (code, rest)
    assert seconds < 2


def test_collector_is_started_again():
    """A child that is not vital comes back, each time after a longer wait; the vital one goes on undisturbed."""
    parent = start(
        """
        sys.exit(supervise.run(
            [child("web", SLEEPER, vital=True), child("collector", SLEEPER)], started=up, backoff=(0.05, 1)))
        """
    )
    pids = {line[0]: line[1] for line in words(parent, 3) if line[0] != "up"}
    os.kill(int(pids["collector"]), signal.SIGKILL)
    assert ["log", "collector", "ended", "with", "-9;", "started", "again", "in", "0.1", "s"] == words(parent, 1)[0]
    again = words(parent, 1)[0]
    assert "collector" == again[0]
    assert pids["collector"] != again[1]
    parent.terminate()
    assert 0 == ended(parent)[0]


def test_backoff_doubles():
    """A child that cannot live is tried at doubled distances, up to the longest."""
    parent = start(
        """
        sys.exit(supervise.run([child("web", SLEEPER, vital=True), child("x", "pass")], backoff=(0.1, 0.4)))
        """
    )
    said = [" ".join(line) for line in words(parent, 5)]
    parent.terminate()
    ended(parent)
    waits = [line.rsplit(" in ")[1] for line in said if line.startswith("log x")]
    assert ["0.1 s", "0.2 s", "0.4 s", "0.4 s"] == waits


def test_dead_web_ends_all():
    """Without the dashboard there is nothing to run for: exit code 1, the others stopped, and said so."""
    parent = start(TWO)
    pids = {line[0]: line[1] for line in words(parent, 3) if line[0] != "up"}
    os.kill(int(pids["web"]), signal.SIGKILL)
    code, rest, seconds = ended(parent)
    assert (1, ["log web ended by itself with -9; Sideblik stops"]) == (code, rest)
    assert seconds < 2


def test_child_that_never_gets_ready():
    """A child that ends, or says nothing in time, before it is ready: exit code 1 and a sentence."""
    parent = start('sys.exit(supervise.run([child("web", "exit(3)", vital=True, ready=lambda: False)]))')
    assert (1, ["log web ended with 3 before it was ready"]) == ended(parent)[:2]
    parent = start('sys.exit(supervise.run([child("web", SLEEPER, ready=lambda: False)], ready_seconds=0.2))')
    code, rest, _ = ended(parent)
    assert 1 == code
    assert "log web was not ready within 0 s" in rest


def test_stopped_while_starting():
    """A signal before all are up stops what is there and ends with 0."""
    parent = start('sys.exit(supervise.run([child("web", SLEEPER, ready=lambda: False)], ready_seconds=60))')
    words(parent, 1)
    parent.terminate()
    assert (0, []) == ended(parent)[:2]


def test_stubborn_child_and_grandchild():
    """What does not end when asked is killed after the grace, its own children with it."""
    parent = start(
        """
        STUBBORN = STUBBORN.replace('GRANDCHILD', 'True')
        sys.exit(supervise.run([child("web", STUBBORN, vital=True)], grace=0.3))
        """
    )
    words(parent, 2)
    parent.terminate()
    code, rest, seconds = ended(parent)
    assert (0, []) == (code, rest)
    assert seconds < 2


def test_output_and_environment(tmp_path):
    """A child's words go to the file that it was given, and it sees the variables that it was given."""
    path = tmp_path / "web.log"
    parent = start(
        f"""
        code = "import os; print(os.environ['SIDEBLIK_CONFIG'])"
        c = child("web", code, vital=True, output=Path({str(path)!r}), env={{"SIDEBLIK_CONFIG": "here.toml"}})
        sys.exit(supervise.run([c]))
        """
    )
    assert 1 == ended(parent)[0]
    assert "here.toml\n" == path.read_text()


def test_only_one(tmp_path):
    """A second start on the same database is refused with a sentence; after the first ends it may."""
    database = tmp_path / "sideblik.db"
    with (
        supervise.only_one(database),
        pytest.raises(StoreError, match="Another Sideblik runs on the database"),
        supervise.only_one(database),
    ):
        pass
    with supervise.only_one(database):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_lock_outlives_a_killed_parent(tmp_path):
    """After kill -9 the lock is free only when the last child has gone, so that two never visit the same pages."""
    database = tmp_path / "sideblik.db"
    parent = start(
        f"""
        SLOW = STUBBORN.replace('GRANDCHILD', 'False')
        with supervise.only_one(Path({str(database)!r})) as held:
            supervise.run([child("collector", SLOW)], keep=[held])
        """
    )
    pid = int(words(parent, 1)[0][1])
    parent.kill()
    parent.wait()
    with pytest.raises(StoreError), supervise.only_one(database):
        pass
    os.kill(pid, signal.SIGKILL)
    parent.stdout.read()
    with supervise.only_one(database):
        pass


def test_taken_port():
    """A port in use is told with its number and what to do, before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} on 127.0.0.1 cannot be used .*port under"):
            supervise.check_port("127.0.0.1", port)
    supervise.check_port("127.0.0.1", supervise.free_port())


def test_answers():
    """Ready means that the address answers 200, not that somebody listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/readyz" else 503)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    assert (True, False) == (supervise.answers(f"{url}/readyz"), supervise.answers(f"{url}/"))
    server.shutdown()
    server.server_close()
    assert not supervise.answers(f"{url}/readyz")
