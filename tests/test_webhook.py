"""Meta's webhooks on a real server on loopback: who is let in, what is refused, what an event may cause."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from dashboard.settings_tokens import secrets
from dashboard.settings_webhook import WebhookSecrets, webhook_secrets
from dashboard.webhook import MOST_BYTES, OLDEST, PATH, Configured, Deliveries, ShapeError, Webhook, signed, told
from data.errors import SettingsError, StoreError

SECRETS = WebhookSecrets("app-secret-of-a-test", "agreed-word")
NOW = 1_795_400_000.0
PAGES = {("facebook", "100"): ("skole-fb",), ("instagram", "200"): ("skole-ig",)}
TEXT = "Hej Karla, hvordan gik det hos lægen?"


class Served:
    """The route on a socket; `woken` are the pages that it asked for."""

    def __init__(self) -> None:
        self.configured: Configured | None = Configured(SECRETS, PAGES)
        self.now = NOW
        self.woken: list[set[str]] = []
        self.broken = False
        self.held = threading.Event()
        self.held.set()
        self.port = 0

    def wake(self, pages: Collection[str]) -> None:
        self.held.wait(10)
        if self.broken:
            raise StoreError("The database cannot be used.")
        self.woken.append(set(pages))

    def ask(self, method: str, path: str = PATH, body: bytes = b"", **headers: str) -> tuple[int, str]:
        told_ = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        told_.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = told_.getresponse()
        return answer.status, answer.read().decode()

    def post(self, body: bytes, secret: str = SECRETS.app_secret) -> int:
        return self.ask("POST", body=body, X_Hub_Signature_256=signature(body, secret))[0]


def signature(body: bytes, secret: str = SECRETS.app_secret) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def event(ref: str = "100", at: float = NOW, *, kind: str = "page", field: str = "feed", number: int = 0) -> bytes:
    """As Meta sends it: with the text and the writer, which nobody here may keep."""
    value = {"item": "comment", "verb": "add", "comment_id": f"1_{number}", "message": TEXT, "from": {"name": "Karla"}}
    told_ = {"id": ref, "time": int(at), "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": kind, "entry": [told_]}).encode()


@contextmanager
def serving() -> Iterator[Served]:
    made = Served()
    app = Starlette(routes=[Route(PATH, Webhook(lambda: made.configured, made.wake, lambda: made.now))])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        made.port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield made
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as made:
        yield made


def asking(token: str, challenge: str = "1158201444", mode: str = "subscribe") -> str:
    return f"{PATH}?hub.mode={mode}&hub.challenge={challenge}&hub.verify_token={token}"


def test_off(served):
    """Without secrets the route is not there, whatever is asked."""
    served.configured = None
    assert [404, 404, 404] == [served.ask(method, asking("agreed-word"))[0] for method in ("GET", "POST", "PUT")]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (asking("agreed-word"), (200, "1158201444")),
        (asking("agreed-worm"), (403, "")),
        (asking(""), (403, "")),
        (PATH, (403, "")),
        (asking("agreed-word", mode="unsubscribe"), (403, "")),
        (asking("agreed-word", challenge="%3Cscript%3E"), (403, "")),
        (asking("agreed-word", challenge="1" * 300), (403, "")),
    ],
)
def test_verification(served, path, expected):
    """The challenge is given back for the agreed word alone, and only where it is a plain one."""
    assert expected == served.ask("GET", path)


def test_an_event_asks_for_a_visit(served):
    """A signed event of a page of ours wakes it; Facebook and Instagram are told apart."""
    assert [200, 200] == [served.post(event()), served.post(event("200", kind="instagram", field="comments"))]
    assert [{"skole-fb"}, {"skole-ig"}] == served.woken


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (event("999"), 200),
        (event("200"), 200),
        (event(field="ratings"), 200),
        (event(at=NOW - OLDEST - 1), 200),
        (event(at=NOW + 61), 200),
        (b"{", 400),
        (b"[" * 60_000, 400),
        (b'{"object": "page", "entry": []}', 400),
        (b'{"object": "user", "entry": [{"id": "100", "time": 1, "changes": []}]}', 400),
        (b'{"object": "page", "entry": [{"id": "100", "time": 1, "messaging": [{"message": "hej"}]}]}', 400),
        (b'{"object": "page", "entry": [{"id": 100, "time": 1, "changes": []}]}', 400),
        (b'{"object": "page", "entry": [{"id": "100", "time": true, "changes": []}]}', 400),
        (b'{"object": "page", "entry": [{"id": "100", "time": 1, "changes": ["feed"]}]}', 400),
        (b'{"object": ["page"], "entry": [{"id": "100", "time": 1, "changes": []}]}', 400),
    ],
)
def test_what_asks_for_nothing(served, body, expected):
    """A page that is not ours, another field, a time long past, private messages, any other shape."""
    assert (expected, []) == (served.post(body), served.woken)


def test_signatures(served):
    """Another secret, another body, no signature, the old SHA-1 one: refused, and nobody learns why."""
    body = event()
    wrong = [
        signature(body, "another"),
        signature(body + b" "),
        "",
        signature(body).removeprefix("sha256="),
        signature(body).upper(),
        "sha1=" + hmac.new(b"app-secret-of-a-test", body, hashlib.sha1).hexdigest(),
    ]
    answers = [served.ask("POST", body=body, X_Hub_Signature_256=one) for one in wrong]
    assert ({(403, "")}, []) == (set(answers), served.woken)
    assert 405 == served.ask("DELETE")[0]


def test_replays(served):
    """The same delivery again wakes nobody, also a little later; another of the same page does."""
    for _ in range(3):
        assert 200 == served.post(event())
    served.now += OLDEST / 2
    served.post(event())
    served.post(event(number=2))
    assert [{"skole-fb"}, {"skole-fb"}] == served.woken


def test_a_flood_is_one_write(served):
    """What comes while a wake is being written goes into one more, however many events that are."""
    served.held.clear()
    threads = [threading.Thread(target=served.post, args=(event(number=one),)) for one in range(20)]
    for one in threads:
        one.start()
    threading.Timer(0.5, served.held.set).start()
    for one in threads:
        one.join(10)
    assert 0 < len(served.woken) <= 3


def test_a_failing_database(served):
    """Meta is told to try again, and its next try is no replay."""
    served.broken = True
    assert 503 == served.post(event())
    served.broken = False
    assert (200, [{"skole-fb"}]) == (served.post(event()), served.woken)


def test_a_long_body_is_not_read(served):
    """A body beyond the limit is refused at its length, and where it tells none, after the limit."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n".encode())
        assert line.recv(64).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
        line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(MOST_BYTES // 4096 + 1):
            line.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert line.recv(64).startswith(b"HTTP/1.1 413")
    assert [] == served.woken


def test_just_within_the_limit(served):
    """A body of exactly the limit is read and judged."""
    body = event()
    assert 200 == served.post(body + b" " * (MOST_BYTES - len(body)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
LIKE = st.fixed_dictionaries(
    {},
    optional={
        "object": st.sampled_from(["page", "instagram", "user"]) | JSON,
        "entry": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "id": st.sampled_from(["100", "x", "1" * 40]) | JSON,
                    "time": st.integers() | JSON,
                    "changes": st.lists(st.fixed_dictionaries({}, optional={"field": st.just("feed") | JSON}) | JSON)
                    | JSON,
                    "messaging": JSON,
                },
            )
            | JSON,
            max_size=4,
        )
        | JSON,
    },
)


@given(LIKE | JSON)
def test_any_json(value):
    """Whatever JSON comes, it is refused or tells of pages by number and time, and of nothing else."""
    check(json.dumps(value).encode())


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(body):
    """Whatever bytes come, they are refused or understood; nothing else is raised."""
    check(body)


@given(st.binary(max_size=200), st.text(max_size=100))
def test_any_signature(body, header):
    """No header but the right one is a signature."""
    assert signed(body, header, "secret") == (header == signature(body, "secret"))


def check(body: bytes) -> None:
    try:
        found = told(body)
    except ShapeError:
        return
    for (platform, ref), at in found.items():
        assert platform in {"facebook", "instagram"}
        assert ref.isascii()
        assert ref.isdigit()
        assert 0 <= at < 10**12


def test_times_in_milliseconds():
    """Some of Meta's products tell the time in milliseconds."""
    assert {("facebook", "100"): NOW} == told(event(at=NOW * 1000))


def test_deliveries_are_forgotten():
    """What is too old to be accepted is forgotten, and the memory has an end."""
    seen = Deliveries()
    assert [True, False] == [seen.is_new("a", NOW), seen.is_new("a", NOW + 1)]
    assert seen.is_new("b", NOW + 2 * OLDEST)
    assert 1 == len(seen._seen)
    for number in range(10_100):
        seen.is_new(str(number), NOW + 2 * OLDEST)
    assert len(seen._seen) <= 10_001


def test_secrets(tmp_path):
    """From the environment before the file, both or none; a file for webhooks alone needs no table of tokens."""
    path = tmp_path / "sideblik.secrets.toml"
    both = {"SIDEBLIK_META_APP_SECRET": "a", "SIDEBLIK_META_VERIFY_TOKEN": "b"}
    assert WebhookSecrets("a", "b") == webhook_secrets(path, both)
    assert webhook_secrets(path, {"SIDEBLIK_META_APP_SECRET": "a"}) is None
    path.touch(mode=0o600)
    path.write_text('[webhooks]\nmeta_app_secret = "c"\nmeta_verify_token = "d"\n')
    assert WebhookSecrets("c", "d") == webhook_secrets(path, {})
    assert WebhookSecrets("a", "d") == webhook_secrets(path, {"SIDEBLIK_META_APP_SECRET": "a"})
    assert {} == dict(secrets(path))
    assert "c" not in repr(webhook_secrets(path, {})).replace("Secrets", "").replace("secret", "")
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="0600"):
        webhook_secrets(path, {})


@pytest.mark.parametrize("text", ['webhooks = "x"', "[webhooks]\nmeta_app_secret = 7\n"])
def test_secrets_of_another_form(tmp_path, text):
    """A table that is none and a secret that is no text are told, without what they hold."""
    path = tmp_path / "sideblik.secrets.toml"
    path.touch(mode=0o600)
    path.write_text(text)
    with pytest.raises(SettingsError, match="webhooks"):
        webhook_secrets(path, {})
