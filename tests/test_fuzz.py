"""Every door with its input bent: a told error, and a straight visit afterwards is whole (`fuzzing.py` runs longer)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from collectors.base import Batch, Request
from collectors.http import Http
from collectors.platforms import _article, _feed
from collectors.platforms._sitemap import parse_robots
from collectors.platforms._text import plain
from data.types import Kind, Outcome, RawMessage
from tests import fuzzing
from tests.byte_doors import BYTE_DOORS, SEEDS
from tests.visiting import Visiting, school

NUMBERS = st.integers(0, 2**32)
CALM = {"deadline": None, "phases": (Phase.explicit, Phase.generate), "suppress_health_check": list(HealthCheck)}


@settings(max_examples=6, **CALM)
@given(NUMBERS)
def test_bent_answers_are_told(number: int) -> None:
    """Two bent visits to pages of five dialects; the straight one after them is complete."""
    ends = fuzzing.visits(number, dialects=5)
    assert 15 == sum(ends.values())
    assert 5 <= ends[Outcome.COMPLETE]


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_bent_files_are_told(number: int) -> None:
    """Six forms of file."""
    assert 6 >= sum(fuzzing.files(number).values())


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_a_bent_configuration_is_told(number: int) -> None:
    """Settings, or what is wrong with them."""
    assert 1 == sum(fuzzing.configuration(number).values())


@pytest.mark.parametrize("door", fuzzing.DOORS)
def test_a_number_does_the_same_again(door: str) -> None:
    """So that a failure can be had again from its number."""
    assert fuzzing.DOORS[door](7) == fuzzing.DOORS[door](7)


class Counting:
    """A collector of one post under which there are said to be so many comments."""

    def __init__(self, told: int) -> None:
        self.told = told

    def batches(self, request: Request, http: Http) -> Iterator[Batch]:
        post = RawMessage("facebook", "p1", request.page.id, Kind.POST, "Hej.", "p1", comment_count=self.told)
        yield Batch((post,), counts={"p1": self.told})


@pytest.mark.parametrize("markup", ["<p>Hej</p><![!", "<p>Hej</p><![!x]> og", "<p>Hej</p><![endif]>", "<p>Hej</p><!["])
def test_markup_that_the_library_refuses(markup: str) -> None:
    """What stands around it is read: one comment must not hide a page."""
    assert "Hej" in plain(markup)
    _article.read(markup)
    _feed.doors(markup.encode())


@pytest.mark.parametrize(("told", "kept"), [(3, 3), (0, 0), (-1, None), (10**30, None)])
def test_a_number_of_comments_that_cannot_be(tmp_path: Path, told: int, kept: int | None) -> None:
    """It is as one that the platform did not tell."""
    visiting = Visiting(tmp_path, school(posts=1, long=1))
    assert Outcome.COMPLETE is visiting.visit(collector=Counting(told)).outcome
    assert [(kept,)] == visiting.rows("SELECT comment_count FROM messages")
    assert [(kept,)] == visiting.rows("SELECT claimed FROM visits")


@pytest.mark.parametrize("url", ["https://example.dk/a%5B", "https://%5B/a", "https://a%5Db/"])
def test_an_address_that_is_none_once_it_is_unquoted(url: str) -> None:
    """Rules that allow everything else do not fail at it."""
    assert parse_robots("User-agent: *\nAllow: /").allow(url) in (True, False)


@settings(max_examples=40, **CALM)
@given(NUMBERS)
def test_bent_bytes_are_told(number: int) -> None:
    """Through every reader of bytes: feeds, sitemaps, front pages, robots.txt, events, addresses."""
    assert len(SEEDS) * len(BYTE_DOORS) >= fuzzing.parsers(number)["told"]


@pytest.mark.parametrize(("door", "seed"), [("feed", 0), ("sitemap", 1), ("front page", 2), ("robots", 3)])
def test_a_straight_seed_is_read(door: str, seed: int) -> None:
    """Else what is bent would be refused at its first byte, and nothing behind that be tried."""
    BYTE_DOORS[door](SEEDS[seed])
