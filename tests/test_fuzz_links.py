"""Deep links with made-up values: the screen as it is without them, never an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from tests.screens import ROOT, environment, municipality, opened

VIEWS = ROOT / "dashboard" / "views"
HUGE = "9" * 40
TIME = "2026-11-16T08:02:11Z"
VALUES = (
    HUGE,
    f"{TIME}|{HUGE}",
    f"3|{TIME}|{HUGE}",
    f"-1|{TIME}|-{HUGE}",
    "é²|\x00|||",
    "'; DROP TABLE cases --" + "💥" * 500,
)
NAMED = re.compile(r'query_params\.get\("([a-z]+)"|(?:key|name)="([a-z_-]+)"')
OURS = ("sag", "besked", "valgt", "fjernelse", "foto", "fra")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("links")
    st.cache_data.clear()
    with environment(municipality(folder)):
        yield folder


def names() -> set[str]:
    """What stands in the addresses of the screens, their widgets' names among it."""
    found = (name for path in VIEWS.glob("*.py") for pair in NAMED.findall(path.read_text("utf-8")) for name in pair)
    return {*OURS, *found} - {"", "person", "view", "som"}


@pytest.mark.parametrize("view", ["henvendelser", "brud", "opslag", "soeg", "fotos", "sletteregnskab", "sider"])
def test_made_up_values(town: Path, view: str) -> None:
    """Every name of an address at once, each with the same odd value."""
    for value in VALUES:
        screen = opened("Kim", view, **dict.fromkeys(names(), value))
        assert [] == [one.value for one in screen.error] + list(screen.exception), value[:60]
