"""What goes wrong with platforms, to be switched on: for one platform or page, for so many answers.

A fault either answers instead of the dialect (`instead`) or spoils its answer (`spoil`); both are pure. What stands
here is what an ordinary REST service does; a dialect brings what its platform does otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from threading import Lock
from types import MappingProxyType

from collectors.sandbox.answer import Answer, Ask, as_json

ALWAYS = -1


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `kind` is a word of `KINDS` or `platform:word` for a platform's own; "" for platform or page: any.

    `times` is how many answers it hits (-1: until it is taken away), `skip` how many it lets pass first, `since` the
    moment of the scenario that it waits for, `share` of the answers it would hit those that it does. `options` are the
    kind's own: `code`, `minutes` or `seconds` of a throttle, `seconds` of a delay, `part` of a cut.
    """

    kind: str
    platform: str = ""
    page: str = ""
    times: int = 1
    skip: int = 0
    since: float = -inf
    share: float = 1.0
    options: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.kind not in KINDS and ":" not in self.kind:
            known = ", ".join(KINDS)
            raise ValueError(f"No fault of this kind; known are {known}.")

    def speaks(self, platform: str) -> bool:
        """Whether the fault can hit this platform."""
        own, colon, _ = self.kind.partition(":")
        return self.platform in ("", platform) and (not colon or own == platform)


Instead = Callable[[Fault, str], Answer]
Spoil = Callable[[Fault, Ask, Answer], Answer]


class Faults:
    """The faults that are switched on; safe to share between threads. `seed` fixes whom a `share` hits."""

    def __init__(self, *faults: Fault, seed: int = 0) -> None:
        self._lock = Lock()
        self._random = Random(seed)  # noqa: S311 - faults that come the same way every time are wanted
        self._faults = list(faults)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def told(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, platform: str, page: str, t: float = 0.0) -> Fault | None:
        """The first fault that hits this answer, counted down; None when all is well."""
        with self._lock:
            for at, fault in enumerate(self._faults):
                meant = fault.speaks(platform) and fault.page in ("", page) and fault.since <= t
                if meant and self._hits(at, fault):
                    return fault
        return None

    def _hits(self, at: int, fault: Fault) -> bool:
        if fault.share < 1 and self._random.random() >= fault.share:
            return False
        if fault.skip:
            self._faults[at] = replace(fault, skip=fault.skip - 1)
            return False
        if fault.times == 1:
            del self._faults[at]
        elif fault.times != ALWAYS:
            self._faults[at] = replace(fault, times=fault.times - 1)
        return True


def spoiled(
    fault: Fault,
    ask: Ask,
    ref: str,
    make: Callable[[], Answer],
    instead: Mapping[str, Instead] = MappingProxyType({}),
    spoil: Mapping[str, Spoil] = MappingProxyType({}),
) -> Answer:
    """The answer as the fault leaves it; `make` asks the dialect and is not called where nothing of it is left.

    `ref` is what the platform calls the page that was asked for; `instead` and `spoil` are the dialect's own faults.
    """
    if fault.kind in spoil or (fault.kind in SPOIL and fault.kind not in instead):
        return {**SPOIL, **spoil}[fault.kind](fault, ask, make())
    told = {**INSTEAD, **instead}.get(fault.kind)
    return told(fault, ref) if told else make()


def _throttled(fault: Fault, _ref: str) -> Answer:
    wait = str(int(fault.options.get("seconds", 60)))
    return Answer(429, b"Too Many Requests", {"content-type": "text/plain", "retry-after": wait})


def _rest(status: int, code: str) -> Instead:
    told = as_json({"code": code, "message": code, "data": {"status": status}}, status=status)
    return lambda _fault, _ref: told


def _html(status: int, title: str) -> Instead:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()
    return lambda _fault, _ref: Answer(status, body, {"content-type": "text/html; charset=utf-8"})


def _server(_fault: Fault, _ref: str) -> Answer:
    return Answer(503, b"Service Unavailable", {"content-type": "text/plain"})


def _cut(fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    return replace(answer, cut=int(len(answer.body) * fault.options.get("part", 0.5)))


def _slow(fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    return replace(answer, delay=fault.options.get("seconds", 2.0))


def rows_of(answer: Answer) -> tuple[object, list[object]]:
    """The decoded body and the first list of objects in it; an empty list where it has none."""
    if "json" not in answer.headers.get("content-type", ""):
        return None, []
    data = json.loads(answer.body)
    values = data.values() if isinstance(data, dict) else [data]
    lists = (value for value in values if isinstance(value, list) and value and isinstance(value[0], dict))
    return data, next(lists, [])


def _repeated(_fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    """Every object twice, as when a list moves under the reader; in a feed, every item twice."""
    data, rows = rows_of(answer)
    if data is None:
        return replace(answer, body=_doubled(answer.body))
    rows[:] = [row for row in rows for _ in (0, 1)]
    return replace(answer, body=json.dumps(data, ensure_ascii=False).encode())


def _doubled(body: bytes) -> bytes:
    for opening, closing in ((b"<item>", b"</item>"), (b"<entry>", b"</entry>")):
        first, last = body.find(opening), body.rfind(closing)
        if first >= 0:
            end = last + len(closing)
            return body[:end] + body[first:]
    return body


INSTEAD: Mapping[str, Instead] = {
    "throttled": _throttled,
    "expired_token": _rest(401, "rest_cannot_read"),
    "missing_permission": _rest(403, "rest_forbidden"),
    "removed": _rest(404, "rest_no_route"),
    "too_much": _rest(500, "internal_server_error"),
    "server": _server,
    "bad_gateway": _html(502, "502 Bad Gateway"),
    "soft_block": lambda _fault, _ref: Answer(200, b"Access Denied", {"content-type": "text/html"}),
    "wrong_type": _html(200, "Velkommen"),
}
SPOIL: Mapping[str, Spoil] = {
    "cut": _cut,
    "slow": _slow,
    "repeated": _repeated,
    "empty_page": lambda _fault, _ask, answer: answer,
}
KINDS = (*INSTEAD, *SPOIL)
