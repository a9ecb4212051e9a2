"""What goes wrong with platforms, to be switched on: for one platform or page, for so many answers.

A fault either answers instead of the dialect (`instead`) or spoils its answer (`spoil`); both are pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from threading import Lock
from types import MappingProxyType
from urllib.parse import urlencode

from collectors.sandbox import graph_errors as errors
from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.paging import same_place

ALWAYS = -1
APP_WIDE = (4, 17)  # codes of a limit that all pages of an app share


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `kind` is a word of `KINDS`; "" for platform or page means any.

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
        if self.kind not in KINDS:
            known = ", ".join(KINDS)
            raise ValueError(f"No fault of this kind; known are {known}.")


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
                meant = fault.platform in ("", platform) and fault.page in ("", page) and fault.since <= t
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


def spoiled(fault: Fault, ask: Ask, platform: str, ref: str, make: Callable[[], Answer]) -> Answer:
    """The answer as the fault leaves it; `make` asks the dialect and is not called where nothing of it is left.

    `ref` is what the platform calls the page that was asked for.
    """
    if fault.kind in SPOIL:
        return SPOIL[fault.kind](fault, ask, make())
    return INSTEAD[fault.kind](fault, platform, ref)


def _throttled(fault: Fault, platform: str, ref: str) -> Answer:
    if platform != "facebook":
        wait = str(int(fault.options.get("seconds", 60)))
        return Answer(429, b"Too Many Requests", {"content-type": "text/plain", "retry-after": wait})
    code = int(fault.options.get("code", 80001))
    answer = errors.throttled(code).answer()
    whole = code in APP_WIDE
    calm, full = _percent(12), _percent(100)
    page = {"type": "pages", **(calm if whole else full)}
    page["estimated_time_to_regain_access"] = 0 if whole else int(fault.options.get("minutes", 5))
    head = {
        "x-app-usage": json.dumps(full if whole else calm),
        "x-business-use-case-usage": json.dumps({ref: [page]}),
    }
    return replace(answer, headers={**answer.headers, **head})


def _percent(used: int) -> dict[str, object]:
    return {"call_count": used, "total_time": used, "total_cputime": used}


def _graph(make: Callable[[], errors.GraphError], status: int, code: str) -> Callable[[Fault, str, str], Answer]:
    """Facebook's own error for a page on Facebook, WordPress's for a site."""

    def build(_fault: Fault, platform: str, _ref: str) -> Answer:
        if platform == "facebook":
            return make().answer()
        return as_json({"code": code, "message": code, "data": {"status": status}}, status=status)

    return build


def _html(status: int, title: str) -> Callable[[Fault, str, str], Answer]:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()
    return lambda _fault, _platform, _ref: Answer(status, body, {"content-type": "text/html; charset=utf-8"})


def _server(_fault: Fault, platform: str, _ref: str) -> Answer:
    if platform == "facebook":
        return errors.unavailable().answer()
    return Answer(503, b"Service Unavailable", {"content-type": "text/plain"})


def _gone() -> errors.GraphError:
    return errors.GraphError(12, "(#12) This endpoint is deprecated for versions v25.0 and higher")


def _cut(fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    return replace(answer, cut=int(len(answer.body) * fault.options.get("part", 0.5)))


def _slow(fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    return replace(answer, delay=fault.options.get("seconds", 2.0))


def _rows(answer: Answer) -> tuple[object, list[object]]:
    """The decoded body and the list of objects in it; an empty list where it has none."""
    if "json" not in answer.headers.get("content-type", ""):
        return None, []
    data = json.loads(answer.body)
    if isinstance(data, list):
        return data, data
    rows = data.get("data") if isinstance(data, dict) else None
    return data, rows if isinstance(rows, list) else []


def _repeated(_fault: Fault, _ask: Ask, answer: Answer) -> Answer:
    """Every object twice, as when a list moves under the reader; in a feed, every item twice."""
    data, rows = _rows(answer)
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


def _empty(_fault: Fault, ask: Ask, answer: Answer) -> Answer:
    """A page of a list without anything on it that still has a next one, which holds what this one should have."""
    data, rows = _rows(answer)
    if not isinstance(data, dict) or not rows:
        return answer
    after = same_place(ask.params.get("after", ""))
    asked = {key: value for key, value in ask.params.items() if key not in ("access_token", "after")}
    query = urlencode({"access_token": ask.token, **asked, "after": after})
    paging = {"cursors": {"before": after, "after": after}, "next": f"{ask.base}/{ask.path}?{query}"}
    return replace(answer, body=json.dumps({"data": [], "paging": paging}, ensure_ascii=False).encode())


INSTEAD: Mapping[str, Callable[[Fault, str, str], Answer]] = {
    "throttled": _throttled,
    "expired_token": _graph(errors.expired_token, 401, "rest_cannot_read"),
    "missing_permission": _graph(errors.missing_permission, 403, "rest_forbidden"),
    "removed": _graph(_gone, 404, "rest_no_route"),
    "too_much": _graph(errors.too_much_data, 500, "internal_server_error"),
    "server": _server,
    "bad_gateway": _html(502, "502 Bad Gateway"),
    "soft_block": lambda _fault, _platform, _ref: Answer(200, b"Access Denied", {"content-type": "text/html"}),
    "wrong_type": _html(200, "Velkommen"),
}
SPOIL: Mapping[str, Callable[[Fault, Ask, Answer], Answer]] = {
    "cut": _cut,
    "slow": _slow,
    "repeated": _repeated,
    "empty_page": _empty,
}
KINDS = (*INSTEAD, *SPOIL)
