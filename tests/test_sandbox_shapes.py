"""The sandbox's answers have the shapes of recorded ones: the same keys holding the same types, exceptions by name.

Skipped where the recorded answers are not at hand; nothing of them is kept in the project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import demo
from collectors.sandbox.facebook import token_for
from collectors.sandbox.faults import Fault, Faults
from tests.support import AppTransport, Hand

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT.parent / "shared" / "platforms" / "recorded"
pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded answers are not at hand")

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=60)
PAGE = next(place for place in STORY.places if place.id == "kommune")
COMMENTS = "id,comment_count,created_time,like_count,message,permalink_url"
POSTS = (
    "id,attachments{description,media,media_type,target,title,type,unshimmed_url,url},comments.limit(0).summary(true),"
    "created_time,full_picture,message,permalink_url,reactions.limit(0).summary(true),shares,status_type,updated_time"
)


def shape(value: object, path: str = "") -> Iterator[str]:
    """Every leaf as its path and type; the rows of a list count as one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shape(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from shape(inner, f"{path}[]")
    else:
        yield f"{path}: {type(value).__name__}"


def besides(shapes: Iterable[str], *names: str) -> set[str]:
    """The shapes without those that lie at or below one of the named paths."""
    return {one for one in shapes if not one.partition(":")[0].startswith(names or ("\n",))}


def recorded(path: str) -> Any:
    return json.loads((RECORDED / "facebook" / path).read_text(encoding="utf-8"))


def asked(path: str, *faults: Fault, **params: str) -> Any:
    headers = {"authorization": f"Bearer {token_for(STORY, PAGE)}"}
    app = build(STORY, Hand(START), Faults(*faults))
    with httpx.Client(transport=AppTransport(app), headers=headers) as graph:
        return graph.get(f"http://sandbox/facebook/v25.0{path}", params=params).json()


def busiest() -> str:
    """The post with most comments."""
    return max(STORY.posts(PAGE.id), key=lambda post: len(STORY.comments(post.id))).id


def test_a_comment() -> None:
    """With the fields that were asked for, and no other."""
    comment = STORY.comments(busiest())[0].id
    expected = set(shape(recorded("python-facebook/comments/comment_info.json")))
    assert expected == set(shape(asked(f"/{comment}", fields=COMMENTS)))


def test_a_list_of_comments() -> None:
    """Rows, cursors, next and summary; the recorded one is of a foreign page and therefore without ids."""
    found = asked(f"/{busiest()}/comments", fields=COMMENTS, limit="2", summary="true")
    expected = set(shape(recorded("python-facebook/comments/comments_p1.json")))
    assert expected == besides(shape(found), ".data[].id")


def test_the_last_page_of_a_list_has_no_next() -> None:
    """Cursors and the way back, but nothing that leads on."""
    first = asked(f"/{busiest()}/comments", limit="2")
    after = first["paging"]["cursors"]["after"]
    found = asked(f"/{busiest()}/comments", fields=COMMENTS, limit="100", after=after)
    expected = set(shape(recorded("python-facebook/comments/comments_p2.json")))
    assert besides(expected, ".summary") == besides(shape(found), ".data[].id", ".summary")


def test_a_list_of_posts() -> None:
    """Posts with their attachments and the summary of their comments."""
    found = asked(f"/{PAGE.ref}/published_posts", fields=POSTS, limit="20")
    expected = set(shape(recorded("python-facebook/posts/feeds_default_fields_p1.json")))
    tags = (".data[].message_tags", ".data[].attachments.data[].description", ".data[].icon", ".data[].picture")
    moods = tuple(f".data[].{mood}." for mood in ("angry", "haha", "like", "love", "sad", "wow"))
    assert besides(expected, *tags, *moods) == set(shape(found))


def test_a_post_with_its_comments() -> None:
    """Comments nested in their post, with writer, cursors and summary."""
    fields = "id,comments.limit(100).summary(true){created_time,from,message,id}"
    expected = set(shape(recorded("restfb/v5_0/post-with-comment.json")))
    assert expected == set(shape(asked(f"/{busiest()}", fields=fields)))


def test_a_hidden_flag_and_its_neighbours() -> None:
    """What a page may do with a comment, told as booleans."""
    comment = next(one for one in STORY.comments(busiest()) if one.author and one.author.shown)
    fields = "id,from,message,can_remove,created_time,like_count,user_likes,can_hide,is_hidden"
    expected = besides(shape(recorded("restfb/v2_2/comment_canHide.json")), ".from.category")
    assert expected == set(shape(asked(f"/{comment.id}", fields=fields)))


def test_a_page() -> None:
    """Id, name, username and fans."""
    found = asked(f"/{PAGE.ref}", fields="id,name,username,fan_count")
    assert set(shape(recorded("python-facebook/pages/single_fields_page.json"))) == set(shape(found))


def test_a_token_looked_into() -> None:
    """A page's token has two keys more than the recorded one of a user."""
    found = asked("/debug_token", input_token=token_for(STORY, PAGE))
    more = (".data.issued_at", ".data.profile_id", ".data.granular_scopes[].target_ids")
    expected = set(shape(recorded("python-facebook/base/token_info.json")))
    assert expected == besides(shape(found), *more)


def test_an_error() -> None:
    """Message, type, code and trace; a subcode where there is one."""
    expected = set(shape(recorded("python-facebook/base/error_data.json")))
    told = besides(shape(recorded("restfb/exampleErrorNew.json")), ".error.error_user")
    assert expected == set(shape(asked("/me", Fault("missing_permission"))))
    assert told == set(shape(asked("/me", Fault("expired_token"))))


def test_a_batch() -> None:
    """Each part has a code, headers and a body, which is a text."""
    parts = json.dumps([{"method": "GET", "relative_url": "me"}, {"method": "GET", "relative_url": "1_2"}])
    data = {"batch": parts, "access_token": token_for(STORY, PAGE)}
    with httpx.Client(transport=AppTransport(build(STORY, Hand(START)))) as graph:
        found = graph.post("http://sandbox/facebook/v25.0/", data=data).json()
    assert set(shape(recorded("restfb/batch/batch-first-error.json"))) == set(shape(found))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("item_pubDate.xml", "published_parsed"),
        ("item_guid_not_permalink_conflict_link.xml", "id"),
        ("item_guid_not_permalink_conflict_link.xml", "link"),
        ("item_description_escaped_markup.xml", "summary"),
        ("item_multiple_dc_creator.xml", "author"),
    ],
)
def test_an_item_of_a_feed(name: str, key: str) -> None:
    """What a feed library finds in a recorded item it finds in the sandbox's, of the same type."""
    there = feedparser.parse((RECORDED / "website" / "feedparser" / name).read_bytes()).entries[0]
    with httpx.Client(transport=AppTransport(build(STORY, Hand(START)))) as web:
        here = feedparser.parse(web.get("http://sandbox/web/nyheder/rss.xml").content).entries[0]
    assert type(there[key]) is type(here[key])
