"""The table of faults names tests that there are, and each test of a fault stands in it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = (HERE.parent / "docs" / "faults.md").read_text("utf-8")
NAMED = re.compile(r"`(?:(test_[a-z_]+)\.)?(test_[a-z_0-9]+)(?:\[[a-z_]+\])?`")
SCREENS = "test_faults_screens"
DISK = ("test_faults_disk", "test_on_a_small_disk")  # named with an ellipsis for its scenes
OF_FILE = re.compile(r"\(`(test_faults_[a-z]+)\.py`\)")


def found_in(file: Path) -> set[str]:
    return set(re.findall(r"^def (test_[a-z_0-9]+)", file.read_text("utf-8"), re.MULTILINE))


def named() -> set[tuple[str, str]]:
    """File and test of each name in the document; a bare one belongs to the file that its table names."""
    found, file = set(), ""
    for line in DOCUMENT.splitlines():
        file = "" if line.startswith("## ") else file
        file = told[1] if (told := OF_FILE.search(line)) else file
        found |= {(own or file, test) for own, test in NAMED.findall(line)}
    return found


def test_every_test_that_is_named_exists() -> None:
    """Under that name, in that file."""
    tests = {path.stem: found_in(path) for path in HERE.glob("test_*.py")}
    assert len(named()) > 50
    assert [] == sorted((file, test) for file, test in named() if test not in tests.get(file, ()))


def test_every_test_of_a_fault_is_named() -> None:
    """A fault that is tried and not told is half the work. Those of the screens are named by their file."""
    others = [path for path in HERE.glob("test_faults_*.py") if path.stem not in (Path(__file__).stem, SCREENS)]
    assert len(others) > 5
    assert [] == sorted({(path.stem, test) for path in others for test in found_in(path)} - named() - {DISK})
    assert f"`{SCREENS}.py`" in DOCUMENT


def test_every_scene_is_named() -> None:
    """Those of the disk that is filled."""
    files = [path.read_text("utf-8") for path in HERE.glob("on_small_disk*.py")]
    scenes = {scene for text in files for scene in re.findall(r"@scene\ndef ([a-z_]+)", text)}
    assert len(scenes) > 10
    assert [] == sorted(one for one in scenes if one not in DOCUMENT)
