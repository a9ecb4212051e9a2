"""The table of threats names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = (HERE.parent / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(test_[a-z_0-9]+)\.(test_[a-z_0-9]+)`", DOCUMENT)


def test_every_test_that_is_named_exists() -> None:
    """Under that name, in that file: a defence that nothing tries any more must not stand there."""
    tests = {path.stem: path.read_text("utf-8") for path in HERE.glob("test_*.py")}
    assert len(NAMED) > 50
    assert [] == [(file, test) for file, test in NAMED if f"def {test}(" not in tests.get(file, "")]


def test_every_threat_has_a_test() -> None:
    """A row without one is a hope; the audit of the dependencies is the only one that runs outside the tests."""
    rows = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and "---" not in line]
    threats = [line for line in rows if not line.startswith("| threat |")]
    assert len(threats) > 30
    assert ["a dependency has a known hole"] == [line.split(" | ")[0][2:] for line in threats if "test_" not in line]
