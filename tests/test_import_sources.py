"""What the import screen says before a file is given: which file holds what, and how to get it."""

from __future__ import annotations

import pytest

from collectors.base import Column, Preview
from collectors.exports import names as formats
from collectors.platforms import names
from dashboard.shapes.files import SOURCES, preview, sources
from dashboard.words import text


@pytest.mark.parametrize("platform", names())
def test_every_platform_has_a_file_with_visitors_comments(platform: str) -> None:
    """Research tools and own spreadsheets everywhere."""
    assert {"4CAT, CSV", "Eget regneark, CSV, XLSX eller JSON"} <= set(_named(sources(platform)))


def test_downloads_say_that_they_hold_the_pages_own_texts_only() -> None:
    """Nobody shall hunt for a file that holds no visitor's comment."""
    told = sources("facebook")
    assert "nej, kun sidens egne" in told
    assert "Meta Business Suite, CSV" in told
    assert "YouTube Takeout" not in told
    assert "nej, kun kanalens egne" in sources("youtube")


def test_every_source_is_shown_somewhere() -> None:
    """No file is described that no platform's page shows."""
    shown = {name for platform in names() for name in _named(sources(platform))}
    assert len(SOURCES) == len(shown)


@pytest.mark.parametrize("name", formats())
def test_every_format_is_called_by_its_danish_name(name: str) -> None:
    """What a file is read as is told in the words of the table above it."""
    told = preview(Preview(name, (Column("text", "body"),), ()))
    assert text("import.format", name=text(f"import.{name}.name")) in told


def test_each_table_of_a_preview_says_what_it_holds() -> None:
    """Columns and first texts do not run into one another; a format without columns shows no empty table."""
    told = preview(Preview("facepager", (Column("text", "body"),), ()))
    places = [told.index(text(f"import.{name}")) for name in ("columns", "field", "first", "when")]
    assert sorted(places) == places
    assert text("import.columns") not in preview(Preview("meta", (), ()))


def _named(told: str) -> list[str]:
    """The first cell of each row."""
    rows = told.split("<tr")[2:]
    return [row.partition("</td>")[0].partition("</th>")[0].rpartition(">")[2] for row in rows]
