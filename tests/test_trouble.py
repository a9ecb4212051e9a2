"""Every trouble with a page, on every platform, is one Danish saying of what is wrong and who must act."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors import platforms
from collectors.errors import TokenError, VisitError
from collectors.platforms import keep_limit, names
from dashboard import trouble, words
from data.errors import SettingsError, SideblikError, StoreError
from data.rows import GapRow, PageRow, VisitRow
from data.types import Outcome, Tally

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
SEEN = PageRow(
    id="p", name="Siden", platform="facebook", url="", institution_id="i", institution_name="I", goal_hours=48,
    seen_at=NOW, last_visit=None, open_gap=None, coverage=1.0, not_judged=0,
)  # fmt: skip
ACTORS = (
    "ideadministrator skal", "driver Sideblik, skal", "Ingen skal gøre noget", "webmaster skal",
    "hentede filen, skal", "ideansvarlig skal", "sideansvarlig kan",
)  # fmt: skip
OWN = ("Interrupted", "NotVisited")  # what `data.visits` writes itself


def kinds(root: type[SideblikError]) -> set[type[SideblikError]]:
    """An error's kind and all that stem from it, in every module of every platform."""
    for found in pkgutil.iter_modules(platforms.__path__):
        importlib.import_module(f"{platforms.__name__}.{found.name}")
    return {root}.union(
        *(kinds(one) for one in root.__subclasses__() if one.__module__.startswith(("collectors", "data")))
    )


KINDS = sorted({*kinds(VisitError), StoreError, SettingsError}, key=lambda one: one.__name__)
CODES = sorted({one("x").code for one in KINDS} | set(OWN))
PLATFORMS_PAGE = (Path(__file__).parent.parent / "docs" / "platforms.md").read_text("utf-8")
PLATFORMS = [*names(), "tiktok"]  # and one that nobody has written words for


def broken(code: str, platform: str, who: str = "operator", **fields: Any) -> PageRow:
    since = NOW - timedelta(hours=30)
    visit = VisitRow(1, "p", "visit", since, since, Outcome.FAILED, Tally(), 1, None, None, code, "Words.", who)
    return replace(SEEN, platform=platform, open_gap=GapRow(1, "p", since, None, False, code), broken=visit, **fields)


def states(platform: str) -> dict[str, PageRow]:
    """A page in each trouble that is no error."""
    page = replace(SEEN, platform=platform)
    return {
        "late": replace(page, seen_at=NOW - timedelta(days=2)),
        "clock": replace(page, seen_at=NOW + timedelta(days=2)),
        "coverage": replace(page, coverage=0.5),
        "posts": replace(page, short_posts=2),
        "not_judged": replace(page, not_judged=1),
        "never": replace(page, seen_at=None),
        "imports": replace(page, visited=False),
        "no_import": replace(page, visited=False, seen_at=None),
        "no_counts": replace(page, coverage=None),
    }


def is_a_saying(told: str) -> bool:
    """One or two whole sentences with a Danish beginning, nothing left to fill in."""
    plain = re.sub(r"(pages_read|instagram_manage)_[a-z_]+", "", told)  # permissions by the platform's own names
    return re.match("[A-ZÆØÅ0-9]", told) is not None and told.endswith(".") and not set("{}_") & set(plain)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("code", CODES)
def test_every_error_on_every_platform(code: str, platform: str):
    """Each kind of error has its own words, which name who must act."""
    told = trouble.sentence(broken(code, platform), NOW)
    assert is_a_saying(told)
    assert any(actor in told for actor in ACTORS)
    assert words.known(f"trouble.{code}")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_other_trouble_on_every_platform(platform: str):
    """What is no error has a saying too, of its own; a page that is seen has none."""
    found = {why: trouble.sentence(page, NOW) for why, page in states(platform).items()}
    assert all(is_a_saying(told) for told in found.values())
    assert len(found) == len(set(found.values()))
    assert "" == trouble.sentence(replace(SEEN, platform=platform), NOW)


@pytest.mark.parametrize("platform", names())
def test_every_platform_is_named_in_its_own_words(platform: str):
    """Where an access is renewed, and what a page is called, is said for each platform that is visited."""
    for group in ("side", "platform_name", "renew"):
        assert words.known(f"{group}.{platform}")


@pytest.mark.parametrize("platform", [name for name in names() if name != "website"])
def test_the_way_to_renew_is_described(platform: str):
    """Platforms move their buttons; the saying names a section of ours, and the section says how."""
    named = re.fullmatch(r".+ står i docs/platforms\.md under »(.+)«", words.text(f"renew.{platform}"))
    assert named
    section = PLATFORMS_PAGE.partition(f"\n## {named[1]}\n")[2].partition("\n## ")[0]
    assert "**Renewing" in section


def test_a_platforms_own_kind_of_error_counts_as_what_it_stems_from():
    """No kind of error that a module keeps to itself reaches the screen as a word of code."""
    private = [one for one in KINDS if ".platforms." in one.__module__]
    assert private
    assert all(words.known(f"error.{one('x').code}") for one in private)


def test_an_expired_access_says_when():
    """The day stands in the saying where it is known: yesterday is not last month."""
    page = broken("TokenError", "facebook", "page_administrator", token_expires_at=NOW - timedelta(days=1))
    expected = "Adgangen til Facebook-siden udløb i går. En sideadministrator skal forny den hos Facebook;"
    assert trouble.sentence(page, NOW).startswith(expected)
    unknown = trouble.sentence(broken("TokenError", "facebook"), NOW)
    assert unknown.startswith("Adgangen til Facebook-siden har ikke virket siden lørdag 21. nov. kl. 15.30.")
    assert TokenError.__name__ not in unknown


@pytest.mark.parametrize(
    ("left", "begin"),
    [
        (timedelta(days=15), ""),
        (timedelta(days=13, hours=1), "Adgangen til Facebook-siden udløber om 13 dage."),
        (timedelta(days=1, hours=1), "Adgangen til Facebook-siden udløber om 1 dag."),
        (timedelta(hours=5), "Adgangen til Facebook-siden udløber inden for et døgn."),
        (timedelta(days=-1), "Adgangen til Facebook-siden skulle være udløbet i går."),
        (timedelta(days=-2), "Adgangen til Facebook-siden skulle være udløbet fredag 20. nov. En sideadministrator"),
    ],
)
def test_the_warning_of_an_end(left: timedelta, begin: str):
    """From 14 days before, on a page that is seen; a page whose access is dead says so once."""
    ends = NOW + left
    told = trouble.warning(replace(SEEN, token_expires_at=ends), NOW)
    assert told.startswith(begin)
    assert bool(told) == bool(begin)
    assert "" == trouble.warning(broken("TokenError", "facebook", token_expires_at=ends), NOW)


def test_ceilings():
    """A platform's terms limit how long texts are kept, or do not; an unknown one has no module to ask."""
    assert [None, None] == [keep_limit(name) for name in ("facebook", "tiktok")]
    assert all(found is None or found > timedelta() for found in map(keep_limit, names()))
