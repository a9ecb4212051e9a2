"""Facebook: what its answers become, how its lists end, and what each of its errors means."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import Batch, Request
from collectors.errors import (
    EndpointGoneError,
    NetworkError,
    PageSetupError,
    PassingError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.http import Http
from collectors.platforms import collector_for
from collectors.platforms._facebook_parse import Owner, parse_comment, parse_post, rows
from collectors.platforms._graph import TooMuchError, following, halved
from data.types import Attachment, Kind, Page, Visibility
from tests.support import Hand

SINCE = datetime(2026, 11, 8, tzinfo=UTC)
PAGE = Page("skole_fb", "skolen", "facebook", "Nørreå Skole", "", "104")
OWNER = Owner("skole_fb", frozenset({"104"}))
POST = "104_500"
RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded" / "facebook"

CHECKED = {"token_checked": Hand()().date().isoformat()}  # today's question about the token was asked before
Reply = Callable[[httpx.Request], httpx.Response]


def batches(answer: Reply, page: Page = PAGE, token: str | None = "SECRET") -> list[Batch]:
    http = Http(transport=httpx.MockTransport(answer), clock=Hand(), sleep=lambda _: None)
    return list(collector_for("facebook").batches(Request(page, SINCE, token, CHECKED), http))


def listing(*posts: dict[str, Any], **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": list(posts), **more})


def post(number: int = 500, **more: Any) -> dict[str, Any]:
    return {"id": f"104_{number}", "message": "Opslag", "created_time": "2026-11-16T08:02:11+0000", **more}


def comment(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"500_{number}", "message": "Hej", "created_time": "2026-11-16T09:00:00+0000", **more}


def test_a_post_becomes_a_message():
    """With its own id as thread, UTC time, attachments and the platform's count."""
    row = post(
        permalink_url="https://www.facebook.com/104/posts/500",
        attachments={
            "data": [{"media_type": "photo", "title": "Photos from a page", "unshimmed_url": "https://x.example/p"}]
        },
        comments={"data": [], "summary": {"total_count": 7}},
    )
    message = parse_post(row, OWNER, own_edge=True)
    assert (POST, POST, Kind.POST, True) == (message.message_id, message.thread_id, message.kind, message.by_page)
    assert datetime(2026, 11, 16, 8, 2, 11, tzinfo=UTC) == message.created_at
    assert (Attachment("photo", "https://x.example/p"),) == message.attachments
    assert 7 == message.comment_count


def test_a_comment_without_an_id_is_known_by_its_address():
    """What an app with public access alone gets; a reply names its parent there as well."""
    address = "https://www.facebook.com/104/posts/500/?comment_id=9&reply_comment_id=11"
    row = {"message": "Hej", "created_time": "2026-11-16T09:00:00+0000", "permalink_url": address}
    message = parse_comment(row, POST, OWNER)
    assert ("500_11", "500_9", Kind.REPLY) == (message.message_id, message.parent_id, message.kind)
    top = parse_comment({**row, "permalink_url": address.partition("&")[0]}, POST, OWNER)
    assert ("500_9", POST, Kind.COMMENT) == (top.message_id, top.parent_id, top.kind)
    assert top.author_id is None
    assert top.author_name is None


def test_a_comment_that_nothing_identifies_is_a_wrong_shape():
    """Without an id it could not be found again."""
    with pytest.raises(ShapeError, match="neither `id` nor `permalink_url`"):
        parse_comment({"message": "Hej"}, POST, OWNER, endpoint="graph")


def test_the_pages_own_words_are_known_by_its_ids():
    """Its reply and a hidden comment of a citizen."""
    own = parse_comment(comment(1, **{"from": {"id": "104", "name": "Nørreå Skole"}}), POST, OWNER)
    other = parse_comment(comment(2, is_hidden=True, **{"from": {"id": "7", "name": "Bo Lund"}}), POST, OWNER)
    assert (True, False) == (own.by_page, other.by_page)
    assert (Visibility.VISIBLE, Visibility.HIDDEN) == (own.visibility, other.visibility)


@pytest.mark.parametrize("value", [None, 5, [], {}, True])
def test_odd_values_cost_a_field_and_not_the_message(value: Any):
    """Text, time, author and address are optional, whatever stands there."""
    row = comment(1) | dict.fromkeys(
        ("message", "created_time", "from", "permalink_url", "attachment", "parent"), value
    )
    message = parse_comment(row, POST, OWNER)
    assert ("500_1", "") == (message.message_id, message.text)


def test_half_characters_and_nul_can_be_kept():
    """A lone surrogate from JSON cannot be written as UTF-8."""
    message = parse_comment(comment(1, message=json.loads('"a\\ud83d b\\u0000\\ud83d\\ude00"')), POST, OWNER)
    assert "a� b�😀" == message.text
    message.text.encode()


def test_a_list_ends_where_next_is_missing():
    """An empty page with a next goes on; the next page's token is thrown away; both edges are read."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if "visitor_posts" in request.url.path or "after" in request.url.params:
            return listing(post(1))
        return listing(paging={"next": "https://graph.facebook.com/v25.0/x?access_token=LEAK&after=abc&limit=25"})

    found = batches(answer)
    assert 3 == len(asked)
    assert "abc" == asked[1].params["after"]
    assert asked[1].params["fields"].startswith("id,message")
    assert not any("access_token" in str(url) for url in asked)
    assert all(url.path.startswith("/v25.0/104/") and url.host == "graph.facebook.com" for url in asked)
    assert [SINCE + timedelta(seconds=1)] == [batch.posts_since for batch in found if batch.posts_since]


def test_paging_by_time_is_followed_as_well():
    """The older form has no cursors: `until` and a paging token of its own."""
    next_page = {"paging": {"next": "https://g/x?access_token=a&until=1624385168&since&__paging_token=t&__previous"}}
    wanted = {"until": "1624385168", "since": "", "__paging_token": "t", "__previous": ""}
    assert wanted == following(next_page)


def test_a_list_that_leads_in_a_circle_is_a_wrong_shape():
    """The same cursor twice would never end."""
    with pytest.raises(ShapeError, match="circle"):
        batches(lambda _: listing(paging={"next": "https://g/x?after=abc"}))


def nested(count: int, total: int, **paging: Any) -> dict[str, Any]:
    return {
        "data": [comment(number) for number in range(count)],
        "paging": paging,
        "summary": {"total_count": total},
    }


def test_a_thread_that_came_whole_is_told_to_be():
    """With the platform's count; no further call is made for it."""
    found = batches(
        lambda request: listing(post(comments=nested(3, 4))) if "published" in request.url.path else listing()
    )
    assert (frozenset({POST}), {POST: 4}, 4) == (found[0].whole, found[0].counts, len(found[0].messages))


def test_the_rest_of_a_thread_comes_from_its_own_edge():
    """In the order of time, with replies, and whole only at its end."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if "/comments" in request.url.path:
            more = {} if request.url.params["after"] == "c2" else {"paging": {"next": "https://g/c?after=c2"}}
            return listing(comment(len(asked) + 100), **more)
        return (
            listing(post(comments=nested(2, 4, next="https://g/c?after=c1&access_token=LEAK")))
            if ("published" in request.url.path)
            else listing()
        )

    found = batches(answer)
    assert [frozenset(), frozenset(), frozenset({POST})] == [batch.whole for batch in found[:3]]
    assert ["c1", "c2"] == [url.params["after"] for url in asked if "/comments" in url.path]
    edge = next(url for url in asked if "/comments" in url.path)
    assert ("stream", "reverse_chronological", "100") == (
        edge.params["filter"],
        edge.params["order"],
        edge.params["limit"],
    )
    assert "/v25.0/104_500/comments" == edge.path


def test_a_thread_far_below_its_count_is_read_again_from_the_start():
    """A nested list may leave `next` out though there is more."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if "/comments" in request.url.path:
            return listing(*[comment(number) for number in range(50)])
        return listing(post(comments=nested(2, 50))) if "published" in request.url.path else listing()

    found = batches(answer)
    assert "/v25.0/104_500/comments" in asked
    assert frozenset({POST}) == found[1].whole


@pytest.mark.parametrize(
    ("subcode", "text"),
    [(33, ""), (0, "(#100) Tried accessing nonexisting field (comments) on node type (Album)")],
)
def test_a_thread_that_is_refused_meanwhile_is_told_and_does_not_stop_the_visit(subcode: int, text: str):
    """Missing or not permitted, or a thing that has no comments: nothing is known of it, and the next post is read."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "/comments" in request.url.path:
            return error(100, subcode, text=text)
        full = [post(number, comments=nested(1, 3, next="https://g/c?after=c1")) for number in (500, 501)]
        return listing(*full) if "published" in request.url.path else listing()

    assert [{POST}, {"104_501"}] == [batch.refused for batch in batches(answer) if batch.refused]


def test_hidden_visitors_posts_are_asked_for_and_own_posts_alone_reach_back():
    """A post that the page hid must not pass for removed; without visitors' posts a quiet page is still read whole."""
    hidden: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        hidden[request.url.path.rpartition("/")[2]] = request.url.params.get("include_hidden")
        return listing()

    assert (None, True) in {(one.reached, one.posts_since is not None) for one in batches(answer)}
    assert {"published_posts": None, "visitor_posts": "true"} == hidden
    page = Page("s", "i", "facebook", "n", "", "104", options={"visitor_posts": "no"})
    assert {(None, None), (True, None)} == {(one.reached, one.posts_since) for one in batches(answer, page)}


def test_a_broken_address_of_a_comment_costs_its_address_alone():
    """It is kept without one."""
    row = comment(1, permalink_url="https://[x/?reply_comment_id=2")
    assert ("500_1", "") == (parse_comment(row, POST, OWNER).message_id, parse_comment(row, POST, OWNER).url)


def swept(answer: Reply, known: dict[str, int | None], **memory: str) -> list[Batch]:
    http = Http(transport=httpx.MockTransport(answer), clock=Hand(), sleep=lambda _: None)
    request = Request(PAGE, SINCE, "SECRET", {**CHECKED, **memory}, lambda *_: known)
    return list(collector_for("facebook").batches(request, http))


def test_older_posts_are_swept_once_a_day():
    """Known posts whose number changed are read whole, others cost nothing; a cut keeps no number of half a thread."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if "until" in request.url.params:
            asked.append(f"{path} {request.url.params['limit']}")
            told = {"data": []}
            ids = (500, 501, 502, 503) if "published" in path else ()
            return listing(*({"id": f"104_{one}", "comments": {**told, "summary": {"total_count": 3}}} for one in ids))
        if "_posts" in path:
            return listing()
        asked.append(path)
        if path.endswith("/comments"):
            return listing(comment(3))
        return httpx.Response(200, json=post(comments=nested(2, 3, next="https://g/c?after=c2")))

    known = {"104_500": 2, "104_501": 3, "104_502": 3}
    first, second, end = swept(answer, known)[-3:]
    wanted = ["/v25.0/104/published_posts 100", "/v25.0/104_500", "/v25.0/104_500/comments"]
    assert [*wanted, "/v25.0/104/visitor_posts 100"] == asked
    assert ([None, None, None], {}) == ([one.comment_count for one in first.messages], first.counts)
    assert ({POST: 3}, {POST}) == (second.counts, second.whole)
    assert {**CHECKED, "swept": "2026-11-22"} == end.memory
    for quiet, memory in ((known, {"swept": "2026-11-22"}), ({}, {})):
        asked.clear()
        swept(answer, quiet, **memory)
        assert [] == asked


def test_too_much_data_is_asked_for_in_halves():
    """Posts and the comments within them, until it is little enough."""
    limits: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        limit = request.url.params["limit"]
        limits.append((limit, "limit(100)" in request.url.params["fields"]))
        if int(limit) > 6:
            return error(1, text="Please reduce the amount of data you're asking for, then retry", status=500)
        return listing()

    batches(answer)
    assert [("25", True), ("12", False), ("6", False)] == limits[:3]


def test_one_post_that_is_too_much_ends_the_visit():
    """Halving ends; it may pass."""
    least = {"limit": "1", "fields": "x.limit(10)"}
    assert least == halved({"limit": "2", "fields": "x.limit(19)"})
    with pytest.raises(TooMuchError):
        halved(least)
    assert issubclass(TooMuchError, PassingError)


def error(
    code: int, subcode: int = 0, *, text: str = "Sådan siger de", status: int = 400, **more: Any
) -> httpx.Response:
    told = {"message": text, "type": "OAuthException", "code": code, "fbtrace_id": "AbcDef123", **more}
    return httpx.Response(status, json={"error": told | ({"error_subcode": subcode} if subcode else {})})


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (error(1, status=500), NetworkError),
        (error(2, status=503), NetworkError),
        (error(999, is_transient=True), NetworkError),
        (error(4), ThrottledError),
        (error(17), ThrottledError),
        (error(32, status=403), ThrottledError),
        (error(613), ThrottledError),
        (error(80001), ThrottledError),
        (error(190, 460), TokenError),
        (error(190, 463, status=401), TokenError),
        (error(102, status=401), TokenError),
        (error(3), PermissionMissingError),
        (error(10, status=403), PermissionMissingError),
        (error(200), PermissionMissingError),
        (error(299), PermissionMissingError),
        (error(100, text="(#100) requires the 'pages_read_engagement' permission"), PermissionMissingError),
        (error(100, 33), PageSetupError),
        (error(104), PageSetupError),
        (error(803, status=404), PageSetupError),
        (error(12), EndpointGoneError),
        (error(100, text="(#100) The ids query parameter is deprecated in v26.0+", status=500), EndpointGoneError),
        (error(100, text="(#100) Tried accessing nonexisting field (x) on node type (Page)"), EndpointGoneError),
        (error(100, text="(#100) Param limit must be an integer"), ShapeError),
        (error(2500), ShapeError),
        (httpx.Response(502, text="<html>Bad Gateway</html>"), NetworkError),
        (httpx.Response(200, json={"data": "nothing"}), ShapeError),
        (httpx.Response(200, json={"data": [1]}), ShapeError),
        (httpx.Response(200, json=[]), ShapeError),
        (httpx.Response(200, json={}), ShapeError),
        (httpx.Response(200, text="Access Denied"), PageSetupError),
    ],
)
def test_each_error_is_sorted_by_who_must_act(response: httpx.Response, kind: type[VisitError]):
    """By its code, whatever type and status it comes with; the platform's own words are not passed on."""
    with pytest.raises(kind) as raised:
        batches(lambda _: response)
    assert "Sådan" not in str(raised.value)
    assert "SECRET" not in f"{raised.value} {raised.value.endpoint}"
    assert raised.value.endpoint.startswith("graph.facebook.com/v25.0/104/")


@pytest.mark.parametrize(("code", "minutes"), [(80001, 42), (32, 60)])
def test_a_throttle_says_when_to_come_again(code: int, minutes: int):
    """The minutes of the header; an hour at least for the page limit."""
    usage = {"104": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 42}]}
    response = error(code)
    response.headers["x-business-use-case-usage"] = json.dumps(usage)
    with pytest.raises(ThrottledError) as raised:
        batches(lambda _: response)
    assert Hand()() + timedelta(minutes=minutes) == raised.value.retry_at


def test_a_version_that_is_replaced_in_silence_is_logged(caplog: pytest.LogCaptureFixture):
    """The platform serves another one than was asked for, without an error."""
    caplog.set_level(logging.WARNING)
    batches(lambda _: httpx.Response(200, json={"data": []}, headers={"facebook-api-version": "v26.0"}))
    assert "served version v26.0 where v25.0 was asked for" in caplog.text


def test_options_choose_the_version_and_leave_visitors_out():
    """A reading without visitors' posts is no reading of all posts, so nothing is said to be missing."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return listing()

    page = Page("s", "i", "facebook", "n", "", "104", options={"version": "v26.0", "visitor_posts": "no"})
    found = batches(answer, page)
    assert ["/v26.0/104/published_posts"] == [url.path for url in asked]
    assert {None} == {batch.posts_since for batch in found}


@pytest.mark.parametrize("ref", ["", "../me", "104/feed?x=", "a b"])
def test_a_reference_that_is_no_page_id_is_the_operators(ref: str):
    """It would lead to another address."""
    with pytest.raises(PageSetupError, match="ref"):
        batches(lambda _: listing(), Page("s", "i", "facebook", "n", "", ref))


WORDS = (
    *("id", "message", "story", "created_time", "from", "parent", "attachment", "attachments", "is_hidden"),
    *("permalink_url", "comments", "data", "paging", "next", "summary", "total_count", "error", "code"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=25,
)


@given(data=JSON)
def test_an_answer_of_any_form_gives_messages_or_an_error_of_the_tree(data: Any):
    """Nothing that a platform may answer makes the collector fall over."""
    try:
        found = batches(lambda _: httpx.Response(200, json=data))
    except VisitError:
        return
    assert all(message.message_id for batch in found for message in batch.messages)


@given(row=st.dictionaries(st.sampled_from(WORDS), JSON))
def test_a_row_of_any_form_is_a_message_or_a_wrong_shape(row: dict[str, Any]):
    """Field by field, for posts and comments."""
    for parse in (
        lambda: parse_post(row, OWNER, own_edge=False),
        lambda: parse_comment(row, POST, OWNER),
    ):
        try:
            message = parse()
        except ShapeError:
            continue
        message.text.encode()
        assert message.message_id


recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not here")


@recorded
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("python-facebook/posts/feeds_default_fields_p1.json", None),
        ("python-facebook/posts/feeds_default_fields_p2.json", None),
        ("python-facebook/posts/feed_fields_p1.json", 5),
        ("python-facebook/posts/feed_fields_p2.json", None),
        ("python-facebook/comments/comments_p1.json", None),
        ("python-facebook/comments/comments_p2.json", None),
    ],
)
def test_recorded_lists_become_messages(path: str, count: int | None):
    """Every row of what the live platform once answered, with ids and times, no two alike."""
    page = json.loads((RECORDED / path).read_text())
    found = rows(page, "recorded")
    is_post = "/posts/" in path
    messages = [
        parse_post(row, OWNER, own_edge=True) if is_post else parse_comment(row, "1_10158407654328553", OWNER)
        for row in found
    ]
    assert (count or len(found)) == len({message.message_id for message in messages})
    assert all(message.created_at for message in messages)
    assert is_post or all(message.text for message in messages)
    assert "access_token" not in (following(page) or {})


@recorded
def test_recorded_nested_comments_become_messages():
    """A post with its comments as the platform nests them."""
    row = json.loads((RECORDED / "restfb" / "v5_0" / "post-with-comment.json").read_text())
    found = [parse_comment(one, row["id"], OWNER) for one in rows(row["comments"], "recorded")]
    assert 1 == len(found)
    assert found[0].author_id
    assert 1 == parse_post(row, OWNER, own_edge=True).comment_count


@recorded
def test_every_recorded_answer_is_read_or_told_as_a_wrong_shape():
    """Whatever the file, nothing but messages or an error of the tree comes out."""
    files = sorted(RECORDED.rglob("*.json"))
    assert len(files) > 50
    for file in files:
        data = json.loads(file.read_text())
        try:
            found = batches(lambda _, data=data: httpx.Response(200, json=data))
        except VisitError:
            continue
        assert all(message.message_id for batch in found for message in batch.messages), file.name
