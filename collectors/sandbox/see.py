"""The made-up pages as people see them: where a link from the demo's dashboard leads, on this machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.scenario import Entry, Place, Scenario, View, listed, moment, place
from collectors.sandbox.web import missing
from collectors.sandbox.written import municipality
from data.times import COPENHAGEN

NEWEST = 20
HEAD = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;background:#f4f5f2;"
    "color:#1d2421}article{background:#fff;border:1px solid #d9ded8;border-radius:8px;padding:1rem;margin:1rem 0}"
    "p{white-space:pre-wrap;margin:.2rem 0 .8rem}.reply{margin-left:2rem}.wanted{outline:3px solid #d9a400}"
    "small{color:#5a655f}header{border-left:4px solid #d9a400;padding-left:.8rem}"
)


def see(scenario: Scenario, ask: Ask) -> Answer:
    """Answer for `<ref>` (the newest posts) or a link to one post, with the comment that the link names marked."""
    ref, _, rest = ask.path.strip("/").partition("/")
    target = place(scenario, ref)
    if target is None:
        return missing()
    posts = _posts(scenario, target, rest, ask.t)
    words = municipality()["see"]
    shown = "".join(_thread(scenario, target, post, ask) for post in posts) or f"<p>{escape(words['gone'])}</p>"
    body = (
        f"<!doctype html><html lang=da><head><meta charset=utf-8><title>{escape(target.name)}</title>"
        f"<style>{STYLE}</style></head><body><header><h1>{escape(target.name)}</h1>"
        f"<small>{escape(words['notice'])}</small></header>{shown}</body></html>"
    )
    return Answer(200, body.encode(), HEAD)


def _posts(scenario: Scenario, target: Place, rest: str, t: float) -> list[View]:
    """The post that the address names, by the platform's number or the site's; without one the newest."""
    posts = listed(scenario, scenario.posts(target.id), t)[::-1]
    named = re.search(r"(?:posts/|nyheder/|indlaeg-|p/|share:)(\d+)", rest)
    if named is None:
        return posts[:NEWEST]
    return [one for one in posts if named[1] in (re.split("[_:]", one.entry.id)[-1], str(one.entry.number))]


def _thread(scenario: Scenario, target: Place, post: View, ask: Ask) -> str:
    below = "".join(_message(scenario, target, one, ask) for one in _in_order(scenario, post.entry, ask.t))
    return f"<article>{_message(scenario, target, post, ask)}{below}</article>"


def _in_order(scenario: Scenario, post: Entry, t: float) -> Iterator[View]:
    """Comments by time, each with its replies below it."""
    views = listed(scenario, scenario.comments(post.id), t)
    for top in views:
        if top.entry.parent is None:
            yield top
            yield from (one for one in views if one.entry.parent == top.entry.id)


def _message(scenario: Scenario, target: Place, one: View, ask: Ask) -> str:
    entry, words = one.entry, municipality()["see"]
    name = target.name if entry.by_page else entry.author.name if entry.author and entry.author.shown else ""
    when = moment(scenario, entry.at).astimezone(COPENHAGEN).strftime("%d.%m.%Y %H.%M")
    told = f"{when} · {words['hidden']}" if one.hidden else when
    kinds = ["reply"] if entry.parent else []
    wanted = ask.params.get("reply_comment_id") or ask.params.get("comment_id")
    kinds += ["wanted"] if wanted == entry.id.rpartition("_")[2] else []
    return (
        f'<div id="comment-{entry.number}" class="{" ".join(kinds)}"><b>{escape(name or words["unknown"])}</b> '
        f"<small>{escape(told)}</small><p>{escape(one.text)}</p></div>"
    )
