"""Municipal sites without a feed: a front page, a list of news or a sitemap, and one web page for each article.

A `newslist` has its news at `<site>/nyheder`; a `sitemap` has no list that can be read without a browser, and is named
in the host's robots.txt. Source: a survey of all Danish municipal sites in 2026; sitemaps.org 0.9; RFC 9309.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.dialect import Address, Dialect
from collectors.sandbox.scenario import Place, Scenario, View, listed, moment, place
from collectors.sandbox.web import missing, site_asked
from data.times import COPENHAGEN

NEWEST = 20
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
          "december")  # fmt: skip
HTML = {"content-type": "text/html; charset=utf-8"}


def robots(scenario: Scenario, origin: str) -> Answer:
    """The host's robots.txt; it names the sitemaps of its sites: a host called after a dialect has that one alone."""
    word = urlsplit(origin).netloc.partition(".")[0]
    alone = any(one.dialect == word != "sitemap" for one in scenario.places)
    mine = [one for one in scenario.places if one.dialect == "sitemap" and not alone]
    maps = [f"Sitemap: {origin}/site/{one.ref}/sitemap.xml" for one in mine]
    told = "\n".join(["User-agent: *", "Disallow: /intern/", *maps, ""])
    return Answer(200, told.encode(), {"content-type": "text/plain; charset=utf-8"})


def newslist(scenario: Scenario, ask: Ask) -> Answer:
    """Answer for a site's front page, its `nyheder`, one article, or its `sitemap.xml`."""
    site, _, rest = ask.path.strip("/").partition("/")
    target = place(scenario, site)
    if target is None or target.dialect not in DIALECT.kinds:
        return missing()
    views = listed(scenario, scenario.posts(target.id), ask.t)[::-1]
    match rest.split("/"):
        case [""]:
            return _page(target, target.name, _menu(target, ask))
        case ["nyheder"] if target.dialect == "newslist":
            return _page(target, "Nyheder", _list(scenario, target, views[:NEWEST], ask))
        case ["nyheder", number]:
            found = next((one for one in views if str(one.entry.number) == number), None)
            return _article(scenario, target, found, ask) if found else missing()
        case ["sitemap.xml"] if target.dialect == "sitemap":
            return _sitemap(scenario, target, views, ask)
    return missing()


def _menu(target: Place, ask: Ask) -> str:
    root = f"{ask.base}/{target.ref}"
    news = f'<a href="{root}/nyheder">Nyheder</a>' if target.dialect == "newslist" else ""
    return f'{news}<a href="{root}/kontakt">Kontakt</a>'


def _page(target: Place, title: str, body: str, head: str = "") -> Answer:
    text = (
        f'<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{escape(title)} | {escape(target.name)}'
        f"</title>{head}</head><body><header><a href='/'>{escape(target.name)}</a></header><main>{body}</main>"
        f"<footer>{escape(target.name)}</footer></body></html>"
    )
    return Answer(200, text.encode(), HTML)


def _list(scenario: Scenario, target: Place, views: list[View], ask: Ask) -> str:
    def row(one: View) -> str:
        at = moment(scenario, one.entry.at).astimezone(COPENHAGEN)
        date = f"{at.day}. {MONTHS[at.month - 1]} {at.year}"
        link = f"{ask.base}/{target.ref}/nyheder/{one.entry.number}"
        return f'<li><a href="{link}">{escape(one.entry.title)} {date}</a></li>'

    return f"<h1>Nyheder</h1><ul>{''.join(row(one) for one in views)}</ul>"


def _article(scenario: Scenario, target: Place, one: View, ask: Ask) -> Answer:
    head = f'<meta property="article:published_time" content="{moment(scenario, one.entry.at).isoformat()}">'
    if one.edited_at is not None:
        changed = moment(scenario, one.edited_at).isoformat()
        head += f'<meta property="article:modified_time" content="{changed}">'
    if ask.seen:
        head += f'<link rel="canonical" href="{ask.seen}/{target.ref}/nyheder/{one.entry.number}">'
    lines = "".join(f"<p>{escape(line)}</p>" for line in one.text.split("\n") if line.strip())
    return _page(target, one.entry.title, f"<h1>{escape(one.entry.title)}</h1>{lines}", head)


def _sitemap(scenario: Scenario, target: Place, views: list[View], ask: Ask) -> Answer:
    root = f"{ask.base}/{target.ref}"

    def row(one: View) -> str:
        changed = moment(scenario, one.entry.at if one.edited_at is None else one.edited_at).isoformat()
        return f"<url><loc>{root}/nyheder/{one.entry.number}</loc><lastmod>{changed}</lastmod></url>"

    rows = f"<url><loc>{root}/kontakt</loc></url>" + "".join(row(one) for one in views)
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}'
    return Answer(200, f"{text}</urlset>".encode(), {"content-type": "application/xml"})


def _address(base_url: str, one: Place) -> Address:
    return f"{base_url}/site/{one.ref}/", {}


DIALECT = Dialect(
    mount="site",
    platform="website",
    kinds=("newslist", "sitemap"),
    answer=newslist,
    asked=site_asked,
    address=_address,
    instead={"wrong_type": lambda _fault, _ref: Answer(200, b"%PDF-1.7", {"content-type": "application/pdf"})},
    social=False,
)
