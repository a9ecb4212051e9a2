from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collectors.platforms import names, needs_token
from collectors.sandbox.demo import places
from dashboard import demo, supervise
from dashboard.settings import load
from data import queries
from data.errors import SettingsError, StoreError
from data.types import Category, Scope

ALL = Scope(everywhere=True, categories=frozenset(Category), browse=True)


def test_a_foreign_folder_is_left_alone(tmp_path):
    """The demo removes only what a demo made."""
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(SettingsError, match="holds files that no demo made"):
        demo._empty(tmp_path)
    assert "keep" == (tmp_path / "mine.txt").read_text()


def test_made_anew(tmp_path):
    """What an earlier demo left is gone, and the folder is its owner's alone."""
    folder = tmp_path / "demo"
    demo._empty(folder)
    (folder / "sideblik.db").touch()
    demo._empty(folder)
    assert [demo.MARK] == [path.name for path in folder.iterdir()]
    assert 0o700 == folder.stat().st_mode & 0o777


def test_configuration(tmp_path):
    """Each page of the sandbox's municipality once, on every platform, all asked for on loopback, with their tokens."""
    settings = load(demo._configure(tmp_path, 4711, 4712, 7))
    assert ("Nørreå Kommune", "127.0.0.1", 4712) == (settings.municipality, settings.address, settings.port)
    assert (20, 37) == (len(settings.institutions), len(settings.pages))
    assert [place.id for place in places(7)] == [page.id for page in settings.pages]
    assert set(names()) == {page.platform for page in settings.pages}
    assert {one.id for one in settings.institutions} == {page.institution_id for page in settings.pages}
    outside = [page.id for page in settings.pages if "http://127.0.0.1:4711/" not in f"{page.ref} {page.options}"]
    assert [] == outside
    assert [] == [
        page.id for page in settings.pages if needs_token(page.platform) and not settings.token_for(page.id, {})
    ]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, sys.platform == "darwin"),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "SIDEBLIK_NO_BROWSER": "1"}, False),
    ],
)
def test_has_display(environ, expected):
    """A browser opens where there is a screen, and stays closed on request."""
    assert expected == demo.has_display(environ)


def test_one_demo_at_a_time(tmp_path):
    """A second demo in the same folder is refused before it removes anything."""
    folder = tmp_path / "demo"
    demo._empty(folder)
    with supervise.only_one(folder), pytest.raises(StoreError, match="Another Sideblik runs"):
        demo.show(folder, 7, {})
    assert (folder / demo.MARK).exists()


def test_demo_from_start_to_ctrl_c(tmp_path):
    """`sideblik demo` comes up without a question, visits its pages, and one Ctrl-C leaves nothing running."""
    folder = tmp_path / "demo"
    parent = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "demo", "--folder", str(folder)],
        env=os.environ | {"SIDEBLIK_NO_BROWSER": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        address = _address(parent)
        assert supervise.answers(f"{address}/readyz")
        _wait_for_cases(folder / "sideblik.db")
    finally:
        parent.send_signal(signal.SIGINT)
    began = time.monotonic()
    rest = parent.stdout.read()  # ends when no process holds the pipe any more
    assert (0, True) == (parent.wait(10), time.monotonic() - began < 3)
    assert "Traceback" not in rest
    assert [] == _processes_of(folder)


def _address(parent: subprocess.Popen[str]) -> str:
    said = []
    for line in parent.stdout:
        said.append(line)
        if found := re.search(r"Sideblik is on (http://\S+)", line):
            return found[1]
    raise AssertionError("".join(said))


def _wait_for_cases(database: Path) -> None:
    """The collector writes while we look; there is no event to wait for in another process."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with queries.open_reader(database) as reader:
            if queries.queue_count(reader, ALL, Category.INQUIRY):
                return
        time.sleep(0.1)
    pytest.fail("no inquiry within 30 s")


def _processes_of(folder: Path) -> list[str]:
    """Processes that still name the folder in their environment or command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            told = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in told and path.name != str(os.getpid()):
            found.append(path.name)
    return found
