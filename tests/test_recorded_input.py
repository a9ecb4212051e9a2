"""The main job on real input: answers that real platforms gave, served over loopback, visited, judged and stored.

The recorded files are no part of the project (they hold real people's words), so these tests skip without them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from analysis.engine import Engine
from collectors.http import Http
from collectors.visit import visit
from data import queries
from data.store import Store
from data.types import Category, Institution, Kind, Outcome, Page, Scope

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "platforms" / "recorded"
GRAPH = RECORDED / "facebook" / "python-facebook"
FEEDS = RECORDED / "website" / "feedparser"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not on this machine")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOWN = Institution("kommunen", "Kommunen", "kommune")
EVERYTHING = Scope(everywhere=True, categories=frozenset(Category), browse=True)
LISTS = {
    "19292868552": ("posts/feeds_default_fields_p1.json", "posts/feeds_default_fields_p2.json"),
    "4": ("posts/feed_fields_p1.json", "posts/feed_fields_p2.json"),
}


def recorded(name: str) -> list[dict]:
    return json.loads((GRAPH / name).read_text("utf-8"))["data"]


def most_commented() -> str:
    """The post that the recorded comments are shown under: the recorder took them from one outside the list."""
    rows = [row for name in LISTS["19292868552"] for row in recorded(name)]
    return max(rows, key=lambda row: row["comments"]["summary"]["total_count"])["id"]


def posts(request: Request) -> Response:
    pages = LISTS[request.path_params["page"]]
    later = {"after", "__paging_token"} & set(request.query_params)
    return Response((GRAPH / pages[bool(later)]).read_bytes(), media_type="application/json")


def comments(request: Request) -> Response:
    if request.path_params["post"] != most_commented():
        return JSONResponse({"data": []})
    name = "comments/comments_p2.json" if "after" in request.query_params else "comments/comments_p1.json"
    return Response((GRAPH / name).read_bytes(), media_type="application/json")


def nothing(_: Request) -> Response:
    return JSONResponse({"data": []})


def feed(request: Request) -> Response:
    return Response((FEEDS / request.path_params["name"]).read_bytes(), media_type="application/rss+xml")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real server on loopback."""
    routes = [
        Route("/graph/{page}/published_posts", posts),
        Route("/graph/{page}/visitor_posts", nothing),
        Route("/graph/{post}/comments", comments),
        Route("/feeds/{name}", feed),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def go(address, tmp_path):
    """Visit a page into a database of its own; the result, and the stored posts and comments."""

    def going(page: Page):
        path = tmp_path / f"{page.id}.db"
        with Store.open(path, clock=lambda: AT) as store:
            store.set_places([TOWN], [page])
            result = visit(
                page, store=store, http=Http(), engine=Engine(), institution=TOWN, token="t", clock=lambda: AT
            )
        with queries.open_reader(path) as reader:
            rows = queries.posts(reader, EVERYTHING, page.id, before=None, limit=200)
            threads = [queries.thread_of_post(reader, EVERYTHING, row.message.id) for row in rows]
        return result, [message for thread in threads for message in thread]

    return going


def ids(*names: str) -> set[str]:
    return {row["id"] for name in names for row in recorded(name)}


def test_recorded_posts_and_comments_of_a_page(go, address):
    """Every recorded post of both pages of the list is stored, and every comment, though none has an id or a writer."""
    page = Page("fb", TOWN.id, "facebook", "En side", "", "19292868552", options={"base_url": f"{address}/graph"})
    result, messages = go(page)
    assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
    assert ids(*LISTS["19292868552"]) == {m.message_id for m in messages if m.kind is Kind.POST}
    expected = len(recorded("comments/comments_p1.json")) + len(recorded("comments/comments_p2.json"))
    assert expected == sum(m.kind is not Kind.POST for m in messages)


def test_a_recorded_list_paged_by_time(go, address):
    """The older way of paging, by time and token, is followed to its end."""
    page = Page("tid", TOWN.id, "facebook", "En side", "", "4", options={"base_url": f"{address}/graph"})
    result, messages = go(page)
    assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
    assert ids(*LISTS["4"]) == {m.message_id for m in messages}


@pytest.mark.parametrize("name", sorted(path.name for path in FEEDS.glob("*.xml")))
def test_recorded_feeds(go, address, name):
    """Each odd feed is read, or refused in a sentence that says who must act; none passes in silence."""
    page = Page("feed", TOWN.id, "website", "Nyt", f"{address}/", f"{address}/feeds/{name}")
    result, messages = go(page)
    entries = (FEEDS / name).read_bytes().count(b"<item") + (FEEDS / name).read_bytes().count(b"<entry")
    if result.outcome is Outcome.COMPLETE:
        assert min(entries, 1) <= len(messages) or name == "rss_empty_document.xml"
    else:
        assert result.error is not None
        assert result.error.who
