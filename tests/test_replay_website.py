"""Web sites replayed in all four ways (a feed, WordPress, a list of news, a sitemap), visited and stored."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from collectors.errors import ThrottledError
from data import queries
from data.errors import Who
from data.page_state import PageState, State, page_state
from data.types import Outcome, Scope
from tests.replaying import EMOJI, FOREIGN, MIXED, PEOPLE, RTL, START, Replay, made_up_page, outcome

HOST = "https://www.noerreaa.example"
FEED = f"{HOST}/nyheder.xml"
SITE = "sider.example/skolen"
Json = dict[str, Any]


def item(number: int, text: str = "Vi ses på torvet.", hours: float = -24, title: str = "") -> str:
    at = (START + timedelta(hours=hours)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><title>{title or f'Nyhed {number}'}</title><link>{HOST}/nyheder/{number}</link>"
        f'<guid isPermaLink="false">n{number}</guid>'
        f"<pubDate>{at}</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
    )


def rss(*items: str, **headers: str) -> httpx.Response:
    body = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>{"".join(items)}'
    told = {"content-type": "application/rss+xml; charset=utf-8", **headers}
    return httpx.Response(200, content=f"{body}</channel></rss>".encode(), headers=told)


def article(title: str, text: str = "Vi ses på torvet.", date: str = "19. november 2026", head: str = "") -> str:
    return (
        f"<!doctype html><html lang=da><head><title>{title} - Nørreå Kommune</title>"
        f'<meta property="og:site_name" content="Nørreå Kommune">{head}</head><body><nav><a href="/">Forside</a></nav>'
        f"<main><h1>{title}</h1><p>{text}</p></main><footer>Nørreå Kommune, Torvet 1</footer></body></html>"
        if "datePublished" in head or not date
        else article(title, text, "", head + f'<meta property="article:published_time" content="{date}">')
    )


def listing(*numbers: int, date: str = "") -> str:
    rows = "".join(f'<li><a href="/nyheder/{one}">Nyhed {one} {date}</a></li>' for one in numbers)
    return (
        f"<!doctype html><title>Nyheder</title><a href='/kontakt'>Kontakt</a><main><h1>Nyheder</h1>{rows}"
        '<a href="/nyheder/plan.pdf">Plan</a><a href="https://andre.example/nyheder/9">Andre</a></main>'
    )


FRONT = '<!doctype html><title>Nørreå</title><a href="/nyheder">Alle nyheder</a><a href="/borger">Borger</a>'


def sitemap(*numbers: int, changed: str = "2026-11-19") -> str:
    rows = "".join(f"<url><loc>{HOST}/nyheder/{one}</loc><lastmod>{changed}</lastmod></url>" for one in numbers)
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{HOST}/borger/pas</loc></url>{rows}</urlset>"
    )


@dataclass
class Web:
    """A site by path; what it does not have is 404."""

    pages: dict[str, str | bytes | httpx.Response] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        found = self.pages.get(request.url.path)
        if found is None:
            return httpx.Response(404, html="<!doctype html><title>404</title>")
        if isinstance(found, httpx.Response):
            return httpx.Response(found.status_code, headers=found.headers, content=found.content)
        if isinstance(found, bytes):
            return httpx.Response(200, content=found)
        return httpx.Response(200, html=found)


def news(*numbers: int, **more: str | bytes | httpx.Response) -> Web:
    """A site with a front page, a list of news and its articles."""
    pages: dict[str, str | bytes | httpx.Response] = {"/": FRONT, "/nyheder": listing(*numbers)}
    pages |= {f"/nyheder/{one}": article(f"Nyhed {one}") for one in numbers}
    return Web(pages | {f"/{name.replace('_', '.')}": body for name, body in more.items()})


def mapped(*numbers: int, **more: str | bytes | httpx.Response) -> Web:
    """A site whose news only its sitemap tells."""
    web = news(*numbers, **more)
    del web.pages["/nyheder"]
    web.pages.setdefault("/sitemap.xml", sitemap(*numbers))
    return web


def wordpress(posts: list[Json], comments: list[Json]) -> Web:
    def rows(found: list[Json]) -> httpx.Response:
        return httpx.Response(200, json=found, headers={"x-wp-total": str(len(found)), "x-wp-totalpages": "1"})

    return Web({"/wp-json/wp/v2/posts": rows(posts), "/wp-json/wp/v2/comments": rows(comments)})


def wp_post(number: int, text: str = "Kom og vær med") -> Json:
    at = (START - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": number, "date_gmt": at, "modified_gmt": at, "link": f"{HOST}/{number}/",
            "title": {"rendered": "Marked"},
            "content": {"rendered": f"<p>{text}</p>", "protected": False}, "comment_status": "open"}  # fmt: skip


def wp_comment(number: int, text: str, post: int = 4711) -> Json:
    at = (START - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": number, "post": post, "parent": 0, "author": 0, "author_name": PEOPLE[0], "date_gmt": at,
            "content": {"rendered": f"<p>{text}</p>"}, "link": f"{HOST}/{post}/#comment-{number}"}  # fmt: skip


def at(tmp_path: Path, ref: str = FEED, **options: str) -> Replay:
    return Replay(tmp_path, made_up_page("website", ref, **options), token=None)


def answers(way: str, first: int, last: int, changed: str = "2026-11-19") -> Web | list[httpx.Response]:
    """A site's numbers `first` to `last`, told in one of the ways that have no count."""
    numbers = range(first, last + 1)
    if way == "feed":
        return [rss(*(item(one).replace("<pubDate>", "<x>").replace("</pubDate>", "</x>") for one in numbers))]
    return news(*numbers) if way == "list" else mapped(*numbers, sitemap_xml=sitemap(*numbers, changed=changed))


def state(replay: Replay) -> PageState:
    with queries.open_reader(replay.path) as reader:
        [row] = queries.pages(reader, Scope(everywhere=True))
    return page_state(row, replay.clock())


def own(replay: Replay) -> dict[str, str]:
    """Texts by what follows the site in the identity, addresses by their path."""
    return {
        name.removeprefix(f"{SITE}:").removeprefix(HOST): text.replace("\n\n", " | ")
        for name, text in replay.texts().items()
    }


def paths(replay: Replay) -> list[str]:
    return [request.url.path for request in replay.asked]


WAYS: Mapping[str, Web] = {"list": news(1, 2, 3), "sitemap": mapped(1, 2, 3)}


def test_first_page(tmp_path: Path) -> None:
    """Four ways to a site's news, from nothing but an address; a comment only where WordPress has one."""
    feed = at(tmp_path / "feed")
    assert (Outcome.COMPLETE, "", None) == outcome(feed.visit([rss(item(1), item(2))]))
    assert {"n1": "Nyhed 1 | Vi ses på torvet.", "n2": "Nyhed 2 | Vi ses på torvet."} == own(feed)
    blog = at(tmp_path / "blog", HOST, kind="wordpress")
    assert (Outcome.COMPLETE, "", None) == outcome(blog.visit(wordpress([wp_post(4711)], [wp_comment(8, "Hvornår?")])))
    assert ["post", "comment"] == [one.kind for one in blog.stored().values()]
    for way, web in WAYS.items():
        replay = at(tmp_path / way, HOST)
        assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(web))
        assert {f"/nyheder/{one}": f"Nyhed {one} | Vi ses på torvet." for one in (1, 2, 3)} == own(replay)
        assert {"2026-11-18"} == {str(one.created_at)[:10] for one in replay.stored().values()}
        assert way == replay.memory()["way"]


def test_a_usual_address_of_a_feed_is_found(tmp_path: Path) -> None:
    """A site that does not name its feed is asked at the usual places; the next visit goes straight there."""
    replay, web = at(tmp_path, HOST), news(1, 2, feed=rss(item(1), etag='"a"'))
    assert (Outcome.COMPLETE, "", None) == outcome(replay.visit(web))
    assert ["n1"] == list(own(replay))
    replay.later().visit(web)
    assert ["/feed"] == paths(replay)


def test_paging_to_the_end(tmp_path: Path) -> None:
    """More articles than one visit reads are read by the next ones; a sitemap's index is followed, gzip too."""
    numbers = range(1, 61)
    places = "".join(f"<sitemap><loc>{HOST}/{name}</loc></sitemap>" for name in ("a.xml.gz", "b"))
    index = f"<sitemapindex>{places}</sitemapindex>"
    web = mapped(*numbers, sitemap_xml=index)
    web.pages |= {"/a.xml.gz": gzip.compress(sitemap(*numbers[:50]).encode()), "/b": sitemap(*numbers[50:])}
    replay = at(tmp_path, HOST)
    assert (Outcome.PARTIAL, "PassingError", Who.NOBODY) == outcome(replay.visit(web))
    assert (40, State.ATTENTION) == (len(own(replay)), state(replay).state)
    assert Outcome.COMPLETE == replay.later().visit(web).outcome
    assert (60, State.SEEN) == (len(own(replay)), state(replay).state)
    replay.later().visit(web)
    assert 60 == len(own(replay))
    assert not [path for path in paths(replay) if path.startswith("/nyheder/")]


def test_what_lies_before_the_look_back_keeps_no_page_waiting(tmp_path: Path) -> None:
    """A sitemap names an archive: its old articles come with later visits, and the first has read everything."""
    replay, web = at(tmp_path, HOST), mapped(*range(1, 61), sitemap_xml=sitemap(*range(1, 61), changed="2019-03-01"))
    assert Outcome.COMPLETE == replay.visit(web).outcome
    assert State.SEEN == state(replay).state
    replay.later().visit(web)
    assert (60, 0) == (len(own(replay)), len(replay.rows("SELECT 1 FROM gaps")))


@pytest.mark.parametrize("way", ["feed", "list", "sitemap"])
def test_a_list_that_reaches_back_is_seen_without_a_count(tmp_path: Path, way: str) -> None:
    """In order: it answered, and holds what the visit before read; that nothing can be compared is said."""
    replay = at(tmp_path, FEED if way == "feed" else HOST)
    for later in range(4):
        assert (
            Outcome.COMPLETE
            == replay.later().visit(answers(way, later, later + 1, changed=f"2026-11-2{later}")).outcome
        )
        assert (State.SEEN, "uncounted") == (state(replay).state, state(replay).why)
    assert [] == replay.rows("SELECT 1 FROM gaps")


@pytest.mark.parametrize("way", ["feed", "list", "sitemap"])
def test_a_list_that_lost_the_thread_says_so(tmp_path: Path, way: str) -> None:
    """Nothing that the visit before read is in it any more: what stood between may be lost, until it reaches back."""
    replay = at(tmp_path, FEED if way == "feed" else HOST)
    replay.visit(answers(way, 1, 2))
    assert Outcome.COMPLETE == replay.later().visit(answers(way, 8, 9)).outcome
    found = state(replay)
    assert (State.ATTENTION, "not_reached", Who.OPERATOR, START) == (found.state, found.why, found.who, found.since)
    assert [(0, "NotReached")] == replay.rows("SELECT filled, error FROM gaps WHERE ended_at IS NOT NULL")
    replay.later().visit(answers(way, 9, 10))
    assert (State.SEEN, 1) == (state(replay).state, len(replay.rows("SELECT 1 FROM gaps")))


def test_a_lost_thread_is_told_though_the_list_is_read_in_parts(tmp_path: Path) -> None:
    """Sixty articles of which none is known take two visits: that the second knows the first's fills no gap."""
    replay = at(tmp_path, HOST)
    replay.visit(news(1, 2))
    assert Outcome.PARTIAL == replay.later().visit(news(*range(101, 161))).outcome
    assert Outcome.COMPLETE == replay.later().visit(news(*range(101, 161))).outcome
    assert [(0,)] == replay.rows("SELECT filled FROM gaps")
    assert "not_reached" == state(replay).why


def test_a_wordpress_site_is_held_against_its_own_number(tmp_path: Path) -> None:
    """Comments post by post, where their sum is the site's; a site that counts nothing leaves its comments unproved."""
    posts, comments = [wp_post(4711), wp_post(4712)], [wp_comment(8, "Hvornår?"), wp_comment(9, "Hvor?", 4712)]
    replay = at(tmp_path / "counted", HOST, kind="wordpress")
    replay.visit(wordpress(posts, comments))
    assert (State.SEEN, "") == (state(replay).state, state(replay).why)
    assert [(2, 2)] == replay.rows("SELECT stored, claimed FROM visits")
    silent = wordpress(posts, comments)
    for path in ("/wp-json/wp/v2/posts", "/wp-json/wp/v2/comments"):
        silent.pages[path] = httpx.Response(200, content=silent.pages[path].content)  # type: ignore[union-attr]
    uncounted = at(tmp_path / "silent", HOST, kind="wordpress")
    uncounted.visit(silent)
    assert (State.UNKNOWN, "no_counts") == (state(uncounted).state, state(uncounted).why)


def test_nothing_new_costs_two_calls(tmp_path: Path) -> None:
    """The robots.txt and the list."""
    replay = at(tmp_path, HOST)
    replay.visit(news(1, 2, 3))
    result = replay.later().visit(news(1, 2, 3))
    assert (["/robots.txt", "/nyheder"], 0) == (paths(replay), result.tally.new)


def test_edit(tmp_path: Path) -> None:
    """A changed article is a version: at once where the sitemap says so, within a day on a list."""
    for way, made in (("list", news), ("sitemap", mapped)):
        replay, web = at(tmp_path / way, HOST), made(1, 2)
        replay.visit(web)
        web.pages["/nyheder/2"] = article("Nyhed 2", "Vi ses på havnen.")
        if way == "sitemap":
            web.pages["/sitemap.xml"] = sitemap(1, 2, changed="2026-11-22")
        replay.later(1 if way == "sitemap" else 25).visit(web)
        kept = replay.stored()[f"{SITE}:{HOST}/nyheder/2"]
        assert ("Nyhed 2\n\nVi ses på havnen.", 1) == (kept.text, len(kept.versions))


def test_hide(tmp_path: Path) -> None:
    """A site has no hidden news; a comment that WordPress takes back from view is missing, and then gone."""
    replay = at(tmp_path, HOST, kind="wordpress")
    replay.visit(wordpress([wp_post(4711)], [wp_comment(8, "Hvornår?"), wp_comment(9, "Hvor?")]))
    for _ in range(2):
        replay.later().visit(wordpress([wp_post(4711)], [wp_comment(9, "Hvor?")]))
    assert ["visible", "gone", "visible"] == [one.visibility for one in replay.stored().values()]


def test_delete(tmp_path: Path) -> None:
    """What a list, a sitemap or a feed no longer names may only be old: nothing of it is called deleted."""
    for way, made in (("list", news), ("sitemap", mapped)):
        replay = at(tmp_path / way, HOST)
        replay.visit(made(1, 2, 3))
        for _ in range(3):
            assert Outcome.COMPLETE == replay.later(25).visit(made(2, 3)).outcome
        assert {"visible"} == {one.visibility for one in replay.stored().values()}


def test_repeated_ids(tmp_path: Path) -> None:
    """The same article under two addresses is one: by the address that it gives itself, without counters."""
    web = news(1, 2)
    same = f'<link rel="canonical" href="{HOST}/nyheder/2/">'
    web.pages["/nyheder"] = listing(1, 2) + '<a href="/nyheder/2?utm_source=x">To</a><a href="/nyheder/arkiv/2">To</a>'
    web.pages["/nyheder/arkiv/2"] = web.pages["/nyheder/2"] = article("Nyhed 2", head=same)
    replay = at(tmp_path, HOST)
    replay.visit(web)
    assert {"/nyheder/1", "/nyheder/2"} == set(own(replay))


def test_empty_page(tmp_path: Path) -> None:
    """An empty feed is no news; an empty answer, and a list that lost its articles, are errors."""
    assert Outcome.COMPLETE == at(tmp_path / "feed").visit([rss()]).outcome
    replay = at(tmp_path / "list", HOST)
    replay.visit(news(1, 2))
    bare = news(1, 2)
    bare.pages["/nyheder"] = "<!doctype html><title>Nyheder</title><main>Indlæser …</main>"
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(replay.later().visit(bare))
    bare.pages["/nyheder"] = b""
    assert (Outcome.FAILED, "ShapeError", Who.DEVELOPER) == outcome(replay.later().visit(bare))
    assert 1 == replay.open_gaps()


def test_a_soft_block_is_never_no_news(tmp_path: Path) -> None:
    """A firewall that answers 200, and a challenge for browsers, name the site's operator as who must act."""
    challenge = (
        "<!doctype html><title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>"
    )
    blocks: dict[str, str | bytes] = {"denied": b"Access Denied", "challenge": challenge}
    for name, block in blocks.items():
        for path in ("/", "/robots.txt", "/nyheder", "/nyheder/2"):
            web = news(1, 2, robots_txt="User-agent: *\nAllow: /")
            web.pages[path] = block
            replay = at(tmp_path / name / path.replace("/", "_"), HOST)
            result = replay.visit(web)
            assert Outcome.COMPLETE != result.outcome, path
            assert "firewall" in str(result.error), path


def test_robots_are_respected(tmp_path: Path) -> None:
    """A site that keeps Sideblik out is not read, and whoever runs Sideblik is told; single articles are left out."""
    closed = news(1, 2, robots_txt=b"User-agent: *\nDisallow: /\n")
    replay = at(tmp_path / "all", HOST)
    result = replay.visit(closed)
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(result)
    assert "robots.txt" in str(result.error)
    assert ["/", "/robots.txt"] == paths(replay)
    some = at(tmp_path / "some", HOST)
    some.visit(news(1, 2, 3, robots_txt=b"User-agent: Sideblik\nDisallow: /nyheder/2\n"))
    assert {"/nyheder/1", "/nyheder/3"} == set(own(some))


def test_too_many_requests(tmp_path: Path) -> None:
    """A site's Retry-After is kept, also in the middle of its articles; what came before is stored."""
    busy = httpx.Response(429, headers={"retry-after": "900"})
    web = news(*range(1, 16))
    web.pages["/nyheder/12"] = busy
    replay = at(tmp_path, HOST)
    result = replay.visit(web)
    assert (Outcome.PARTIAL, "ThrottledError", Who.NOBODY) == outcome(result)
    assert isinstance(result.error, ThrottledError)
    assert result.error.retry_at
    assert 10 == len(own(replay))
    replay.later(1).visit(news(*range(1, 16)))
    assert 15 == len(own(replay))


def test_expired_token(tmp_path: Path) -> None:
    """A site has no token; one that suddenly asks for a login says so."""
    replay = at(tmp_path)
    assert (Outcome.FAILED, "TokenError", Who.PAGE_ADMINISTRATOR) == outcome(replay.visit([httpx.Response(401)]))


def test_missing_permission(tmp_path: Path) -> None:
    """A refusal of the feed, or of the page that everything begins with."""
    told = (Outcome.FAILED, "PermissionMissingError", Who.PAGE_ADMINISTRATOR)
    assert told == outcome(at(tmp_path / "feed").visit([httpx.Response(403)]))
    assert told == outcome(at(tmp_path / "list", HOST).visit(lambda _: httpx.Response(403)))


def test_removed_endpoint(tmp_path: Path) -> None:
    """A feed or a list that was taken down: whoever runs Sideblik must give another address."""
    told = (Outcome.FAILED, "PageSetupError", Who.OPERATOR)
    assert told == outcome(at(tmp_path / "feed").visit([httpx.Response(410)]))
    replay = at(tmp_path / "list", HOST)
    replay.visit(news(1, 2))
    assert told == outcome(replay.later().visit(Web({"/": FRONT})))
    bare = at(tmp_path / "bare", HOST).visit(Web({"/": FRONT}))
    assert told == outcome(bare)
    assert "no feed, no list of news and no sitemap" in str(bare.error)


def test_server_error(tmp_path: Path) -> None:
    """It passes: nobody must act, and nothing is taken for an empty list."""
    for path in ("/", "/robots.txt", "/rss", "/nyheder", "/nyheder/1"):
        web = news(1, 2)
        web.pages[path] = httpx.Response(502)
        result = at(tmp_path / path.replace("/", "_"), HOST).visit(web)
        assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(result), path


def test_cut_body(tmp_path: Path) -> None:
    """A connection that breaks off is tried again, then told; nothing half is stored."""
    replay = at(tmp_path, HOST)
    assert (Outcome.FAILED, "NetworkError", Who.NOBODY) == outcome(replay.torn(news(1, 2), at=10))
    assert {} == own(replay)


def test_wrong_content_type(tmp_path: Path) -> None:
    """A web page where a known feed was is an error and no new way; a PDF on a list is no article."""
    replay = at(tmp_path / "feed")
    replay.visit([rss(item(1), etag='"a"')])
    assert (Outcome.FAILED, "PageSetupError", Who.OPERATOR) == outcome(
        replay.later().visit(news(1, 2, nyheder_xml=FRONT))
    )
    odd = news(1, 2, 3)
    odd.pages["/nyheder/3"] = b"%PDF-1.7"
    lists = at(tmp_path / "list", HOST)
    assert Outcome.COMPLETE == lists.visit(odd).outcome
    assert {"/nyheder/1", "/nyheder/2"} == set(own(lists))


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("12. nov. 2026", "2026-11-11T23:00:00"),
        ("19.08.2026 14.30", "2026-08-19T12:30:00"),
        ("2026-08-14 12:59:14", "2026-08-14T10:59:14"),
        ("Mon, 01 Jan 0001 00:00:00 +0000", "None"),
        ("0001-01-01T00:00:00", "None"),
        ("06.07.26", "2026-07-05T22:00:00"),
    ],
)
def test_clock_skew(tmp_path: Path, told: str, wanted: str) -> None:
    """Dates as Danish sites write them, Copenhagen's time; a date of the year 1 is none, and never "now"."""
    replay = at(tmp_path, HOST)
    web = news(1, 2)
    web.pages["/nyheder/1"] = article("Nyhed 1", date=told)
    assert Outcome.COMPLETE == replay.visit(web).outcome
    assert wanted == str(replay.stored()[f"{SITE}:{HOST}/nyheder/1"].created_at).replace(" ", "T")[:19]


def test_dates_come_from_the_best_source(tmp_path: Path) -> None:
    """Linked data first, then a date beside the link on the list; a date of a change is no date of publication."""
    told = '{"@graph":[{"@type":"NewsArticle","datePublished":"2026-11-10T08:00:00+01:00"}]}'
    data = f'<script type="application/ld+json">{told}</script>'
    replay, web = at(tmp_path, HOST), news(1, 2)
    web.pages["/nyheder"] = listing(1, 2, date="15. nov. 2026")
    web.pages["/nyheder/1"] = article("Et", head=data)
    web.pages["/nyheder/2"] = article("To", date="", head='<meta name="cmspageupdated" content="2026-11-18 06.28">')
    replay.visit(web)
    one, two = replay.stored().values()
    assert datetime(2026, 11, 10, 7, tzinfo=UTC) == datetime.fromisoformat(str(one.created_at)).replace(tzinfo=UTC)
    assert ("2026-11-14", "2026-11-18") == (str(two.created_at)[:10], str(two.edited_at)[:10])


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_page_in_another_charset(tmp_path: Path, charset: str) -> None:
    """Also where the page says UTF-8 and is not."""
    replay, web = at(tmp_path, HOST), news(1, 2)
    body = article("Ændring på Ågade", "Kør uden om ø-bussen.", head='<meta charset="utf-8">').encode(charset)
    web.pages["/nyheder/1"] = httpx.Response(200, content=body, headers={"content-type": "text/html"})
    replay.visit(web)
    assert "Ændring på Ågade | Kør uden om ø-bussen." == own(replay)["/nyheder/1"]


def test_foreign_letters(tmp_path: Path) -> None:
    """Emoji, right to left, and the Danish letters, in every way."""
    feed = at(tmp_path / "feed")
    feed.visit([rss(*(item(number, text) for number, text in enumerate(FOREIGN)))])
    for text, kept in zip(FOREIGN, own(feed).values(), strict=True):
        assert text in kept
    lists, web = at(tmp_path / "list", HOST), news(1, 2, 3)
    for number, text in enumerate((EMOJI, RTL, MIXED), start=1):
        web.pages[f"/nyheder/{number}"] = article(f"Nyhed {number}", text)
    lists.visit(web)
    assert [f"Nyhed {number} | {text}" for number, text in enumerate(FOREIGN, start=1)] == list(own(lists).values())
