"""Answers of a real Mastodon server and of real Bluesky tools are parsed whole; they are no part of the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.platforms import _bluesky_parse as bluesky
from collectors.platforms import _mastodon_parse as mastodon

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not on this machine")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value, at any depth."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(one)


def recorded(folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((RECORDED / folder).rglob("*.json")):
        if not path.name.endswith("headers.json"):
            yield from objects(json.loads(path.read_text("utf-8")))


def test_every_recorded_status_is_read() -> None:
    """Each with its time and its writer; what is not public is told apart."""
    owner = mastodon.Owner("siden", "social.example", "1")
    rows = [row for row in recorded("mastodon") if {"content", "visibility", "account"} <= row.keys()]
    read = [mastodon.parse_post(row, owner) for row in rows if mastodon.is_public(row)]
    assert len(read) > 20
    assert [] == [one for one in read if one.created_at is None or not one.author_id or "<p>" in one.text]


def test_every_recorded_post_is_read() -> None:
    """Each with its text and its writer; the recorder put numbers in place of addresses and times."""
    owner = bluesky.Owner("siden", "did:plc:x")
    rows = [row for row in recorded("bluesky") if {"uri", "author", "record", "indexedAt"} <= row.keys()]
    posts = [row for row in rows if row["record"].get("$type") == "app.bsky.feed.post"]
    read = [bluesky.parse_post({**row, "uri": f"at://x/{at}"}, owner) for at, row in enumerate(posts)]
    assert len(read) > 20
    assert [one["record"]["text"] for one in posts if not one["record"].get("facets")] == [
        one.text for one, row in zip(read, posts, strict=True) if not row["record"].get("facets")
    ]
    assert [] == [one for one in read if not one.author_id]
