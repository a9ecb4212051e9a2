"""YouTube replayed: answers of the Data API v3 in their recorded shape, with made-up people, visited and stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
    TOKEN,
    Replay,
    Reply,
    Sighting,
    cut_json,
    made_up_page,
    outcome,
    web_page,
)

CHANNEL = "UCnoerreaaSkole000000001"
UPLOADS = "UUnoerreaaSkole000000001"
OWNER_TOKEN = "ya29.SECRET-token-of-the-owner"
Json = dict[str, Any]


def stamp(hours: float) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def video(ident: str, title: str = "Sådan søger du plads", hours: float = -48, comments: str | None = None) -> Json:
    return {"id": ident, "title": title, "at": stamp(hours), "comments": comments}


def comment(ident: str, text: str, hours: float = -24, who: int = 0, **more: Any) -> Json:
    writer = {"value": more.pop("channel", f"UCborger{who}")}
    snippet = {
        "channelId": CHANNEL, "videoId": "video-1", "textDisplay": text, "textOriginal": text,
        "authorDisplayName": f"@{PEOPLE[who]}", "authorChannelId": writer, "likeCount": 0,
        "publishedAt": stamp(hours), "updatedAt": stamp(hours), **more,
    }  # fmt: skip
    return {"kind": "youtube#comment", "etag": "e", "id": ident, "snippet": snippet}


def thread(top: Json, *replies: Json, total: int | None = None, video: str | None = "video-1") -> Json:
    snippet = {"channelId": CHANNEL, "topLevelComment": top, "canReply": True, "isPublic": True,
               "totalReplyCount": len(replies) if total is None else total}  # fmt: skip
    row: Json = {"kind": "youtube#commentThread", "etag": "t", "id": top["id"], "snippet": snippet}
    if video is None:
        del top["snippet"]["videoId"]
    else:
        snippet["videoId"] = top["snippet"]["videoId"] = video
    if replies:
        row["replies"] = {"comments": list(replies)}
    return row


@dataclass
class Channel:
    """A channel that answers as the API does; `size` is how much it puts on a page, `etags` whether it knows 304."""

    videos: list[Json] = field(default_factory=lambda: [video("video-1")])
    threads: list[Json] = field(default_factory=list)
    replies: dict[str, list[Json]] = field(default_factory=dict)
    held: list[Json] = field(default_factory=list)
    off: set[str] = field(default_factory=set)
    size: int = 100
    etags: bool = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        match request.url.path.rpartition("/")[2]:
            case "channels":
                lists = {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}}
                return self._list(request, [{"kind": "youtube#channel", "id": CHANNEL, "contentDetails": lists}])
            case "playlistItems":
                return self._list(request, [_upload(one) for one in self.videos])
            case "videos":
                wanted = asked["id"].split(",")
                return self._list(request, [self._video(one) for one in self.videos if one["id"] in wanted])
            case "commentThreads":
                return self._threads(request)
            case "comments":
                return self._list(request, self.replies[asked["parentId"]])
        return httpx.Response(404)

    def _threads(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        if "videoId" in asked and asked["videoId"] in self.off:
            return refusal(403, "commentsDisabled", "youtube.commentThread")
        rows = self.held if asked.get("moderationStatus") == "heldForReview" else self.threads
        rows = [] if asked.get("moderationStatus") == "rejected" else rows
        mine = [one for one in rows if asked.get("videoId") in (None, one["snippet"].get("videoId"))]
        return self._list(request, sorted(mine, key=_time, reverse=True))

    def _video(self, one: Json) -> Json:
        below = [row for row in self.threads if row["snippet"].get("videoId") == one["id"]]
        count = one["comments"] or str(len(below) + sum(row["snippet"]["totalReplyCount"] for row in below))
        statistics = {"viewCount": "31"} | ({} if one["id"] in self.off else {"commentCount": count})
        snippet = {"publishedAt": one["at"], "channelId": CHANNEL, "title": one["title"], "description": "",
                   "channelTitle": "Nørreå Skole"}  # fmt: skip
        return {"kind": "youtube#video", "id": one["id"], "snippet": snippet, "statistics": statistics,
                "status": {"privacyStatus": "public"}}  # fmt: skip

    def _list(self, request: httpx.Request, rows: list[Json]) -> httpx.Response:
        start = int(request.url.params.get("pageToken", "p0")[1:])
        etag = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]
        if self.etags and request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers={"etag": etag})
        body: Json = {"kind": "youtube#someListResponse", "etag": etag, "pageInfo": {"resultsPerPage": self.size}}
        if start + self.size < len(rows):
            body["nextPageToken"] = f"p{start + self.size}"
        return httpx.Response(200, json=body | {"items": rows[start : start + self.size]}, headers={"etag": etag})


def _upload(one: Json) -> Json:
    snippet = {"publishedAt": one["at"], "channelId": CHANNEL, "title": one["title"], "description": "",
               "channelTitle": "Nørreå Skole", "resourceId": {"videoId": one["id"]}}  # fmt: skip
    details = {"videoId": one["id"], "videoPublishedAt": one["at"]}
    return {"kind": "youtube#playlistItem", "id": f"item-{one['id']}", "snippet": snippet, "contentDetails": details,
            "status": {"privacyStatus": "public"}}  # fmt: skip


def _time(row: Json) -> str:
    return str(row["snippet"]["topLevelComment"]["snippet"]["publishedAt"])


def refusal(code: int, reason: str, domain: str = "youtube.quota", **more: Any) -> httpx.Response:
    told = f'The <a href="/youtube/v3">request</a> by {PEOPLE[0]} cannot be completed.'
    row = {"message": told, "domain": domain, "reason": reason}
    return httpx.Response(code, json={"error": {"code": code, "message": told, "errors": [row], **more}})


def always(answer: httpx.Response) -> Reply:
    """The same answer to every question."""
    return lambda _: answer


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, made_up_page("youtube", CHANNEL))


def paths(replay: Replay) -> list[str]:
    return [request.url.path.rpartition("/")[2] for request in replay.asked]


def test_first_page(replay: Replay) -> None:
    """A video, a comment, a citizen's reply and the channel's own answer, each once and in its place."""
    answer = comment("c1.r2", "På mandag.", -20, channel=CHANNEL)
    channel = Channel(
        threads=[thread(comment("c1", "Hvornår åbner I?"), comment("c1.r1", "Ja, hvornår?", -22, 1), answer)]
    )
    result = replay.visit(channel)
    assert (Outcome.COMPLETE, "", None) == outcome(result)
    kept = replay.stored()
    assert {"video-1", "c1", "c1.r1", "c1.r2"} == kept.keys()
    assert [("post", None), ("comment", "video-1"), ("reply", "c1"), ("reply", "c1")] == [
        (one.kind, one.parent) for one in kept.values()
    ]
    assert {"video-1"} == {one.thread for one in kept.values()}
    assert [True, False, False, True] == [one.by_page for one in kept.values()]
    assert ["channels", "playlistItems", "commentThreads", "videos"] == paths(replay)


def test_paging_to_the_end(replay: Replay) -> None:
    """Uploads, threads and replies are followed to the page without a next one."""
    threads = [thread(comment(f"c{n}", f"Spørgsmål {n}", -24 - n)) for n in range(7)]
    replies = [comment(f"c0.r{n}", f"Svar {n}", -20, parentId="c0") for n in range(9)]
    threads[0] = thread(comment("c0", "Spørgsmål 0", -24), *replies[:5], total=9)
    videos = [video(f"video-{n}", hours=-48 - n) for n in range(1, 6)]
    result = replay.visit(Channel(videos, threads, {"c0": replies}, size=2))
    assert (Outcome.COMPLETE, "", None) == outcome(result)
    kinds = [one.kind for one in replay.stored().values()]
    assert (5, 7, 9) == (kinds.count("post"), kinds.count("comment"), kinds.count("reply"))


def test_the_look_back_ends_the_reading(replay: Replay) -> None:
    """Older uploads and threads are not paged through."""
    threads = [thread(comment(f"c{n}", "Hej", -24 if n < 2 else -24 * 40)) for n in range(20)]
    videos = [video(f"video-{n}", hours=-48 if n < 3 else -24 * 60, comments="2") for n in range(1, 20)]
    replay.visit(Channel(videos, threads, size=2))
    assert (2, 2) == (paths(replay).count("playlistItems"), paths(replay).count("commentThreads"))


def test_edit(replay: Replay) -> None:
    """An edited comment and a new title are versions, though the number of comments is the same."""
    channel = Channel(threads=[thread(comment("c1", "Hvad koster det"))])
    replay.visit(channel)
    channel.threads = [thread(comment("c1", "Hvad koster det nu?", updatedAt=stamp(-1)))]
    channel.videos = [video("video-1", "Sådan søger du en plads")]
    result = replay.later().visit(channel)
    kept = replay.stored()["c1"]
    assert ("Hvad koster det nu?", ("Hvad koster det",)) == (kept.text, kept.versions)
    assert 2 == result.tally.edited


def test_hide(tmp_path: Path) -> None:
    """What the owner holds back is listed to the owner alone, and then it is hidden and not gone."""
    page = made_up_page("youtube", CHANNEL, held_comments="yes")
    replay = Replay(tmp_path, page, token=OWNER_TOKEN)
    channel = Channel(threads=[thread(comment("c1", "Grim tone")), thread(comment("c2", "Tak"))])
    replay.visit(channel)
    channel.held = [channel.threads.pop(0)]
    for _ in range(3):
        assert Outcome.COMPLETE == replay.later().visit(channel).outcome
    assert [Sighting("c1", "visible", "hidden")] == replay.sightings()
    assert all(f"Bearer {OWNER_TOKEN}" == request.headers["authorization"] for request in replay.asked)


def test_hidden_looks_removed_to_a_key(replay: Replay) -> None:
    """An API key is not shown what is held back: without the owner's token it cannot be told from a deletion."""
    channel = Channel(threads=[thread(comment("c1", "Grim tone")), thread(comment("c2", "Tak"))])
    replay.visit(channel)
    channel.threads.pop(0)
    for _ in range(3):
        replay.later().visit(channel)
    assert [Sighting("c1", "visible", "gone")] == replay.sightings()
    assert "moderationStatus" not in str([request.url for request in replay.asked])


def test_delete(replay: Replay) -> None:
    """Not listed in two complete readings is gone, also where the second one would have been a 304."""
    channel = Channel(
        [video("video-1"), video("video-2")],
        [
            thread(comment("c1", "Slet mig")),
            thread(comment("c2", "Tak")),
            thread(comment("c3", "Hej"), video="video-2"),
        ],
    )
    replay.visit(channel)
    channel.threads.pop(0)
    channel.videos.pop(1)
    channel.threads.pop(1)
    replay.later().visit(channel)
    assert [] == replay.sightings()
    replay.later().visit(channel)
    assert {"c1", "video-2", "c3"} == {one.message for one in replay.sightings()}
    assert {"gone"} == {one.became for one in replay.sightings()}


def test_a_broken_reading_removes_nothing(replay: Replay) -> None:
    """Threads that a failed visit did not come to are not missed."""
    channel = Channel(threads=[thread(comment(f"c{n}", "Hej", -24 - n)) for n in range(6)], size=2)
    replay.visit(channel)
    for _ in range(3):
        channel.threads = channel.threads[1:]
        assert Outcome.PARTIAL == replay.later().torn(channel, 2).outcome
    assert [] == replay.sightings()


def test_repeated_ids(replay: Replay) -> None:
    """A thread that slid onto the next page meanwhile is stored once."""
    one = thread(comment("c1", "Hej"), comment("c1.r1", "Hej hej"))
    result = replay.visit(Channel(threads=[one, one, one], size=2))
    assert (Outcome.COMPLETE, 3) == (result.outcome, result.tally.new)
    assert {"video-1", "c1", "c1.r1"} == replay.stored().keys()


def test_empty_page(replay: Replay) -> None:
    """An empty page with a next one is no end; a channel without any video is an empty list, and no error."""
    channel = Channel(threads=[thread(comment("c1", "Hej"))])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("commentThreads") and "pageToken" not in request.url.params:
            return httpx.Response(
                200, json={"kind": "youtube#commentThreadListResponse", "nextPageToken": "p0", "items": []}
            )
        return channel(request)

    assert Outcome.COMPLETE == replay.visit(answer).outcome
    assert "c1" in replay.stored()


def test_a_channel_without_videos(replay: Replay) -> None:
    """Its list of uploads does not exist, which says nothing bad of the page."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("playlistItems"):
            return refusal(404, "playlistNotFound", "youtube.playlistItem")
        return Channel([])(request)

    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(answer))
    assert {} == replay.stored()


def test_too_many_requests(replay: Replay) -> None:
    """A spent quota is a 403 and is back at midnight Pacific time; too many in a minute is waited out."""
    result = replay.visit(lambda _: refusal(403, "quotaExceeded"))
    assert (Outcome.FAILED, "ThrottledError", Who.NOBODY) == outcome(result)
    assert isinstance(result.error, ThrottledError)
    assert datetime(2026, 11, 23, 8, tzinfo=UTC) == result.error.retry_at
    assert (1, []) == (len(replay.asked), replay.waits)

    channel, refused = Channel(), [refusal(403, "rateLimitExceeded", "usageLimits")]
    result = replay.later().visit(lambda request: refused.pop() if refused else channel(request))
    assert Outcome.COMPLETE == result.outcome
    assert replay.waits


def test_expired_token(replay: Replay) -> None:
    """A dead key is a 400, a dead OAuth token a 401, and its own service answers a bare word."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
    for answer in (
        refusal(400, "badRequest", "global", status="INVALID_ARGUMENT", details=details),
        refusal(401, "authError", "global"),
        httpx.Response(400, json={"error": "invalid_grant", "error_description": "Token has been expired or revoked."}),
    ):
        result = replay.visit(always(answer))
        assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    assert TOKEN not in replay.told()


def test_missing_permission(replay: Replay) -> None:
    """Also the recorded 403 whose reason says that a service is unavailable; comments switched off is none."""
    for answer in (
        refusal(403, "insufficientPermissions", "youtube.common"),
        refusal(403, "SERVICE_UNAVAILABLE", "youtube.CoreErrorDomain", status="PERMISSION_DENIED"),
    ):
        result = replay.visit(always(answer))
        assert (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR) == outcome(result)
    result = replay.visit(lambda _: refusal(403, "accessNotConfigured", "usageLimits"))
    assert ("PageSetupError", Who.OPERATOR) == outcome(result)[1:]


def test_comments_switched_off(replay: Replay) -> None:
    """Nobody may read on under that video: its comments are unreachable, the others' are as they were."""
    channel = Channel(
        [video("video-1"), video("video-2")],
        [thread(comment("c1", "Hej")), thread(comment("c2", "Hej"), video="video-2")],
    )
    replay.visit(channel)
    channel.off, channel.threads = {"video-1"}, channel.threads[1:]
    for _ in range(3):
        assert Outcome.COMPLETE == replay.later().visit(channel).outcome
    assert [Sighting("c1", "visible", "unreachable")] == replay.sightings()


def test_removed_endpoint(replay: Replay) -> None:
    """A method that is no more, with the platform's words or with a web page, is a developer's to mend."""
    for answer in (
        refusal(404, "notFound", "global"),
        refusal(410, "gone", "global"),
        refusal(400, "unexpectedPart", "youtube.part"),
    ):
        result = replay.visit(always(answer))
        assert (Outcome.FAILED, "EndpointGoneError", Who.DEVELOPER) == outcome(result)


def test_server_error(replay: Replay) -> None:
    """Tried again some times, then left to the next visit; each try cost a unit."""
    replay.token = "key-of-this-test-alone"
    result = replay.visit(lambda _: refusal(503, "backendError", "global"))
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(result)
    assert 4 == len(replay.asked)

    channel, broken = Channel(threads=[thread(comment("c1", "Hej"))]), [refusal(400, "processingFailure")]
    result = replay.visit(
        lambda request: broken.pop() if broken and "Threads" in request.url.path else channel(request)
    )
    assert Outcome.COMPLETE == result.outcome
    assert str(4 + len(replay.asked)) == replay.memory()["units"]


def test_cut_body(replay: Replay) -> None:
    """What came before is kept, the rest is a gap; a whole answer that is half a document is a wrong shape."""
    channel = Channel(threads=[thread(comment("c1", "Hej"))])
    result = replay.torn(channel, 2)
    assert (Outcome.PARTIAL, "NetworkError", Who.NOBODY) == outcome(result)
    assert (1, 1) == (len(replay.stored()), replay.open_gaps())
    assert ("ShapeError", Who.DEVELOPER) == outcome(replay.later().visit(lambda _: cut_json('{"items": [{"id"')))[1:]
    assert Outcome.COMPLETE == replay.later().visit(channel).outcome
    assert (3 - 1, 0) == (len(replay.stored()), replay.open_gaps())


def test_wrong_content_type(replay: Replay) -> None:
    """A login page answered as 200, and JSON that is no list."""
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.visit(lambda _: web_page()))
    bodies: tuple[Any, ...] = ({}, [], {"items": "none"}, {"items": [1]})
    for body in bodies:
        result = replay.visit(always(httpx.Response(200, json=body)))
        assert ("ShapeError", Who.DEVELOPER) == outcome(result)[1:]


def test_clock_skew(replay: Replay) -> None:
    """A comment from the future by our clock, and one without any time, are stored; no time is made up."""
    late, never = comment("c1", "Fra i morgen", 20), comment("c2", "Uden tid")
    never["snippet"] |= {"publishedAt": "", "updatedAt": None}
    channel = Channel(threads=[thread(late), thread(never)])
    assert Outcome.COMPLETE == replay.visit(channel).outcome
    kept = replay.stored()
    assert (stamp(20), None) == (str(kept["c1"].created_at).replace("+00:00", "Z"), kept["c2"].created_at)
    assert (None, None) == (kept["c1"].edited_at, kept["c2"].edited_at)


def test_foreign_letters(replay: Replay) -> None:
    """Emoji, right to left and æøå come through as they were written, with line breaks."""
    texts = [*FOREIGN, "Første linje\nAnden linje"]
    result = replay.visit(Channel(threads=[thread(comment(f"c{n}", text, -24 - n)) for n, text in enumerate(texts)]))
    assert Outcome.COMPLETE == result.outcome
    assert {f"c{n}": text for n, text in enumerate(texts)}.items() <= replay.texts().items()


def test_nothing_changed_costs_two_calls(replay: Replay) -> None:
    """Both lists are 304; where the platform's tags change though nobody wrote, the first page tells the same."""
    channel = Channel(threads=[thread(comment(f"c{n}", "Hej", -24 - n)) for n in range(9)])
    replay.visit(channel)
    result = replay.later().visit(channel)
    assert (Outcome.COMPLETE, ["playlistItems", "commentThreads"]) == (result.outcome, paths(replay))
    assert all("if-none-match" in request.headers for request in replay.asked)
    channel.etags = False
    result = replay.later().visit(channel)
    assert (Outcome.COMPLETE, ["playlistItems", "commentThreads"]) == (result.outcome, paths(replay))


def test_everything_is_read_anew_once_a_day(replay: Replay) -> None:
    """So that an edit which the platform's tags hid is found within a day."""
    channel = Channel(threads=[thread(comment("c1", "Hej"))])
    replay.visit(channel)
    replay.later(24).visit(channel)
    assert ["playlistItems", "commentThreads", "videos"] == paths(replay)


def test_an_old_video_that_draws_comments(replay: Replay) -> None:
    """It is stored with the thread that led to it, and once a day its number is compared."""
    old = video("video-9", "En gammel film", -24 * 40)
    below = [thread(comment(f"d{n}", "Gammel", -24 * 39 + n), video="video-9") for n in range(3)]
    channel = Channel(
        [video("video-1"), old], [*below, thread(comment("d9", "Stadig åbent?", -2), video="video-9")], size=1
    )
    replay.visit(channel)
    assert {"video-1", "video-9", "d0", "d1", "d2", "d9"} == replay.stored().keys()
    replay.later(24).visit(channel)
    assert not [request for request in replay.asked if "videoId" in request.url.params]
    channel.threads.append(thread(comment("d4", "Et svar på et gammelt", -24 * 38), video="video-9"))
    replay.later(24).visit(channel)
    assert "d4" in replay.stored()


def test_a_list_that_holds_too_little_is_read_by_video(replay: Replay) -> None:
    """The channel's list is held against each video's number; far too few are worth a second reading."""
    threads = [thread(comment(f"c{n}", "Hej", -24 - n)) for n in range(30)]
    channel = Channel(threads=threads)

    def answer(request: httpx.Request) -> httpx.Response:
        if "allThreadsRelatedToChannelId" not in request.url.params:
            return channel(request)
        return Channel(threads=threads[:3])(request)

    replay.visit(answer)
    assert 31 == len(replay.stored())


def test_a_comment_on_the_channel_itself(replay: Replay) -> None:
    """A post of the channel has no video: its comments are kept, each with its own thread."""
    replay.visit(
        Channel(threads=[thread(comment("c1", "Hej"), comment("c1.r1", "Hej hej", parentId="c1"), video=None)])
    )
    kept = replay.stored()
    assert ("c1", "c1") == (kept["c1"].thread, kept["c1.r1"].thread)


def test_the_quota_is_counted_and_never_passed(tmp_path: Path) -> None:
    """A visit stops before the day's units are spent, and goes on after midnight Pacific time."""
    replay = Replay(tmp_path, made_up_page("youtube", CHANNEL, quota_units="10"), token="key-of-this-test")
    channel = Channel(threads=[thread(comment(f"c{n}", "Hej", -24 - n)) for n in range(40)], size=2)
    result = replay.visit(channel)
    assert (Outcome.PARTIAL, "ThrottledError") == outcome(result)[:2]
    assert (10, "10") == (len(replay.asked), replay.memory()["units"])
    assert "ThrottledError" == outcome(replay.later().visit(channel))[1]
    assert [] == replay.asked
    replay.clock.at = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    replay.visit(channel)
    assert replay.asked


def test_the_key_is_in_its_header_alone(replay: Replay, caplog: pytest.LogCaptureFixture) -> None:
    """Not in an address, where proxies and errors would tell it."""
    with caplog.at_level("DEBUG"):
        replay.visit(Channel(threads=[thread(comment("c1", "Hej"))]))
        replay.visit(lambda _: refusal(403, "quotaExceeded"))
    assert all(TOKEN == request.headers["x-goog-api-key"] for request in replay.asked)
    assert TOKEN not in str([request.url for request in replay.asked]) + caplog.text + replay.told()


@pytest.mark.parametrize(
    ("ref", "name", "value"), [(CHANNEL, "id", CHANNEL), ("@nørreå-skole", "forHandle", "@nørreå-skole")]
)
def test_a_channel_by_id_or_handle(tmp_path: Path, ref: str, name: str, value: str) -> None:
    """The list of uploads is asked for once and remembered."""
    replay = Replay(tmp_path, made_up_page("youtube", ref))
    replay.visit(Channel())
    assert value == replay.asked[0].url.params[name]
    replay.later().visit(Channel())
    assert "channels" not in paths(replay)


def test_a_channel_that_nobody_knows(tmp_path: Path) -> None:
    """No `items` at all with status 200, and a reference of no known form."""
    replay = Replay(tmp_path, made_up_page("youtube", "@findes-ikke"))
    nothing = httpx.Response(200, json={"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}})
    assert ("PageSetupError", Who.OPERATOR) == outcome(replay.visit(lambda _: nothing))[1:]
    other = Replay(tmp_path / "other", made_up_page("youtube", "https://www.youtube.com/noerreaa"))
    assert ("PageSetupError", Who.OPERATOR) == outcome(other.visit([]))[1:]
    assert ("TokenError", Who.PAGE_ADMINISTRATOR) == outcome(replay.visit([], token=None))[1:]
