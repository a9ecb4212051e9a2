"""The one place that speaks HTTP: waits, retries, redirects, refusals, and secrets that never show."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.addresses import may_follow, redact
from collectors.errors import (
    NetworkError,
    PageSetupError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.http import ATTEMPTS, BYTES_CAP, Http
from collectors.limits import app_usage, page_usage, retry_after
from data.errors import Who
from tests.support import Hand

HOME = "https://www.noerreaa.dk"
PUBLIC = "93.184.216.34"


class Slept(list[float]):
    """Sleeps by moving the clock, and remembers for how long."""

    def __init__(self, clock: Hand) -> None:
        super().__init__()
        self.clock = clock

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self.clock.move(seconds)


def http_of(answer: Callable[[httpx.Request], httpx.Response], ip: str = PUBLIC) -> tuple[Http, Slept]:
    clock = Hand()
    slept = Slept(clock)
    http = Http(transport=httpx.MockTransport(answer), clock=clock, sleep=slept, addresses=lambda _: [ip])
    return http, slept


def in_turn(*responses: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    left = list(responses)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_a_token_travels_in_the_header_alone():
    """The address of a request never holds the token."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"data": []})

    http, _ = http_of(answer)
    assert {"data": []} == http.get_json(f"{HOME}/x", params={"limit": "5"}, token="SECRET").data
    assert "Bearer SECRET" == seen[0].headers["authorization"]
    assert f"{HOME}/x?limit=5" == str(seen[0].url)
    assert seen[0].headers["user-agent"].startswith("Mozilla/5.0 (compatible; Sideblik/")


def test_a_server_error_is_tried_again_with_growing_waits():
    """Two 503 and then an answer: three calls, two waits, the second longer than the first's least."""
    http, slept = http_of(in_turn(httpx.Response(503), httpx.Response(502), httpx.Response(200, json=[1])))
    assert [1] == http.get_json(HOME).data
    assert 3 == http.calls
    assert 2 == len(slept)
    assert slept[0] >= 0.5
    assert slept[1] >= 1.0


def test_a_server_that_stays_down_is_given_up():
    """After the last attempt the error says that it passes, and whom it was."""
    http, _ = http_of(in_turn(httpx.Response(500)))
    with pytest.raises(NetworkError) as raised:
        http.get_json(f"{HOME}/api?access_token=SECRET")
    assert ATTEMPTS == http.calls
    assert "www.noerreaa.dk/api" == raised.value.endpoint
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize("header", ["30", "Sun, 22 Nov 2026 14:00:30 GMT"])
def test_retry_after_is_waited_for_when_it_is_short(header: str):
    """Seconds and an HTTP date alike."""
    http, slept = http_of(in_turn(httpx.Response(429, headers={"retry-after": header}), httpx.Response(200, json={})))
    http.get_json(HOME)
    assert 1 == len(slept)
    assert 30 <= slept[0] < 32


def test_retry_after_is_left_to_the_next_visit_when_it_is_long():
    """A quarter of an hour holds no worker; the error says when to come again."""
    http, slept = http_of(in_turn(httpx.Response(503, headers={"retry-after": "900"})))
    with pytest.raises(ThrottledError) as raised:
        http.get_json(HOME)
    assert [] == slept
    assert datetime(2026, 11, 22, 14, 15, tzinfo=UTC) == raised.value.retry_at


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", "Sun, 99 Nov 2026"])
def test_an_unreadable_retry_after_is_none(text: str):
    """A header that says nothing is as no header."""
    assert retry_after({"retry-after": text}, datetime(2026, 11, 22, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("status", "kind", "who"),
    [
        (401, TokenError, Who.PAGE_ADMINISTRATOR),
        (403, PermissionMissingError, Who.PAGE_ADMINISTRATOR),
        (404, PageSetupError, Who.OPERATOR),
        (410, PageSetupError, Who.OPERATOR),
        (418, ShapeError, Who.DEVELOPER),
        (429, ThrottledError, Who.NOBODY),
        (500, NetworkError, Who.NOBODY),
    ],
)
def test_each_status_names_who_must_act(status: int, kind: type[VisitError], who: Who):
    """Where a platform has no words of its own, its status decides."""
    http, _ = http_of(in_turn(httpx.Response(status)))
    with pytest.raises(kind) as raised:
        http.get_bytes(HOME)
    assert who == raised.value.who


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="Access Denied"),
        httpx.Response(403, headers={"cf-mitigated": "challenge"}, text="Just a moment"),
        httpx.Response(200, headers={"cf-mitigated": "challenge"}, text="<html>"),
    ],
)
def test_a_firewall_is_an_error_and_never_no_news(response: httpx.Response):
    """Also where it answers 200."""
    http, _ = http_of(lambda _: response)
    with pytest.raises(PageSetupError, match="firewall"):
        http.get_bytes(HOME)


@pytest.mark.parametrize("body", ["<html><p>Velkommen</p>", "", "{", "[1,", '{"a":' * 100_000])
def test_what_is_no_json_is_a_wrong_shape(body: str):
    """The error names the endpoint and what was expected."""
    http, _ = http_of(lambda _: httpx.Response(200, text=body))
    with pytest.raises(ShapeError, match=r"www\.noerreaa\.dk.*JSON"):
        http.get_json(HOME)


def test_what_php_prints_before_its_json_is_cut_off():
    """A warning of the site's own does not cost the page."""
    http, _ = http_of(lambda _: httpx.Response(200, text='<br />\n<b>Warning</b>: x in y\n[{"id": 1}]'))
    assert [{"id": 1}] == http.get_json(HOME).data


def test_a_body_that_breaks_off_is_a_network_error():
    """Whatever came is thrown away, and it is asked for again."""

    class Torn(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"data": ['
            raise httpx.RemoteProtocolError("peer closed https://x.dk/?access_token=SECRET")

    http, _ = http_of(lambda _: httpx.Response(200, stream=Torn()))
    with pytest.raises(NetworkError) as raised:
        http.get_json(HOME)
    assert ATTEMPTS == http.calls
    assert "SECRET" not in f"{raised.value} {raised.value.__cause__}"


def test_a_body_beyond_its_cap_is_refused():
    """Measured after decompression, so that a small packed body cannot fill the memory."""
    packed = gzip.compress(bytes(BYTES_CAP + 1))
    http, _ = http_of(lambda _: httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))
    with pytest.raises(ShapeError, match="more than 5 MB"):
        http.get_bytes(HOME)


def test_a_server_that_drips_is_given_up():
    """An answer that takes minutes holds no worker."""
    clock = Hand()

    class Drops(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                clock.move(30)
                yield b" "

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Drops()))
    http = Http(transport=transport, clock=clock, sleep=lambda _: None)
    with pytest.raises(NetworkError, match="too long"):
        http.get_bytes(HOME)


def test_a_redirect_within_the_site_is_followed():
    """A move for good is told, so that it can be remembered."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "www.noerreaa.dk":
            return httpx.Response(301, headers={"location": "https://noerreaa.dk/rss"})
        return httpx.Response(200, content=b"ok")

    http, _ = http_of(answer)
    got = http.get_bytes(f"{HOME}/rss")
    assert ("https://noerreaa.dk/rss", True, b"ok") == (got.url, got.moved, got.data)


def test_a_redirect_for_now_is_followed_and_not_remembered():
    """302 says where it is today."""
    there = httpx.Response(302, headers={"location": "/today"})
    http, _ = http_of(in_turn(there, httpx.Response(200, content=b"ok")))
    assert http.get_bytes(HOME).moved is False


def test_a_token_does_not_follow_to_another_host():
    """Also not to one of the same site."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if len(seen) == 1:
            return httpx.Response(302, headers={"location": "https://other.noerreaa.dk/x"})
        return httpx.Response(200, json={})

    http, _ = http_of(answer)
    http.get_json(HOME, token="SECRET")
    assert "authorization" not in seen[1].headers


def test_a_circle_of_redirects_ends():
    """It is the address that must be corrected."""
    http, _ = http_of(lambda _: httpx.Response(302, headers={"location": "/again"}))
    with pytest.raises(PageSetupError, match="leads on"):
        http.get_bytes(HOME)


@pytest.mark.parametrize(
    ("asked", "target", "ip", "followed"),
    [
        (HOME, "https://noerreaa.dk/", PUBLIC, True),
        (HOME, "https://evil.example/", PUBLIC, False),
        (HOME, "https://noerreaa.dk.evil.example/", PUBLIC, False),
        (HOME, "http://www.noerreaa.dk/", PUBLIC, False),
        (HOME, "file:///etc/passwd", PUBLIC, False),
        (HOME, "https://u:p@www.noerreaa.dk/", PUBLIC, False),
        (HOME, "https://intern.noerreaa.dk/", "10.0.0.5", False),
        (HOME, "https://intern.noerreaa.dk/", "169.254.169.254", False),
        (HOME, "https://intern.noerreaa.dk/", "::1", False),
        (HOME, "http://[", PUBLIC, False),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", "127.0.0.1", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:22/", "127.0.0.1", False),
        ("http://127.0.0.1:8000/a", "http://10.0.0.1/", "10.0.0.1", False),
    ],
)
def test_where_a_redirect_may_lead(asked: str, target: str, ip: str, followed: bool):
    """Within the site, and never into the machine's own networks."""
    assert followed is may_follow(asked, target, lambda _: [ip])


def test_a_limit_that_is_nearly_used_slows_and_then_stops():
    """Above 75 percent there are waits, above 95 the next call is not made; another page's token is free."""
    used = iter([50, 85, 96])

    def answer(_: httpx.Request) -> httpx.Response:
        entry = {"type": "pages", "call_count": next(used, 0), "estimated_time_to_regain_access": 0}
        return httpx.Response(200, json={}, headers={"x-business-use-case-usage": json.dumps({"1": [entry]})})

    http, slept = http_of(answer)
    http.get_json(HOME, token="A")
    http.get_json(HOME, token="A")
    assert [] == slept
    http.get_json(HOME, token="A")
    assert [2.5] == slept
    with pytest.raises(ThrottledError) as raised:
        http.get_json(HOME, token="A")
    assert http.clock() + timedelta(minutes=15) == raised.value.retry_at
    assert 3 == http.calls
    http.get_json(HOME, token="B")


def test_the_app_limit_stops_every_page():
    """`x-app-usage` is shared by all tokens of the app."""
    http, _ = http_of(lambda _: httpx.Response(200, json={}, headers={"x-app-usage": '{"call_count": 97}'}))
    http.get_json(HOME, token="A")
    with pytest.raises(ThrottledError):
        http.get_json(HOME, token="B")


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "[[[[1]]]]", '{"call_count": "many"}', "null"])
def test_usage_headers_of_any_form_are_read(text: str):
    """A header that cannot be read limits nothing."""
    assert 0 == app_usage({"x-app-usage": text}).percent == page_usage({"x-business-use-case-usage": text}).percent


def test_questions_to_one_site_keep_their_distance():
    """Two seconds apart, whoever asks."""
    http, slept = http_of(lambda _: httpx.Response(200, content=b"x"))
    for _ in range(3):
        http.get_bytes(HOME, apart=2.0)
    assert [2.0, 2.0] == slept


def test_no_cookie_is_taken():
    """A site cannot know the collector again by one."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={}, headers={"set-cookie": "id=1; Path=/"})

    http, _ = http_of(answer)
    http.get_json(HOME)
    http.get_json(HOME)
    assert "cookie" not in seen[1].headers


def test_each_view_counts_its_own_calls():
    """Visits at the same time share the client and not the count."""
    http, _ = http_of(lambda _: httpx.Response(200, json={}))
    one, other = http.view(), http.view()
    one.get_json(HOME)
    one.get_json(HOME)
    other.get_json(HOME)
    assert (2, 1, 0) == (one.calls, other.calls, http.calls)


def test_httpx_logs_no_address(caplog: pytest.LogCaptureFixture):
    """Its own messages would hold the whole query, whatever the level of the root logger."""
    caplog.set_level(logging.DEBUG)
    http, _ = http_of(lambda _: httpx.Response(200, json={}))
    http.get_json(f"{HOME}/x", params={"key": "SECRET"})
    assert "SECRET" not in caplog.text


SECRETS = st.text(st.characters(categories=("L", "N"), max_codepoint=0x17F), min_size=6, max_size=20).map("Zq".__add__)


@given(secret=SECRETS, path=st.text("abc/._-0123456789æ", max_size=30), rest=st.text(max_size=20))
def test_redacting_leaves_no_secret(secret: str, path: str, rest: str):
    """Wherever in an address a token may stand but the path, it is not told."""
    told = quote(secret)
    for url in (
        f"https://graph.example/{path}?access_token={secret}&{rest}",
        f"https://{told}:{told}@graph.example/{path}",
        f"https://{secret}@graph.example/{path}?{rest}",
        f"https://graph.example/{path}#{secret}{rest}",
        f"https://graph.example/{path};token={secret}",
        f"https://graph.example/{path}%3Faccess_token%3D{secret}",
        f"https://graph.example/{path}&access_token={secret}",
    ):
        assert secret not in redact(url), url
        assert told not in redact(url), url


@given(st.text())
def test_redacting_never_fails(text: str):
    """Whatever a platform puts where an address should be."""
    assert "?" not in redact(text)
    assert "?" not in redact(f"https://{text}")


def test_redacting_keeps_what_helps():
    """Host, port and path say which endpoint it was."""
    assert "graph.facebook.com/v25.0/104/feed" == redact("https://graph.facebook.com/v25.0/104/feed?access_token=X")
    assert "127.0.0.1:8080/web/x/rss.xml" == redact("http://127.0.0.1:8080/web/x/rss.xml")
    assert "an address that cannot be read" == redact("not an address")
    assert "311299" not in redact("https://noerreaa.dk/311299-1234/rss")
