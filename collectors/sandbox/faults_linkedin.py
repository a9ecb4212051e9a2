"""What goes wrong with LinkedIn's API: its refusals, its daily limit without headers, its versions that end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.faults import Fault, Instead, Spoil


def refusal(status: int, code: str, message: str, *, service: int = 0) -> Answer:
    """An error of the API; `service` is its number, which is not always told."""
    told: dict[str, object] = {"status": status, "code": code, "message": message}
    return as_json(told | ({"serviceErrorCode": service} if service else {}), status=status)


def _told(status: int, code: str, message: str, service: int = 0) -> Instead:
    return lambda _fault, _ref: refusal(status, code, message, service=service)


def _throttled(fault: Fault, _ref: str) -> Answer:
    answer = refusal(429, "TOO_MANY_REQUESTS", "Resource level throttle MEMBER limit is reached.", service=101)
    return replace(answer, headers={**answer.headers, "retry-after": str(int(fault.options.get("seconds", 60)))})


def _empty(_fault: Fault, ask: Ask, answer: Answer) -> Answer:
    """A first page without anything on it, whose link to the next one leads back to it."""
    if answer.status != 200 or b'"elements"' not in answer.body:  # noqa: PLR2004, OK
        return answer
    if ask.params.get("start", "0") != "0":
        return answer
    data = json.loads(answer.body)
    follow = {"type": "application/json", "rel": "next", "href": f"/{ask.path}?start=0&count=100"}
    data |= {"elements": [], "paging": {**data["paging"], "links": [follow]}}
    return replace(answer, body=json.dumps(data, ensure_ascii=False).encode())


DAY = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
INSTEAD: Mapping[str, Instead] = {
    "throttled": _throttled,
    "linkedin:day": _told(429, "TOO_MANY_REQUESTS", DAY, 101),
    "linkedin:version": _told(426, "NONEXISTENT_VERSION", "Requested version is not active"),
    "expired_token": _told(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602),
    "missing_permission": _told(403, "ACCESS_DENIED", "Not enough permissions to access: socialActionsV2.GET_ALL", 100),
    "removed": _told(404, "RESOURCE_NOT_FOUND", "No virtual resource found"),
    "too_much": _told(500, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
    "server": _told(503, "SERVICE_UNAVAILABLE", "Service Unavailable"),
}
SPOIL: Mapping[str, Spoil] = {"empty_page": _empty}
