"""News feeds of municipal sites: RSS 2.0 and Atom 1.0 with conditional GET, and what real ones get wrong.

Quirks of a place: `year-0001` (a page without a date), `relative-link`, `empty-description`, `windows-1252`,
`no-validators`, `double-escaped`, `utm`. Source: RSS 2.0 and Atom (RFC 4287) specifications, HTTP (RFC 9110).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from urllib.parse import urlsplit

from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.scenario import Place, Scenario, View, listed, moment, moved, place
from data.times import COPENHAGEN

NEWEST = 20
NOBODY = "Mon, 01 Jan 0001 00:00:00 +0000"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def web(scenario: Scenario, ask: Ask) -> Answer:
    """Answer for `<site>/rss.xml`, `<site>/atom.xml`, or the site's front page, which names its feed."""
    site, _, rest = ask.path.strip("/").partition("/")
    target = place(scenario, site)
    if target is None or target.dialect not in ("rss", "atom"):
        return missing()
    if not rest:
        return _front(target, ask)
    if rest != f"{target.dialect}.xml":
        return missing()
    views = listed(scenario, scenario.posts(target.id), ask.t)[::-1][:NEWEST]
    return _validated(target, ask, _feed(scenario, target, views, ask), _newest(scenario, views, ask.t))


def missing() -> Answer:
    return Answer(404, b"<!doctype html><title>404</title>", {"content-type": "text/html; charset=utf-8"})


def home(target: Place, ask: Ask) -> str:
    return f"{ask.seen}/{target.ref}" if ask.seen else f"https://www.{target.ref}.example"


def _front(target: Place, ask: Ask) -> Answer:
    kind = "application/rss+xml" if target.dialect == "rss" else "application/atom+xml"
    link = f'<link rel="alternate" type="{kind}" href="{ask.base}/{target.ref}/{target.dialect}.xml">'
    body = f"<!doctype html><html lang=da><head><title>{escape(target.name)}</title>{link}</head><body></body></html>"
    return Answer(200, body.encode(), {"content-type": "text/html; charset=utf-8"})


def _newest(scenario: Scenario, views: Sequence[View], t: float) -> str:
    at = max((moved(scenario, one.entry, t) for one in views), default=-86400.0)
    return format_datetime(moment(scenario, at), usegmt=True)


def _validated(target: Place, ask: Ask, text: str, modified: str) -> Answer:
    charset = "windows-1252" if "windows-1252" in target.quirks else "utf-8"
    body = text.encode(charset, "xmlcharrefreplace")
    kind = "rss" if target.dialect == "rss" else "atom"
    head = {"content-type": f"application/{kind}+xml; charset={charset}", "cache-control": "max-age=900"}
    if "no-validators" in target.quirks:
        return Answer(200, body, head)
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
    head |= {"etag": tag, "last-modified": modified}
    if _unchanged(ask, tag, modified):
        return Answer(304, b"", {"etag": tag, "last-modified": modified})
    return Answer(200, body, head)


def _unchanged(ask: Ask, tag: str, modified: str) -> bool:
    """If-None-Match wins over If-Modified-Since (RFC 9110, 13.2.2)."""
    wanted = ask.headers.get("if-none-match")
    if wanted is not None:
        return tag in [one.strip().removeprefix("W/") for one in wanted.split(",")]
    since = ask.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except ValueError:
        return False


def _feed(scenario: Scenario, target: Place, views: Sequence[View], ask: Ask) -> str:
    charset = "windows-1252" if "windows-1252" in target.quirks else "utf-8"
    head = f'<?xml version="1.0" encoding="{charset}"?>\n'
    build = _rss if target.dialect == "rss" else _atom
    return head + build(scenario, target, views, ask)


def _rss(scenario: Scenario, target: Place, views: Sequence[View], ask: Ask) -> str:
    items = "".join(_item(scenario, target, one, ask, last=one is views[-1]) for one in views)
    return (
        f'<rss version="2.0" {NAMESPACES}><channel><title>{escape(target.name)}</title>'
        f"<link>{home(target, ask)}/nyheder</link><description>{escape(target.name)}</description>"
        f"<language>da-DK</language>"
        f'<atom:link href="{ask.base}/{target.ref}/rss.xml" rel="self" type="application/rss+xml"/><ttl>60</ttl>'
        f"{items}</channel></rss>"
    )


def _item(scenario: Scenario, target: Place, one: View, ask: Ask, *, last: bool) -> str:
    """One item; the site's quirks show on the last item of the feed, where real sites keep their oldest pages."""
    quirks = target.quirks if last else target.quirks - {"year-0001", "empty-description"}
    path = f"/nyheder/{one.entry.number}" + ("?utm_source=rss" if "utm" in quirks else "")
    whole = home(target, ask) + path
    link = urlsplit(whole)._replace(scheme="", netloc="").geturl() if "relative-link" in quirks else whole
    date = NOBODY if "year-0001" in quirks else _local(scenario, one.entry.at)
    words = "" if "empty-description" in quirks else f"<p>{escape(one.text)}</p>"
    text = escape(escape(words)) if "double-escaped" in quirks else f"<![CDATA[{words}]]>"
    guid = uuid.uuid5(uuid.NAMESPACE_URL, one.entry.id)
    picture = f'<enclosure url="{escape(whole)}.jpg" type="image/jpeg" length="0"/>' if one.entry.photo else ""
    return (
        f"<item><title>{escape(one.entry.title)}</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{guid}</guid><pubDate>{date}</pubDate>'
        f"<dc:creator>{escape(target.name)}</dc:creator><description>{text}</description>{picture}</item>"
    )


def _local(scenario: Scenario, at: float) -> str:
    return format_datetime(moment(scenario, at).astimezone(COPENHAGEN))


def _iso(scenario: Scenario, at: float) -> str:
    return moment(scenario, at).astimezone(COPENHAGEN).isoformat()


def _atom(scenario: Scenario, target: Place, views: Sequence[View], ask: Ask) -> str:
    updated = _iso(scenario, max((moved(scenario, one.entry, ask.t) for one in views), default=0.0))
    entries = "".join(_entry(scenario, target, one, ask) for one in views)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="da"><title>{escape(target.name)}</title>'
        f"<id>{home(target, ask)}/nyheder</id><updated>{updated}</updated>"
        f'<link rel="self" href="{ask.base}/{target.ref}/atom.xml"/>{entries}</feed>'
    )


def _entry(scenario: Scenario, target: Place, one: View, ask: Ask) -> str:
    entry = one.entry
    updated = _iso(scenario, one.edited_at if one.edited_at is not None else entry.at)
    return (
        f'<entry><title type="html">{escape(escape(entry.title))}</title>'
        f"<id>tag:{target.ref}.example,2026:nyhed-{entry.number}</id>"
        f'<link href="{home(target, ask)}/nyheder/{entry.number}"/><published>{_iso(scenario, entry.at)}</published>'
        f"<updated>{updated}</updated><author><name>{escape(target.name)}</name></author>"
        f'<content type="html">{escape(f"<p>{escape(one.text)}</p>")}</content></entry>'
    )


def site_asked(scenario: Scenario, ask: Ask) -> Place | None:
    """The site whose word an address begins with."""
    return place(scenario, ask.path.partition("/")[0])


def _address(base_url: str, one: Place) -> Address:
    return f"{base_url}/web/{one.ref}/{one.dialect}.xml", {}


DIALECT = Dialect(
    mount="web",
    platform="website",
    kinds=("rss", "atom"),
    answer=web,
    asked=site_asked,
    address=_address,
    social=False,
)
