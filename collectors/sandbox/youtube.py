"""YouTube's dialect: channels, uploads, videos, threads and replies as the Data API v3 tells them.

An API key sees what everybody sees, the owner's OAuth token also what was rejected (what the page hid).
Source: YouTube Data API v3 reference, discovery document revision 20261104.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_youtube import INSTEAD, SPOIL, refusal
from collectors.sandbox.numbers import number
from collectors.sandbox.paging import cursor, window
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, view, written
from collectors.sandbox.youtube_shapes import Json, show_channel, show_comment, show_thread, show_upload, show_video

PLENTY = "1000000"  # a demo that is visited every ten seconds would spend the real quota in some hours
INLINE = 5  # replies that come along with a thread
SIZES = {"playlistItems": (5, 50), "commentThreads": (20, 100), "comments": (20, 100)}  # by default, and at most

NO_MORE: Mapping[str, str] = MappingProxyType({})


@cache
def token_of(seed: int, ref: str) -> str:
    """The OAuth token that the sandbox accepts from the owner of the channel of this id."""
    return f"ya29.sandbox{hashlib.sha256(f'{seed}:{ref}'.encode()).hexdigest()[:40]}"


def key_of(seed: int, ref: str) -> str:
    """An API key for the same channel; it sees what everybody sees."""
    return token_of(seed, ref).replace("ya29.", "AIza", 1)


def asked(scenario: Scenario, ask: Ask) -> Place | None:
    """The channel whose token or key came with the question; None for one that opens none."""
    given = ask.headers.get("x-goog-api-key") or ask.token
    mine = (one for one in scenario.places if one.dialect == "youtube")
    return next(
        (one for one in mine if given in (token_of(scenario.seed, one.ref), key_of(scenario.seed, one.ref))), None
    )


def youtube(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call; `ask.path` begins with the version."""
    version, _, method = ask.path.strip("/").partition("/")
    target = asked(scenario, ask)
    if target is None:
        return refusal(400, "badRequest", "API key not valid. Please pass a valid API key.", detail="API_KEY_INVALID")
    methods: Mapping[str, Callable[[], Answer]] = {}
    if version == "v3":
        channel = Channel(scenario, target, ask)
        methods = {
            "channels": channel.channels,
            "playlistItems": channel.uploads,
            "videos": channel.videos,
            "commentThreads": channel.threads,
            "comments": channel.comments,
        }
    if method not in methods:
        return refusal(404, "notFound", "Method not found.")
    return methods[method]()


class Channel:
    """One channel at a moment, seen with one token."""

    def __init__(self, scenario: Scenario, target: Place, ask: Ask) -> None:
        self.scenario = scenario
        self.target = target
        self.ask = ask
        self.by_owner = ask.token.startswith("ya29.")

    def channels(self) -> Answer:
        wanted = self.ask.params.get("id") == self.target.ref or "forHandle" in self.ask.params
        return self._answer("channel", [show_channel(self.target)] if wanted else None)

    def uploads(self) -> Answer:
        if self.ask.params.get("playlistId") != f"UU{self.target.ref[2:]}":
            return refusal(404, "playlistNotFound", "The playlist cannot be found.", domain="youtube.playlistItem")
        entries = written(self.scenario.posts(self.target.id), self.ask.t)[::-1]
        return self._page(
            "playlistItem", "playlistItems", entries, lambda one: show_upload(self.scenario, self.target, one)
        )

    def videos(self) -> Answer:
        wanted = self.ask.params.get("id", "").split(",")
        posts = listed(self.scenario, self.scenario.posts(self.target.id), self.ask.t)
        found = [one for one in posts if one.entry.id in wanted]
        rows = [show_video(self.scenario, self.target, one, len(self._shown(one.entry))) for one in found]
        return self._answer("video", rows)

    def threads(self) -> Answer:
        """All threads of the channel or of one video, newest first; what was rejected to the owner alone."""
        params = self.ask.params
        status = params.get("moderationStatus", "published")
        if status != "published" and not self.by_owner:
            return refusal(403, "forbidden", "The request might not be properly authorized.")
        posts: Sequence[Entry] = self.scenario.posts(self.target.id)
        if "videoId" in params:
            posts = [one for one in posts if one.id == params["videoId"] and view(self.scenario, one, self.ask.t)]
            if not posts:
                return refusal(404, "videoNotFound", "The video cannot be found.", domain="youtube.commentThread")
        elif params.get("allThreadsRelatedToChannelId") != self.target.ref:
            return refusal(404, "channelNotFound", "The channel cannot be found.", domain="youtube.commentThread")
        tops = [one for post in posts for one in written(self.scenario.comments(post.id), self.ask.t) if not one.parent]
        tops = [one for one in tops if self._stands(one, status)]
        tops.sort(key=lambda one: (one.at, one.id), reverse=True)
        return self._page("commentThread", "commentThreads", tops, self._thread)

    def comments(self) -> Answer:
        """The replies of a thread, newest first."""
        parent = self.scenario.find(self.ask.params.get("parentId", ""))
        if parent is None or view(self.scenario, parent, self.ask.t) is None:
            return refusal(404, "commentNotFound", "The comment cannot be found.", domain="youtube.comment")
        replies = [one.entry for one in self._replies(parent)][::-1]
        return self._page("comment", "comments", replies, lambda one: show_comment(self.scenario, self.target, one))

    def _stands(self, top: Entry, status: str) -> bool:
        """Whether a thread belongs into the list of what is published, or of what was rejected."""
        seen = view(self.scenario, top, self.ask.t)
        if seen is None:
            return False
        if status == "published":
            return not seen.hidden
        rejected = seen.hidden or any(one.hidden for one in self._below(top))
        return status == "rejected" and rejected

    def _thread(self, top: View) -> Json:
        published = self.ask.params.get("moderationStatus", "published") == "published"
        below = self._replies(top.entry) if published else self._below(top.entry)
        inline = below[-INLINE:] if published else below
        return show_thread(self.scenario, self.target, top, inline[::-1], total=len(below), owner=self.by_owner)

    def _below(self, top: Entry) -> list[View]:
        entries = [one for one in self.scenario.comments(top.thread) if one.parent == top.id]
        return listed(self.scenario, entries, self.ask.t)

    def _replies(self, top: Entry) -> list[View]:
        return [one for one in self._below(top) if not one.hidden]

    def _shown(self, post: Entry) -> list[View]:
        """The comments under a video that everybody sees."""
        views = listed(self.scenario, self.scenario.comments(post.id), self.ask.t)
        hidden = {one.entry.id for one in views if one.hidden}
        return [one for one in views if not {one.entry.id, one.entry.parent} & hidden]

    def _page(self, kind: str, method: str, entries: Sequence[Entry], show: Callable[[View], Json]) -> Answer:
        usual, most = SIZES[method]
        told = self.ask.params.get("maxResults", str(usual))
        size = min(int(told) if told.isdigit() else usual, most)
        place = window(entries, {"after": self.ask.params.get("pageToken", "")}, size, newest_first=True)
        if place is None:
            return refusal(400, "invalidPageToken", "The request specifies an invalid page token.")
        chosen = entries[place[0] : place[1]]
        rows = [show(one) for entry in chosen if (one := view(self.scenario, entry, self.ask.t))]
        more = {"nextPageToken": cursor(chosen[-1])} if place[1] < len(entries) else {}
        return self._answer(kind, rows, more)

    def _answer(self, kind: str, rows: list[Json] | None, more: Mapping[str, str] = NO_MORE) -> Answer:
        """A list with its tag, or a 304 where the question knows that one; without `items` where `rows` is None."""
        etag = hashlib.sha256(json.dumps([rows, dict(more)], sort_keys=True).encode()).hexdigest()[:27]
        if self.ask.headers.get("if-none-match") == etag:
            return Answer(304, b"", {"etag": etag})
        size = len(rows or ())
        told: Json = {"kind": f"youtube#{kind}ListResponse", "etag": etag, **more}
        told["pageInfo"] = {"totalResults": size, "resultsPerPage": size}
        if rows is not None:
            told["items"] = rows
        return as_json(told, headers={"etag": etag})


def _address(base_url: str, one: Place) -> Address:
    here = {"base_url": f"{base_url}/youtube/v3", "watch_url": f"{base_url}/see/{one.ref}/p/"}
    return one.ref, {**here, "held_comments": "yes", "quota_units": PLENTY}


DIALECT = Dialect(
    mount="youtube",
    platform="youtube",
    kinds=("youtube",),
    answer=youtube,
    asked=asked,
    address=_address,
    token=token_of,
    instead=INSTEAD,
    spoil=SPOIL,
    hides=True,
    ref=lambda seed, page: f"UC{number(seed, page, 22)}",
    post_id=lambda _ref, drawn: f"{drawn}"[-11:],
    comment_id=lambda _thread, drawn: f"Ug{drawn}AaABAg",
)
