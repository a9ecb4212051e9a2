"""Meta's webhooks: an event says that something happened on a page, and asks for a visit of it. Nothing more is done.

    GET  ──► the agreed word? ──► the challenge back
    POST ──► 64 KiB at most ──► signed? ──► of a known shape? ──► new and not old? ──► `wakes` ──► the collector visits

An event holds what a citizen wrote and who they are. None of it is kept or logged, and none of it is believed: the
visit reads the page as every visit does, and polling finds what no event told. Without both secrets the route is not
there (404).

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard.settings_webhook import WebhookSecrets
from data.errors import SideblikError

PATH: Final = "/webhooks/meta"
MOST_BYTES: Final = 64 * 1024
MOST_ENTRIES: Final = 1000  # Meta's own maximum of a batch
OLDEST: Final = 300.0  # seconds; what is older was found by a visit meanwhile
AHEAD: Final = 60.0  # how far Meta's clock may be before ours
PATIENCE: Final = 10.0  # seconds in which a body must have come
_REMEMBERED: Final = 10_000  # deliveries; beyond it the oldest are forgotten, and a replay costs one visit
_MILLISECONDS: Final = 10**11  # a time beyond it is told in them
_FIELDS: Final = {"page": frozenset({"feed", "mention"}), "instagram": frozenset({"comments", "mentions"})}
_PLATFORMS: Final = {"page": "facebook", "instagram": "instagram"}
_SIGNATURE: Final = re.compile(r"sha256=([0-9a-f]{64})")
_CHALLENGE: Final = re.compile(r"[0-9A-Za-z_-]{1,256}")
_NUMBER: Final = re.compile(r"[0-9]{1,32}")

Ref = tuple[str, str]


class ShapeError(ValueError):
    """A body that is no event as Meta describes it; says nothing of what it holds."""


@dataclass(frozen=True, slots=True)
class Configured:
    """The secrets, and the ids of pages by platform and what the platform calls them."""

    secrets: WebhookSecrets
    pages: Mapping[Ref, tuple[str, ...]]


def signed(body: bytes, header: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is that of the raw body under the app's secret."""
    given = _SIGNATURE.fullmatch(header)
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return given is not None and hmac.compare_digest(given[1], wanted)


def told(body: bytes) -> dict[Ref, float]:
    """When something was told of each page, in seconds since 1970; ShapeError for a body of another shape.

    Changes of fields that hold no comments or posts are left out. Private messages (`messaging`) are no shape of ours.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise ShapeError from None
    kind = event.get("object") if isinstance(event, dict) else None
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise ShapeError
    entries = event.get("entry")
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        raise ShapeError
    found: dict[Ref, float] = {}
    for entry in entries:
        ref, at, fields = _entry(entry)
        if fields & _FIELDS[kind]:
            key = (_PLATFORMS[kind], ref)
            found[key] = max(at, found.get(key, at))
    return found


def _entry(entry: object) -> tuple[str, float, frozenset[str]]:
    if not isinstance(entry, dict) or "messaging" in entry:
        raise ShapeError
    ref, at, changes = entry.get("id"), entry.get("time"), entry.get("changes")
    if not isinstance(ref, str) or not _NUMBER.fullmatch(ref):
        raise ShapeError
    if type(at) is not int or not 0 <= at < 10**15 or not isinstance(changes, list):
        raise ShapeError
    return ref, at / 1000 if at > _MILLISECONDS else float(at), frozenset(_field(change) for change in changes)


def _field(change: Any) -> str:  # noqa: ANN401 whatever was sent
    field = change.get("field") if isinstance(change, dict) else None
    if not isinstance(field, str):
        raise ShapeError
    return field


class Deliveries:
    """Which deliveries were seen lately, by their signatures."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, signature: str, now: float) -> bool:
        """True the first time; a delivery is forgotten when all that it could tell is too old anyway."""
        while self._seen and (len(self._seen) > _REMEMBERED or next(iter(self._seen.values())) < now - OLDEST - AHEAD):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True

    def forget(self, signature: str) -> None:
        """What could not be passed on may come again."""
        self._seen.pop(signature, None)


class Webhook:
    """The route. `configured` is asked at each request; `wake` asks for visits of pages, by our ids, and may block."""

    def __init__(
        self,
        configured: Callable[[], Configured | None],
        wake: Callable[[Collection[str]], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._configured = configured
        self._wake = wake
        self._now = now
        self._deliveries = Deliveries()
        self._pending: set[str] = set()
        self._writing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await (await self._answer(request))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            configured = self._configured()
        except SideblikError:
            configured = None
        if configured is None:
            return PlainTextResponse("Not Found", 404)
        if request.method == "GET":
            return _verified(request, configured.secrets.verify_token)
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "GET, POST"})
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _read(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413, headers={"Connection": "close"})
        return await self._take(body, request.headers.get("x-hub-signature-256", ""), configured)

    async def _take(self, body: bytes, signature: str, configured: Configured) -> Response:
        if not signed(body, signature, configured.secrets.app_secret):
            return Response(status_code=403)
        try:
            events = told(body)
        except ShapeError:
            return Response(status_code=400)
        now = self._now()
        pages = {
            page
            for ref, at in events.items()
            if now - OLDEST <= at <= now + AHEAD
            for page in configured.pages.get(ref, ())
        }
        if pages and self._deliveries.is_new(signature, now):
            try:
                await self._ask(pages)
            except SideblikError:
                self._deliveries.forget(signature)
                return Response(status_code=503)
        return PlainTextResponse("ok")

    async def _ask(self, pages: set[str]) -> None:
        """One write at a time; what comes meanwhile goes into the next, however many events that were."""
        self._pending |= pages
        async with self._writing:
            taken, self._pending = self._pending, set()
            try:
                if taken:
                    await run_in_threadpool(self._wake, taken)
            except SideblikError:
                self._pending |= taken
                raise


def _verified(request: Request, token: str) -> Response:
    """Meta asks once, when the address is set up, and at each change of it."""
    given = request.query_params
    challenge = given.get("hub.challenge", "")
    same = hmac.compare_digest(given.get("hub.verify_token", "").encode(), token.encode())
    if given.get("hub.mode") != "subscribe" or not same or not _CHALLENGE.fullmatch(challenge):
        return Response(status_code=403)
    return PlainTextResponse(challenge)


async def _read(request: Request) -> bytes | None:
    """The body, None for one that is too long; of that no more is read than shows it."""
    length = request.headers.get("content-length", "0")
    if not _NUMBER.fullmatch(length) or int(length) > MOST_BYTES:
        return None
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MOST_BYTES:
            return None
    return bytes(parts)
