"""The sandbox's WordPress dialect: lists with their headers, filters by time, and errors by their code words."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import demo
from collectors.sandbox.scenario import Change, Entry, Place, Story, listed, story
from data.types import Kind
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=600)
CLUB = next(place for place in STORY.places if place.id == "laeseklubben")
POSTS = "/wp-json/wp/v2/posts"
COMMENTS = "/wp-json/wp/v2/comments"


def get(path: str, scenario: Story = STORY, at: float = 0.0, site: str = CLUB.ref, **params: object) -> httpx.Response:
    hand = Hand(START)
    hand.move(at)
    with httpx.Client(transport=AppTransport(build(scenario, hand))) as web:
        return web.get(f"http://sandbox/wp/{site}{path}", params=params)


def small() -> Story:
    post = Entry(
        "1_1",
        "blog",
        Kind.POST,
        "1_1",
        -7200,
        "Første afsnit.\n\nAndet & sidste",
        title="Hej & hå",
        number=1,
        by_page=True,
    )
    comment = Entry("1_2", "blog", Kind.COMMENT, "1_1", -3600, "Godt\nskrevet <3", number=2)
    reply = Entry("1_3", "blog", Kind.REPLY, "1_1", -1800, "Tak", parent="1_2", by_page=True, number=3)
    changes = [Change(10, "1_1", "edit", "Ny tekst"), Change(20, "1_2", "hide")]
    return story(1, START, [], [Place("blog", "kultur", "wordpress", "Blog", "blog")], [post, comment, reply], changes)


@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("path", [POSTS, COMMENTS])
def test_paging_to_the_end_gives_each_once(path: str, size: int) -> None:
    """As many pages as X-WP-TotalPages says hold X-WP-Total different rows, newest first."""
    first = get(path, per_page=size)
    pages = [get(path, per_page=size, page=page).json() for page in range(1, int(first.headers["x-wp-totalpages"]) + 1)]
    rows = [row for page in pages for row in page]
    assert int(first.headers["x-wp-total"]) == len({row["id"] for row in rows}) == len(rows)
    assert sorted((row["date_gmt"] for row in rows), reverse=True) == [row["date_gmt"] for row in rows]


def test_the_link_header_leads_to_the_next_page() -> None:
    """Until the last page, which has none."""
    first = get(POSTS, per_page=1)
    assert 'page=2>; rel="next"' in first.headers["link"]
    assert "link" not in get(POSTS, per_page=1, page=int(first.headers["x-wp-total"])).headers


def test_beyond_the_end_posts_are_an_error_and_comments_an_empty_list() -> None:
    """As WordPress has it."""
    posts, comments = get(POSTS, page=99), get(COMMENTS, page=99)
    assert (400, "rest_post_invalid_page_number") == (posts.status_code, posts.json()["code"])
    assert (200, []) == (comments.status_code, comments.json())


def test_times_are_given_twice_and_without_an_offset() -> None:
    """The site's time and UTC."""
    row = get(POSTS, small(), site="blog").json()[0]
    assert ("2026-11-22T13:00:00", "2026-11-22T12:00:00") == (row["date"], row["date_gmt"])


def test_texts_are_html() -> None:
    """Paragraphs, line breaks and escaped signs."""
    post, comment = get(POSTS, small(), site="blog").json()[0], get(COMMENTS, small(), site="blog").json()[1]
    assert "<p>Første afsnit.</p>\n<p>Andet &amp; sidste</p>\n" == post["content"]["rendered"]
    assert "Hej &amp; hå" == post["title"]["rendered"]
    assert "<p>Godt<br />\nskrevet &lt;3</p>\n" == comment["content"]["rendered"]


def test_a_reply_points_to_its_comment_and_its_post() -> None:
    """`parent` is 0 for a comment; the site's own writers have an author number."""
    reply, comment = get(COMMENTS, small(), site="blog").json()
    assert (1, 2, 3) == (reply["post"], reply["parent"], reply["author"])
    assert (1, 0, 0) == (comment["post"], comment["parent"], comment["author"])


def test_an_edited_post_is_modified_and_a_hidden_comment_gone() -> None:
    """`modified_after` finds the edit; what is not approved is not listed."""
    edited = get(POSTS, small(), 15, "blog", modified_after="2026-11-22T14:00:05Z").json()
    assert ["<p>Ny tekst</p>\n"] == [row["content"]["rendered"] for row in edited]
    assert [] == get(POSTS, small(), 5, "blog", modified_after="2026-11-22T14:00:05Z").json()
    assert [3] == [row["id"] for row in get(COMMENTS, small(), 25, "blog").json()]


def test_after_without_an_offset_is_the_sites_time() -> None:
    """13:30 in Denmark is 12:30 UTC: the comment of 13:00 UTC is after it, the post of 12:00 UTC before."""
    after = "2026-11-22T13:30:00"
    assert [] == get(POSTS, small(), site="blog", after=after).json()
    assert [3, 2] == [row["id"] for row in get(COMMENTS, small(), site="blog", after=after).json()]


def test_fields_post_and_order_can_be_chosen() -> None:
    """`_fields`, `post`, `order`, `include`."""
    post = next(one for one in listed(STORY, STORY.posts(CLUB.id), 0) if STORY.comments(one.entry.id)).entry
    asked = {"post": post.number, "order": "asc", "_fields": "id,post", "per_page": 100}
    rows = get(COMMENTS, **asked).json()
    assert rows
    assert {(post.number,)} == {(row["post"],) for row in rows}
    assert all({"id", "post"} == row.keys() for row in rows)
    assert [post.number] == [row["id"] for row in get(POSTS, include=post.number).json()]


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        (POSTS, {"per_page": 101}, (400, "rest_invalid_param")),
        (POSTS, {"after": "yesterday"}, (400, "rest_invalid_param")),
        (f"{POSTS}/99999", {}, (404, "rest_post_invalid_id")),
        (f"{COMMENTS}/99999", {}, (404, "rest_comment_invalid_id")),
        ("/wp-json/wp/v2/users", {}, (404, "rest_no_route")),
    ],
)
def test_errors_have_the_code_words_of_wordpress(path: str, params: dict, expected: tuple[int, str]) -> None:
    """Wrong questions are answered with the status and code word that WordPress gives."""
    answer = get(path, **params)
    assert expected == (answer.status_code, answer.json()["code"])


def test_the_front_page_names_the_rest_root() -> None:
    """In a header and in the page."""
    answer = get("/")
    assert '<http://sandbox/wp/laeseklubben/wp-json/>; rel="https://api.w.org/"' == answer.headers["link"]
    assert 'rel="https://api.w.org/"' in answer.text
    assert "wp/v2" in get("/wp-json/").json()["namespaces"]
