"""The load scenario: any size, made when asked for, every id leading back to its message."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.configuration import configuration_of
from collectors.sandbox.dialects import SPOKEN
from collectors.sandbox.facebook import token_for
from collectors.sandbox.load import Load
from data.types import Kind
from tests.support import AppTransport, Hand


def test_it_has_the_size_that_was_asked_for() -> None:
    """So many pages, so many comments a page, also when they do not divide."""
    load = Load(pages=3, size=107, count=10)
    sizes = Counter(
        entry.place for place in load.places for post in load.posts(place.id) for entry in load.comments(post.id)
    )
    assert {"load-0": 107, "load-1": 107, "load-2": 107} == sizes


def test_every_id_leads_back_to_its_message() -> None:
    """`find` gives what the lists hold, and nothing for an id that is not there."""
    load = Load(pages=2, size=60, count=3)
    posts = [post for place in load.places for post in load.posts(place.id)]
    entries = posts + [entry for post in posts for entry in load.comments(post.id)]
    assert entries == [load.find(entry.id) for entry in entries]
    assert len(entries) == len({entry.id for entry in entries})
    assert [None] * 4 == [load.find(ident) for ident in ("x_y", "1_2", "", f"{posts[0].id}9")]


def test_comments_are_in_order_and_replies_hang_on_comments() -> None:
    """Times rise, all before the start; one in ten is a reply to the one before."""
    load = Load(pages=1, size=2000)
    for post in load.posts("load-0"):
        entries = load.comments(post.id)
        assert sorted(entry.at for entry in entries) == [entry.at for entry in entries]
        assert post.at < entries[0].at
        assert entries[-1].at < 0
        replies = [entry for entry in entries if entry.kind is Kind.REPLY]
        assert len(entries) // 10 == len(replies)
        assert all(load.find(entry.parent or "") in entries for entry in replies)


def test_the_largest_is_as_quick_to_begin_with_as_the_smallest() -> None:
    """Three hundred pages with a million comments answer without being built first."""
    load = Load(pages=300, size=3334)
    place = load.places[299]
    headers = {"authorization": f"Bearer {token_for(load, place)}"}
    with httpx.Client(transport=AppTransport(build(load, Hand(load.start))), headers=headers) as graph:
        fields = "id,comments.filter(stream).order(chronological).limit(100).summary(true){id}"
        params = {"fields": fields, "limit": 2}
        rows = graph.get(f"http://sandbox/facebook/v25.0/{place.ref}/published_posts", params=params).json()["data"]
    assert [166, 166] == [row["comments"]["summary"]["total_count"] for row in rows]
    assert "next" in rows[0]["comments"]["paging"]


def test_a_size_that_cannot_be_is_refused() -> None:
    """A page has at most a thousand posts."""
    with pytest.raises(ValueError, match="1001 were asked for"):
        Load(count=1001)


def test_its_configuration_names_all_pages() -> None:
    """One entry a page and institution."""
    load = Load(pages=4)
    text = configuration_of("http://127.0.0.1:8000", load.institutions, load.places)
    assert (4, 4) == (text.count("[[page]]"), text.count("[[institution]]"))


@pytest.mark.parametrize("kind", [one for spoken in SPOKEN for one in spoken.kinds])
def test_every_dialect_finds_its_messages_again(kind: str) -> None:
    """Ids are the dialect's own, each once, and lead back; numbers within a page are told apart."""
    load = Load(pages=2, size=60, count=3, kinds=(kind,))
    posts = [post for place in load.places for post in load.posts(place.id)]
    entries = posts + [entry for post in posts for entry in load.comments(post.id)]
    assert entries == [load.find(entry.id) for entry in entries]
    assert len(entries) == len({entry.id for entry in entries}) == len({(one.place, one.number) for one in entries})


def test_pages_take_turns_with_the_dialects() -> None:
    """One after the other; a dialect that nobody speaks is refused."""
    load = Load(pages=3, kinds=("youtube", "bluesky"))
    assert ["youtube", "bluesky", "youtube"] == [place.dialect for place in load.places]
    with pytest.raises(ValueError, match="speaks"):
        Load(kinds=("myspace",))
