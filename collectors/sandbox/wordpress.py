"""WordPress sites: `/wp-json/wp/v2/posts` and `/comments` with their headers, filters and errors.

Source: WordPress REST API handbook, "Posts", "Comments", "Pagination". Times are the site's (Europe/Copenhagen) and
UTC, both without an offset; parameters without one are read as the site's time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.scenario import Place, Scenario, View, listed, moment, place
from collectors.sandbox.web import home, missing, site_asked
from data.times import COPENHAGEN

Json = dict[str, Any]
MOST = 100
ROOT = "wp-json/wp/v2"


class RestError(Exception):
    """An error answer of the REST API: a code word, a sentence, a status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def answer(self) -> Answer:
        told = {"code": self.code, "message": str(self), "data": {"status": self.status}}
        return as_json(told, status=self.status)


def wordpress(scenario: Scenario, ask: Ask) -> Answer:
    """Answer for `<site>/wp-json/wp/v2/…` or the site's front page, which names its REST root."""
    site, _, rest = ask.path.strip("/").partition("/")
    target = place(scenario, site)
    if target is None or target.dialect != "wordpress":
        return missing()
    if not rest:
        return _front(target, ask)
    try:
        return Site(scenario, target, ask).get(rest)
    except RestError as error:
        return error.answer()


def _front(target: Place, ask: Ask) -> Answer:
    root = f"{ask.base}/{target.ref}/wp-json/"
    link = f'<link rel="https://api.w.org/" href="{root}">'
    body = f"<!doctype html><html lang=da><head><title>{escape(target.name)}</title>{link}</head><body></body></html>"
    head = {"content-type": "text/html; charset=utf-8", "link": f'<{root}>; rel="https://api.w.org/"'}
    return Answer(200, body.encode(), head)


class Site:
    """One WordPress site at a moment."""

    def __init__(self, scenario: Scenario, target: Place, ask: Ask) -> None:
        self.scenario = scenario
        self.target = target
        self.ask = ask
        self.posts = listed(scenario, scenario.posts(target.id), ask.t)
        self.numbers = {one.entry.id: one.entry.number for one in self.posts}

    def get(self, rest: str) -> Answer:
        if rest.strip("/") == "wp-json":
            return as_json({"name": self.target.name, "url": home(self.target, self.ask), "namespaces": ["wp/v2"]})
        kind, _, number = rest.removeprefix(ROOT).strip("/").partition("/")
        if not rest.startswith(ROOT) or kind not in ("posts", "comments"):
            raise RestError("rest_no_route", "No route was found matching the URL and request method.", 404)
        rows = self._wanted_posts() if kind == "posts" else self._wanted_comments()
        show = self._post if kind == "posts" else self._comment
        if number:
            return self._one(kind, number, show)
        return self._page(kind, rows, show)

    def _one(self, kind: str, number: str, show: Callable[[View], Json]) -> Answer:
        rows = self.posts if kind == "posts" else self._comments()
        found = next((one for one in rows if str(one.entry.number) == number), None)
        if found is None:
            raise RestError(f"rest_{kind[:-1]}_invalid_id", f"Invalid {kind[:-1]} ID.", 404)
        return as_json(show(found))

    def _comments(self) -> list[View]:
        below = [
            one
            for post in self.posts
            for one in listed(self.scenario, self.scenario.comments(post.entry.id), self.ask.t)
        ]
        self.numbers |= {one.entry.id: one.entry.number for one in below}
        return [one for one in below if not one.hidden]

    def _wanted_posts(self) -> list[View]:
        rows = [one for one in self.posts if self._between(one.entry.at, "after", "before")]
        rows = [one for one in rows if self._between(self._modified(one), "modified_after", "modified_before")]
        modified = self.ask.params.get("orderby") == "modified"
        return self._ordered(rows, self._modified if modified else lambda one: one.entry.at)

    def _wanted_comments(self) -> list[View]:
        rows = [one for one in self._comments() if self._between(one.entry.at, "after", "before")]
        posts = [number for number in self.ask.params.get("post", "").split(",") if number]
        rows = [one for one in rows if not posts or str(self.numbers[one.entry.thread]) in posts]
        return self._ordered(rows, lambda one: one.entry.at)

    def _ordered(self, rows: Sequence[View], key: Callable[[View], float]) -> list[View]:
        wanted = {number for number in self.ask.params.get("include", "").split(",") if number}
        chosen = [one for one in rows if not wanted or str(one.entry.number) in wanted]
        return sorted(chosen, key=key, reverse=self.ask.params.get("order", "desc") != "asc")

    def _modified(self, one: View) -> float:
        return one.edited_at if one.edited_at is not None else one.entry.at

    def _between(self, at: float, after: str, before: str) -> bool:
        when = moment(self.scenario, at)
        low, high = self._time(after), self._time(before)
        return (low is None or when > low) and (high is None or when < high)

    def _time(self, name: str) -> datetime | None:
        text = self.ask.params.get(name)
        if not text:
            return None
        try:
            when = datetime.fromisoformat(text)
        except ValueError as error:
            raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400) from error
        return when if when.tzinfo else when.replace(tzinfo=COPENHAGEN)

    def _page(self, kind: str, rows: Sequence[View], show: Callable[[View], Json]) -> Answer:
        size, page = self._count("per_page", 10), self._count("page", 1)
        if not 1 <= size <= MOST or page < 1:
            raise RestError("rest_invalid_param", "Invalid parameter(s): per_page", 400)
        pages = -(-len(rows) // size)
        if page > max(pages, 1) and kind == "posts":
            sentence = "The page number requested is larger than the number of pages available."
            raise RestError("rest_post_invalid_page_number", sentence, 400)
        chosen = rows[(page - 1) * size : page * size]
        wanted = {name for name in self.ask.params.get("_fields", "").split(",") if name}
        data = [{key: value for key, value in show(one).items() if not wanted or key in wanted} for one in chosen]
        head = {"x-wp-total": str(len(rows)), "x-wp-totalpages": str(pages)}
        if page < pages:
            query = urlencode({**self.ask.params, "page": page + 1})
            head["link"] = f'<{self.ask.base}/{self.target.ref}/{ROOT}/{kind}?{query}>; rel="next"'
        return as_json(data, headers=head)

    def _count(self, name: str, otherwise: int) -> int:
        text = self.ask.params.get(name, str(otherwise))
        if not text.isdigit():
            raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400)
        return int(text)

    def _times(self, name: str, at: float) -> dict[str, str]:
        when = moment(self.scenario, at)
        return {name: _bare(when.astimezone(COPENHAGEN)), f"{name}_gmt": _bare(when)}

    def _post(self, one: View) -> Json:
        entry, site = one.entry, home(self.target, self.ask)
        rest = f"{site}/{ROOT}"
        return {
            "id": entry.number,
            **self._times("date", entry.at),
            "guid": {"rendered": f"{site}/?p={entry.number}"},
            **self._times("modified", self._modified(one)),
            "slug": f"indlaeg-{entry.number}",
            "status": "publish",
            "type": "post",
            "link": f"{site}/indlaeg-{entry.number}/",
            "title": {"rendered": escape(entry.title)},
            "content": {"rendered": _html(one.text), "protected": False},
            "excerpt": {"rendered": _html(one.text[:120]), "protected": False},
            **FIXED,
            "_links": {"self": [{"href": f"{rest}/posts/{entry.number}"}], **_replies(rest, entry.number)},
        }

    def _comment(self, one: View) -> Json:
        entry, site = one.entry, home(self.target, self.ask)
        post = self.numbers[entry.thread]
        name = self.target.name if entry.by_page else entry.author.name if entry.author else ""
        return {
            "id": entry.number,
            "post": post,
            "parent": self.numbers.get(entry.parent or "", 0),
            "author": 3 if entry.by_page else 0,
            "author_name": name,
            "author_url": "",
            **self._times("date", entry.at),
            "content": {"rendered": _html(one.text)},
            "link": f"{site}/indlaeg-{post}/#comment-{entry.number}",
            "status": "approved",
            "type": "comment",
            "author_avatar_urls": {"24": "https://gravatar.example/avatar/0?s=24&d=mm&r=g"},
            "meta": [],
            "_links": {"up": [{"embeddable": True, "post_type": "post", "href": f"{site}/{ROOT}/posts/{post}"}]},
        }


FIXED: Mapping[str, Any] = {
    "author": 3,
    "featured_media": 0,
    "comment_status": "open",
    "ping_status": "closed",
    "sticky": False,
    "template": "",
    "format": "standard",
    "meta": {"footnotes": ""},
    "categories": [5],
    "tags": [],
}


def _replies(rest: str, number: int) -> Json:
    return {"replies": [{"embeddable": True, "href": f"{rest}/comments?post={number}"}]}


def _bare(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S")


def _html(text: str) -> str:
    """Text as WordPress renders it: paragraphs, line breaks, typographic characters as numbers."""
    shown = escape(text, quote=False).replace("…", "&#8230;").replace("–", "&#8211;")
    parts = shown.replace("\r", "").split("\n\n")
    return "".join("<p>{}</p>\n".format(part.replace("\n", "<br />\n")) for part in parts)


def _address(base_url: str, one: Place) -> Address:
    return f"{base_url}/wp/{one.ref}", {"kind": "wordpress"}


DIALECT = Dialect(
    mount="wp",
    platform="website",
    kinds=("wordpress",),
    answer=wordpress,
    asked=site_asked,
    address=_address,
)
