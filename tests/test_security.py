"""What the web server itself refuses and sends, asked over HTTP and WebSocket without a browser."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from browsing import dashboard
from screens import municipality
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.webhook import PATH

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("town")
    with dashboard(municipality(folder)) as found:
        yield found


def asked(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, Message]:
    """Status and headers, also of an answer that refuses."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method, headers=headers or {}), timeout=20
        ) as told:
            return told.status, told.headers
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/henvendelser?sag=1", 200),
        ("/readyz", 200),
        ("/sideblik/live.js", 200),
        ("/_stcore/health", 200),
        ("/media/none.csv", 404),
        ("/none", 200),
        (PATH, 404),
    ],
)
def test_every_kind_of_answer_carries_the_headers(address: str, path: str, status: int) -> None:
    """Pages, files, routes of our own, and answers that there is nothing."""
    found, headers = asked(address + path)
    assert (status, []) == (found, [name for name in HEADERS if not headers.get(name)])


def test_a_refusal_carries_the_headers(address: str) -> None:
    """Also one of the gate itself: asked through a proxy, where nobody has to log in."""
    found, headers = asked(address, headers={"X-Forwarded-For": "192.0.2.7"})
    assert 403 == found
    assert [] == [name for name in HEADERS if not headers.get(name)]


def test_xsrf_protection_and_the_origin_of_a_connection(address: str) -> None:
    """A page of another site opens no live connection, and an upload without the token of a session is refused."""
    with pytest.raises(InvalidStatus) as refused:
        connect(address.replace("http", "ws") + "/_stcore/stream", origin="https://elsewhere.example")
    assert refused.value.response.status_code in {400, 403}
    status, _ = asked(f"{address}/_stcore/upload_file/none/none", "PUT")
    assert 403 == status
