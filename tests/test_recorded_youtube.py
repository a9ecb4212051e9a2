"""Answers that YouTube really gave, visited whole: every recorded video, comment and reply is stored.

The recorded files are no part of the project (they hold real people's words), so these tests skip without them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.platforms._youtube_parse import Owner, parse_comment, rows
from data.errors import Who
from data.types import Outcome
from tests.replaying import Replay, made_up_page, outcome

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded" / "youtube" / "python-youtube"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not on this machine")
PAGED = {
    "playlistItems": "playlist_items/playlist_items_paged",
    "commentThreads": "comment_threads/comment_threads_by_video_paged",
    "comments": "comments/comments_by_parent_paged",
}


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text("utf-8"))


def answer(request: httpx.Request) -> httpx.Response:
    """The recorded pages in their order; a channel is found, and no video tells its numbers."""
    method = request.url.path.rpartition("/")[2]
    if method == "channels":
        return httpx.Response(200, json=recorded("channels/info.json"))
    if method in PAGED:
        return httpx.Response(
            200, json=recorded(f"{PAGED[method]}_{2 if 'pageToken' in request.url.params else 1}.json")
        )
    return httpx.Response(200, json={"kind": "youtube#videoListResponse", "items": []})


def test_a_recorded_channel_is_read_whole(tmp_path: Path) -> None:
    """All pages of uploads, threads and replies; times with and without a fraction, replies without a video."""
    page = made_up_page("youtube", recorded("channels/info.json")["items"][0]["id"])
    replay = Replay(tmp_path, replace(page, look_back_days=9000))
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(answer))
    kept = replay.stored()
    uploads = [row for n in (1, 2) for row in recorded(f"{PAGED['playlistItems']}_{n}.json")["items"]]
    seen = {row["snippet"]["resourceId"]["videoId"] for row in uploads}
    assert seen == {name for name, one in kept.items() if one.kind == "post"}
    threads = [row for n in (1, 2) for row in recorded(f"{PAGED['commentThreads']}_{n}.json")["items"]]
    assert {row["id"] for row in threads} <= kept.keys()
    assert all(one.created_at and one.text for one in kept.values())


@pytest.mark.parametrize("path", sorted(RECORDED.glob("comment*/*.json")), ids=lambda path: path.stem)
def test_every_recorded_comment_is_a_message(path: Path) -> None:
    """Each with its text, its writer and a time."""
    told = json.loads(path.read_text("utf-8"))
    found = rows(told, "recorded") if "items" in told else [told]
    tops = [row["snippet"].get("topLevelComment", row) for row in found]
    below = [one for row in found for one in row.get("replies", {}).get("comments", [])]
    messages = [parse_comment(row, Owner("siden")) for row in (*tops, *below)]
    assert messages
    assert all(one.text and one.author_name and one.created_at for one in messages)
    assert not [one for one in messages if "<br" in one.text]


@pytest.mark.parametrize(
    ("name", "status", "kind", "who"),
    [
        ("error_permission_resp.json", 403, "PermissionMissingError", Who.PAGE_ADMINISTRATOR),
        ("error_response.json", 400, "TokenError", Who.PAGE_ADMINISTRATOR),
        ("error_response_simple.json", 400, "ShapeError", Who.DEVELOPER),
    ],
)
def test_every_recorded_error_says_who_must_act(tmp_path: Path, name: str, status: int, kind: str, who: Who) -> None:
    """Also the one whose `error` is a sentence."""
    replay = Replay(tmp_path, made_up_page("youtube", "UCnoerreaa"))
    result = replay.visit(lambda _: httpx.Response(status, json=recorded(name)))
    assert (Outcome.FAILED, kind, who) == outcome(result)
