"""Sites without a feed behind a real server on loopback: discovered, read whole, and quiet when nothing changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import places
from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Change
from data.types import Outcome
from tests.served import START, Served, made_up, served
from tests.support import AppTransport, Hand

HOUR = 3600.0


def texts(site: Served) -> list[str]:
    with closing(sqlite3.connect(site.folder / "sideblik.db")) as conn:
        return sorted(text for (text,) in conn.execute("SELECT text FROM messages"))


def written(site: Served) -> list[str]:
    posts = site.scenario.posts(site.place.id)
    return sorted(f"{one.title}\n\n{one.text}" for one in posts)


@pytest.mark.parametrize("kind", ["newslist", "sitemap"])
def test_every_article_is_stored_once(tmp_path: Path, kind: str) -> None:
    """The site is given by its front page alone; a second visit asks twice and finds nothing new."""
    with served(tmp_path, made_up(kind)) as site:
        first = site.visit()
        again = site.visit()
        assert (Outcome.COMPLETE, 12) == (first.outcome, first.tally.new)
        assert (Outcome.COMPLETE, 0, 2) == (again.outcome, again.tally.new, site.calls)
        assert written(site) == texts(site)


def test_an_edit_is_met_within_a_day(tmp_path: Path) -> None:
    """The list does not tell; the newest ten articles are read again once a day."""
    story = made_up("newslist")
    last = story.posts("siden")[-1]
    with served(tmp_path, made_up("newslist", Change(HOUR, last.id, "edit", "Rettet tekst."))) as site:
        site.visit()
        site.clock.move(26 * HOUR)
        assert 1 == site.visit().tally.edited
        assert f"{last.title}\n\nRettet tekst." in texts(site)


def test_a_soft_block_is_no_silence(tmp_path: Path) -> None:
    """A site that answers 200 and nothing of use fails the visit."""
    with served(tmp_path, made_up("newslist")) as site:
        site.faults.add(Fault("soft_block", times=-1))
        assert Outcome.FAILED is site.visit().outcome


def test_what_is_not_there_is_404() -> None:
    """A list on a site that has a sitemap only, an article that nobody wrote, a site that is not served."""
    app = AppTransport(build(made_up("sitemap"), Hand(START)))
    with httpx.Client(transport=app, base_url="http://sandbox") as web:
        missing = ("siden/nyheder", "siden/nyheder/99", "x")
        assert [404] * 3 == [web.get(f"/site/{path}").status_code for path in missing]
        assert "Sitemap: http://sandbox/site/siden/sitemap.xml" in web.get("/robots.txt").text


def test_the_demo_has_one_of_each() -> None:
    """A list of news and a sitemap."""
    assert {"newslist", "sitemap"} <= {one.dialect for one in places(7)}
