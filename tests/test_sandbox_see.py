"""The made-up pages for people to look at: links lead to them, and foreign text stays text."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import demo
from collectors.sandbox.facebook import token_for
from collectors.sandbox.scenario import Entry, Place, Story, story
from data.types import Kind
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=60)
PAGE = next(place for place in STORY.places if place.id == "kommune")


def client(scenario: Story = STORY, *, shown: bool = True) -> httpx.Client:
    return httpx.Client(transport=AppTransport(build(scenario, Hand(START), shown=shown)), base_url="http://sandbox")


def test_a_comments_link_leads_to_it_and_marks_it() -> None:
    """Following `permalink_url` shows the post's thread with that one comment marked."""
    comment = next(one for post in STORY.posts(PAGE.id) for one in STORY.comments(post.id) if one.parent and one.at < 0)
    with client() as web:
        params = {"fields": "permalink_url", "access_token": token_for(STORY, PAGE)}
        link = web.get(f"/facebook/v25.0/{comment.id}", params=params).json()["permalink_url"]
        page = web.get(link).text
    assert link.startswith(f"http://sandbox/see/{PAGE.ref}/posts/")
    assert 1 == page.count('class="reply wanted"')
    assert 1 == page.count("<article>")


@pytest.mark.parametrize(
    "path", ["/web/nyheder/rss.xml", "/web/hoeringer/atom.xml", "/wp/laeseklubben/wp-json/wp/v2/posts"]
)
def test_no_link_leaves_the_machine(path: str) -> None:
    """Where pages are shown, the addresses that answers name are the sandbox's own."""
    with client() as web:
        text = web.get(path).text
    assert "http://sandbox/see/" in text
    assert ".example/nyheder" not in text


def test_a_sites_link_leads_to_its_post() -> None:
    """By the number that the site gives it."""
    with client() as web:
        row = web.get("/wp/laeseklubben/wp-json/wp/v2/posts").json()[0]
        page = web.get(row["link"])
        unknown = web.get("/see/laeseklubben/indlaeg-99999/").text
    assert 1 == page.text.count("<article>")
    assert "<article>" not in unknown


def test_a_page_by_itself_shows_its_newest_posts() -> None:
    """Twenty at most."""
    with client() as web:
        assert 20 == web.get(f"/see/{PAGE.ref}").text.count("<article>")
        assert 404 == web.get("/see/nobody").status_code


def test_it_is_only_there_where_it_was_asked_for() -> None:
    """In tests the links are those of the real platforms."""
    with client(shown=False) as web:
        assert 404 == web.get(f"/see/{PAGE.ref}").status_code


def test_markup_in_a_text_is_text() -> None:
    """And nothing may be loaded or run."""
    place = Place("side", "kommune", "facebook", "<b>Side</b>", "77")
    post = Entry("77_1", "side", Kind.POST, "77_1", -5, "<script>alert(1)</script>", by_page=True)
    with client(story(1, START, [], [place], [post])) as web:
        page = web.get("/see/77")
    assert "<script" not in page.text
    assert "<b>Side" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
