"""LinkedIn replayed: answers of the versioned API in their documented shape, with made-up people, visited and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from collectors.errors import ThrottledError
from collectors.platforms import keep_limit
from collectors.platforms._linkedin_parse import Owner, comment_id, little, parse_comment, parse_post
from data.errors import Who
from data.types import Attachment, Outcome
from tests.replaying import (
    FOREIGN,
    START,
    TOKEN,
    Replay,
    Reply,
    Sighting,
    cut_json,
    made_up_page,
    outcome,
    web_page,
)

NUMBER = "1045007"
OURS = f"urn:li:organization:{NUMBER}"
POST = "urn:li:share:7120000000000000001"
ACTIVITY = "urn:li:activity:7120000000000000009"
Json = dict[str, Any]


def millis(hours: float) -> int:
    return int((START + timedelta(hours=hours)).timestamp() * 1000)


def post(urn: str = POST, text: str = "Vi søger en ny leder.", hours: float = -48, **more: Any) -> Json:
    return {
        "id": urn, "author": OURS, "commentary": text, "createdAt": millis(hours), "publishedAt": millis(hours),
        "lastModifiedAt": millis(hours), "lifecycleState": "PUBLISHED", "visibility": "PUBLIC", **more,
    }  # fmt: skip


def comment(number: int, text: str, hours: float = -24, who: str = "abcde", replies: int = 0, **more: Any) -> Json:
    actor = f"urn:li:person:{who}"
    return {
        "actor": actor, "commentUrn": f"urn:li:comment:({ACTIVITY},{number})", "id": str(number), "object": ACTIVITY,
        "created": {"actor": actor, "time": millis(hours)}, "lastModified": {"actor": actor, "time": millis(hours)},
        "message": {"attributes": [], "text": text},
        "commentsSummary": {"aggregatedTotalComments": replies, "totalFirstLevelComments": replies}, **more,
    }  # fmt: skip


def ident(number: int) -> str:
    """A comment as it is stored: the numbers of activity and comment."""
    return f"7120000000000000009,{number}"


@dataclass
class Organisation:
    """A page that answers as the API does; comments by what they stand under, a post's or a comment's URN."""

    posts: list[Json] = field(default_factory=lambda: [post()])
    below: dict[str, list[Json]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    size: int = 100

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0].removeprefix("/rest/")
        if path == "posts":
            rows = sorted(self.posts, key=lambda row: row["lastModifiedAt"], reverse=True)
            return self._list(request, rows)
        if path == "socialMetadata":
            asked = request.url.params["ids"].removeprefix("List(").removesuffix(")").split(",")
            return httpx.Response(200, json={"results": {urn: self._summary(urn) for urn in asked}, "errors": {}})
        urn = unquote(path.removeprefix("socialActions/").removesuffix("/comments"))
        if urn in self.refused:
            told = {"message": f"member is unauthorized on {urn}", "status": 403}
            return httpx.Response(403, json=told)
        return self._list(request, self.below.get(urn, []))

    def _summary(self, urn: str) -> Json:
        tops = self.below.get(urn, [])
        count = len(tops) + sum(len(self.below.get(one["commentUrn"], [])) for one in tops)
        return {"entity": ACTIVITY, "commentsState": "OPEN", "commentSummary": {"count": count, "topLevelCount": 1}}

    def _list(self, request: httpx.Request, rows: list[Json]) -> httpx.Response:
        start, size = int(request.url.params["start"]), min(int(request.url.params["count"]), self.size)
        links = []
        if start + size < len(rows):
            links = [{"type": "application/json", "rel": "next", "href": f"/rest/x?count={size}&start={start + size}"}]
        paging = {"start": start, "count": size, "links": links}
        return httpx.Response(200, json={"paging": paging, "elements": rows[start : start + size]})


def refusal(status: int, code: str, message: str, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "message": message, **more})


def linkedin_page(**options: str) -> Any:
    return made_up_page("linkedin", NUMBER, accept_48_hours="yes", **options)


def always(answer: httpx.Response) -> Reply:
    """The same answer to every question."""
    return lambda _: answer


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, linkedin_page(), author_names="full")


def paths(replay: Replay) -> list[str]:
    return [request.url.path.split("/")[2] for request in replay.asked]


def test_first_page(replay: Replay) -> None:
    """A post, a comment, its reply and the organisation's own answer, each once and in its place."""
    urn = f"urn:li:comment:({ACTIVITY},1)"
    own = comment(3, "Ja, det kan man.", -20, actor=OURS)
    page = Organisation(below={POST: [comment(1, "Kan man søge deltid?", replies=2)], urn: [comment(2, "Ja?"), own]})
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(page))
    kept = replay.stored()
    assert [POST, ident(1), ident(2), ident(3)] == list(kept)
    assert [("post", None), ("comment", POST), ("reply", ident(1)), ("reply", ident(1))] == [
        (one.kind, one.parent) for one in kept.values()
    ]
    assert {POST} == {one.thread for one in kept.values()}
    assert [True, False, False, True] == [one.by_page for one in kept.values()]
    assert ["posts", "socialMetadata", "socialActions", "socialActions"] == paths(replay)


def test_paging_to_the_end(replay: Replay) -> None:
    """Posts, comments and replies are followed to the page without a link to a next one."""
    urn = f"urn:li:comment:({ACTIVITY},1)"
    below = {
        POST: [comment(n, f"Spørgsmål {n}", replies=5 if n == 1 else 0) for n in range(1, 8)],
        urn: [comment(100 + n, f"Svar {n}") for n in range(5)],
    }
    posts = [post(), *[post(f"urn:li:ugcPost:{n}", hours=-50 - n) for n in range(6)]]
    result = replay.visit(Organisation(posts, below, size=2))
    assert (Outcome.COMPLETE, "", None) == outcome(result)
    kinds = [one.kind for one in replay.stored().values()]
    assert (7, 7, 5) == (kinds.count("post"), kinds.count("comment"), kinds.count("reply"))


def test_edit(replay: Replay) -> None:
    """A post's edit is seen at once; a comment's, which moves no number, with the daily reading of all."""
    page = Organisation(below={POST: [comment(1, "Hvad er lønen?")]})
    replay.visit(page)
    page.posts = [
        post(text="Vi søger en leder.", lastModifiedAt=millis(0.5), lifecycleStateInfo={"isEditedByAuthor": True})
    ]
    edited = comment(1, "Hvad er lønnen?")
    edited["lastModified"]["time"] = millis(0.5)
    page.below[POST] = [edited]
    replay.later().visit(page)
    assert ("Vi søger en leder.", ("Vi søger en ny leder.",)) == (replay.texts()[POST], replay.stored()[POST].versions)
    replay.later(24).visit(page)
    kept = replay.stored()[ident(1)]
    assert ("Hvad er lønnen?", ("Hvad er lønen?",)) == (kept.text, kept.versions)
    assert kept.edited_at is not None


def test_hide(replay: Replay) -> None:
    """LinkedIn can hide nothing and so tells nothing hidden; a thread that is closed to new comments stays visible."""
    page = Organisation(below={POST: [comment(1, "Grim tone")]})
    replay.visit(page)
    for _ in range(2):
        replay.later(24).visit(page)
    assert [] == replay.sightings()
    assert {"visible"} == {one.visibility for one in replay.stored().values()}


def test_delete(replay: Replay) -> None:
    """Not listed in two complete readings is gone, though the second finds the number as it was told before."""
    other = "urn:li:share:7120000000000000002"
    page = Organisation([post(), post(other)], {POST: [comment(1, "Slet mig"), comment(2, "Tak")]})
    replay.visit(page)
    page.posts.pop()
    page.below[POST].pop(0)
    replay.later().visit(page)
    assert [] == replay.sightings()
    replay.later().visit(page)
    assert [Sighting(ident(1), "visible", "gone"), Sighting(other, "visible", "gone")] == sorted(
        replay.sightings(), key=lambda one: one.message
    )


def test_a_post_that_is_refused_costs_its_own_comments_alone(replay: Replay) -> None:
    """Its comments are unreachable and not gone; where all are refused, somebody must act."""
    other = "urn:li:share:7120000000000000002"
    page = Organisation([post(), post(other)], {POST: [comment(1, "Hej")], other: [comment(2, "Hej")]})
    replay.visit(page)
    page.refused = {POST}
    assert Outcome.COMPLETE == replay.later(24).visit(page).outcome
    assert [Sighting(ident(1), "visible", "unreachable")] == replay.sightings()
    page.refused = {POST, other}
    result = replay.later(24).visit(page)
    assert (Outcome.PARTIAL, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)


def test_a_deleted_post_is_no_missing_permission(replay: Replay) -> None:
    """It is listed no more and its thread not shown, while those that are listed have no comments to show."""
    quiet = "urn:li:share:7120000000000000002"
    page = Organisation([post(), post(quiet)], {POST: [comment(1, "Hej"), comment(2, "Tak")]})
    replay.visit(page)
    page.posts.pop(0)
    page.below[POST].pop()
    page.refused = {POST}
    assert Outcome.COMPLETE == replay.later(24).visit(page).outcome


def test_repeated_ids(replay: Replay) -> None:
    """The same comment under the share's and the activity's URN, and twice on a page, is one."""
    twin = comment(1, "Hej") | {"commentUrn": "urn:li:comment:(activity:7120000000000000009,1)"}
    older = comment(1, "Hej") | {"$URN": f"urn:li:comment:({ACTIVITY},1)"}
    del older["commentUrn"]
    result = replay.visit(lambda request: _same(request, [comment(1, "Hej"), twin, older]))
    assert (Outcome.COMPLETE, 2) == (result.outcome, result.tally.new)
    assert [POST, ident(1)] == list(replay.stored())


def _same(request: httpx.Request, rows: list[Json]) -> httpx.Response:
    if "socialActions" not in request.url.path:
        return Organisation(below={POST: [comment(1, "Hej")]})(request)
    return httpx.Response(200, json={"paging": {"start": 0, "count": 100, "links": []}, "elements": rows})


def test_empty_page(replay: Replay) -> None:
    """An empty page with a link to a next one is no end; one that leads back to itself is refused."""
    page = Organisation(below={POST: [comment(1, "Hej")]})

    def answer(request: httpx.Request, start: int = 1) -> httpx.Response:
        if request.url.path == "/rest/posts" and request.url.params["start"] == "0":
            link = {"rel": "next", "href": f"/rest/posts?q=author&start={start}"}
            return httpx.Response(200, json={"paging": {"links": [link]}, "elements": []})
        if request.url.path == "/rest/posts":
            return httpx.Response(200, json={"paging": {"links": []}, "elements": page.posts})
        return page(request)

    assert Outcome.COMPLETE == replay.visit(answer).outcome
    assert [POST, ident(1)] == list(replay.stored())
    result = replay.later().visit(lambda request: answer(request, 0))
    assert ("ShapeError", Who.DEVELOPER) == outcome(result)[1:]


def test_too_many_requests(replay: Replay) -> None:
    """A day's limit is back at midnight UTC, another one when the answer says; nobody polls through it."""
    day = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
    result = replay.visit(lambda _: refusal(429, "TOO_MANY_REQUESTS", day, serviceErrorCode=101))
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert isinstance(result.error, ThrottledError)
    assert datetime(2026, 11, 23, tzinfo=UTC) == result.error.retry_at
    assert (1, []) == (len(replay.asked), replay.waits)
    page, refused = Organisation(), [httpx.Response(429, headers={"retry-after": "20"}, json={"status": 429})]
    result = replay.later().visit(lambda request: refused.pop() if refused else page(request))
    assert Outcome.COMPLETE == result.outcome
    assert max(replay.waits) >= 20


def test_expired_token(replay: Replay) -> None:
    """Sixty days are over, or the member took it back."""
    for answer in (
        refusal(401, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user"),
        refusal(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", serviceErrorCode=65601),
        httpx.Response(401),
    ):
        result = replay.visit(always(answer))
        assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert TOKEN not in replay.told()


def test_missing_permission(replay: Replay) -> None:
    """The app lacks a product or the member a role; it is no matter of one post, wherever it is told."""
    denied = refusal(403, "ACCESS_DENIED", "Not enough permissions to access: socialActionsV2", serviceErrorCode=100)
    result = replay.visit(lambda _: denied)
    assert (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    page = Organisation(below={POST: [comment(1, "Hej")]})
    result = replay.visit(lambda request: denied if "socialActions" in request.url.path else page(request))
    assert (Outcome.PARTIAL, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)


def test_removed_endpoint(replay: Replay) -> None:
    """A resource that is no more is a developer's; a version that is no more is a line in sideblik.toml."""
    gone = refusal(404, "RESOURCE_NOT_FOUND", "No virtual resource found")
    assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(replay.visit(lambda _: gone))
    old = refusal(426, "NONEXISTENT_VERSION", "Requested version 20260901 is not active")
    result = replay.visit(lambda _: old)
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(result)
    assert "202609" in str(result.error)
    assert "`version`" in str(result.error)


def test_server_error(replay: Replay) -> None:
    """Tried again some times, then left to the next visit."""
    broken = refusal(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(replay.visit(lambda _: broken))
    assert 4 == len(replay.asked)


def test_cut_body(replay: Replay) -> None:
    """What came before is kept, and the thread that was not read to its end is read by the next visit."""
    page = Organisation(below={POST: [comment(n, "Hej") for n in range(1, 6)]}, size=2)
    result = replay.torn(page, 3)
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(result)
    assert (3, 1) == (len(replay.stored()), replay.open_gaps())
    assert "ShapeError" == outcome(replay.later().visit(lambda _: cut_json('{"elements": [{')))[1]
    assert Outcome.COMPLETE == replay.later().visit(page).outcome
    assert (6, 0) == (len(replay.stored()), replay.open_gaps())


def test_wrong_content_type(replay: Replay) -> None:
    """A login page answered as 200, and JSON that is no list."""
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit(lambda _: web_page()))
    bodies: tuple[Any, ...] = ({}, [], {"elements": "none"}, {"elements": [1]}, {"elements": [{"id": 7}]})
    for body in bodies:
        result = replay.visit(always(httpx.Response(200, json=body)))
        assert ("ShapeError", Who.DEVELOPER) == outcome(result)[1:]


def test_clock_skew(replay: Replay) -> None:
    """A comment from the future by our clock, and one without any time, are stored; no time is made up."""
    never = comment(2, "Uden tid", created={}, lastModified={"time": "snart"})
    page = Organisation(below={POST: [comment(1, "Fra i morgen", 20), never]})
    assert Outcome.COMPLETE == replay.visit(page).outcome
    kept = replay.stored()
    assert (START + timedelta(hours=20)).isoformat()[:19] == str(kept[ident(1)].created_at)[:19]
    assert (None, None) == (kept[ident(2)].created_at, kept[ident(2)].edited_at)


def test_foreign_letters(replay: Replay) -> None:
    """Emoji, right to left and æøå come through as they were written."""
    page = Organisation(below={POST: [comment(n, text) for n, text in enumerate(FOREIGN, 1)]})
    assert Outcome.COMPLETE == replay.visit(page).outcome
    assert {ident(n): text for n, text in enumerate(FOREIGN, 1)}.items() <= replay.texts().items()


def test_off_unless_the_rule_is_accepted(tmp_path: Path) -> None:
    """Nothing is asked, and the message tells the rule and the line to write."""
    replay = Replay(tmp_path, made_up_page("linkedin", NUMBER))
    result = replay.visit([])
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(result)
    assert "48 hours" in str(result.error)
    assert 'accept_48_hours = "yes"' in str(result.error)
    assert timedelta(hours=48) == keep_limit("linkedin")


def test_no_members_name_is_kept(replay: Replay) -> None:
    """Whatever an answer holds of the writer, nothing but a salted key stays; names are shown in full here."""
    named = comment(1, "Hej") | {"actor~": {"localizedFirstName": "Åse", "localizedLastName": "Kær"}, "name": "Åse Kær"}
    replay.visit(Organisation(below={POST: [named]}))
    assert {""} == {one.author for one in replay.stored().values()}
    everything = repr([replay.rows(f'SELECT * FROM "{name}"') for (name,) in replay.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'")])  # fmt: skip
    assert "Åse" not in everything
    assert "urn:li:person" not in everything


def test_the_questions_are_as_the_protocol_demands(replay: Replay) -> None:
    """Headers on each, URNs encoded once, a list's own signs bare, and the token in its header alone."""
    urn = f"urn:li:comment:({ACTIVITY},1)"
    replay.visit(Organisation(below={POST: [comment(1, "Hej", replies=1)], urn: [comment(2, "Hej")]}))
    asked = [request.url.raw_path.decode() for request in replay.asked]
    ours, share = "urn%3Ali%3Aorganization%3A1045007", "urn%3Ali%3Ashare%3A7120000000000000001"
    assert f"/rest/posts?author={ours}&q=author&sortBy=LAST_MODIFIED&start=0&count=100" == asked[0]
    assert f"/rest/socialMetadata?ids=List({share})" == asked[1]
    assert f"/rest/socialActions/{share}/comments?start=0&count=100" == asked[2]
    below = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7120000000000000009%2C1%29"
    assert f"/rest/socialActions/{below}/comments?start=0&count=100" == asked[3]
    assert {("202609", "2.0.0", f"Bearer {TOKEN}")} == {
        tuple(one.headers[name] for name in ("linkedin-version", "x-restli-protocol-version", "authorization"))
        for one in replay.asked
    }
    assert TOKEN not in "".join(asked)


def test_nothing_changed_costs_two_calls(replay: Replay) -> None:
    """The posts and their numbers; once a day every thread is read, and a changed number leads to its own alone."""
    other = "urn:li:share:7120000000000000002"
    page = Organisation([post(), post(other)], {POST: [comment(1, "Hej")], other: [comment(2, "Hej")]})
    replay.visit(page)
    assert Outcome.COMPLETE == replay.later().visit(page).outcome
    assert ["posts", "socialMetadata"] == paths(replay)
    page.below[POST].append(comment(3, "Hej igen"))
    replay.later().visit(page)
    assert ["posts", "socialMetadata", "socialActions"] == paths(replay)
    assert ident(3) in replay.stored()
    replay.later(24).visit(page)
    assert 2 == paths(replay).count("socialActions")


def test_old_posts_that_draw_comments(replay: Replay) -> None:
    """Once a day, by their numbers: a post that left the look-back is not forgotten."""
    page = Organisation(below={POST: [comment(1, "Hej")]})
    replay.visit(page)
    page.below[POST].append(comment(2, "Er stillingen besat?"))
    for _ in range(20):
        replay.later(24).visit(Organisation([], page.below))
    assert ident(2) in replay.stored()


def test_a_daily_budget_is_kept(tmp_path: Path) -> None:
    """Where the operator says what the app may ask, no visit asks more, and midnight UTC begins anew."""
    replay = Replay(tmp_path, linkedin_page(daily_calls="5"), token="token-of-this-test")
    page = Organisation(below={POST: [comment(n, "Hej") for n in range(1, 40)]}, size=2)
    assert (Outcome.PARTIAL, "ThrottledError") == outcome(replay.visit(page))[:2]
    assert (5, "5") == (len(replay.asked), replay.memory()["units"])
    assert "ThrottledError" == outcome(replay.later().visit(page))[1]
    assert [] == replay.asked
    replay.later(10).visit(page)
    assert replay.asked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"Læs mere {hashtag|\#|ledigstilling} nu", "Læs mere #ledigstilling nu"),
        ("{hashtag|#|æøå_1}", "#æøå_1"),
        ("Tak til @[Nørreå Erhverv](urn:li:organization:7654321)!", "Tak til Nørreå Erhverv!"),
        (r"@[A \[B\]](urn:li:person:x)", "A [B]"),
        (r"3 \* 4 \_ 5 \\ 6 \(7\) \{8\} \@ \| \< \> \~ \#9", r"3 * 4 _ 5 \ 6 (7) {8} @ | < > ~ #9"),
        (r"C:\ny mappe", r"C:\ny mappe"),
        ("En @ uden navn [og] (parentes) {krølle}", "En @ uden navn [og] (parentes) {krølle}"),
        ("", ""),
    ],
)
def test_little_text(written: str, shown: str) -> None:
    """Markup becomes what a reader sees; what is none stays as it is."""
    assert shown == little(written)


def test_attachments_of_a_post() -> None:
    """Articles, pictures, videos and polls; a draft is no post."""
    owner = Owner("siden", OURS)
    article = {
        "article": {"source": "https://noerreaa.example/job?utm_source=li", "title": "Leder", "description": "Frist"}
    }
    many = {
        "multiImage": {"images": [{"id": "urn:li:image:a", "altText": "Legeplads"}]},
        "media": {"id": "urn:li:video:b"},
    }
    poll = {"poll": {"question": "Hvornår passer det?", "options": [{"text": "Nu"}]}}
    found = [parse_post(post(content=content), owner) for content in (article, many, poll)]
    assert [
        (Attachment("link", "https://noerreaa.example/job", "Leder\nFrist"),),
        (Attachment("video"), Attachment("photo", "", "Legeplads")),
        (Attachment("file", "", "Hvornår passer det?"),),
    ] == [one.attachments for one in found if one]
    assert parse_post(post(lifecycleState="DRAFT"), owner) is None


@pytest.mark.parametrize("value", [None, 5, [], {}, "x", True])
def test_odd_values_cost_a_field_and_not_the_message(value: Any) -> None:
    """A comment may lack its writer, its text and its times."""
    row = comment(1, "Hej") | dict.fromkeys(
        ("actor", "created", "lastModified", "message", "content", "commentsSummary", "parentComment"), value
    )
    message = parse_comment(row, POST, Owner("siden", OURS))
    assert (ident(1), "") == (message.message_id, message.text)
    assert ident(1) == comment_id({"id": "1", "object": ACTIVITY})


def test_settings_that_cannot_be_right(tmp_path: Path) -> None:
    """Version, reference and token are looked at before anything is asked."""
    for at, page in enumerate((
        linkedin_page(version="2026-09"),
        made_up_page("linkedin", "norreaa", accept_48_hours="yes"),
        linkedin_page(daily_calls="many"),
    )):  # fmt: skip
        assert ("PageSetupError", Who.OPERATOR) == outcome(Replay(tmp_path / str(at), page).visit([]))[1:]
    replay = Replay(tmp_path / "none", linkedin_page(), token=None)
    assert ("TokenError", Who.PAGE_ADMINISTRATOR) == outcome(replay.visit([]))[1:]
