"""The Danish papers say what the code does: its times, its files, its tests."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from data.retention import Rules

ROOT = Path(__file__).parents[1]
PAPERS = ("dpia", "processing-record", "privacy-notice", "works-council")


def paper(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def test_the_days_of_the_assessment_are_the_ones_of_the_code() -> None:
    """Each rule of retention stands in the table with its default."""
    told = {
        name: int(days) for name, days in re.findall(r"^\| .*\(`(\w+)`\) \| (\d+) \|$", paper("dpia"), re.MULTILINE)
    }
    assert asdict(Rules()) == told


def test_the_days_of_record_and_notice_are_the_ones_of_the_code() -> None:
    """The record tells the same days in words, the notice the one that citizens meet."""
    rules, record = Rules(), paper("processing-record")
    for words, days in (
        ("kommentarer", rules.comments),
        ("åben sag", rules.open_case),
        ("lukket sag", rules.closed_case),
        ("egne opslag", rules.own_posts),
        ("noter og grunde", rules.ledger),
    ):
        assert f"{words} {days} dage" in record
    assert f"Som regel {rules.comments} dage" in paper("privacy-notice")


@pytest.mark.parametrize("name", PAPERS)
def test_what_a_paper_points_to_is_there(name: str) -> None:
    """Neighbours, tests and settings that a paper names exist."""
    said = paper(name)
    for neighbour in re.findall(r"\]\(([\w-]+\.md)\)", said):
        assert (ROOT / "docs" / neighbour).exists(), neighbour
    for test in re.findall(r"`(tests/\w+\.py)`", said):
        assert (ROOT / test).exists(), test
    example = (ROOT / "dashboard" / "texts" / "sideblik.example.toml").read_text("utf-8")
    for section in re.findall(r"`\[(\w+)\]", said):
        assert f"[{section}]" in example, section


def test_the_papers_are_found_from_the_docs() -> None:
    """Whoever reads what is stored is led to them."""
    assert [] == [name for name in PAPERS if f"({name}.md)" not in paper("privacy")]
