"""Bluesky replayed: answers of the network in their recorded shape, with made-up people, visited and stored."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.errors import ThrottledError
from data.errors import Who
from data.types import Outcome
from tests.replaying import (
    FOREIGN,
    PEOPLE,
    START,
    Replay,
    Sighting,
    cut_json,
    made_up_page,
    outcome,
    web_page,
)

DID = "did:plc:noerreaaskole00000000000"
HANDLE = "skolen.noerreaa.example"
PASSWORD = "SECRET-app-password"
Json = dict[str, Any]


def uri(number: int, who: int | None = None) -> str:
    return f"at://{DID if who is None else f'did:plc:borger{who}'}/app.bsky.feed.post/3m5k{number}"


def post(number: int, text: str, hours: float = -24, who: int | None = None, **more: Any) -> Json:
    """A post of the page, or of a made-up person; `to` is the post above, `root` the top of its thread."""
    at = (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.735Z")
    record: Json = {"$type": "app.bsky.feed.post", "createdAt": more.pop("created", at), "langs": ["da"], "text": text}
    record |= more.pop("record", {})
    if to := more.pop("to", None):
        record["reply"] = {"root": {"uri": more.pop("root", to), "cid": "b"}, "parent": {"uri": to, "cid": "b"}}
    did = DID if who is None else f"did:plc:borger{who}"
    author = {"did": did, "handle": f"h{who}.example", "displayName": "" if who is None else PEOPLE[who], "labels": []}
    return {"uri": uri(number, who), "cid": "b", "author": author | more.pop("author", {}), "record": record,
            "replyCount": 0, "likeCount": 0, "indexedAt": at, "labels": [], **more}  # fmt: skip


@dataclass
class Network:
    """What the network holds: the page's posts, others' posts, everything below them, and who is told of it."""

    posts: list[Json] = field(default_factory=lambda: [post(1, "Vi holder åbent hus.")])
    below: list[Json] = field(default_factory=list)
    others: list[Json] = field(default_factory=list)
    told: list[tuple[str, Json]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    size: int = 100
    depth: int = 1000
    reposts: list[Json] = field(default_factory=list)
    access: str = "access-1"
    logins: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:  # noqa: PLR0911, one answer a method
        asked = request.url.params
        given = request.headers.get("authorization", "")
        match request.url.path.removeprefix("/xrpc/"):
            case "com.atproto.server.createSession" | "com.atproto.server.refreshSession":
                self.logins += 1
                if not given and json.loads(request.content)["password"] != PASSWORD:
                    return refusal(401, "AuthenticationRequired")
                return httpx.Response(200, json={"did": DID, "accessJwt": self.access, "refreshJwt": "refresh"})
            case _ if given and given != f"Bearer {self.access}":
                return refusal(400, "ExpiredToken")
            case "com.atproto.identity.resolveHandle":
                return httpx.Response(200, json={"did": DID})
            case "app.bsky.feed.getAuthorFeed":
                feed = [{"post": self._counted(one)} for one in self.posts] + self.reposts
                return self._page(request, "feed", feed)
            case "app.bsky.feed.getPosts":
                wanted = asked.get_list("uris")
                found = [self._counted(one) for one in (*self.posts, *self.others) if one["uri"] in wanted]
                return httpx.Response(200, json={"posts": found})
            case "app.bsky.notification.listNotifications":
                rows = [
                    {"uri": one["uri"], "cid": "b", "author": one["author"], "reason": reason, "record": one["record"],
                     "isRead": False, "indexedAt": one["indexedAt"]}
                    for reason, one in self.told
                ]  # fmt: skip
                return self._page(request, "notifications", rows)
            case "app.bsky.feed.getPostThread":
                return self._thread(asked["uri"])
        return httpx.Response(404, json={"error": "XRPCNotSupported"})

    def _counted(self, one: Json) -> Json:
        direct = [row for row in self.below if row["record"]["reply"]["parent"]["uri"] == one["uri"]]
        return {**one, "replyCount": one["replyCount"] or len(direct)}

    def _page(self, request: httpx.Request, name: str, rows: list[Json]) -> httpx.Response:
        start = int(request.url.params.get("cursor", "0"))
        body: Json = {name: rows[start : start + self.size]}
        if start + self.size < len(rows):
            body["cursor"] = str(start + self.size)
        return httpx.Response(200, json=body)

    def _thread(self, top: str) -> httpx.Response:
        found = [one for one in (*self.posts, *self.others, *self.below) if one["uri"] == top]
        if not found:
            return refusal(400, "NotFound")
        gate = {"record": {"post": top, "hiddenReplies": self.hidden}} if self.hidden else {}
        return httpx.Response(200, json={"thread": self._node(found[0], 0), "threadgate": gate})

    def _node(self, one: Json, depth: int) -> Json:
        node: Json = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._counted(one)}
        if depth < self.depth:
            direct = [row for row in self.below if row["record"]["reply"]["parent"]["uri"] == one["uri"]]
            node["replies"] = [self._node(row, depth + 1) for row in direct]
            node["replies"].append({"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(999, 3), "blocked": True})
            node["replies"].append({"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(998, 3), "notFound": True})
        return node


def refusal(code: int, name: str, **headers: str) -> httpx.Response:
    return httpx.Response(code, json={"error": name, "message": f"Refused for {PEOPLE[0]}"}, headers=headers)


def reply(number: int, text: str, to: str = uri(1), who: int | None = 0, **more: Any) -> Json:
    return post(number, text, -20, who, to=to, root=more.pop("root", uri(1)), **more)


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, made_up_page("bluesky", HANDLE), token=None)


def methods(replay: Replay) -> list[str]:
    return [request.url.path.rpartition(".")[2] for request in replay.asked]


def test_first_page(replay: Replay) -> None:
    """A post, a reply and an answer: kinds, threads, who wrote what; a repost is no post of the page."""
    repost = {"post": post(50, "En andens", who=2), "reason": {"$type": "app.bsky.feed.defs#reasonRepost",
                                                              "indexedAt": "2026-11-22T10:00:00Z"}}  # fmt: skip
    answer = reply(3, "Kl. 10.", uri(2, 0), None)
    network = Network(below=[reply(2, "Hvornår?"), answer], reposts=[repost])
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(network))
    kept = replay.stored()
    told = [(kept[one].kind, kept[one].by_page, kept[one].parent) for one in (uri(1), uri(2, 0), uri(3))]
    assert [("post", True, None), ("comment", False, uri(1)), ("reply", True, uri(2, 0))] == told
    assert 3 == len(kept)
    assert {"public.api.bsky.app"} == {request.url.host for request in replay.asked}
    assert [f"https://bsky.app/profile/{DID}/post/3m5k1"] == [
        row[0] for row in replay.rows("SELECT url FROM messages WHERE message_id = ?", uri(1))
    ]


def test_facets_count_bytes(replay: Replay) -> None:
    """A shortened link becomes the address that it leads to, also behind æøå and emoji."""
    text = "Ågade lukkes 🚧 Læs på noerreaa.example/aag… i dag"
    start = len(text[: text.index("noerreaa")].encode())
    index = {"byteStart": start, "byteEnd": start + len("noerreaa.example/aag…".encode())}
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://noerreaa.example/aagade"}
    facet = {"index": index, "features": [feature]}
    replay.visit(Network([post(1, text, record={"facets": [facet]})]))
    assert "Ågade lukkes 🚧 Læs på https://noerreaa.example/aagade i dag" == replay.texts()[uri(1)]


def test_who_asks_for_members_only_is_left_out(replay: Replay) -> None:
    """The label is respected on the public host; with a login Sideblik is a member like others."""
    label = {"labels": [{"val": "!no-unauthenticated", "src": "did:plc:borger0"}]}
    network = Network(below=[reply(2, "Kun for medlemmer", author=label), reply(3, "For alle", who=1)])
    replay.visit(network)
    assert {uri(1), uri(3, 1)} == set(replay.texts())
    replay.later(7).visit(network, token=PASSWORD)
    assert uri(2, 0) in replay.texts()


def test_mentions(replay: Replay) -> None:
    """With a login: a mention is a visitor's post, an answer deep in the page's own thread makes it be read again."""
    question = post(10, "@skolen hvornår åbner I?", -5, 1)
    network = Network(below=[reply(2, "Ja")], others=[question], told=[("mention", question)])
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(network, token=PASSWORD))
    assert ("post", False) == (replay.stored()[uri(10, 1)].kind, replay.stored()[uri(10, 1)].by_page)
    deep = reply(4, "Et svar til svaret", uri(2, 0), 1)
    network.below.append(deep)
    network.told.insert(0, ("reply", deep))
    replay.later().visit(network, token=PASSWORD)
    assert "Et svar til svaret" == replay.texts()[uri(4, 1)]
    network.told.clear()
    for _ in range(3):
        assert Outcome.COMPLETE == replay.later(7).visit(network, token=PASSWORD).outcome
    assert [] == replay.sightings()


def test_paging_to_the_end(replay: Replay) -> None:
    """Cursors are followed, also over an empty page; the look-back's edge ends the reading."""
    network = Network([post(n, f"Opslag {n}", -n * 10) for n in range(1, 41)], size=5)
    assert Outcome.COMPLETE == replay.visit(network).outcome
    assert 33 == len(replay.texts())
    assert len(replay.asked) <= 1 + 7
    empty = httpx.Response(200, json={"feed": [], "cursor": "x"})
    last = httpx.Response(200, json={"feed": [{"post": post(60, "Efter en tom side", -1)}]})
    pages = iter([empty, last])

    def holes(request: httpx.Request) -> httpx.Response:
        return next(pages) if request.url.path.endswith("getAuthorFeed") else network(request)

    replay.later().visit(holes)
    assert uri(60) in replay.texts()


def test_what_is_too_deep_is_asked_for(replay: Replay) -> None:
    """A thread that ends before its replies do is read on from there."""
    below = [reply(2, "Et"), reply(3, "To", uri(2, 0)), reply(4, "Tre", uri(3, 0)), reply(5, "Fire", uri(4, 0))]
    assert Outcome.COMPLETE == replay.visit(Network(below=below, depth=2)).outcome
    assert {"Et", "To", "Tre", "Fire"} <= set(replay.texts().values())
    assert {uri(1)} == {one.thread for one in replay.stored().values()}


def test_nothing_new_costs_one_call(replay: Replay) -> None:
    """Two with a login; threads are read again every six hours, for replies to replies."""
    network = Network(below=[reply(2, "Hvornår?")])
    replay.visit(network)
    replay.later().visit(network)
    assert ["getAuthorFeed"] == methods(replay)
    network.below.append(reply(3, "Et svar til svaret", uri(2, 0), 1))
    replay.later(7).visit(network)
    assert uri(3, 1) in replay.texts()
    replay.later().visit(network, token=PASSWORD)
    replay.later().visit(network, token=PASSWORD)
    assert ["getAuthorFeed", "listNotifications"] == methods(replay)[-2:]


def test_edit(replay: Replay) -> None:
    """There are no edits: a changed text is a deletion and a new post, and both are kept."""
    network = Network(below=[reply(2, "Hvornaar?")])
    replay.visit(network)
    network.below = [reply(3, "Hvornår?")]
    for _ in range(2):
        replay.later(7).visit(network)
    kept = replay.stored()
    assert ("gone", "visible") == (kept[uri(2, 0)].visibility, kept[uri(3, 0)].visibility)
    assert {()} == {one.versions for one in kept.values()}


def test_hide(replay: Replay) -> None:
    """The page hides a reply by its threadgate: it is told as hidden, and as shown again."""
    network = Network(below=[reply(2, "Hvornår?")])
    replay.visit(network)
    network.hidden = [uri(2, 0)]
    replay.later(7).visit(network)
    network.hidden = []
    replay.later(7).visit(network)
    assert [Sighting(uri(2, 0), "visible", "hidden"), Sighting(uri(2, 0), "hidden", "visible")] == replay.sightings()


def test_delete(replay: Replay) -> None:
    """A post that no list holds is asked for by its address: left out twice is gone; an old one alike."""
    network = Network([post(1, "Et"), post(2, "To"), post(3, "Gammelt", -300)])
    replay.visit(network)
    replay.clock.move(3 * 86400)
    network.posts = network.posts[:1]
    for _ in range(2):
        assert Outcome.COMPLETE == replay.later(7).visit(network).outcome
    assert {Sighting(uri(2), "visible", "gone"), Sighting(uri(3), "visible", "gone")} == set(replay.sightings())


def test_repeated_ids(replay: Replay) -> None:
    """The same post twice, on a page and across pages, counts once."""
    network = Network([post(1, "Et"), post(1, "Et"), post(2, "To")], size=2)
    assert 2 == replay.visit(network).tally.new


def test_empty_page(replay: Replay) -> None:
    """An account without posts is complete, and has nothing."""
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(Network([])))
    assert {} == replay.texts()


def test_too_many_requests(replay: Replay) -> None:
    """The reset is in epoch seconds; until then nobody asks."""
    resets = int((START + timedelta(minutes=10)).timestamp())
    headers = {"ratelimit-limit": "3000", "ratelimit-remaining": "0", "ratelimit-reset": str(resets)}
    result = replay.visit([refusal(429, "RateLimitExceeded", **headers)])
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert isinstance(result.error, ThrottledError)
    assert START + timedelta(minutes=10) == result.error.retry_at


def test_expired_token(replay: Replay) -> None:
    """A session that is over (HTTP 400) is renewed and the question asked once more; a wrong password is told."""
    network = Network()
    replay.visit(network, token=PASSWORD)
    network.access, network.logins = "access-2", 0
    assert (Outcome.COMPLETE, "", None) == outcome(replay.later().visit(network, token=PASSWORD))
    assert (1, "refreshSession") == (network.logins, next(one for one in methods(replay) if "Session" in one))
    result = replay.later().visit(network, token="SECRET-wrong")
    assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert [] == [word for word in ("SECRET", "access-", 'refresh"') if word in replay.told() + str(replay.memory())]


def test_missing_permission(replay: Replay) -> None:
    """A host that refuses, and an account that blocks whoever asks."""
    told = (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR)
    assert told == outcome(replay.visit([httpx.Response(403, html="<html>Forbidden by rules</html>")]))
    assert told == outcome(replay.later().visit([refusal(400, "BlockedByActor")]))


def test_removed_endpoint(replay: Replay) -> None:
    """A method that is not served any more; an account that nobody knows is another matter."""
    assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(
        replay.visit([refusal(501, "MethodNotImplemented")])
    )
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(
        replay.later().visit([refusal(400, "InvalidRequest")])
    )


def test_server_error(replay: Replay) -> None:
    """It passes; what was stored stays as it was."""
    replay.visit(Network())
    down = refusal(502, "UpstreamFailure")
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(replay.later().visit(lambda _: down))
    assert "visible" == replay.stored()[uri(1)].visibility


def test_cut_body(replay: Replay) -> None:
    """Half an answer is none: a thread is not taken for a shorter one."""
    network = Network(below=[reply(2, "Hvornår?")])
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(replay.torn(network, at=2))
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.later().visit([cut_json()]))
    replay.later().visit(network)
    assert {uri(1), uri(2, 0)} == set(replay.texts())


def test_wrong_content_type(replay: Replay) -> None:
    """A proxy's web page with 200 is no empty list."""
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit([web_page()]))


def test_clock_skew(replay: Replay) -> None:
    """The writer's app may say any time: the earlier of its time and the server's counts."""
    ahead, behind = (
        reply(2, "Fra fremtiden", created="2031-01-01T00:00:00Z"),
        reply(3, "Uden", created="nonsense", who=1),
    )
    assert Outcome.COMPLETE == replay.visit(Network(below=[ahead, behind])).outcome
    times = {str(replay.stored()[one].created_at)[:10] for one in (uri(2, 0), uri(3, 1))}
    assert {"2026-11-21"} == times


def test_foreign_letters(replay: Replay) -> None:
    """Emoji, right to left, and the Danish letters."""
    replay.visit(Network(below=[reply(20 + n, text) for n, text in enumerate(FOREIGN)]))
    assert list(FOREIGN) == [replay.texts()[uri(20 + n, 0)] for n in range(3)]
