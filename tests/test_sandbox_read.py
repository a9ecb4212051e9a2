"""What the collectors read from the sandbox is what the sandbox holds: two writers of one dialect agree."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from collectors.base import Request
from collectors.http import Http
from collectors.platforms import collector_for, names
from collectors.sandbox.app import build
from collectors.sandbox.configuration import page_rows, tokens
from collectors.sandbox.demo import demo
from collectors.sandbox.dialects import dialect_of
from collectors.sandbox.faults import Fault, Faults
from collectors.sandbox.scenario import Place, View, listed
from data.types import Page, RawMessage, Visibility
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=120)
FEED = 20  # items in a feed
PAGES = {
    row["id"]: Page(
        id=str(row["id"]),
        institution_id=str(row["institution"]),
        platform=str(row["platform"]),
        name=str(row["name"]),
        url=str(row["url"]),
        ref=str(row["ref"]),
        options=row["options"],  # type: ignore[arg-type]
    )
    for row in page_rows("http://127.0.0.1:8000", STORY.places, 10)
}


def read(place: Place, at: float, *faults: Fault) -> list[RawMessage]:
    """All that a visit's collector gives at a moment, in its order."""
    page = PAGES[place.id]
    if page.platform not in names():
        pytest.skip("the platform is not there")
    hand = Hand(START)
    hand.move(at)
    app = build(STORY, hand, Faults(*faults))
    http = Http(transport=AppTransport(app), clock=hand, sleep=lambda _: None)
    request = Request(page, START - timedelta(days=45), tokens(7).get(place.id))
    batches = collector_for(page.platform).batches(request, http)
    return [message for batch in batches for message in batch.messages]


def standing(place: Place, at: float) -> list[View]:
    """All that stands on the page at a moment and that its dialect lists."""
    posts = listed(STORY, STORY.posts(place.id), at)
    if not dialect_of(place).social:
        return posts[-FEED:]
    views = [*posts, *(one for post in posts for one in listed(STORY, STORY.comments(post.entry.id), at))]
    return [one for one in views if dialect_of(place).hides or not one.hidden]


@pytest.mark.parametrize("at", [0.0, 60.0])
@pytest.mark.parametrize("place", STORY.places, ids=lambda place: place.id)
def test_every_message_is_read_once(place: Place, at: float) -> None:
    """As many as stand there, each once, as many of them by the page, as many hidden."""
    found, there = read(place, at), standing(place, at)
    assert len(there) == len(found) == len({message.message_id for message in found})
    if dialect_of(place).platform == "website":
        return
    assert {one.entry.id: (one.entry.by_page, one.hidden) for one in there} == {
        message.message_id: (message.by_page, message.visibility is Visibility.HIDDEN) for message in found
    }
    texts = {message.message_id: message.text for message in found}  # some platforms put a title before a post's text
    assert [] == [one.entry.id for one in there if one.text not in texts[one.entry.id]]


@pytest.mark.parametrize("place", STORY.places[:6], ids=lambda place: place.id)
def test_repeated_rows_and_empty_pages_lose_nothing(place: Place) -> None:
    """Lists that move under the reader give the same messages, some of them twice."""
    faults = (Fault("empty_page", times=2, skip=1), Fault("repeated", times=2))
    found = Counter(message.message_id for message in read(place, 0, *faults))
    assert {one.entry.id for one in standing(place, 0)} == found.keys()
