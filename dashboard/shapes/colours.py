"""The colours of the charts, which cannot read the style sheet; all others stand in `look.css` and Streamlit's theme.

`tests/test_colours.py` holds the three places together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """`accent` is inquiries and what stands alone, `warm` possible breaches, `quiet` the rest; then the heat map."""

    accent: str
    warm: str
    quiet: str
    least: str
    most: str


LIGHT = Colours(accent="#17635f", warm="#b4552d", quiet="#c9d6d3", least="#eef3f2", most="#0f4c48")
DARK = Colours(accent="#6cc0b6", warm="#e59468", quiet="#3d4c4b", least="#202b2c", most="#8fe0d5")


def of(scheme: str | None) -> Colours:
    """Those of a viewer's scheme, "dark" or anything else."""
    return DARK if scheme == "dark" else LIGHT
