"""What holds the house together, read from the source itself: who imports whom, and which library lives where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("data", "analysis", "collectors", "dashboard")  # each may import those before it
SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that code imports, wherever in the file, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide who imports whom"
            yield node.module or ""


def importers(package: str) -> list[str]:
    return [
        path
        for path, tree in SOURCES.items()
        if any(name == package or name.startswith(f"{package}.") for name in imports(tree))
    ]


def test_imports_go_one_way():
    """Judging needs no screen and storing no network: what a folder may not import, a change there cannot break.

    dashboard → collectors → analysis → data, never back.
    """
    wrong = [
        f"{path} imports {name}"
        for path, tree in SOURCES.items()
        for name in imports(tree)
        if name.split(".")[0] in FOLDERS and FOLDERS.index(name.split(".")[0]) > FOLDERS.index(path.split("/")[0])
    ]
    assert [] == wrong


@pytest.mark.parametrize(
    ("package", "place"),
    [
        pytest.param("streamlit", "dashboard/", id="streamlit: whole layers can be run and tested without a screen"),
        pytest.param("httpx", "collectors/http.py", id="httpx: timeouts, retries and redaction are decided once"),
        pytest.param("apscheduler", "collectors/schedule.py", id="apscheduler: its traps are known in one file"),
        pytest.param("sqlite_utils", "data/", id="sqlite_utils: no SQL outside the folder that remembers"),
        pytest.param("sqlite3", ("data/", "dashboard/diagnosis.py"), id="sqlite3: likewise; doctor tells its version"),
        pytest.param("feedparser", "collectors/platforms/", id="feedparser: a feed is one platform's matter"),
        pytest.param("openpyxl", "collectors/exports/", id="openpyxl: a workbook is one file format"),
        pytest.param("phonenumbers", "analysis/detectors/", id="phonenumbers: one detector's knowledge"),
        pytest.param("pydantic", "dashboard/settings", id="pydantic: only the configuration has a form to check"),
        pytest.param("authlib", "dashboard/login/oidc.py", id="authlib: what a provider says is believed in one file"),
        pytest.param("argon2", "dashboard/login/passwords.py", id="argon2: how passwords are hashed is decided once"),
        pytest.param("holidays", "data/worktime.py", id="holidays: which days are closed is decided once"),
        pytest.param("typer", ("dashboard/cli.py", "dashboard/commands/"), id="typer: the command line"),
        pytest.param("pandas", ("dashboard/", "collectors/exports/"), id="pandas: never a whole table in memory"),
    ],
)
def test_one_library_in_one_place(package, place):
    """A library that is met everywhere can be replaced nowhere; the id of each case says why."""
    assert [] == [path for path in importers(package) if not path.startswith(place)]


def test_no_network_outside_collectors():
    """Nothing is sent from anywhere but the collectors; `supervise` asks our own dashboard whether it is up."""
    allowed = ("collectors/", "dashboard/supervise.py")
    modules = ("socket", "urllib.request", "http.client", "requests", "urllib3", "smtplib", "ftplib")
    assert [] == [path for module in modules for path in importers(module) if not path.startswith(allowed)]


def test_only_masking_makes_messages():
    """A CPR number cannot be stored by forgetting a call, as long as one place turns what was read into what is kept.

    The store makes messages too, from rows that are masked already.
    """
    makers = [
        path
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
    ]
    assert [] == [path for path in makers if path != "analysis/masking.py" and not path.startswith("data/")]


def test_nothing_shadows_the_packages():
    """A `dashboard/data.py` or `tests/data/` would be imported in place of the package `data`; Streamlit takes a
    folder `pages/` for its own way of navigation.
    """
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in (*FOLDERS, "tests")
        for path in (ROOT / folder).rglob("*")
        if path.stem in (*FOLDERS, "pages") and not {"__pycache__", "local"} & set(path.parts)
    ]
    assert [] == [path for path in found if not path.endswith((".toml", ".md", ".html"))]


def test_danish_stands_apart():
    """What a person reads on a screen stands in `dashboard/texts` alone, and is mended without reading code."""
    danish = [
        f"{path}:{node.lineno}"
        for path, tree in SOURCES.items()
        if path.startswith("dashboard/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and set(node.value) & set("æøåÆØÅ")
    ]
    assert [] == danish


def test_functions_are_short():
    """A function longer than 40 lines has two names; a file longer than 300 two subjects. A migration is a list."""
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in SOURCES.items()
        if path != "data/migrations.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    files = [path for path in SOURCES if len((ROOT / path).read_text("utf-8").splitlines()) > 300]
    assert ([], []) == (long, files)
