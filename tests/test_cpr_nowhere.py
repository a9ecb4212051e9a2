"""A CPR number that comes in by any door, in any form and field, is in no byte that Sideblik keeps or tells."""

from __future__ import annotations

import csv
import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import escape

import httpx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from analysis.engine import Engine
from collectors.http import Http
from collectors.platforms import names
from collectors.visit import take_in, visit
from dashboard import reports
from data.queries import open_reader
from data.store import Store
from data.types import Category, Institution, Outcome, Page, Scope
from tests.made_up_cpr import written

AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
SCHOOL = Institution("skovskolen", "Skovskolen", "skole")
EVERYTHING = Scope(everywhere=True, categories=frozenset(Category), browse=True)
Answer = Callable[[httpx.Request, str], httpx.Response]


def facebook(request: httpx.Request, told: str) -> httpx.Response:
    if not request.url.path.endswith("published_posts"):
        return httpx.Response(200, json={"data": []})
    who, when = {"id": "77001", "name": f"Ane {told}"}, "2026-11-16T09:17:45+0000"
    picture = {"media_type": "photo", "title": told, "description": told, "url": f"https://pictures.example/{told}"}
    comment = {
        "id": "812_1001", "message": f"Min søns nummer er {told}", "created_time": when, "from": who,
        "comment_count": 0, "permalink_url": f"https://www.facebook.com/1045/posts/812/?comment_id=1001&x={told}",
        "attachment": picture,
    }  # fmt: skip
    post = {
        "id": "1045_812", "message": f"Velkommen {told}", "story": told, "created_time": when, "from": who,
        "permalink_url": f"https://www.facebook.com/1045/posts/{told}", "attachments": {"data": [picture]},
        "comments": {"data": [comment], "summary": {"total_count": 1}},
    }  # fmt: skip
    return httpx.Response(200, json={"data": [post]})


def instagram(request: httpx.Request, told: str) -> httpx.Response:
    if not request.url.path.endswith("media"):
        return httpx.Response(200, json={"data": []})
    who, when = {"id": "1784771", "username": f"ane.{told}"}, "2026-11-16T09:17:45+0000"
    said = {"timestamp": when, "from": who, "username": told, "hidden": False}
    reply = {**said, "id": "17858", "text": f"Nej, {told}", "parent_id": "17857"}
    comment = {**said, "id": "17857", "text": f"Min søns nummer er {told}", "replies": {"data": [reply]}}
    row = {
        "id": "17895", "caption": f"Velkommen {told}", "media_type": told, "timestamp": when, "username": told,
        "permalink": f"https://www.instagram.com/p/{told}/", "comments_count": 2, "comments": {"data": [comment]},
    }  # fmt: skip
    return httpx.Response(200, json={"data": [row]})


def feed(_: httpx.Request, told: str) -> httpx.Response:
    safe = escape("".join(sign for sign in told if sign >= " "))
    item = (
        f"<item><title>{safe}</title><link>https://www.noerreaa.example/{safe}</link><guid>n1</guid>"
        f"<dc:creator>{safe}</dc:creator><description>Om {safe} i dag</description>"
        f'<enclosure url="https://www.noerreaa.example/{safe}.jpg" type="image/jpeg" length="0"/></item>'
    )
    text = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{safe}</title>{item}</channel></rss>"
    )
    return httpx.Response(200, content=text.encode(), headers={"content-type": "application/rss+xml", "etag": '"1"'})


def wordpress(request: httpx.Request, told: str) -> httpx.Response:
    counted = {"X-WP-Total": "1", "X-WP-TotalPages": "1"}
    times = {"date": "2026-11-17T10:05:00", "date_gmt": "2026-11-17T09:05:00", "modified_gmt": "2026-11-17T09:05:00"}
    if request.url.path.endswith("/comments"):
        row = {"id": 88, "post": 4711, "parent": 0, "author": 0, "author_name": told, "author_url": told, **times,
               "content": {"rendered": f"<p>Er {escape(told)} hans?</p>"},
               "link": f"https://kultur.example/{told}"}  # fmt: skip
    else:
        row = {"id": 4711, **times, "link": f"https://kultur.example/{told}", "title": {"rendered": escape(told)},
               "content": {"rendered": f"<p>{escape(told)}</p>"}, "excerpt": {"rendered": escape(told)},
               "comment_status": "open", "guid": {"rendered": told}}  # fmt: skip
    return httpx.Response(200, json=[row], headers=counted)


def youtube(request: httpx.Request, told: str) -> httpx.Response:
    when, channel = "2026-11-16T09:17:45Z", "UCskovskolen0000000000001"
    words = {"title": told, "description": told, "channelTitle": told, "channelId": channel, "publishedAt": when}
    match request.url.path.rpartition("/")[2]:
        case "channels":
            rows = [{"id": channel, "contentDetails": {"relatedPlaylists": {"uploads": "UUskovskolen0000000000001"}}}]
        case "playlistItems":
            rows = [{"snippet": words, "contentDetails": {"videoId": "film-1", "videoPublishedAt": when}}]
        case "videos":
            rows = [{"id": "film-1", "snippet": words, "statistics": {"commentCount": "2"}}]
        case "commentThreads":
            told_of = {"textOriginal": told, "textDisplay": told, "authorDisplayName": told, "publishedAt": when,
                       "authorChannelUrl": told, "authorChannelId": {"value": told}, "imageUrl": told}  # fmt: skip
            top = {"id": "traad-1", "snippet": told_of}
            reply = {"id": "traad-1.svar", "snippet": told_of}
            rows = [{"id": "traad-1", "replies": {"comments": [reply]},
                     "snippet": {"videoId": "film-1", "topLevelComment": top, "totalReplyCount": 1}}]  # fmt: skip
    told_list = {"kind": "youtube#someListResponse", "etag": told, "items": rows}
    return httpx.Response(200, json=told_list)


def linkedin(request: httpx.Request, told: str) -> httpx.Response:
    when, path, share = 1794823355000, request.url.path, "urn:li:share:7123"
    if path.endswith("socialMetadata"):
        return httpx.Response(200, json={"results": {share: {"entity": told, "commentSummary": {"count": 2}}}})
    times = {"created": {"time": when, "actor": told}, "lastModified": {"time": when}}
    picture = [{"type": "IMAGE", "url": told, "entity": {"image": told}}]
    comment = {"id": "9001", "object": "urn:li:activity:7120", "actor": told, "message": {"text": told}, **times,
               "commentUrn": "urn:li:comment:(urn:li:activity:7120,9001)", "content": picture,
               "commentsSummary": {"totalFirstLevelComments": 1}}  # fmt: skip
    article = {"source": f"https://noerreaa.example/{told}", "title": told, "description": told}
    post = {"id": share, "commentary": told, "createdAt": when, "lastModifiedAt": when, "content": {"article": article}}
    if path.endswith("posts"):
        rows = [post]
    elif "comment" in path.split("/")[-2]:
        rows = [{**comment, "id": "9002", "commentUrn": "urn:li:comment:(urn:li:activity:7120,9002)"}]
    else:
        rows = [comment]
    return httpx.Response(200, json={"paging": {"links": []}, "elements": rows})


def mastodon(request: httpx.Request, told: str) -> httpx.Response:
    account = {"id": "9", "acct": f"ane.{told}", "display_name": f"Ane {told}"}
    row = {
        "id": "100", "created_at": "2026-11-16T09:17:45.000Z", "in_reply_to_id": None, "visibility": "public",
        "url": f"https://social.example/@ane/{told}", "replies_count": 1, "content": f"<p>Nummer {told}</p>",
        "spoiler_text": told, "account": account, "poll": {"options": [{"title": told}]},
        "media_attachments": [{"type": "image", "url": f"https://pictures.example/{told}", "description": told}],
    }  # fmt: skip
    path = request.url.path
    if path.endswith("lookup"):
        return httpx.Response(200, json=account)
    if path.endswith("context"):
        return httpx.Response(
            200, json={"ancestors": [], "descendants": [{**row, "id": "101", "in_reply_to_id": "100"}]}
        )
    if path.endswith("notifications"):
        status = {**row, "id": "102", "replies_count": 0}
        return httpx.Response(200, json=[{"id": "7", "type": "mention", "status": status}])
    return httpx.Response(200, json=[row])


def bluesky(request: httpx.Request, told: str) -> httpx.Response:
    method, root = request.url.path.rpartition(".")[2], "at://did:plc:skolen/app.bsky.feed.post/1"
    author = {"did": "did:plc:ane", "handle": f"{told}.example", "displayName": f"Ane {told}"}
    embed = {"images": [{"alt": told}], "external": {"uri": f"https://x.example/{told}", "title": told}}
    record = {"text": f"Nummer {told}", "createdAt": "2026-11-16T09:17:45.000Z", "embed": embed}
    post = {"uri": root, "author": author, "record": record, "replyCount": 1, "indexedAt": "2026-11-16T09:17:46.000Z"}
    below = {**post, "uri": root.replace("/1", "/2"), "replyCount": 0}
    kind = {"$type": "app.bsky.feed.defs#threadViewPost"}
    told_by: dict[str, object] = {
        "createSession": {"accessJwt": "a", "refreshJwt": "b"},
        "getAuthorFeed": {"feed": [{"post": post}]},
        "getPostThread": {"thread": {**kind, "post": post, "replies": [{**kind, "post": below, "replies": []}]}},
        "listNotifications": {"notifications": [{**post, "uri": root.replace("/1", "/3"), "reason": "mention"}]},
        "getPosts": {"posts": [{**post, "uri": root.replace("/1", "/3"), "replyCount": 0}]},
    }
    return httpx.Response(200, json=told_by[method])


DOORS: dict[str, tuple[Page, Answer]] = {
    "facebook": (Page("fb", SCHOOL.id, "facebook", "Skovskolen", "https://www.facebook.com/1045", "1045"), facebook),
    "instagram": (
        Page("ig", SCHOOL.id, "instagram", "Skovskolen", "https://www.instagram.com/skovskolen", "17841045"),
        instagram,
    ),
    "website": (
        Page("nyt", SCHOOL.id, "website", "Nyt", "https://www.noerreaa.example", "https://www.noerreaa.example/rss"),
        feed,
    ),
    "youtube": (Page("yt", SCHOOL.id, "youtube", "Skovskolen", "", "UCskovskolen0000000000001"), youtube),
    "linkedin": (
        Page("li", SCHOOL.id, "linkedin", "Skovskolen", "", "1045007", options={"accept_48_hours": "yes"}),
        linkedin,
    ),
    "mastodon": (
        Page("m", SCHOOL.id, "mastodon", "Skovskolen", "https://social.example/@skolen", "@skolen@social.example"),
        mastodon,
    ),
    "bluesky": (
        Page("b", SCHOOL.id, "bluesky", "Skovskolen", "https://bsky.app/profile/did:plc:skolen", "did:plc:skolen"),
        bluesky,
    ),
    "wordpress": (
        Page("wp", SCHOOL.id, "website", "Kultur", "https://kultur.example", "https://kultur.example",
             options={"kind": "wordpress"}),
        wordpress,
    ),
}  # fmt: skip


class Ear(logging.Handler):
    """Keeps whatever any logger says, tracebacks included."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter())
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


def everything_kept(folder: Path, store: Store) -> bytes:
    """The bytes of every file while the WAL still stands beside the database, and again once it is closed."""
    with open_reader(folder / "sideblik.db") as reader:
        reports.weekly(reader, EVERYTHING, "2026-W47", folder / "reports", AT)
    open_files = b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    store.close()
    return open_files + b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def forms(told: str, digits: str) -> list[bytes]:
    """The number as written, and its digits with the separators that anything on the way could give it."""
    day, serial = digits[:6], digits[6:]
    texts = [told, digits, f"{day}-{serial}", f"{day} {serial}", f"{day}%2D{serial}", f"{day}%20{serial}"]
    return [text.encode() for text in texts] + [json.dumps(told)[1:-1].encode()]


def leaks(kept: bytes, heard: list[str], told: str, digits: str) -> list[bytes]:
    all_of_it = kept + "\n".join(heard).encode()
    return [form for form in forms(told, digits) if form in all_of_it]


@pytest.fixture
def ear() -> Iterator[Ear]:
    """Everything that is logged, at any level."""
    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.removeHandler(ear)
    root.setLevel(level)


def test_no_platform_is_left_out() -> None:
    """A platform that comes later has to be added here."""
    assert set(names()) == {page.platform for page, _ in DOORS.values()}


@pytest.mark.parametrize("door", DOORS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=written(), edited=written())
def test_no_number_stays_from_a_platform(door: str, ear: Ear, number: tuple[str, str], edited: tuple[str, str]) -> None:
    """Every field of a platform's answer, and of an edit of it, holds a number; nothing that is kept does."""
    page, answer = DOORS[door]
    with tempfile.TemporaryDirectory() as name:
        folder, engine = Path(name), Engine()
        store = Store.open(folder / "sideblik.db", clock=lambda: AT)
        store.set_places([SCHOOL], [page])
        fetched = 0
        for told, _ in (number, edited):
            http = Http(
                transport=httpx.MockTransport(lambda request, told=told: answer(request, told)),
                clock=lambda: AT,
                sleep=lambda _: None,
                addresses=lambda _: ["93.184.216.34"],
            )
            result = visit(page, store=store, http=http, engine=engine, institution=SCHOOL, token="t0ken",
                           clock=lambda: AT, author_names="full")  # fmt: skip
            assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
            fetched += result.tally.fetched
        assert fetched
        kept = everything_kept(folder, store)
        assert "█".encode() in kept, "the numbers should be there, masked"
        assert [] == [leak for told, digits in (number, edited) for leak in leaks(kept, ear.heard, told, digits)]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_no_number_stays_from_an_error(door: str, ear: Ear, status: int, tmp_path: Path) -> None:
    """An error's body, headers and words hold a number; the visit tells the error without it."""
    told = "170385-4021"
    page, _ = DOORS[door]
    body = {"error": {"message": f"No {told}", "type": told, "code": 100, "error_user_msg": told}, "message": told}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body, headers={"x-told": told}))
    store = Store.open(tmp_path / "sideblik.db", clock=lambda: AT)
    store.set_places([SCHOOL], [page])
    http = Http(transport=transport, clock=lambda: AT, sleep=lambda _: None, addresses=lambda _: ["93.184.216.34"])
    result = visit(page, store=store, http=http, engine=Engine(), institution=SCHOOL, token="t0ken", clock=lambda: AT)
    assert Outcome.FAILED == result.outcome
    assert [] == leaks(everything_kept(tmp_path, store), [*ear.heard, str(result.error)], told, "1703854021")


def facepager(told: str) -> bytes:
    head = ["level", "id", "parent_id", "object_id", "object_type", "object_key", "query_status", "query_time",
            "query_type", "message", "created_time", "from.name", "permalink_url"]  # fmt: skip
    rows = [
        ["1", "2", "1", "1045_812", "data", "data.*", "fetched (200)", "", "Facebook:/<page>/posts", told,
         "2026-11-16T08:02:11+0000", told, told],
        ["2", "3", "2", "812_1001", "data", "data.*", "fetched (200)", "", "Facebook:/<post>/comments", f"Hans {told}",
         "2026-11-16T09:17:45+0000", f"Ane {told}", f"https://www.facebook.com/{told}"],
    ]  # fmt: skip
    return table(head, rows, ";")


def fourcat(told: str) -> bytes:
    head = ["id", "thread_id", "timestamp", "unix_timestamp", "author", "body", "url"]
    return table(
        head, [["c1", "p1", "2026-11-16 09:17:45", "1794820665", told, f"Hvor er {told}", f"https://x.example/{told}"]]
    )


def generic(told: str) -> bytes:
    return table(["Besked", "Dato", "Navn", "Link", "Id"], [[f"Om {told}", "16-11-2026 09:17", told, told, told]], ";")


def workbook(told: str) -> bytes:
    book = openpyxl.Workbook()
    plain = "".join(sign for sign in told if sign >= " ")  # a workbook holds no control characters
    for row in (["Kommentar", "Tidspunkt", "Navn"], [f"Om {plain}", datetime(2026, 11, 16, 9, 17), plain]):  # noqa: DTZ001 as Excel
        book.active.append(row)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book.save(file.name)
        return Path(file.name).read_bytes()


def table(head: list[str], rows: list[list[str]], separator: str = ",") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([head, *rows])
    return out.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("make", [facepager, fourcat, generic, workbook])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=written())
def test_no_number_stays_from_a_file(make: Callable[[str], bytes], ear: Ear, number: tuple[str, str]) -> None:
    """Every text field of an export file holds a number; nothing that is kept does."""
    told, digits = number
    page = DOORS["facebook"][0]
    with tempfile.TemporaryDirectory() as name, tempfile.NamedTemporaryFile() as export:
        folder, path = Path(name), Path(export.name)
        path.write_bytes(make(told))
        store = Store.open(folder / "sideblik.db", clock=lambda: AT)
        store.set_places([SCHOOL], [page])
        tally = take_in(path, page, store=store, engine=Engine(), institution=SCHOOL, clock=lambda: AT,
                        author_names="full")  # fmt: skip
        assert tally.new
        assert [] == leaks(everything_kept(folder, store), ear.heard, told, digits)


def test_the_search_of_this_test_finds_a_number_that_is_there() -> None:
    """A check that cannot fail proves nothing: a number written into a file is found."""
    told = "170385-4021"
    assert leaks(f"x {told} y".encode(), [], told, "1703854021")
