"""Faults of the sandbox: each one does what platforms do when they go wrong, as often as was asked, to whom."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from collectors.sandbox.app import build
from collectors.sandbox.configuration import tokens
from collectors.sandbox.demo import demo, places, troubles
from collectors.sandbox.facebook import token_for
from collectors.sandbox.faults import KINDS, Fault, Faults
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=60)
PAGE = next(place for place in STORY.places if place.id == "kommune")
OTHER = next(place for place in STORY.places if place.id == "forsyning")
GRAPH = f"/facebook/v25.0/{PAGE.ref}/published_posts"
FEED = "/web/nyheder/rss.xml"
BLOG = "/wp/mejeriet-blog/wp-json/wp/v2/posts"


def sandbox(*faults: Fault) -> httpx.Client:
    app = build(STORY, Hand(START), Faults(*faults))
    headers = {"authorization": f"Bearer {token_for(STORY, PAGE)}"}
    return httpx.Client(transport=AppTransport(app), base_url="http://sandbox", headers=headers)


@pytest.mark.parametrize(
    ("kind", "graph", "web"),
    [
        ("throttled", (400, 80001), (429, None)),
        ("expired_token", (400, 190), (401, "rest_cannot_read")),
        ("missing_permission", (403, 10), (403, "rest_forbidden")),
        ("removed", (400, 12), (404, "rest_no_route")),
        ("too_much", (500, 1), (500, "internal_server_error")),
        ("server", (503, 2), (503, None)),
        ("bad_gateway", (502, None), (502, None)),
        ("soft_block", (200, None), (200, None)),
        ("wrong_type", (200, None), (200, None)),
    ],
)
def test_a_fault_answers_as_the_platform_does(kind: str, graph: tuple, web: tuple) -> None:
    """Facebook with its codes, a site with its status; once, and then all is well."""
    for path, expected in ((GRAPH, graph), (BLOG, web)):
        with sandbox(Fault(kind)) as client:
            answer, next_one = client.get(path), client.get(path)
        told = answer.json() if "json" in answer.headers["content-type"] else {}
        assert expected == (answer.status_code, told.get("error", told).get("code"))
        assert "application/json; charset=UTF-8" == next_one.headers["content-type"]


def test_a_throttle_tells_when_to_come_back() -> None:
    """Facebook in minutes in a header of JSON under the page's id, a site in seconds."""
    with sandbox(Fault("throttled", times=2, options={"minutes": 12, "seconds": 90})) as client:
        graph, web = client.get(GRAPH), client.get(FEED)
    usage = json.loads(graph.headers["x-business-use-case-usage"])[PAGE.ref][0]
    assert (100, 12) == (usage["call_count"], usage["estimated_time_to_regain_access"])
    assert "90" == web.headers["retry-after"]


@pytest.mark.parametrize(("code", "app", "page"), [(4, 100, 12), (17, 100, 12), (32, 12, 100), (80001, 12, 100)])
def test_a_throttle_tells_whose_limit_is_reached(code: int, app: int, page: int) -> None:
    """The app's, which all pages share, or the page's own."""
    with sandbox(Fault("throttled", options={"code": code})) as client:
        answer = client.get(GRAPH)
    used = json.loads(answer.headers["x-business-use-case-usage"])[PAGE.ref][0]["call_count"]
    assert code == answer.json()["error"]["code"]
    assert (app, page) == (json.loads(answer.headers["x-app-usage"])["call_count"], used)


@pytest.mark.parametrize("path", [GRAPH, FEED, BLOG])
def test_a_cut_body_breaks_off(path: str) -> None:
    """Less than was promised comes, and the client sees it."""
    with sandbox(Fault("cut")) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(path)


def test_repeated_rows_come_twice() -> None:
    """In the Graph API, in WordPress and in a feed."""
    with sandbox(Fault("repeated", times=3)) as client:
        graph = [row["id"] for row in client.get(GRAPH).json()["data"]]
        blog = [row["id"] for row in client.get(BLOG).json()]
        feed = client.get(FEED).text.count("<item>")
        usual = client.get(FEED).text.count("<item>")
    assert 2 * len(set(graph)) == len(graph)
    assert 2 * len(set(blog)) == len(blog)
    assert 2 * usual == feed


@pytest.mark.parametrize("way", ["next", "cursor"])
@pytest.mark.parametrize("skip", [0, 1, 2])
def test_an_empty_page_that_has_a_next_loses_nothing(way: str, skip: int) -> None:
    """Whichever way a reader goes on, it finds every post once."""
    found: list[str] = []
    sizes: list[int] = []
    with sandbox(Fault("empty_page", skip=skip)) as client:
        answer = client.get(GRAPH, params={"limit": 9}).json()
        while True:
            sizes.append(len(answer["data"]))
            found += [row["id"] for row in answer["data"]]
            if "next" not in answer["paging"]:
                break
            cursor = {"limit": 9, "after": answer["paging"]["cursors"]["after"]}
            following = client.get(answer["paging"]["next"]) if way == "next" else client.get(GRAPH, params=cursor)
            answer = following.json()
        whole = client.get(GRAPH, params={"limit": 100}).json()["data"]
    assert 0 == sizes[skip]
    assert [row["id"] for row in whole] == found


def test_a_slow_answer_is_slow() -> None:
    """It comes, after the time that was asked for."""
    with sandbox(Fault("slow", options={"seconds": 0.05})) as client:
        begun = time.perf_counter()
        assert 200 == client.get(GRAPH).status_code
        assert 0.05 <= time.perf_counter() - begun


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("server", times=2), [503, 503, 200, 200]),
        (Fault("server", skip=1), [200, 503, 200, 200]),
        (Fault("server", times=-1), [503, 503, 503, 503]),
        (Fault("server", times=2, since=0.0), [503, 503, 200, 200]),
        (Fault("server", times=2, since=1.0), [200, 200, 200, 200]),
        (Fault("server", times=-1, share=0.0), [200, 200, 200, 200]),
        (Fault("server", page=OTHER.id, times=-1), [200, 200, 200, 200]),
        (Fault("server", platform="website", times=-1), [200, 200, 200, 200]),
        (Fault("server", platform="facebook", page=PAGE.id), [503, 200, 200, 200]),
    ],
)
def test_a_fault_hits_whom_and_as_often_as_it_says(fault: Fault, expected: list[int]) -> None:
    """`times`, `skip`, `platform` and `page`."""
    with sandbox(fault) as client:
        assert expected == [client.get(GRAPH).status_code for _ in expected]


def test_a_share_of_the_answers_is_hit_the_same_way_every_time() -> None:
    """By the seed of the faults."""
    runs = []
    for seed in (1, 1, 2):
        faults = Faults(Fault("server", times=-1, share=0.3), Fault("cut", times=-1, share=0.3), seed=seed)
        runs.append([fault.kind if (fault := faults.take("facebook", "")) else "" for _ in range(200)])
    assert runs[0] == runs[1] != runs[2]
    assert {"server", "cut", ""} == set(runs[0])
    assert 40 < runs[0].count("server") < 80


def test_the_demo_has_troubles_of_its_own() -> None:
    """Each for a page that there is, none before the first look is done."""
    pages = {place.id for place in STORY.places}
    assert troubles().told()
    assert all(fault.page in pages and fault.since > 30 for fault in troubles().told())


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_can_be_switched_on_and_off_over_http(kind: str) -> None:
    """POST adds, GET tells, DELETE takes all away."""
    with sandbox() as client:
        told = client.post("/_faults", json={"kind": kind, "page": PAGE.id, "times": 3}).json()
        assert [{"kind": kind, "platform": "", "page": PAGE.id, "times": 3}] == told["faults"]
        assert told == client.get("/_faults").json()
        assert {"faults": []} == client.delete("/_faults").json()


@pytest.mark.parametrize("told", [{"kind": "no such"}, {"page": "kommune"}, {"kind": "server", "often": 3}])
def test_a_fault_that_is_not_known_is_refused(told: dict) -> None:
    """With a sentence that says why."""
    with sandbox() as client:
        answer = client.post("/_faults", json=told)
    assert 400 == answer.status_code
    assert answer.json()["error"]


def test_calls_are_counted_by_platform() -> None:
    """What is asked of the dialects counts, also when a fault answers; the sandbox's own addresses do not."""
    with sandbox(Fault("server")) as client:
        for path in (GRAPH, GRAPH, FEED, BLOG, "/_clock"):
            client.get(path)
        assert {"facebook": 2, "website": 2} == client.get("/_stats").json()["calls"]


def test_the_clock_can_be_moved_over_http() -> None:
    """Ahead by so many seconds, on top of the clock that was passed in."""
    with sandbox() as client:
        assert 0 == client.get("/_clock").json()["t"]
        assert 90 == client.post("/_clock", json={"advance": 90}).json()["t"]


@pytest.fixture
def process() -> Iterator[tuple[subprocess.Popen[str], dict]]:
    options = ["--port", "0", "--seed", "3", "--calm", "--start", START.isoformat()]
    command = [sys.executable, "-m", "collectors.sandbox", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        yield started, json.loads(started.stdout.readline())
        started.terminate()


def test_it_runs_as_a_process_of_its_own(process: tuple[subprocess.Popen[str], dict]) -> None:
    """One line tells port, seed and start; it answers over real HTTP, cuts a real connection, and stops when told."""
    started, told = process
    assert (3, START.isoformat()) == (told["seed"], told["start"])
    page = next(place for place in places(3) if place.id == "kommune")
    headers = {"authorization": f"Bearer {tokens(3)[page.id]}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{told['port']}", headers=headers, trust_env=False) as client:
        assert page.name == client.get("/facebook/v25.0/me").json()["name"]
        client.post("/_faults", json={"kind": "cut"})
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/facebook/v25.0/me")
        assert 200 == client.get("/facebook/v25.0/me").status_code
    started.terminate()
    assert started.wait(10) in (0, -15, 143)


def test_the_document_names_every_fault_and_quirk() -> None:
    """docs/sandbox.md and the code know the same words."""
    text = (Path(__file__).resolve().parent.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")
    faults = set(re.findall(r"^\| `(\w+)` \|", text.rpartition("| kind |")[2], re.MULTILINE))
    assert set(KINDS) == faults
    assert [] == [quirk for place in STORY.places for quirk in place.quirks if f"`{quirk}`" not in text]
