"""Instagram's dialect: an account's media, comments and replies as the Graph API tells them to its page's token.

Comments come newest first, at most 50 a call and top level only; a hidden one says so, none is ever edited, and what
was not asked for by name is left out. Source: Instagram Platform reference for IG User Media, IG Media and IG Comment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from collectors.sandbox import graph_errors as errors
from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.faults_graph import INSTEAD, SPOIL, throttled, usage
from collectors.sandbox.graph_errors import GraphError
from collectors.sandbox.graph_fields import Field, FieldSyntaxError, parse_fields
from collectors.sandbox.numbers import number
from collectors.sandbox.paging import cursor, window
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment, place, view, written
from data.types import Kind

Json = dict[str, Any]
RENEWED = "R"  # ends a token that was given for another one
MOST = 100
MOST_COMMENTS = 50
BUDGET = 200_000  # calls an hour at which the sandbox reports 100 percent of the limit
HOME = "https://www.instagram.com"
DEFAULT_MEDIA = (Field("id"), Field("timestamp"))
DEFAULT_COMMENT = (Field("id"), Field("timestamp"), Field("text"))
SCOPES = ("instagram_basic", "instagram_manage_comments", "pages_show_list", "pages_read_engagement")


@cache
def token_of(seed: int, ref: str) -> str:
    """The token that the sandbox accepts for the account of this id and no other."""
    return f"IGsandbox{hashlib.sha256(f'{seed}:ig:{ref}'.encode()).hexdigest()[:40]}"


def owner(scenario: Scenario, ask: Ask) -> Place | None:
    """The account whose token came with the question; None for a token that opens none."""
    return _of(scenario, ask.token)


def _of(scenario: Scenario, token: str) -> Place | None:
    mine = (one for one in scenario.places if one.dialect == "instagram")
    return next((one for one in mine if token_of(scenario.seed, one.ref) == token.rstrip(RENEWED)), None)


def instagram(scenario: Scenario, ask: Ask) -> Answer:
    """Answer one call; `ask.path` begins with the version, but for the renewal of a token."""
    if ask.path.strip("/") == "refresh_access_token":
        return _renewed(scenario, ask)
    version, _, path = ask.path.strip("/").partition("/")
    try:
        answer = as_json(Account(scenario, ask, f"{ask.base}/{version}").get(path))
    except GraphError as error:
        answer = error.answer()
    return Answer(answer.status, answer.body, {**answer.headers, "facebook-api-version": version})


def _renewed(scenario: Scenario, ask: Ask) -> Answer:
    """A token of 60 days for one that lives."""
    token = ask.params.get("access_token", "")
    if _of(scenario, token) is None or ask.params.get("grant_type") != "ig_refresh_token":
        return errors.wrong_token().answer()
    return as_json({"access_token": token + RENEWED, "token_type": "bearer", "expires_in": 5183944})


class Account:
    """One call's view of an account: a scenario at a moment, seen with one token."""

    def __init__(self, scenario: Scenario, ask: Ask, base: str) -> None:
        self.scenario = scenario
        self.ask = ask
        self.base = base
        self.owner = owner(scenario, ask)
        self.tables: Mapping[Kind, Mapping[str, Callable[[View, Field], object]]] = {
            Kind.POST: self._media_fields(),
            Kind.COMMENT: self._comment_fields(),
            Kind.REPLY: self._comment_fields(),
        }

    def get(self, path: str) -> Json:
        """The answer to a GET, or GraphError."""
        if path == "debug_token" and (target := _of(self.scenario, self.ask.params.get("input_token", ""))):
            return self._debug(target)
        if self.owner is None:
            raise errors.wrong_token()
        if "ids" in self.ask.params:
            raise errors.ids_removed()
        fields = _fields(self.ask.params)
        ref, _, edge = path.partition("/")
        if place(self.scenario, ref) is not None:
            return self._media(ref, edge, fields)
        entry = self.scenario.find(ref)
        seen = view(self.scenario, entry, self.ask.t) if entry and entry.place == self.owner.id else None
        if seen is None:
            raise errors.unknown_object(ref)
        if not edge:
            return self.show(seen, fields)
        if edge not in ("comments", "replies"):
            raise GraphError(2500, f"Unknown path components: /{edge}", kind="IGApiException")
        return self.below(seen.entry, edge, self.ask.params, fields) or {"data": []}

    def _media(self, ref: str, edge: str, fields: Sequence[Field]) -> Json:
        if self.owner is None or ref != self.owner.ref:
            raise errors.missing_permission()
        if edge != "media":
            raise GraphError(2500, f"Unknown path components: /{edge}", kind="IGApiException")
        begin, end = _number(self.ask.params, "since", 0), _number(self.ask.params, "until", 1 << 40)
        entries = [
            one
            for one in written(self.scenario.posts(self.owner.id), self.ask.t)
            if begin <= moment(self.scenario, one.at).timestamp() <= end
        ]
        return self._page(entries[::-1], f"{ref}/media", self.ask.params, fields, MOST) or {"data": []}

    def below(self, entry: Entry, edge: str, params: Mapping[str, str], fields: Sequence[Field]) -> Json | None:
        """The comments of a medium or the replies of a comment, newest first; None where there are none."""
        parent = entry.id if edge == "replies" else None
        entries = [
            one
            for one in written(self.scenario.comments(entry.thread), self.ask.t)
            if (one.parent == parent if parent else one.parent in (None, one.thread))
        ]
        return self._page(entries[::-1], f"{entry.id}/{edge}", params, fields, MOST_COMMENTS)

    def _page(
        self, entries: Sequence[Entry], path: str, params: Mapping[str, str], fields: Sequence[Field], most: int
    ) -> Json | None:
        limit = min(_number(params, "limit", 25), most)
        reach = window(entries, params, limit, newest_first=True)
        if reach is None:
            raise GraphError(100, "(#100) Invalid cursor")
        chosen, more = entries[slice(*reach)], reach[1] < len(entries)
        views = [one for entry in chosen if (one := view(self.scenario, entry, self.ask.t))]
        answer: Json = {"data": [self.show(one, fields) for one in views]}
        if more and chosen:
            after = cursor(chosen[-1])
            asked = {key: value for key, value in params.items() if key not in ("access_token", "after")}
            asked |= {"fields": _text(fields)} if fields else {}
            query = urlencode({"access_token": self.ask.token, **asked, "after": after})
            answer["paging"] = {"cursors": {"after": after}, "next": f"{self.base}/{path}?{query}"}
        return answer if answer["data"] or more else None

    def show(self, one: View, wanted: Sequence[Field]) -> Json:
        """The object with the wanted fields; raises GraphError for one that its type does not have."""
        kind = one.entry.kind
        table = self.tables[kind]
        answer: Json = {}
        for field in wanted or (DEFAULT_MEDIA if kind is Kind.POST else DEFAULT_COMMENT):
            if field.name not in table:
                raise errors.unknown_field(field.name, "Media" if kind is Kind.POST else "IGComment")
            value = table[field.name](one, field)
            if value is not None:
                answer[field.name] = value
        return {"id": one.entry.id} | answer

    def _both(self) -> dict[str, Callable[[View, Field], object]]:
        return {
            "id": lambda one, _: one.entry.id,
            "timestamp": lambda one, _: moment(self.scenario, one.entry.at).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "username": lambda one, _: self._writer(one.entry)[1],
            "like_count": lambda one, _: sum(one.entry.id.encode()) % 13,
        }

    def _media_fields(self) -> Mapping[str, Callable[[View, Field], object]]:
        return self._both() | {
            "caption": lambda one, _: one.text or None,
            "media_type": lambda _one, _field: "IMAGE",
            "media_product_type": lambda _one, _field: "FEED",
            "permalink": lambda one, _: self._address(one.entry),
            "comments_count": lambda one, _: len(
                listed(self.scenario, self.scenario.comments(one.entry.id), self.ask.t)
            ),
            "is_comment_enabled": lambda _one, _field: True,
            "comments": lambda one, field: self.below(one.entry, "comments", field.arguments, field.fields),
        }

    def _comment_fields(self) -> Mapping[str, Callable[[View, Field], object]]:
        return self._both() | {
            "text": lambda one, _: one.text,
            "hidden": lambda one, _: one.hidden,
            "from": lambda one, _: self._from(one.entry),
            "parent_id": lambda one, _: one.entry.parent,
            "replies": lambda one, field: self.below(one.entry, "replies", field.arguments, field.fields),
        }

    def _writer(self, entry: Entry) -> tuple[str, str] | tuple[None, None]:
        """Id and user name of who wrote it; an account's name is its word in the scenario."""
        if entry.by_page and self.owner:
            return self.owner.ref, self.owner.id
        if entry.author and entry.author.shown:
            return entry.author.id, ".".join(entry.author.name.lower().split())
        return None, None

    def _from(self, entry: Entry) -> object:
        ident, name = self._writer(entry)
        return {"id": ident, "username": name} if ident else None

    def _address(self, entry: Entry) -> str:
        if self.ask.seen and self.owner:
            return f"{self.ask.seen}/{self.owner.ref}/p/{entry.id}/"
        return f"{HOME}/p/{entry.id}/"

    def _debug(self, target: Place) -> Json:
        now = int(moment(self.scenario, self.ask.t).timestamp())
        told: Json = {"app_id": "482910375561234", "type": "PAGE", "application": "Sideblik sandbox", "is_valid": True}
        told |= {"expires_at": 0, "data_access_expires_at": now + 90 * 86400, "profile_id": target.ref}
        return {"data": told | {"scopes": list(SCOPES)}}


def _fields(params: Mapping[str, str]) -> tuple[Field, ...]:
    try:
        return parse_fields(params.get("fields", ""))
    except FieldSyntaxError as error:
        raise GraphError(2500, "Syntax error in field expansion") from error


def _text(fields: Sequence[Field]) -> str:
    return ",".join(
        field.name
        + "".join(f".{key}({value})" for key, value in field.arguments.items())
        + (f"{{{_text(field.fields)}}}" if field.fields else "")
        for field in fields
    )


def _number(params: Mapping[str, str], name: str, otherwise: int) -> int:
    text = params.get(name, "")
    if text and not text.isdigit():
        raise GraphError(100, f"(#100) Param {name} must be an integer")
    return int(text or otherwise)


def _page_address(base_url: str, one: Place) -> Address:
    return one.ref, {"base_url": f"{base_url}/instagram/v25.0"}


DIALECT = Dialect(
    mount="instagram",
    platform="instagram",
    kinds=("instagram",),
    answer=instagram,
    asked=owner,
    address=_page_address,
    token=token_of,
    usage=lambda calls, ref: usage(calls, ref, "instagram", BUDGET),
    instead={**INSTEAD, "throttled": throttled(80002, "instagram")},
    spoil=SPOIL,
    edits=False,
    hides=True,
    ref=lambda seed, page: f"1784{number(seed, page, 13)}",
    post_id=lambda _ref, drawn: f"17{drawn}",
    comment_id=lambda _thread, drawn: f"17{drawn}",
)
