"""How channels, videos, threads and comments look in the YouTube Data API v3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collectors.sandbox.scenario import Place, Scenario, View, moment

Json = dict[str, Any]


def show_channel(target: Place) -> Json:
    lists = {"relatedPlaylists": {"likes": "", "uploads": f"UU{target.ref[2:]}"}}
    return {
        "kind": "youtube#channel",
        "id": target.ref,
        "snippet": {"title": target.name},
        "contentDetails": lists,
    }


def show_upload(scenario: Scenario, target: Place, one: View) -> Json:
    """A video as an item of the list of uploads."""
    ident = one.entry.id
    snippet = _snippet(scenario, target, one)
    snippet |= {
        "playlistId": f"UU{target.ref[2:]}",
        "position": 0,
        "resourceId": {"kind": "youtube#video", "videoId": ident},
        "videoOwnerChannelTitle": target.name,
        "videoOwnerChannelId": target.ref,
    }
    return {
        "kind": "youtube#playlistItem",
        "id": f"VVV{ident}",
        "snippet": snippet,
        "contentDetails": {"videoId": ident, "videoPublishedAt": snippet["publishedAt"]},
        "status": {"privacyStatus": "public"},
    }


def show_video(scenario: Scenario, target: Place, one: View, comments: int) -> Json:
    """A video with its number of comments, a text as the API writes numbers of this size."""
    return {
        "kind": "youtube#video",
        "id": one.entry.id,
        "snippet": _snippet(scenario, target, one),
        "statistics": {"viewCount": "412", "likeCount": "9", "favoriteCount": "0", "commentCount": str(comments)},
        "status": {"uploadStatus": "processed", "privacyStatus": "public"},
    }


def show_thread(
    scenario: Scenario, target: Place, top: View, replies: Sequence[View], *, total: int, owner: bool
) -> Json:
    """A thread with the replies that come along; `owner` sees whether something was rejected."""
    snippet = {
        "channelId": target.ref,
        "videoId": top.entry.thread,
        "topLevelComment": show_comment(scenario, target, top, owner=owner),
        "canReply": True,
        "totalReplyCount": total,
        "isPublic": True,
    }
    told: Json = {"kind": "youtube#commentThread", "id": top.entry.id, "snippet": snippet}
    if replies:
        told["replies"] = {"comments": [show_comment(scenario, target, one, owner=owner) for one in replies]}
    return told


def show_comment(scenario: Scenario, target: Place, one: View, *, owner: bool = False) -> Json:
    entry = one.entry
    published = _stamp(scenario, entry.at)
    snippet: Json = {
        "channelId": target.ref,
        "videoId": entry.thread,
        "textDisplay": one.text,
        "textOriginal": one.text,
        "canRate": True,
        "viewerRating": "none",
        "likeCount": sum(entry.id.encode()) % 7,
        "publishedAt": published,
        "updatedAt": published if one.edited_at is None else _stamp(scenario, one.edited_at),
        **_writer(target, one),
    }
    if entry.parent:
        snippet["parentId"] = entry.parent
    if owner:
        snippet["moderationStatus"] = "rejected" if one.hidden else "published"
    return {"kind": "youtube#comment", "id": entry.id, "snippet": snippet}


def _writer(target: Place, one: View) -> Json:
    if one.entry.by_page:
        return {"authorDisplayName": f"@{target.id}", "authorChannelId": {"value": target.ref}}
    author = one.entry.author
    if author is None or not author.shown:
        return {"authorDisplayName": ""}
    handle = author.name.replace(" ", "-").lower()
    return {"authorDisplayName": f"@{handle}", "authorChannelId": {"value": f"UC{author.id}"}}


def _snippet(scenario: Scenario, target: Place, one: View) -> Json:
    """A title of at most a hundred characters, as the platform has them, and the text below it."""
    title, _, rest = one.text.partition("\n")
    if len(title) > 100:  # noqa: PLR2004, the platform's own limit
        title, rest = one.entry.title, one.text
    return {
        "publishedAt": _stamp(scenario, one.entry.at),
        "channelId": target.ref,
        "title": title,
        "description": rest.strip(),
        "channelTitle": target.name,
    }


def _stamp(scenario: Scenario, at: float) -> str:
    return moment(scenario, at).strftime("%Y-%m-%dT%H:%M:%SZ")
