"""The sandbox as a web application: the dialects, and three addresses of its own to steer and watch it.

/<mount>/…     a dialect (dialects.py)              /_faults   GET, POST {"kind": …, "page": …}, DELETE
/see/<page>    the pages as people see them         /_clock    GET, POST {"advance": seconds}
                                                    /_stats    calls by platform
                                                    /robots.txt  of the sites without a feed
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.dialects import MOUNTS
from collectors.sandbox.faults import Fault, Faults, spoiled
from collectors.sandbox.newslist import robots
from collectors.sandbox.scenario import Scenario
from collectors.sandbox.see import see

Clock = Callable[[], datetime]
SEE = "see"


def now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A scenario, the moment it is seen at, the faults that are on, and how often it was asked."""

    def __init__(self, scenario: Scenario, clock: Clock, faults: Faults, *, latency: float, shown: bool) -> None:
        self.scenario = scenario
        self.clock = clock
        self.faults = faults
        self.latency = latency
        self.shown = shown
        self.ahead = 0.0
        self.calls: Counter[str] = Counter()

    @property
    def t(self) -> float:
        return (self.clock() - self.scenario.start).total_seconds() + self.ahead

    async def serve(self, request: Request) -> Response:
        """One question to a dialect, with its faults."""
        mount = request.path_params["mount"]
        if mount == SEE and self.shown:
            return _response(see(self.scenario, await self._ask(request, mount)), {})
        spoken = MOUNTS.get(mount)
        if spoken is None:
            return Response(status_code=404)
        ask = await self._ask(request, mount)
        target = spoken.asked(self.scenario, ask)
        page, ref = (target.id, target.ref) if target else ("", "")
        self.calls[spoken.platform] += 1
        fault = self.faults.take(spoken.platform, page, ask.t)
        make = partial(spoken.answer, self.scenario, ask)
        answer = spoiled(fault, ask, ref, make, spoken.instead, spoken.spoil) if fault else make()
        await asyncio.sleep(self.latency + answer.delay)
        return _response(answer, spoken.usage(self.calls[spoken.platform], ref))

    async def _ask(self, request: Request, mount: str) -> Ask:
        query = request.query_params
        params = {name: ",".join(query.getlist(name)) for name in query}
        body = await request.body()
        if request.method == "POST":
            params |= dict(parse_qsl(body.decode("utf-8", "replace")))
        headers = {key.lower(): value for key, value in request.headers.items()}
        origin = f"{request.url.scheme}://{request.url.netloc}"
        seen = f"{origin}/{SEE}" if self.shown else ""
        return Ask(
            request.method, request.path_params["path"], params, headers, f"{origin}/{mount}", self.t, seen, body
        )

    async def steer_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults.clear()
        if request.method == "POST":
            told: dict[str, Any] = await request.json()
            try:
                self.faults.add(Fault(**told))
            except (TypeError, ValueError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        rows = [
            {"kind": one.kind, "platform": one.platform, "page": one.page, "times": one.times}
            for one in self.faults.told()
        ]
        return JSONResponse({"faults": rows})

    async def steer_clock(self, request: Request) -> Response:
        if request.method == "POST":
            self.ahead += float((await request.json())["advance"])
        return JSONResponse({"t": self.t, "start": self.scenario.start.isoformat()})

    async def robots(self, request: Request) -> Response:
        return _response(robots(self.scenario, f"{request.url.scheme}://{request.url.netloc}"), {})

    async def stats(self, _: Request) -> Response:
        return JSONResponse({"calls": dict(self.calls)})


def _response(answer: Answer, extra: Mapping[str, str]) -> Response:
    headers = {**extra, **answer.headers}
    if answer.cut is None:
        return Response(answer.body, answer.status, headers)
    return CutResponse(answer.body, answer.status, headers, cut=answer.cut)


class CutResponse(Response):
    """Promises the whole body, sends the first bytes of it, and breaks off."""

    def __init__(self, content: bytes, status_code: int, headers: Mapping[str, str], *, cut: int) -> None:
        super().__init__(content, status_code, headers)
        self.cut = cut

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: self.cut], "more_body": True})


def build(
    scenario: Scenario, clock: Clock = now, faults: Faults | None = None, *, latency: float = 0.0, shown: bool = False
) -> Starlette:
    """The application over a scenario; `clock` tells the moment, `latency` holds every answer back, in seconds.

    `shown` makes links lead to pages of the sandbox's own, that a person can look at, and not to the real platforms.
    """
    sandbox = Sandbox(scenario, clock, faults or Faults(), latency=latency, shown=shown)
    routes = [
        Route("/_faults", sandbox.steer_faults, methods=["GET", "POST", "DELETE"]),
        Route("/_clock", sandbox.steer_clock, methods=["GET", "POST"]),
        Route("/robots.txt", sandbox.robots),
        Route("/_stats", sandbox.stats),
        Route("/{mount}/{path:path}", sandbox.serve, methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes)
    app.state.t = lambda: sandbox.t
    return app
