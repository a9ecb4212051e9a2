"""The sandbox's Graph dialect: fields, edges, paging, batch, tokens and errors as the Graph API has them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import demo
from collectors.sandbox.facebook import token_for
from collectors.sandbox.graph_fields import Field, FieldSyntaxError, parse_fields
from collectors.sandbox.scenario import Place, Story, listed
from data.types import Kind
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=600)
SCHOOL = next(place for place in STORY.places if place.id == "noerreaa-skole")
NESTED = (
    "id,message,updated_time,comments.filter(stream).order(chronological).limit(2).summary(true)"
    "{id,message,created_time,from{id,name},parent{id},is_hidden,comment_count,permalink_url}"
)


@pytest.fixture
def hand() -> Hand:
    return Hand(START)


@pytest.fixture
def graph(hand: Hand) -> Iterator[httpx.Client]:
    with client(STORY, SCHOOL, hand) as one:
        yield one


def client(scenario: Story, place: Place, hand: Hand) -> httpx.Client:
    headers = {"authorization": f"Bearer {token_for(scenario, place)}"}
    base = "http://sandbox/facebook/v25.0"
    return httpx.Client(transport=AppTransport(build(scenario, hand)), base_url=base, headers=headers)


def pages(graph: httpx.Client, url: str, **params: object) -> Iterator[dict]:
    """All pages of an edge, by its own `next`."""
    answer = graph.get(url, params=params).json()
    yield answer
    while (following := answer.get("paging", {}).get("next")) is not None:
        answer = graph.get(following).json()
        yield answer


def test_fields_are_read_with_arguments_and_objects() -> None:
    """The field language nests and takes arguments."""
    inner = (Field("id"), Field("from", {}, (Field("name"),)))
    wanted = (Field("message"), Field("comments", {"limit": "2", "order": "chronological"}, inner))
    assert wanted == parse_fields("message, comments.limit(2).order(chronological){id,from{name}}")


@pytest.mark.parametrize("text", ["id,from{name", "id}", "a..b(1)", "{id}", "id;name"])
def test_what_is_no_field_list_is_refused(text: str) -> None:
    """A broken list raises."""
    with pytest.raises(FieldSyntaxError):
        parse_fields(text)


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_paging_to_the_end_gives_each_post_once(graph: httpx.Client, limit: int) -> None:
    """All posts of the page, newest first, each once, whatever the page size."""
    found = [row["id"] for page in pages(graph, f"/{SCHOOL.ref}/published_posts", limit=limit) for row in page["data"]]
    expected = [one.entry.id for one in listed(STORY, STORY.posts(SCHOOL.id), 0) if one.entry.by_page]
    assert expected[::-1] == found


def test_previous_leads_back(graph: httpx.Client) -> None:
    """A page before a cursor is the page that led there."""
    first = graph.get(f"/{SCHOOL.ref}/published_posts", params={"limit": 4}).json()
    second = graph.get(first["paging"]["next"]).json()
    assert "previous" not in first["paging"]
    assert first["data"] == graph.get(second["paging"]["previous"]).json()["data"]


def test_paging_through_comments_gives_each_once(graph: httpx.Client) -> None:
    """`filter=stream` with small pages lists comments and replies of all threads once, in order of time."""
    post = max(STORY.posts(SCHOOL.id), key=lambda one: len(STORY.comments(one.id)))
    asked = {"filter": "stream", "order": "chronological", "limit": 2}
    found = [row["id"] for page in pages(graph, f"/{post.id}/comments", **asked) for row in page["data"]]
    assert [one.entry.id for one in listed(STORY, STORY.comments(post.id), 0)] == found
    assert len(found) > 4


def test_nested_comments_lead_on_to_their_own_edge(graph: httpx.Client) -> None:
    """The `next` of nested comments carries fields and arguments over, and ends where the count says."""
    rows = graph.get(f"/{SCHOOL.ref}/published_posts", params={"fields": NESTED, "limit": 100}).json()["data"]
    for row in rows:
        found, answer = list(row["comments"]["data"]), row["comments"]
        while following := answer.get("paging", {}).get("next"):
            answer = graph.get(following).json()
            found += answer["data"]
        assert row["comments"]["summary"]["total_count"] == len({one["id"] for one in found}) == len(found)
        assert all({"id", "message", "created_time", "is_hidden"} <= one.keys() for one in found)


def test_by_default_comments_are_top_level_and_ranked(graph: httpx.Client) -> None:
    """Without a filter replies are left out; they are listed under their comment."""
    reply = next(one for post in STORY.posts(SCHOOL.id) for one in STORY.comments(post.id) if one.parent and one.at < 0)
    top = graph.get(f"/{reply.thread}/comments", params={"limit": 100, "summary": "true"}).json()
    below = graph.get(f"/{reply.parent}/comments").json()
    assert reply.id not in [row["id"] for row in top["data"]]
    assert "ranked" == top["summary"]["order"]
    assert reply.id in [row["id"] for row in below["data"]]


def test_next_carries_the_token(graph: httpx.Client) -> None:
    """As the real one does; a reader must not log or store it."""
    answer = graph.get(f"/{SCHOOL.ref}/published_posts", params={"limit": 1}).json()
    assert f"access_token={token_for(STORY, SCHOOL)}" in answer["paging"]["next"]
    assert "next" not in graph.get(f"/{SCHOOL.ref}/published_posts", params={"limit": 100}).json()["paging"]


def test_since_and_until_go_by_the_time_of_writing(graph: httpx.Client) -> None:
    """Posts between two moments, both unix times."""
    posts = [one.entry for one in listed(STORY, STORY.posts(SCHOOL.id), 0) if one.entry.by_page]
    middle = int(START.timestamp() + posts[len(posts) // 2].at)
    newer = graph.get(f"/{SCHOOL.ref}/published_posts", params={"since": middle, "limit": 100}).json()["data"]
    older = graph.get(f"/{SCHOOL.ref}/published_posts", params={"until": middle - 1, "limit": 100}).json()["data"]
    assert len(posts) == len(newer) + len(older)
    assert newer
    assert older


def test_some_writers_are_not_told(graph: httpx.Client) -> None:
    """`from` is absent for some citizens, never null, and always there for the page itself."""
    rows = graph.get(f"/{SCHOOL.ref}/published_posts", params={"fields": NESTED, "limit": 100}).json()["data"]
    comments = [one for row in rows for one in row["comments"]["data"]]
    told = Counter("from" in one for one in comments)
    assert told[True]
    assert told[False]
    pages_own = [one for one in comments if one.get("from", {}).get("id") == SCHOOL.ref]
    assert all(SCHOOL.name == one["from"]["name"] for one in pages_own)


def test_visitors_posts_are_apart(hand: Hand) -> None:
    """What others write on the wall is in `visitor_posts` and `feed`, not in `published_posts`."""
    entry = next(one for one in STORY.by_id.values() if one.kind is Kind.POST and not one.by_page)
    place = next(one for one in STORY.places if one.id == entry.place)
    hand.move(entry.at + 1)
    with client(STORY, place, hand) as graph:
        where = {
            edge: entry.id
            in [row["id"] for row in graph.get(f"/{place.ref}/{edge}", params={"limit": 100}).json()["data"]]
            for edge in ("published_posts", "visitor_posts", "feed")
        }
    assert {"published_posts": False, "visitor_posts": True, "feed": True} == where


def test_the_clock_runs(graph: httpx.Client, hand: Hand) -> None:
    """A comment of the future is unknown, then listed; an edit shows; a deletion is error 100/33; a hiding a flag."""
    named = {change.deed: change for rows in STORY.by_message.values() for change in rows if change.at < 60}
    for deed, before, after in (("edit", 25, 27), ("hide", 37, 39), ("delete", 42, 44)):
        change = named[deed]
        place = next(one for one in STORY.places if one.id == STORY.by_id[change.message].place)
        moving = Hand(START)
        with client(STORY, place, moving) as one:
            moving.move(before)
            first = one.get(f"/{change.message}", params={"fields": "id,message,is_hidden"}).json()
            moving.move(after - before)
            then = one.get(f"/{change.message}", params={"fields": "id,message,is_hidden"}).json()
        assert first != then
        assert {"edit": False, "hide": True, "delete": None}[deed] == then.get("is_hidden")
    assert "error" in then
    assert (100, 33) == (then["error"]["code"], then["error"]["error_subcode"])


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/{ref}/published_posts", {"limit": 101}, 400, 100),
        ("/{ref}/published_posts", {"fields": "id,link"}, 400, 100),
        ("/{ref}/published_posts", {"fields": "id{"}, 400, 2500),
        ("/{ref}/published_posts", {"after": "nonsense"}, 400, 100),
        ("/{ref}/published_posts", {"since": "yesterday"}, 400, 100),
        ("/{ref}/no_such_edge", {}, 400, 100),
        ("/", {"ids": "1_2,1_3"}, 500, 100),
        ("/12_34", {}, 400, 100),
        ("/{other}/published_posts", {}, 403, 10),
        ("/{ref}", {"access_token": "wrong"}, 200, None),
    ],
)
def test_errors_have_the_codes_of_the_graph_api(
    graph: httpx.Client, path: str, params: dict, status: int, code: int | None
) -> None:
    """Wrong questions are answered with the status and code that the Graph API gives."""
    other = next(place for place in STORY.places if place.dialect == "facebook" and place != SCHOOL)
    answer = graph.get(path.format(ref=SCHOOL.ref, other=other.ref), params=params)
    assert (status, code) == (answer.status_code, answer.json().get("error", {}).get("code"))


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}])
def test_a_wrong_token_is_refused(headers: dict[str, str]) -> None:
    """Without the page's token nothing is shown: code 190."""
    with httpx.Client(transport=AppTransport(build(STORY, Hand(START))), headers=headers) as graph:
        answer = graph.get(f"http://sandbox/facebook/v25.0/{SCHOOL.ref}/published_posts")
    assert (401, 190) == (answer.status_code, answer.json()["error"]["code"])


def test_the_token_may_be_a_parameter() -> None:
    """`access_token=` opens what the header opens."""
    with httpx.Client(transport=AppTransport(build(STORY, Hand(START)))) as graph:
        params = {"access_token": token_for(STORY, SCHOOL), "fields": "name,access_token"}
        answer = graph.get("http://sandbox/facebook/v26.0/me", params=params)
    expected = {"id": SCHOOL.ref, "name": SCHOOL.name, "access_token": token_for(STORY, SCHOOL)}
    assert expected == answer.json()


def test_a_batch_answers_each_part_for_itself(graph: httpx.Client) -> None:
    """One POST, one status a part, bodies as JSON texts."""
    post = STORY.posts(SCHOOL.id)[0]
    parts = [{"method": "GET", "relative_url": f"{post.id}?fields=id"}, {"method": "GET", "relative_url": "1_2"}]
    answer = graph.post("/", data={"batch": json.dumps(parts), "include_headers": "false"})
    found = answer.json()
    assert [200, 400] == [part["code"] for part in found]
    assert {"id": post.id} == json.loads(found[0]["body"])
    assert 33 == json.loads(found[1]["body"])["error"]["error_subcode"]


def test_a_batch_has_at_most_fifty_parts(graph: httpx.Client) -> None:
    """The fifty-first is one too many."""
    parts = [{"method": "GET", "relative_url": "me"}] * 51
    assert 400 == graph.post("/", data={"batch": json.dumps(parts)}).status_code


@pytest.mark.parametrize(("token", "valid"), [(token_for(STORY, SCHOOL), True), ("wrong", False)])
def test_debug_token_tells_whether_a_token_lives(graph: httpx.Client, token: str, valid: bool) -> None:
    """The page's own token is valid and never expires; another one is not."""
    told = graph.get("/debug_token", params={"input_token": token}).json()["data"]
    assert valid is told["is_valid"]
    assert (SCHOOL.ref if valid else None) == told.get("profile_id")


@pytest.mark.parametrize(("asked", "served"), [("v25.0", "v25.0"), ("v26.0", "v26.0"), ("v9.0", "v22.0")])
def test_an_old_version_is_replaced_in_silence(asked: str, served: str) -> None:
    """The header tells which version answered."""
    with httpx.Client(transport=AppTransport(build(STORY, Hand(START)))) as graph:
        answer = graph.get(f"http://sandbox/facebook/{asked}/me", params={"access_token": token_for(STORY, SCHOOL)})
    assert (200, served) == (answer.status_code, answer.headers["facebook-api-version"])


def test_usage_is_told_in_percent_of_the_limit(graph: httpx.Client) -> None:
    """Both usage headers are JSON; the page's is under its id."""
    answer = graph.get("/me")
    assert {"call_count", "total_time", "total_cputime"} == json.loads(answer.headers["x-app-usage"]).keys()
    assert [SCHOOL.ref] == list(json.loads(answer.headers["x-business-use-case-usage"]))
