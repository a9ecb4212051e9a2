"""Instagram on real input: answers that the platform gave are read whole, or refused in words without any of theirs.

The recorded files are no part of the project (they hold real people's words), so these tests skip without them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.errors import ShapeError
from collectors.platforms._instagram_parse import Account, parse_comment, parse_media
from data.types import Kind, Outcome
from tests.replaying import Replay, made_up_page

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded" / "instagram"
GRAPH = RECORDED / "python-facebook"
ACCOUNT = Account("skolen-her", frozenset({"17841406338772941"}))
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not on this machine")


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GRAPH / name).read_text("utf-8"))
    return found


def answer(request: httpx.Request) -> httpx.Response:
    """The recorder's media lists; under the media that have comments, the recorded lists of comments."""
    edge = request.url.path.rpartition("/")[2]
    page = 2 if "after" in request.url.params else 1
    if edge == "media":
        return httpx.Response(200, json=recorded(f"users/medias_p{page}.json"))
    if edge == "comments":
        return httpx.Response(200, json=recorded(f"medias/comments_p{page}.json"))
    return httpx.Response(404, json={"error": {"code": 100, "error_subcode": 33, "message": "gone"}})


def test_recorded_media_and_comments_are_stored(tmp_path: Path) -> None:
    """Every medium of both pages, and every comment under those that tell of some, though none has a writer."""
    replay = Replay(tmp_path, made_up_page("instagram", "17841406338772941"))
    assert Outcome.COMPLETE is replay.visit(answer).outcome
    media = [row for page in (1, 2) for row in recorded(f"users/medias_p{page}.json")["data"]]
    comments = [row for page in (1, 2) for row in recorded(f"medias/comments_p{page}.json")["data"]]
    kept = replay.stored()
    assert {row["id"] for row in media} == {name for name, one in kept.items() if one.kind == Kind.POST}
    commented = any(row["comments_count"] for row in media)
    found = {name for name, one in kept.items() if one.kind != Kind.POST}
    assert ({row["id"] for row in comments} if commented else set()) == found


@pytest.mark.parametrize("path", sorted(RECORDED.rglob("*.json")), ids=lambda path: path.name)
def test_every_recorded_object_is_a_message_or_a_wrong_shape(path: Path) -> None:
    """Read as media and as a comment, whatever it is; nothing else is raised."""
    told = json.loads(path.read_text("utf-8"))
    rows = told.get("data", [told]) if isinstance(told, dict) else told
    media = parse_media({"id": "1"}, ACCOUNT)
    for row in (one for one in rows if isinstance(one, dict)):
        if not row.get("id"):
            with pytest.raises(ShapeError):
                parse_media(row, ACCOUNT)
            continue
        assert str(row["id"]) == parse_media(row, ACCOUNT).message_id == parse_comment(row, media, ACCOUNT).message_id
