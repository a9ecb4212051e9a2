"""How posts, comments and pages look in the Graph API: one function a field; a field that is not there is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.sandbox.graph_errors import unknown_field
from collectors.sandbox.graph_fields import Field
from collectors.sandbox.scenario import Entry, Place, Scenario, View, moment, moved
from data.types import Kind

Json = dict[str, Any]
Edge = Callable[["Node", Mapping[str, str], Sequence[Field]], Json | None]

DEFAULT_POST = tuple(Field(name) for name in ("created_time", "message", "id"))
DEFAULT_COMMENT = tuple(Field(name) for name in ("created_time", "from", "message", "id"))
DEFAULT_PAGE = tuple(Field(name) for name in ("name", "id"))
HOME = "https://www.facebook.com"


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the graph and what is needed to show it; `edge` renders its comments, `replies` counts them."""

    scenario: Scenario
    place: Place
    view: View
    t: float
    edge: Edge
    replies: Callable[[Entry], int]
    home: str = HOME


def stamp(node: Node, at: float) -> str:
    """The Graph API's time: UTC, whole seconds, an offset without a colon."""
    return moment(node.scenario, at).strftime("%Y-%m-%dT%H:%M:%S+0000")


def show(node: Node, wanted: Sequence[Field]) -> Json:
    """The object with the wanted fields; raises GraphError 100 for one that its type does not have."""
    post = node.view.entry.kind is Kind.POST
    table, kind = (POST, "Post") if post else (COMMENT, "Comment")
    answer: Json = {}
    for field in wanted or (DEFAULT_POST if post else DEFAULT_COMMENT):
        if field.name not in table:
            raise unknown_field(field.name, kind)
        value = table[field.name](node, field)
        if value is not None:
            answer[field.name] = value
    answer.setdefault("id", node.view.entry.id)
    return answer


def show_page(place: Place, wanted: Sequence[Field], token: str, home: str = HOME) -> Json:
    values: Json = {
        "id": place.ref,
        "name": place.name,
        "username": place.id,
        "link": f"{home}/{place.ref}",
        "category": "Government Organization",
        "fan_count": 1000 + len(place.name) * 37,
        "verification_status": "not_verified",
        "access_token": token,
    }
    for field in wanted:
        if field.name not in values:
            raise unknown_field(field.name, "Page")
    return {"id": place.ref} | {field.name: values[field.name] for field in wanted or DEFAULT_PAGE}


def _message(node: Node, _: Field) -> object:
    text = node.view.text
    return text if text or node.view.entry.kind is not Kind.POST else None


def _from(node: Node, field: Field) -> object:
    entry = node.view.entry
    if entry.by_page:
        whole = {"name": node.place.name, "id": node.place.ref}
    elif entry.author and entry.author.shown:
        whole = {"name": entry.author.name, "id": entry.author.id}
    else:
        return None
    return {one.name: whole[one.name] for one in field.fields if one.name in whole} or whole


def _parent(node: Node, _: Field) -> object:
    entry = node.view.entry
    if entry.parent is None:
        return None
    parent = node.scenario.find(entry.parent)
    if parent is None:
        return None
    return {"created_time": stamp(node, parent.at), "message": parent.text, "id": parent.id}


def _parent_fields(node: Node, field: Field) -> object:
    whole = _parent(node, field)
    if not isinstance(whole, dict) or not field.fields:
        return whole
    return {one.name: whole[one.name] for one in field.fields if one.name in whole} | {"id": whole["id"]}


def permalink(node: Node) -> str:
    entry = node.view.entry
    post = entry.thread.partition("_")[2]
    address = f"{node.home}/{node.place.ref}/posts/{post}"
    if entry.kind is Kind.POST:
        return address
    own = entry.id.partition("_")[2]
    if entry.parent is None:
        return f"{address}/?comment_id={own}"
    return f"{address}/?comment_id={entry.parent.partition('_')[2]}&reply_comment_id={own}"


def _replies(node: Node, _: Field) -> int:
    return node.replies(node.view.entry)


def _photo(node: Node) -> Json:
    number = node.view.entry.id.rpartition("_")[2]
    address = f"{node.home}/photo.php?fbid={number}&type=3"
    image = {"height": 960, "width": 720, "src": f"https://scontent.sandbox.example/{number}.jpg"}
    return {"media": {"image": image}, "target": {"id": number, "url": address}, "type": "photo", "url": address}


def _attachments(node: Node, _: Field) -> object:
    if not node.view.entry.photo:
        return None
    photo = _photo(node)
    title = f"Photos from {node.place.name}'s post"
    return {"data": [{**photo, "media_type": "photo", "title": title, "unshimmed_url": photo["url"]}]}


def _comments(node: Node, field: Field) -> object:
    return node.edge(node, field.arguments, field.fields)


def _likes(node: Node, _: Field) -> int:
    return sum(node.view.entry.id.encode()) % 13


Table = dict[str, Callable[[Node, Field], object]]
BOTH: Table = {
    "id": lambda node, _: node.view.entry.id,
    "message": _message,
    "created_time": lambda node, _: stamp(node, node.view.entry.at),
    "from": _from,
    "permalink_url": lambda node, _: permalink(node),
    "is_hidden": lambda node, _: node.view.hidden,
    "message_tags": lambda _node, _field: None,
    "comments": _comments,
    "reactions": lambda node, _: {"data": [], "summary": {"total_count": _likes(node, _), "viewer_reaction": "NONE"}},
}
POST: Table = BOTH | {
    "updated_time": lambda node, _: stamp(node, moved(node.scenario, node.view.entry, node.t)),
    "story": lambda _node, _field: None,
    "status_type": lambda node, _: "added_photos" if node.view.entry.photo else "mobile_status_update",
    "is_published": lambda _node, _field: True,
    "is_expired": lambda _node, _field: False,
    "full_picture": lambda node, _: _photo(node)["media"]["image"]["src"] if node.view.entry.photo else None,
    "attachments": _attachments,
    "shares": lambda node, _: {"count": _likes(node, _)} if _likes(node, _) else None,
}
COMMENT: Table = BOTH | {
    "parent": _parent_fields,
    "comment_count": _replies,
    "like_count": _likes,
    "can_hide": lambda node, _: not node.view.entry.by_page,
    "can_comment": lambda node, _: node.view.entry.parent is None,
    "can_remove": lambda _node, _field: True,
    "is_private": lambda _node, _field: False,
    "user_likes": lambda _node, _field: False,
    "attachment": lambda node, _: _photo(node) if node.view.entry.photo else None,
}
