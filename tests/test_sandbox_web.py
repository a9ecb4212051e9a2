"""The sandbox's feeds: read by a kept feed library, validated, and wrong in the ways that real ones are."""

from __future__ import annotations

from datetime import UTC, datetime

import feedparser
import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.demo import demo
from collectors.sandbox.scenario import Entry, Place, Story, listed, moment, story
from data.types import Kind
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=600)
FEEDS = [place for place in STORY.places if place.dialect in ("rss", "atom")]


def ask(scenario: Story, path: str, hand: Hand | None = None, **headers: str) -> httpx.Response:
    with httpx.Client(transport=AppTransport(build(scenario, hand or Hand(START)))) as web:
        return web.get(f"http://sandbox{path}", headers=headers)


def site(dialect: str, *quirks: str) -> Story:
    place = Place("nyt", "kommune", dialect, "Nyt & godt", "nyt", quirks=frozenset(quirks))
    posts = [
        Entry(
            f"1_{at}", "nyt", Kind.POST, f"1_{at}", -100.0 * at, f"Æblegrød <{at}>", title=f"Nr. {at} & mere", number=at
        )
        for at in range(1, 4)
    ]
    return story(1, START, [], [place], posts)


@pytest.mark.parametrize("place", FEEDS, ids=lambda place: place.id)
def test_every_feed_of_the_demo_is_read_by_feedparser(place: Place) -> None:
    """All posts are there, newest first, with the ids, titles and texts that they were written with."""
    answer = ask(STORY, f"/web/{place.ref}/{place.dialect}.xml")
    read = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    posts = listed(STORY, STORY.posts(place.id), 0)[::-1][:20]
    assert not read.bozo
    assert [one.entry.title for one in posts] == [entry.title for entry in read.entries]
    assert len(posts) == len({entry.id for entry in read.entries})


@pytest.mark.parametrize("dialect", ["rss", "atom"])
def test_times_and_texts_survive(dialect: str) -> None:
    """The time of writing in UTC, and a text with a smaller-than sign in it, come back as they were."""
    read = feedparser.parse(ask(site(dialect), f"/web/nyt/{dialect}.xml").content)
    first = read.entries[0]
    assert moment(site(dialect), -100).timetuple()[:6] == first.published_parsed[:6]
    assert "Nr. 1 & mere" == first.title.replace("&amp;", "&")
    assert "Æblegrød &lt;1&gt;" in (first.content[0].value if dialect == "atom" else first.summary)


@pytest.mark.parametrize("dialect", ["rss", "atom"])
def test_an_unchanged_feed_is_answered_304(dialect: str) -> None:
    """Either validator, sent back unchanged, gives 304 without a body; after a new post it gives the feed."""
    scenario = site(dialect)
    path = f"/web/nyt/{dialect}.xml"
    first = ask(scenario, path)
    tagged = ask(scenario, path, **{"if-none-match": first.headers["etag"]})
    dated = ask(scenario, path, **{"if-modified-since": first.headers["last-modified"]})
    other = ask(scenario, path, **{"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]})
    assert [(304, b""), (304, b""), 200] == [
        (tagged.status_code, tagged.content),
        (dated.status_code, dated.content),
        other.status_code,
    ]


def test_a_feed_changes_with_the_clock() -> None:
    """When a post is written the validators change."""
    place = next(one for one in FEEDS if any(0 < entry.at for entry in demo(7, START).posts(one.id)))
    scenario = demo(7, START)
    later = next(entry.at for entry in scenario.posts(place.id) if entry.at > 0)
    path = f"/web/{place.ref}/{place.dialect}.xml"
    before = ask(scenario, path)
    hand = Hand(START)
    hand.move(later + 1)
    after = ask(scenario, path, hand, **{"if-none-match": before.headers["etag"]})
    assert 200 == after.status_code
    assert before.headers["etag"] != after.headers["etag"]
    assert before.headers["last-modified"] != after.headers["last-modified"]


def test_the_quirks_of_real_feeds_can_be_chosen() -> None:
    """A date of the year 1, a relative link, an empty description: all on the last item."""
    read = ask(site("rss", "year-0001", "relative-link", "empty-description", "utm"), "/web/nyt/rss.xml").text
    last = read.rpartition("<item>")[2]
    assert "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>" in last
    assert "<link>/nyheder/3?utm_source=rss</link>" in last
    assert "<description><![CDATA[]]></description>" in last
    assert 1 == read.count("0001 00:00:00")


def test_a_feed_in_windows_1252_says_so() -> None:
    """Declared in the header and in the document; characters beyond it are numbers."""
    answer = ask(site("rss", "windows-1252"), "/web/nyt/rss.xml")
    assert b'encoding="windows-1252"' in answer.content
    assert "Æblegrød".encode("windows-1252") in answer.content
    assert "windows-1252" in answer.headers["content-type"]


def test_text_can_be_escaped_twice() -> None:
    """As feeds that were escaped once too often are."""
    assert "&amp;lt;p&amp;gt;" in ask(site("rss", "double-escaped"), "/web/nyt/rss.xml").text


def test_a_site_without_validators_sends_none() -> None:
    """Then only the body tells whether something is new."""
    answer = ask(
        site("rss", "no-validators"), "/web/nyt/rss.xml", **{"if-modified-since": "Sun, 22 Nov 2026 14:00:00 GMT"}
    )
    assert 200 == answer.status_code
    assert not {"etag", "last-modified"} & answer.headers.keys()


def test_the_front_page_names_the_feed() -> None:
    """A link rel=alternate leads to the feed itself."""
    page = ask(site("atom"), "/web/nyt/").text
    assert 'rel="alternate" type="application/atom+xml" href="http://sandbox/web/nyt/atom.xml"' in page


@pytest.mark.parametrize("path", ["/web/nyt/other.xml", "/web/unknown/rss.xml", "/wp/nyt/", "/nowhere/at/all"])
def test_what_is_not_there_is_404(path: str) -> None:
    """Other addresses are not found."""
    assert 404 == ask(site("rss"), path).status_code
