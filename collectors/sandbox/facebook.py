"""Facebook's dialect: pages, posts and comments as the Graph API v25.0/v26.0 tells them to a page's own token.

Source: Graph API reference for Page, Page Feed, Post and Comment; batch requests; what Meta took away on 2026-10-27.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from collectors.sandbox import graph_errors as errors
from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_graph import INSTEAD, SPOIL, throttled, usage
from collectors.sandbox.graph_errors import GraphError
from collectors.sandbox.graph_fields import Field, FieldSyntaxError, parse_fields
from collectors.sandbox.graph_nodes import HOME, Json, Node, show, show_page
from collectors.sandbox.numbers import number
from collectors.sandbox.paging import cursor, window
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment, place, view, written
from data.types import Kind

VERSIONS = ("v25.0", "v26.0")
OLDEST = "v22.0"  # what Meta serves in silence for a version that is gone
MOST = 100
PARTS = 50
BUDGET = 200_000  # calls an hour at which the sandbox reports 100 percent of the limit
LISTS = ("published_posts", "posts", "feed", "visitor_posts")


@cache
def token_of(seed: int, ref: str) -> str:
    """The page token that the sandbox accepts for the page of this id and no other."""
    return f"EAAsandbox{hashlib.sha256(f'{seed}:{ref}'.encode()).hexdigest()[:40]}"


def token_for(scenario: Scenario, one: Place) -> str:
    """The token of one of the scenario's pages."""
    return token_of(scenario.seed, one.ref)


def facebook(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call; `ask.path` begins with the version."""
    version, _, path = ask.path.strip("/").partition("/")
    head = {"facebook-api-version": version if version in VERSIONS else OLDEST}
    try:
        graph = Graph(scenario, ask, f"{ask.base}/{version}")
        answer = as_json(graph.batch() if ask.method == "POST" and not path else graph.get(path, ask.params))
    except GraphError as error:
        answer = error.answer()
    return Answer(answer.status, answer.body, {**answer.headers, **head})


class Graph:
    """One call's view of the graph: a scenario at a moment, seen with one token."""

    def __init__(self, scenario: Scenario, ask: Ask, base: str) -> None:
        self.scenario = scenario
        self.ask = ask
        self.base = base
        self.token = ask.token
        self.counted: dict[str, Counter[str | None]] = {}
        self.owner = _of(scenario, self.token)

    def get(self, path: str, params: Mapping[str, str]) -> Json:
        """The answer to a GET, or GraphError."""
        if path == "debug_token":
            return self._debug(params)
        if self.owner is None:
            raise errors.wrong_token()
        if "ids" in params:
            raise errors.ids_removed()
        fields = _fields(params)
        ref, _, edge = path.partition("/")
        if ref == "me" and edge == "accounts":
            return {"data": [show_page(self.owner, (Field("id"), Field("name"), Field("access_token")), self.token)]}
        target = self.owner if ref == "me" else place(self.scenario, ref)
        if target is not None and target.dialect == "facebook":
            return self._page(target, edge, params, fields)
        return self._object(ref, edge, params, fields)

    def batch(self) -> list[Json | None]:
        """Up to fifty questions in one POST; each part has its own status, the whole is a 200."""
        parts = json.loads(self.ask.params.get("batch", "[]"))
        if len(parts) > PARTS:
            raise GraphError(100, f"(#100) Too many requests in batch message. Maximum batch size is {PARTS}")
        return [self._part(part) for part in parts]

    def _part(self, part: Mapping[str, Any]) -> Json:
        path, _, query = str(part["relative_url"]).lstrip("/").partition("?")
        try:
            answer = as_json(self.get(path, dict(parse_qsl(query))))
        except GraphError as error:
            answer = error.answer()
        told: Json = {"code": answer.status, "body": answer.body.decode()}
        if self.ask.params.get("include_headers", "true") != "false":
            told["headers"] = [{"name": "Content-Type", "value": "text/javascript; charset=UTF-8"}]
        return told

    def _page(self, target: Place, edge: str, params: Mapping[str, str], fields: Sequence[Field]) -> Json:
        if target != self.owner:
            raise errors.missing_permission()
        if not edge:
            return show_page(target, fields, self.token, self.ask.seen or HOME)
        if edge not in LISTS:
            raise GraphError(100, f"(#100) Unknown path components: /{edge}", status=400)
        entries = written(self.scenario.posts(target.id), self.ask.t)
        if edge != "feed":
            entries = [entry for entry in entries if entry.by_page is (edge != "visitor_posts")]
        entries = [entry for entry in entries if self._within(entry, params)]
        return self._posts(target, edge, entries[::-1], params, fields)

    def _within(self, entry: Entry, params: Mapping[str, str]) -> bool:
        at = moment(self.scenario, entry.at).timestamp()
        return _number(params, "since", 0) <= at <= _number(params, "until", 1 << 40)

    def _posts(
        self, target: Place, edge: str, entries: Sequence[Entry], params: Mapping[str, str], fields: Sequence[Field]
    ) -> Json:
        chosen, more = self._slice(entries, params, newest_first=True)
        views = [one for entry in chosen if (one := view(self.scenario, entry, self.ask.t))]
        data = [show(self._node(target, one), fields) for one in views]
        return {"data": data, **self._paging(chosen, f"{target.ref}/{edge}", params, more=more)}

    def _object(self, ref: str, edge: str, params: Mapping[str, str], fields: Sequence[Field]) -> Json:
        entry = self.scenario.find(ref)
        seen = view(self.scenario, entry, self.ask.t) if entry else None
        owner = self.owner
        if seen is None or owner is None or seen.entry.place != owner.id:
            raise errors.unknown_object(ref)
        node = self._node(owner, seen)
        if not edge:
            return show(node, fields)
        if edge != "comments":
            raise GraphError(100, f"(#100) Unknown path components: /{edge}")
        return self.comments(node, params, fields) or {"data": []}

    def comments(self, node: Node, params: Mapping[str, str], fields: Sequence[Field]) -> Json | None:
        """The comments edge of a post or comment, alone or nested in its object (then None for an empty one)."""
        order = params.get("order", "ranked")
        stream = params.get("filter") == "stream"
        entries = self._below(node.view.entry, stream=stream)
        if since := _number(params, "since", 0):
            entries = [entry for entry in entries if moment(self.scenario, entry.at).timestamp() >= since]
        if order == "reverse_chronological":
            entries = entries[::-1]
        chosen, more = self._slice(entries, params, newest_first=order == "reverse_chronological")
        views = [one for entry in chosen if (one := view(self.scenario, entry, self.ask.t))]
        if order == "ranked":
            views.sort(key=lambda one: one.entry.id[::-1])
        data = [show(self._node(node.place, one), fields) for one in views]
        told = dict(params) | ({"fields": _text(fields)} if fields else {})
        answer: Json = {"data": data, **self._paging(chosen, f"{node.view.entry.id}/comments", told, more=more)}
        if params.get("summary") in ("true", "1"):
            total = len(listed(self.scenario, entries, self.ask.t))
            answer["summary"] = {"order": order, "total_count": total, "can_comment": True}
        return answer if data or more or "summary" in answer else None

    def _below(self, entry: Entry, *, stream: bool) -> Sequence[Entry]:
        entries = written(self.scenario.comments(entry.thread), self.ask.t)
        if entry.kind is not Kind.POST:
            return [one for one in entries if one.parent == entry.id]
        return entries if stream else [one for one in entries if one.parent is None]

    def _slice(
        self, entries: Sequence[Entry], params: Mapping[str, str], *, newest_first: bool
    ) -> tuple[Sequence[Entry], bool]:
        limit = _number(params, "limit", 25)
        if limit > MOST:
            raise GraphError(100, "(#100) The 'limit' parameter should not exceed 100")
        reach = window(entries, params, limit, newest_first=newest_first)
        if reach is None:
            raise GraphError(100, "(#100) Invalid cursors values")
        return entries[slice(*reach)], reach[1] < len(entries)

    def _paging(self, chosen: Sequence[Entry], path: str, params: Mapping[str, str], *, more: bool) -> Json:
        if not chosen:
            return {}
        paging: Json = {"cursors": {"before": cursor(chosen[0]), "after": cursor(chosen[-1])}}
        asked = {key: value for key, value in params.items() if key not in ("access_token", "after", "before")}
        link = {"access_token": self.token, "pretty": "0", **asked}
        if more:
            paging["next"] = f"{self.base}/{path}?{urlencode({**link, 'after': cursor(chosen[-1])})}"
        if params.get("after") or params.get("before"):
            paging["previous"] = f"{self.base}/{path}?{urlencode({**link, 'before': cursor(chosen[0])})}"
        return {"paging": paging}

    def _node(self, target: Place, one: View) -> Node:
        return Node(self.scenario, target, one, self.ask.t, self.comments, self.replies, self.ask.seen or HOME)

    def replies(self, entry: Entry) -> int:
        """How many replies stand under a comment; counted once a thread."""
        if entry.thread not in self.counted:
            views = listed(self.scenario, self.scenario.comments(entry.thread), self.ask.t)
            self.counted[entry.thread] = Counter(one.entry.parent for one in views)
        return self.counted[entry.thread][entry.id]

    def _debug(self, params: Mapping[str, str]) -> Json:
        target = params.get("input_token", "")
        owner = _of(self.scenario, target)
        told: Json = {"app_id": "482910375561234", "type": "PAGE", "application": "Sideblik sandbox"}
        if owner is None:
            told |= {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Invalid OAuth access token."}}
            return {"data": told}
        now = int(moment(self.scenario, self.ask.t).timestamp())
        scopes = ["pages_show_list", "pages_read_engagement", "pages_read_user_content", "public_profile"]
        told |= {
            "data_access_expires_at": now + 90 * 86400,
            "expires_at": 0,
            "is_valid": True,
            "issued_at": now - 864000,
        }
        told |= {"profile_id": owner.ref, "user_id": "122000000000000001", "scopes": scopes}
        return {"data": told | {"granular_scopes": [{"scope": scopes[2], "target_ids": [owner.ref]}]}}


def _fields(params: Mapping[str, str]) -> tuple[Field, ...]:
    try:
        return parse_fields(params.get("fields", ""))
    except FieldSyntaxError as error:
        raise GraphError(2500, "Syntax error in field expansion", status=400) from error


def _text(fields: Sequence[Field]) -> str:
    return ",".join(
        field.name
        + "".join(f".{key}({value})" for key, value in field.arguments.items())
        + (f"{{{_text(field.fields)}}}" if field.fields else "")
        for field in fields
    )


def _number(params: Mapping[str, str], name: str, otherwise: int) -> int:
    text = params.get(name, "")
    if not text:
        return otherwise
    if not text.lstrip("-").isdigit():
        raise GraphError(100, f"(#100) Param {name} must be an integer")
    return int(text)


def owner(scenario: Scenario, ask: Ask) -> Place | None:
    """The place whose token came with the question; None for a token that opens none."""
    return _of(scenario, ask.token)


def _of(scenario: Scenario, token: str) -> Place | None:
    mine = (one for one in scenario.places if one.dialect == "facebook")
    return next((one for one in mine if token_for(scenario, one) == token), None)


def _address(base_url: str, one: Place) -> Address:
    return one.ref, {"base_url": f"{base_url}/facebook/v25.0"}


DIALECT = Dialect(
    mount="facebook",
    platform="facebook",
    kinds=("facebook",),
    answer=facebook,
    asked=owner,
    address=_address,
    token=token_of,
    usage=lambda calls, ref: usage(calls, ref, "pages", BUDGET),
    instead={**INSTEAD, "throttled": throttled(80001, "pages")},
    spoil=SPOIL,
    wall=True,
    hides=True,
    ref=lambda seed, page: str(number(seed, page, 15)),
)
