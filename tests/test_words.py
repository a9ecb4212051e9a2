"""Danish words, numbers, dates and spans; every key that is used exists, and every key is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors import errors
from collectors.platforms import names
from dashboard import words
from dashboard.access import Role
from data.care_rows import CheckItem, CheckState, Look
from data.removal_rows import Ground, Standing
from data.retention import Why
from data.types import Breach, Inquiry, Kind, Outcome, Status, Tone, Verdict, Visibility

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
ASKS = {"text": "", "known": "", "counted": ".one", "empty": ".title", "_tried": ""}


def asked() -> Iterator[tuple[str, str]]:
    """Each key that the code asks for: (beginning, end); an f-string's middle is left open."""
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                yield node.value, ""
            if isinstance(node, ast.JoinedStr):
                first, last = node.values[0], node.values[-1]
                if isinstance(first, ast.Constant) and "." in str(first.value):
                    yield str(first.value), str(last.value) if isinstance(last, ast.Constant) else "…"


def test_every_text_is_used():
    """A text that nobody asks for would be mended in vain."""
    exact = {key for key, end in asked() if not end}
    open_ = tuple({key for key, end in asked() if end})
    parts = (".one", ".many", ".title", ".more")
    left = [
        key
        for key in sorted(words.keys())
        if key not in exact
        and not key.startswith(open_)
        and not any(key.endswith(part) and key.removesuffix(part) in exact for part in parts)
        and not key.startswith("check.")  # the command line's
    ]
    assert [] == left


def literal_keys() -> list[str]:
    """The keys that stand as a whole in a call of `text` and its like."""
    found = []
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = 1 if name == "_tried" else 0
            if name in ASKS and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                key = node.args[place].value
                if isinstance(key, str) and "." in key:
                    found.append(key + ASKS[name])
    return found


def test_every_asked_text_exists():
    """A screen asks for no text that is not there."""
    found = literal_keys()
    assert len(found) > 100
    assert [] == [key for key in found if not words.known(key)]


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("status", Status),
        ("verdict", Verdict),
        ("outcome", Outcome),
        ("message", Kind),
        ("role", Role),
        ("visibility", set(Visibility) - {Visibility.VISIBLE}),
        ("kind", (set(Inquiry) | set(Breach) | set(Tone)) - {"none"}),
        ("check.inquiry", Inquiry),
        ("check.breach", Breach),
        ("check.tone", Tone),
        ("platform", names()),
        ("page.visit", Outcome),
        ("removal.standing", Standing),
        ("removal.ground", Ground),
        ("package.emptied", Why),
        ("package.item", CheckItem),
        ("package.state", CheckState),
        ("package.look", Look),
        ("calendar", [f"day{day}" for day in range(1, 8)] + [f"month{month}" for month in range(1, 13)]),
        ("error", [name for name in vars(errors) if name.endswith("Error") and name != "SideblikError"]),
    ],
)
def test_every_code_has_its_word(group, codes):
    """No screen shows a code for want of a Danish word."""
    separator = "_" if group == "page.visit" else "."
    general = {"VisitError", "PassingError"}  # never raised themselves
    missing = [str(code) for code in codes if not words.known(f"{group}{separator}{code}")]
    assert [] == sorted(set(missing) - general)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0.5, "lige nu"),
        (12, "for 12 min. siden"),
        (60, "for 1 time siden"),
        (5 * 60, "for 5 timer siden"),
        (3 * 24 * 60, "for 3 dage siden"),
        (-5 * 60, "om 5 timer"),
        (20 * 24 * 60, "mandag 2. nov."),
    ],
)
def test_ago(minutes, expected):
    """How long ago is told in one unit, and as a day beyond a week."""
    assert expected == words.ago(NOW - timedelta(minutes=minutes), NOW)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T15:00Z", "i morgen kl. 16"),
        ("2026-11-22T22:30Z", "i dag kl. 23.30"),
        ("2026-11-22T23:00Z", "i dag kl. 24"),
        ("2026-11-23T07:30Z", "i morgen kl. 8.30"),
        ("2026-11-26T13:00Z", "torsdag kl. 14"),
        ("2026-11-28T13:00Z", "lørdag kl. 14"),
        ("2026-11-29T13:00Z", "søndag 29. nov. kl. 14"),
        ("2026-11-29T23:00Z", "søndag 29. nov. kl. 24"),
        ("2027-03-29T12:00Z", "mandag 29. marts 2027 kl. 14"),
    ],
)
def test_until_when(at, expected):
    """By the weekday for six days on, then by the date; midnight ends the day before; summer time counts."""
    assert expected == words.latest(datetime.fromisoformat(at), NOW)


def test_moments_are_in_copenhagen():
    """A UTC time is shown as Danes read it, summer and winter; the year where it is another."""
    assert words.moment(datetime(2026, 11, 16, 8, 17, tzinfo=UTC)) == "mandag 16. nov. kl. 09.17"
    assert words.moment(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)) == "torsdag 2. juli kl. 00.05"
    assert words.date(datetime(2025, 12, 24, 8, tzinfo=UTC), NOW) == "onsdag 24. dec. 2025"


def test_numbers():
    """Thousands have a point, decimals a comma; all but all is not all."""
    assert words.number(1234567) == "1.234.567"
    assert words.number(1234.5, 1) == "1.234,5"
    assert (words.share(0.999), words.share(1.0), words.share(None)) == ("99 %", "100 %", "–")
    assert words.counted("queue.count", 1) == "1 sag"
    assert words.counted("queue.count", 1200) == "1.200 sager"


def test_an_unknown_reason_is_told_plainly():
    """A code that nobody has described yet is still a sentence, and never the code."""
    assert words.reason("no_such_code") == "Noget i teksten ligner det, Sideblik skal holde øje med."
