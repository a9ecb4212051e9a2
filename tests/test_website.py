"""Web sites: feeds with what real ones get wrong, conditional requests, and WordPress."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import Batch, Request
from collectors.errors import (
    NetworkError,
    PageSetupError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    VisitError,
)
from collectors.http import Http
from collectors.platforms import collector_for
from collectors.platforms._text import clean, link, moment, plain
from data.types import Kind, Page
from tests.support import Hand

SINCE = datetime(2026, 11, 8, tzinfo=UTC)
FEED = "https://www.noerreaa.dk/nyheder/rss"
PAGE = Page("nyheder", "kommunen", "website", "Nyheder", "https://www.noerreaa.dk", FEED)
BLOG = Page("blog", "huset", "website", "Huset", "https://kultur.noerreaa.dk", "https://kultur.noerreaa.dk/",
            options={"kind": "wordpress"})  # fmt: skip
RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded" / "website"

Reply = Callable[[httpx.Request], httpx.Response]

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Nyheder</title><link>https://www.noerreaa.dk/nyheder</link>{items}</channel></rss>"""
ITEM = """<item><title>Høring: Plan for Ågade &amp;amp; Søgade</title>
<link>https://www.noerreaa.dk/nyheder/plan?utm_source=rss&amp;id=7#top</link>
<guid isPermaLink="false"> 9f0c-1 </guid><pubDate>Tue, 17 Nov 2026 10:05:00 +0100</pubDate>
<dc:creator>Mette Holm</dc:creator>
<description><![CDATA[<p>Svar inden 15.&nbsp;december.</p><script>alert(1)</script><p>Kom 😊</p>]]></description>
<enclosure url="/media/plan.jpg" type="image/jpeg" length="0"/></item>"""
ODD = """<item><title>Åbningstider</title><link>/nyheder/tider</link>
<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate><description></description></item>"""


def feed(*items: str) -> bytes:
    return RSS.format(items="".join(items)).encode()


def batches(answer: Reply, page: Page = PAGE, **memory: str) -> list[Batch]:
    http = Http(
        transport=httpx.MockTransport(answer), clock=Hand(), sleep=lambda _: None, addresses=lambda _: ["1.1.1.1"]
    )
    return list(collector_for("website").batches(Request(page, SINCE, memory=memory), http))


def only(body: bytes, **headers: str) -> Reply:
    return lambda _: httpx.Response(200, content=body, headers={"content-type": "application/rss+xml", **headers})


def test_an_entry_is_read_as_a_reader_sees_it():
    """Title and text without markup, entities as characters, address without counters, the author left out."""
    (batch,) = batches(only(feed(ITEM)))
    (message,) = batch.messages
    assert "Høring: Plan for Ågade & Søgade\n\nSvar inden 15. december.\n\nKom 😊" == message.text
    assert "www.noerreaa.dk:9f0c-1" == message.message_id == message.thread_id
    assert datetime(2026, 11, 17, 9, 5, tzinfo=UTC) == message.created_at
    assert "https://www.noerreaa.dk/nyheder/plan?id=7#top" == message.url
    assert (Kind.POST, True, None) == (message.kind, message.by_page, message.author_name)
    assert [("photo", "https://www.noerreaa.dk/media/plan.jpg")] == [(a.kind, a.url) for a in message.attachments]


def test_what_real_feeds_get_wrong():
    """A relative link, a date of the year 1, no text, no id."""
    (message,) = batches(only(feed(ODD)))[0].messages
    assert ("Åbningstider", None) == (message.text, message.created_at)
    assert "https://www.noerreaa.dk/nyheder/tider" == message.url
    assert "www.noerreaa.dk:https://www.noerreaa.dk/nyheder/tider" == message.message_id


def test_an_entry_twice_counts_once():
    """The first one listed is the newest."""
    assert 1 == len(batches(only(feed(ITEM, ITEM.replace("Høring", "Gammel"))))[0].messages)


def test_a_feed_says_nothing_of_what_it_no_longer_lists():
    """It holds the newest entries only, so nothing is ever missing from it."""
    (batch,) = batches(only(feed(ITEM)))
    assert (None, frozenset(), {}) == (batch.posts_since, batch.whole, dict(batch.counts))


def test_atom_is_read_alike():
    """With its own names for everything."""
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry>
    <title type="html">Sti p&amp;aring; S&amp;oslash;gade</title>
    <id>tag:noerreaa.dk,2026:4711</id><link href="https://www.noerreaa.dk/sti"/>
    <published>2026-11-17T10:05:00+01:00</published><updated>2026-11-18T08:00:00+01:00</updated>
    <content type="html">&lt;p&gt;Mandag.&lt;/p&gt;</content></entry></feed>"""
    (message,) = batches(only(body))[0].messages
    assert "Sti på Søgade\n\nMandag." == message.text
    assert datetime(2026, 11, 18, 7, tzinfo=UTC) == message.edited_at


def test_a_page_in_another_charset_is_read():
    """The header decides."""
    body = feed(ITEM).decode().replace("utf-8", "windows-1252").replace("😊", "").encode("windows-1252")
    answer = only(body, **{"content-type": "application/rss+xml; charset=windows-1252"})
    assert batches(answer)[0].messages[0].text.startswith("Høring: Plan for Ågade")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><title>Velkommen</title>", PageSetupError),
        (b"\xef\xbb\xbf\n<html><body>Just a moment</body></html>", PageSetupError),
        (b"Access Denied", PageSetupError),
        (b'{"version": "https://jsonfeed.org/version/1"}', ShapeError),
        (b"", ShapeError),
        (b"<nothing/>", ShapeError),
    ],
)
def test_what_is_no_feed_is_an_error_and_never_no_news(body: bytes, kind: type[VisitError]):
    """Also with status 200."""
    with pytest.raises(kind, match=r"www\.noerreaa\.dk/nyheder/rss"):
        batches(only(body))


@pytest.mark.parametrize(("status", "kind"), [(404, PageSetupError), (503, NetworkError), (429, ThrottledError)])
def test_a_site_that_refuses_is_told(status: int, kind: type[VisitError]):
    """With what must be done."""
    with pytest.raises(kind):
        batches(lambda _: httpx.Response(status))


def test_a_feed_that_blows_itself_up_stays_small():
    """Entities within entities are not resolved."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    for one, other in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f'<!ENTITY {one} "{f"&{other};" * 10}">'.encode()
    bomb += b"]><rss version='2.0'><channel><item><guid>1</guid><title>&h;</title></item></channel></rss>"
    assert all(len(message.text) < 100 for message in batches(only(bomb))[0].messages)


def test_a_torn_feed_gives_what_it_has_and_is_asked_for_again():
    """Nothing of it is remembered, so that the whole one is read next time."""
    (batch,) = batches(only(feed(ITEM, ODD)[:-40], etag='"a"'))
    assert batch.messages
    assert {} == batch.memory


def test_validators_are_sent_back_unchanged():
    """And a 304 is told as unchanged, with what was remembered."""
    (first,) = batches(only(feed(ITEM), etag='W/"a-gzip"', **{"last-modified": "Mon, 16 Nov 2026 08:00:00 GMT"}))
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(304, headers={"etag": '"b"'})

    assert first.memory
    (second,) = batches(answer, **first.memory)
    assert 'W/"a-gzip"' == asked[0].headers["if-none-match"]
    assert "Mon, 16 Nov 2026 08:00:00 GMT" == asked[0].headers["if-modified-since"]
    assert (True, ()) == (second.unchanged, second.messages)
    assert {**first.memory, "etag": '"b"'} == second.memory


def test_the_same_bytes_are_unchanged_whatever_the_validators_say():
    """Some sites give a new ETag with every answer."""
    (first,) = batches(only(feed(ITEM), etag='"1"'))
    (second,) = batches(only(feed(ITEM), etag='"2"'), **(first.memory or {}))
    assert (True, '"2"') == (second.unchanged, (second.memory or {})["etag"])


def test_what_is_remembered_of_another_address_means_nothing():
    """A page whose reference was corrected is read whole."""
    (first,) = batches(only(feed(ITEM), etag='"1"'))
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return only(feed(ITEM))(request)

    other = Page("nyheder", "kommunen", "website", "Nyheder", "https://www.noerreaa.dk", f"{FEED}2")
    (second,) = batches(answer, other, **(first.memory or {}))
    assert "if-none-match" not in asked[0].headers
    assert 1 == len(second.messages)


def test_a_feed_that_moved_for_good_is_asked_for_there():
    """Once the batch that came with the news is saved; its ids stay those of the page."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/nyheder/rss":
            return httpx.Response(301, headers={"location": "https://noerreaa.dk/feed"})
        return only(feed(ITEM))(request)

    (first,) = batches(answer)
    assert "https://noerreaa.dk/feed" == (first.memory or {})["moved"]
    asked: list[str] = []

    def later(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return only(feed(ITEM, ODD))(request)

    (second,) = batches(later, **(first.memory or {}))
    assert ["https://noerreaa.dk/feed"] == asked
    assert "www.noerreaa.dk:9f0c-1" == second.messages[0].message_id


def test_a_front_page_leads_to_its_feed():
    """But not to one of another site."""

    def site(address: str) -> Reply:
        front = f'<!doctype html><link rel="alternate" type="application/rss+xml" href="{address}">'

        def answer(request: httpx.Request) -> httpx.Response:
            return only(feed(ITEM))(request) if request.url.path == "/f" else httpx.Response(200, text=front)

        return answer

    assert 1 == len(batches(site("/f"))[0].messages)
    with pytest.raises(PageSetupError):
        batches(site("https://evil.example/f"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tue, 17 Nov 2026 10:05:00 +0100", "2026-11-17T09:05:00"),
        ("Tue, 17 Nov 2026 10:05:00 CET\n", "2026-11-17T09:05:00"),
        ("Tue, 18 Aug 2026 10:05:00 CEST", "2026-08-18T08:05:00"),
        ("2026-11-17T10:05:00+01:00", "2026-11-17T09:05:00"),
        ("2026-08-14 12:59:14", "2026-08-14T10:59:14"),
        ("2026-08-18 06.28", "2026-08-18T04:28:00"),
        ("19. august 2026", "2026-08-18T22:00:00"),
        ("19. aug. 2026", "2026-08-18T22:00:00"),
        ("onsdag den 19. august 2026 kl. 14.30", "2026-08-19T12:30:00"),
        ("02.03.2026", "2026-03-01T23:00:00"),
        ("02-03-2026 kl. 8:15", "2026-03-02T07:15:00"),
        ("2/3 2026", "2026-03-01T23:00:00"),
        ("06.07.26", "2026-07-05T22:00:00"),
        ("17 May 2026 10:00:00 GMT", "2026-05-17T10:00:00"),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None),
        ("0001-01-01T00:00:00", None),
        ("31. februar 2026", None),
        ("i går", None),
        ("", None),
    ],
)
def test_times_as_danish_sites_write_them(text: str, wanted: str | None):
    """Day before month; a time without a zone is Copenhagen's; no date is no date and not today."""
    assert (datetime.fromisoformat(wanted).replace(tzinfo=UTC) if wanted else None) == moment(text)


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans())
def test_no_time_is_too_odd(value: Any):
    """Whatever stands where a time should be, there is a time in UTC or none."""
    found = moment(value)
    assert found is None or found.utcoffset() == timedelta(0)


@given(st.text(st.characters()))
def test_markup_of_any_kind_becomes_a_text(markup: str):
    """Nothing raises, and what comes can be written."""
    plain(markup).encode()
    clean(markup).encode()
    assert link("https://x.dk", markup) == "" or link("https://x.dk", markup).startswith(("http://", "https://"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.dk", "http://[", None, 5])
def test_only_web_addresses_are_kept(address: Any):
    """What a browser would run is none."""
    assert "" == link("", address)


def wp_post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "author": 3, "date_gmt": "2026-11-17T09:05:00", "modified_gmt": "2026-11-17T09:05:00",
        "link": f"https://kultur.noerreaa.dk/{number}/", "title": {"rendered": "Marked p&aring; torvet"},
        "content": {"rendered": "<p>Kl. 10&#8211;16 🎄</p>\n"}, **more,
    }  # fmt: skip


def wp_comment(number: int, post: int = 47, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "post": post, "parent": 0, "author": 0, "author_name": "Jørgen B.",
        "date_gmt": "2026-11-18T19:15:33", "content": {"rendered": "<p>Er der parkering?</p>"},
        "link": f"https://kultur.noerreaa.dk/47/#comment-{number}", "status": "approved",
        "author_avatar_urls": {"24": "https://gravatar.example/avatar/0cc175b9c0f1b6a831c399e269772661"}, **more,
    }  # fmt: skip


def blog(posts: list[Any], comments: list[Any], older: list[Any] = [], late: list[Any] = []) -> Reply:  # noqa: B006
    """A WordPress site with few answers: lists by what is asked for, one page each."""

    def answer(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if request.url.path.endswith("/posts"):
            chosen = older if "modified_after" in params or "include" in params else posts
        else:
            chosen = comments if "post" in params else late
        return httpx.Response(200, json=chosen, headers={"x-wp-totalpages": "1"})

    return answer


def test_wordpress_posts_and_comments_become_messages():
    """Posts and comments are counted apart, so that their ids say which they are; the picture's address is dropped."""
    own = wp_comment(89, parent=88, author=3, author_name="Huset")
    found = batches(blog([wp_post(47)], [wp_comment(88), own]), BLOG)
    post, citizen, reply = [message for batch in found for message in batch.messages]
    assert ("kultur.noerreaa.dk:post-47", "Marked på torvet\n\nKl. 10–16 🎄") == (post.message_id, post.text)
    assert datetime(2026, 11, 17, 9, 5, tzinfo=UTC) == post.created_at
    assert ("kultur.noerreaa.dk:comment-88", post.message_id) == (citizen.message_id, citizen.thread_id)
    assert ("Jørgen B.", False, Kind.COMMENT) == (citizen.author_name, citizen.by_page, citizen.kind)
    assert (citizen.message_id, True, Kind.REPLY) == (reply.parent_id, reply.by_page, reply.kind)
    assert "0cc175b9" not in repr(found)


def test_wordpress_threads_of_the_window_are_whole():
    """And every post since then was listed, but for the very second that `after` leaves out."""
    found = batches(blog([wp_post(47), wp_post(48)], [wp_comment(88)]), BLOG)
    whole = frozenset().union(*(batch.whole for batch in found))
    assert {"kultur.noerreaa.dk:post-47", "kultur.noerreaa.dk:post-48"} == whole
    assert SINCE + timedelta(seconds=1) == found[-1].posts_since


def test_a_late_comment_brings_its_old_post_along():
    """The post stands outside the window; its thread is not whole."""
    found = batches(blog([], [], older=[wp_post(12)], late=[wp_comment(90, post=12)]), BLOG)
    names = [message.message_id for batch in found for message in batch.messages]
    assert {"kultur.noerreaa.dk:post-12", "kultur.noerreaa.dk:comment-90"} == set(names)
    assert frozenset() == frozenset().union(*(batch.whole for batch in found))


@pytest.mark.parametrize("header", [True, False])
def test_wordpress_lists_end_by_header_or_by_error(header: bool):
    """A site that hides the number of pages answers 400 behind the last one."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        if "modified_after" in request.url.params or not request.url.path.endswith("/posts"):
            return httpx.Response(200, json=[])
        if page > 2:
            told = {"code": "rest_post_invalid_page_number", "message": "For langt", "data": {"status": 400}}
            return httpx.Response(400, json=told)
        rows = [wp_post(page * 1000 + number) for number in range(100)]
        return httpx.Response(200, json=rows, headers={"x-wp-totalpages": "2"} if header else {})

    assert 200 == sum(len(batch.messages) for batch in batches(answer, BLOG))


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("rest_no_route", 404, PageSetupError),
        ("rest_forbidden", 403, PermissionMissingError),
        ("rest_cannot_read", 401, PermissionMissingError),
        ("rest_invalid_param", 400, ShapeError),
    ],
)
def test_wordpress_errors_are_told_by_their_code(code: str, status: int, kind: type[VisitError]):
    """Their sentences are in the site's language and are not passed on."""
    told = {"code": code, "message": "Sådan siger de", "data": {"status": status}}
    with pytest.raises(kind) as raised:
        batches(lambda _: httpx.Response(status, json=told), BLOG)
    assert "Sådan" not in str(raised.value)


@pytest.mark.parametrize("data", [{}, [1], [{"title": "x"}], [{"id": "47"}], "x", None])
def test_wordpress_answers_of_another_form_are_a_wrong_shape(data: Any):
    """A list of objects with an id is expected."""
    with pytest.raises(ShapeError):
        batches(lambda _: httpx.Response(200, json=data), BLOG)


ODD_JSON = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.just({"rendered": 5}) | st.just([])


FIELDS = ("post", "parent", "author", "author_name", "date_gmt", "modified_gmt", "title", "content", "link")
ROW = st.fixed_dictionaries({"id": st.integers(1, 9)}, optional=dict.fromkeys(FIELDS, ODD_JSON))


@given(rows=st.lists(ROW))
def test_wordpress_rows_of_any_form_are_messages_or_a_wrong_shape(rows: list[Any]):
    """Nothing that a site may answer makes the collector fall over."""
    try:
        found = batches(blog(rows, rows), BLOG)
    except VisitError:
        return
    assert all(message.message_id for batch in found for message in batch.messages)


@given(st.binary(max_size=60) | st.text(st.sampled_from("<>/rsitemlnkguda&;= \"'![CDAT"), max_size=80).map(str.encode))
def test_a_feed_of_any_bytes_is_read_or_told(body: bytes):
    """Also behind a beginning that looks like a feed."""
    for whole in (body, b"<rss version='2.0'><channel><item>" + body, feed(body.decode("utf-8", "replace"))):
        try:
            found = batches(only(whole))
        except VisitError:
            continue
        assert all(message.message_id for batch in found for message in batch.messages)


def test_wordpress_is_found_by_its_front_page():
    """By the header that it sends with every page; also a site without pretty addresses."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        if "rest_route" in request.url.params:
            return httpx.Response(200, json=[])
        head = {"link": '<https://kultur.noerreaa.dk/?rest_route=/>; rel="https://api.w.org/"'}
        return httpx.Response(200, text="<!doctype html><p>Hej", headers=head)

    page = Page("blog", "huset", "website", "Huset", "", "https://kultur.noerreaa.dk/")
    batches(answer, page)
    assert "/wp/v2/posts" == asked[1].params["rest_route"]


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded feeds are not here")
def test_every_recorded_feed_is_read_or_told_as_none():
    """Twenty-five feeds, each with a quirk: entries or an error of the tree, and at least a dozen with entries."""
    files = sorted(RECORDED.rglob("*.xml"))
    read = 0
    for file in files:
        try:
            found = batches(only(file.read_bytes(), **{"content-type": "text/xml"}))
        except VisitError:
            continue
        assert all(message.message_id for batch in found for message in batch.messages), file.name
        read += any(batch.messages for batch in found)
    assert len(files) >= 25
    assert read >= 12


def test_an_entry_that_tells_no_change_is_read_without_the_library_guessing_one():
    """The feed library answers `published` for a missing `updated`, with a warning that it will stop doing so."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ((message,),) = (batch.messages for batch in batches(only(feed(ITEM))))
    assert (datetime(2026, 11, 17, 9, 5, tzinfo=UTC), None) == (message.created_at, message.edited_at)
