"""LinkedIn's dialect: posts, social metadata and comments as the versioned API tells them to an administrator's token.

Source: LinkedIn Posts, Comments and Social Metadata APIs (Microsoft Learn); versions and errors as documented there.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_linkedin import INSTEAD, SPOIL, refusal
from collectors.sandbox.numbers import number
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment, view

Json = dict[str, Any]
ALIVE = ("202512", "202612")  # the oldest and the newest version that are served
USUAL, MOST = 10, 100
RENEWED = "R"  # ends a token that was given for another one
ESCAPED = re.compile(r"[|{}@\[\]()<>#\\*_~]")


@cache
def token_of(seed: int, ref: str) -> str:
    """The token that the sandbox accepts for the organisation of this number and no other."""
    return f"AQSandbox{hashlib.sha256(f'{seed}:{ref}'.encode()).hexdigest()[:40]}"


def asked(scenario: Scenario, ask: Ask) -> Place | None:
    """The organisation whose token came with the question."""
    mine = (one for one in scenario.places if one.dialect == "linkedin")
    return next((one for one in mine if token_of(scenario.seed, one.ref) == ask.token.rstrip(RENEWED)), None)


def refresh_of(seed: int, ref: str) -> str:
    """The refresh token of the organisation of this number, and its app's id and secret likewise."""
    return f"AQRefresh{hashlib.sha256(f'{seed}:{ref}:refresh'.encode()).hexdigest()[:40]}"


def renewed(scenario: Scenario, ask: Ask) -> Answer:
    """The OAuth server's answer to a refresh token: an access token of 60 days, the refresh token as it was."""
    given = ask.params.get("refresh_token", "")
    mine = (one for one in scenario.places if one.dialect == "linkedin")
    target = next((one for one in mine if refresh_of(scenario.seed, one.ref) == given), None)
    if ask.method != "POST" or ask.params.get("grant_type") != "refresh_token":
        return as_json({"error": "invalid_request", "error_description": "A required parameter is missing"}, status=400)
    if not ask.params.get("client_id") or not ask.params.get("client_secret"):
        return as_json({"error": "invalid_client", "error_description": "Client authentication failed"}, status=401)
    if target is None:
        told = "The provided authorization grant or refresh token is invalid, expired or revoked"
        return as_json({"error": "invalid_grant", "error_description": told}, status=400)
    token = token_of(scenario.seed, target.ref) + RENEWED
    return as_json({"access_token": token, "expires_in": 5183999, "refresh_token": given})


def linkedin(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call below `rest/`, or one of the OAuth server."""
    if ask.path.strip("/") == "oauth/v2/accessToken":
        return renewed(scenario, ask)
    version = ask.headers.get("linkedin-version", "")
    if not version:
        return refusal(400, "VERSION_MISSING", "A version must be present.")
    if not ALIVE[0] <= version <= ALIVE[1]:
        return refusal(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    target = asked(scenario, ask)
    if target is None:
        return refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token", service=65600)
    return _routed(Organisation(scenario, target, ask), ask.path.strip("/"))


def _routed(organisation: Organisation, path: str) -> Answer:
    match path.split("/"):
        case ["rest", "posts"]:
            return organisation.posts()
        case ["rest", "socialMetadata"]:
            return organisation.numbers()
        case ["rest", "socialActions", *rest] if rest and rest[-1] == "comments":
            return organisation.comments(unquote("/".join(rest[:-1])))
    return refusal(404, "RESOURCE_NOT_FOUND", "No virtual resource found")


class Organisation:
    """One organisation's page at a moment."""

    def __init__(self, scenario: Scenario, target: Place, ask: Ask) -> None:
        self.scenario = scenario
        self.target = target
        self.ask = ask
        self.urn = f"urn:li:organization:{target.ref}"
        self.counted: dict[str, Counter[str | None]] = {}

    def posts(self) -> Answer:
        """The organisation's posts, the one that changed last first."""
        if self.ask.params.get("author") != self.urn:
            return refusal(403, "ACCESS_DENIED", "Not enough permissions to access: posts.FINDER-author", service=100)
        views = listed(self.scenario, self.scenario.posts(self.target.id), self.ask.t)
        views.sort(key=lambda one: (self._changed(one), one.entry.id), reverse=True)
        return self._page(views, self._post)

    def numbers(self) -> Answer:
        """Social metadata of the posts in `ids=List(…)`; those that are not there are left out."""
        names = self.ask.params.get("ids", "").removeprefix("List(").removesuffix(")").split(",")
        results: Json = {}
        for name in names:
            entry = self.scenario.find(name)
            if entry and entry.place == self.target.id and view(self.scenario, entry, self.ask.t):
                below = self._below(entry)
                summary = {"count": len(below), "topLevelCount": sum(one.entry.parent is None for one in below)}
                results[name] = {"entity": name, "commentsState": "OPEN", "commentSummary": summary}
        return as_json({"results": results, "statuses": {}, "errors": {}})

    def comments(self, urn: str) -> Answer:
        """The comments of a post, or the replies of a comment, oldest first."""
        inner = re.fullmatch(r"urn:li:comment:\(urn:li:activity:\d+,(\d+)\)", urn)
        entry = self._of_number(inner[1]) if inner else self.scenario.find(urn)
        if entry is None or entry.place != self.target.id or view(self.scenario, entry, self.ask.t) is None:
            return refusal(404, "NOT_FOUND", f"{urn} not found")
        if inner:
            views = [one for one in self._below(self._post_of(entry)) if one.entry.parent == entry.id]
        else:
            views = [one for one in self._below(entry) if one.entry.parent is None]
        return self._page(views, self._comment)

    def _of_number(self, told: str) -> Entry | None:
        posts = self.scenario.posts(self.target.id)
        below = (one for post in posts for one in self.scenario.comments(post.id))
        return next((one for one in below if one.id.rpartition(",")[2] == told), None)

    def _post_of(self, entry: Entry) -> Entry:
        post = self.scenario.find(entry.thread)
        assert post is not None  # a comment without its post is no part of a scenario
        return post

    def _below(self, post: Entry) -> list[View]:
        return listed(self.scenario, self.scenario.comments(post.id), self.ask.t)

    def _replies(self, post: Entry) -> Counter[str | None]:
        """How many replies each comment of a post has; counted once a question."""
        if post.id not in self.counted:
            self.counted[post.id] = Counter(one.entry.parent for one in self._below(post))
        return self.counted[post.id]

    def _page(self, views: Sequence[View], show: Callable[[View], Json]) -> Answer:
        start, size = self._whole("start", 0), min(self._whole("count", USUAL), MOST)
        links = []
        if start + size < len(views):
            follow = f"/{self.ask.path}?start={start + size}&count={size}"
            links = [{"type": "application/json", "rel": "next", "href": follow}]
        paging = {"start": start, "count": size, "links": links}
        return as_json({"paging": paging, "elements": [show(one) for one in views[start : start + size]]})

    def _whole(self, name: str, otherwise: int) -> int:
        told = self.ask.params.get(name, "")
        return int(told) if told.isdigit() else otherwise

    def _changed(self, one: View) -> float:
        return max(one.entry.at, one.edited_at if one.edited_at is not None else one.entry.at)

    def _post(self, one: View) -> Json:
        written = self._millis(one.entry.at)
        told: Json = {
            "id": one.entry.id,
            "author": self.urn,
            "commentary": ESCAPED.sub(lambda sign: f"\\{sign[0]}", one.text),
            "createdAt": written,
            "publishedAt": written,
            "lastModifiedAt": self._millis(self._changed(one)),
            "lifecycleState": "PUBLISHED",
            "lifecycleStateInfo": {"isEditedByAuthor": one.edited_at is not None},
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
            "isReshareDisabledByAuthor": False,
        }
        if one.entry.photo:
            told["content"] = {"media": {"id": f"urn:li:image:C4D{one.entry.number}", "altText": ""}}
        return told

    def _comment(self, one: View) -> Json:
        """A comment; the names of members are never in it."""
        entry = one.entry
        writer = self._writer(entry)
        replies = self._replies(self._post_of(entry))[entry.id]
        edited = one.edited_at if one.edited_at is not None else entry.at
        told: Json = {
            "commentUrn": _urn(entry.id),
            "created": {"time": self._millis(entry.at)},
            "lastModified": {"time": self._millis(edited)},
            "id": entry.id.rpartition(",")[2],
            "object": f"urn:li:activity:{entry.id.partition(',')[0]}",
            "message": {"attributes": [], "text": one.text},
            "likesSummary": {"aggregatedTotalLikes": 0, "likedByCurrentUser": False},
            "commentsSummary": {"aggregatedTotalComments": replies, "totalFirstLevelComments": replies},
        }
        if writer:
            told["actor"] = writer
            told["created"]["actor"] = writer
        if entry.parent:
            told["parentComment"] = _urn(entry.parent)
        return told

    def _writer(self, entry: Entry) -> str:
        if entry.by_page:
            return self.urn
        author = entry.author
        return f"urn:li:person:{author.id}" if author and author.shown else ""

    def _millis(self, at: float) -> int:
        return int(moment(self.scenario, at).timestamp()) * 1000


def _urn(ident: str) -> str:
    activity, _, own = ident.partition(",")
    return f"urn:li:comment:(urn:li:activity:{activity},{own})"


def _address(base_url: str, one: Place) -> Address:
    here = {"base_url": f"{base_url}/linkedin/rest", "feed_url": f"{base_url}/see/{one.ref}/"}
    return one.ref, {**here, "oauth_url": f"{base_url}/linkedin/oauth/v2/accessToken", "accept_48_hours": "yes"}


DIALECT = Dialect(
    mount="linkedin",
    platform="linkedin",
    kinds=("linkedin",),
    answer=linkedin,
    asked=asked,
    address=_address,
    token=token_of,
    instead=INSTEAD,
    spoil=SPOIL,
    ref=lambda seed, page: str(number(seed, page, 7)),
    post_id=lambda _ref, drawn: f"urn:li:share:{drawn}",
    comment_id=lambda thread, drawn: f"{int(thread.rpartition(':')[2]) + 1},{drawn}",
    hidable=False,
)
