"""constraints.txt holds a version for all that an installation with every extra brings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LINES = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PINS = {canonicalize_name(name): Version(version) for name, version in (line.split("==") for line in LINES)}


def asked() -> list[Requirement]:
    return [
        Requirement(line) for line in (*PROJECT["dependencies"], *(one for lines in EXTRAS.values() for one in lines))
    ]


def below(names: list[Requirement]) -> Iterator[Requirement]:
    """What these need on this machine, and what that needs; of what is not installed nothing is known."""
    left, seen = list(names), set[str]()
    while left:
        one = left.pop()
        yield one
        if (key := f"{canonicalize_name(one.name)} {sorted(one.extras)}") in seen:
            continue
        seen.add(key)
        try:
            needs = metadata.requires(one.name) or []
        except metadata.PackageNotFoundError:
            continue
        found = map(Requirement, needs)
        extras = one.extras or {""}
        left += [need for need in found if not need.marker or any(need.marker.evaluate({"extra": it}) for it in extras)]


def test_everything_asked_for_has_a_version_that_it_allows() -> None:
    """Extras as well: what a municipality adds later is what was tested too."""
    wrong = [str(one) for one in asked() if PINS.get(canonicalize_name(one.name), Version("0")) not in one.specifier]
    assert [] == wrong


def test_so_has_what_that_brings_along() -> None:
    """A version left open is another one tomorrow."""
    brought = {canonicalize_name(one.name) for one in below(asked())}
    assert {"pip"} >= brought - PINS.keys()  # pip comes with Python


def test_the_list_is_in_order() -> None:
    """Each name once, so that a pin is found and changed in one place."""
    assert sorted(LINES) == LINES
    assert len(PINS) == len(LINES)
