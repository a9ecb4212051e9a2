"""The sandbox's Instagram dialect, and a real visit over loopback: what it shows is stored once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from analysis.masking import mask
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.configuration import page_rows
from collectors.sandbox.faults import Fault, Faults
from collectors.sandbox.instagram import DIALECT, token_of
from collectors.sandbox.scenario import Author, Change, Entry, Place, Story, listed, story
from data.types import Institution, Kind, Outcome, Page
from tests.replaying import Replay
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
HOUSE = Institution("huset", "Kulturhuset", "kultur")
PLACE = Place("huset-ig", "huset", "instagram", "Kulturhuset", "17841000000000001")
LONG = 130  # top-level comments under the first picture: three pages of them
TALK = 60  # replies to one comment: more than come along


def account(*changes: Change) -> Story:
    """Thirty pictures; the first has a long thread, and one comment in it a long talk below it."""
    entries: list[Entry] = []
    for number in range(30):
        media = f"1790000000000{number:04}"
        at = -86400.0 * 10 + number * 3600
        entries.append(Entry(media, PLACE.id, Kind.POST, media, at, f"Billede {number} 🎨", by_page=True))
        top = LONG if number == 0 else number % 3
        entries += [_said(media, number * 1000 + place, at + 60 + place) for place in range(top)]
    first = "17900000000000000"
    parent = f"178000000000{5:05}"
    entries += [_said(first, 50_000 + place, -3600.0 + place, parent) for place in range(TALK)]
    return story(7, START, [HOUSE], [PLACE], entries, changes)


def _said(media: str, number: int, at: float, parent: str | None = None) -> Entry:
    kind = Kind.REPLY if parent else Kind.COMMENT
    writer = Author(str(number), f"Åse Kær {number}", shown=number % 3 > 0)
    text = f"Hvor er det flot, nummer {number}?"
    return Entry(f"178000000000{number:05}", PLACE.id, kind, media, at, text, parent, writer, number % 10 == 9)


@pytest.fixture
def graph() -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {token_of(7, PLACE.ref)}"}
    base = "http://sandbox/instagram/v25.0"
    with httpx.Client(transport=AppTransport(build(account(), Hand(START))), base_url=base, headers=headers) as client:
        yield client


def test_only_what_is_asked_for_is_told(graph: httpx.Client) -> None:
    """Without fields a comment has id, time and text; newest first, 50 at most, top level only, then a next."""
    first = graph.get("/17900000000000000/comments", params={"limit": 90}).json()
    assert (50, {"id", "timestamp", "text"}) == (len(first["data"]), set(first["data"][0]))
    assert ["00129", "00128"] == [row["id"][-5:] for row in first["data"][:2]]
    rows, answer = list(first["data"]), first
    while "paging" in answer:
        answer = graph.get(answer["paging"]["next"]).json()
        rows += answer["data"]
    assert LONG == len(rows) == len({row["id"] for row in rows})


def test_errors_are_the_platforms(graph: httpx.Client) -> None:
    """An unknown path, another account, an object that is not there, a field that is none, a wrong token."""
    asked = {
        "/17841000000000001/insights": (400, 2500),
        "/17800000000012345?fields=id": (400, 100),
        "/17900000000000000?fields=link": (400, 100),
        "/17841000000000001/media?ids=1,2": (500, 100),
    }
    for path, expected in asked.items():
        answer = graph.get(path)
        assert expected == (answer.status_code, answer.json()["error"]["code"])
    assert 401 == graph.get("/17841000000000001/media", headers={"authorization": "Bearer x"}).status_code


def test_a_throttle_has_its_own_code(graph: httpx.Client) -> None:
    """80002, with the account's number in the header."""
    app = build(account(), Hand(START), Faults(Fault("throttled", options={"minutes": 9})))
    head = {"authorization": f"Bearer {token_of(7, PLACE.ref)}"}
    with httpx.Client(transport=AppTransport(app), base_url="http://sandbox", headers=head) as client:
        answer = client.get(f"/instagram/v25.0/{PLACE.ref}/media")
    assert (400, 80002) == (answer.status_code, answer.json()["error"]["code"])
    assert f'"{PLACE.ref}"' in answer.headers["x-business-use-case-usage"]


def page(address: str) -> Page:
    [row] = page_rows(address, [PLACE], 10)
    options = row["options"]
    assert isinstance(options, dict)
    return Page(PLACE.id, "skolen", "instagram", PLACE.name, str(row["url"]), PLACE.ref, options=options)


@pytest.fixture
def address() -> Iterator[str]:
    """A real server on loopback whose scenario loses a comment and a picture after a while."""
    gone = [Change(60.0, "17800000000000007", "delete"), Change(60.0, "17900000000000004", "delete")]
    hidden = [Change(60.0, "17800000000000008", "hide")]
    server = uvicorn.Server(
        uvicorn.Config(build(account(*gone, *hidden), Hand(START)), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_what_the_sandbox_shows_is_stored_once(address: str, tmp_path: Path) -> None:
    """Over a real connection: every message once with its text, then what vanished is gone and what was hidden hidden.

    The first visit takes 1 call for the token, 2 for the media, 2 for the long thread and 1 for the long talk.
    """
    replay = Replay(tmp_path, page(address), token=token_of(7, PLACE.ref))
    scenario = account()
    posts = scenario.posts(PLACE.id)
    views = listed(scenario, [*posts, *(one for post in posts for one in scenario.comments(post.id))], 0)
    assert Outcome.COMPLETE is replay.visit_with(_client(replay)).outcome
    assert {one.entry.id: mask(one.text) for one in views} == replay.texts()
    comments = len(views) - len(posts)
    assert [(6, comments, comments)] == replay.rows("SELECT calls, stored, claimed FROM visits")
    httpx.post(f"{address}/_clock", json={"advance": 120})
    for _ in range(2):
        replay.clock.move(86400)
        assert Outcome.COMPLETE is replay.visit_with(_client(replay)).outcome
    seen = {name: kept.visibility for name, kept in replay.stored().items()}
    assert ("gone", "gone", "hidden") == tuple(
        seen[name] for name in ("17800000000000007", "17900000000000004", "17800000000000008")
    )
    replay.clock.move(60)
    replay.visit_with(_client(replay))
    assert [(2,)] == replay.rows("SELECT calls FROM visits ORDER BY id DESC LIMIT 1")


def _client(replay: Replay) -> Http:
    return Http(clock=replay.clock, sleep=lambda _: None)


def test_ids_are_of_the_platforms_form() -> None:
    """Seventeen digits, those of an account with 1784 in front."""
    assert ("1784", 17) == (DIALECT.ref(7, "huset")[:4], len(DIALECT.ref(7, "huset")))
    assert (17, 17) == (len(DIALECT.post_id("x", 10**14)), len(DIALECT.comment_id("x", 10**14)))
