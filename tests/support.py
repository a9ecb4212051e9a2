"""What several test files need: the sandbox, or any ASGI application, as the transport of a synchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 22, 14, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class AppTransport(httpx.BaseTransport):
    """Answers a synchronous httpx client from an ASGI application, without a socket.

    A body that is shorter than its Content-Length breaks off as it does on a real connection.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = asyncio.run(_ask(self.app, _scope(request), request.read()))
        head = next(message for message in sent if message["type"] == "http.response.start")
        body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
        return httpx.Response(head["status"], headers=head["headers"], stream=_Body(body, dict(head["headers"])))


class _Body(httpx.SyncByteStream):
    def __init__(self, body: bytes, headers: dict[bytes, bytes]) -> None:
        self.body = body
        self.promised = int(headers.get(b"content-length", b"0"))

    def __iter__(self) -> Iterator[bytes]:
        yield self.body
        if len(self.body) < self.promised:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.split(b"?")[0],
        "query_string": url.query,
        "headers": [(key.lower(), value) for key, value in request.headers.raw],
        "server": (url.host, url.port or 80),
        "client": ("127.0.0.1", 50000),
        "root_path": "",
    }


async def _ask(app: Any, scope: dict[str, Any], body: bytes) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent
