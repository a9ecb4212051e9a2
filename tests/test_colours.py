"""One visual language in three places that cannot read each other: style sheet, Streamlit's theme, charts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.shapes import colours

DASHBOARD = Path(__file__).parents[1] / "dashboard"
STYLE = (DASHBOARD / "look.css").read_text("utf-8")
THEME = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def named(name: str) -> dict[str, str]:
    """A colour of the style sheet, light and dark."""
    light, dark = re.findall(rf"--sb-{name}: light-dark\((#\w+), (#\w+)\)", STYLE)[0]
    return {"light": light, "dark": dark}


def luminance(colour: str) -> float:
    """As WCAG 2.1 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accent_is_one_colour(scheme: str) -> None:
    """What can be pressed, what is chosen and what a chart tells first look alike."""
    assert {named("accent")[scheme]} == {THEME[scheme]["primaryColor"], colours.of(scheme).accent}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["accent", "bad", "warn", "good"])
def test_a_pill_can_be_read(scheme: str, name: str) -> None:
    """Text on its own soft ground and on a card has WCAG's contrast of 4.5."""
    text, ground = named(name)[scheme], named(f"{name}-soft")[scheme]
    assert contrast(text, ground) >= 4.5
    assert contrast(text, named("card")[scheme]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_a_chart_can_be_told_apart(scheme: str) -> None:
    """Parts of a bar differ from the page by 1.25 at least, the telling ones by WCAG's 3 for graphics."""
    chosen, page = colours.of(scheme), THEME[scheme]["backgroundColor"]
    assert [] == [one for one in (chosen.accent, chosen.warm, chosen.most) if contrast(one, page) < 3]
    assert contrast(chosen.quiet, page) >= 1.25


def test_no_view_has_colours_of_its_own() -> None:
    """Whoever wants another one changes it for all."""
    files = [*DASHBOARD.glob("views/*.py"), *DASHBOARD.glob("shapes/*.py")]
    assert ["colours.py"] == sorted(
        file.name for file in files if re.search(r"\"#[0-9a-f]{6}\"", file.read_text("utf-8"))
    )
