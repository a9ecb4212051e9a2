"""What goes wrong with the YouTube Data API: refusals that `errors[0].reason` tells apart, and its spent quota."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from collectors.sandbox.answer import Answer, Ask, as_json
from collectors.sandbox.faults import Fault, Instead, Spoil
from collectors.sandbox.paging import same_place


def refusal(status: int, reason: str, message: str, *, domain: str = "global", detail: str = "") -> Answer:
    """An error of the API; `detail` is the reason that newer errors give a second time."""
    error: dict[str, object] = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
    }
    if detail:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail, "domain": "googleapis.com"}
        error |= {"status": "INVALID_ARGUMENT", "details": [info]}
    return as_json({"error": error}, status=status)


def _told(status: int, reason: str, message: str, domain: str = "global") -> Instead:
    return lambda _fault, _ref: refusal(status, reason, message, domain=domain)


def _empty(_fault: Fault, ask: Ask, answer: Answer) -> Answer:
    """A page without anything on it that still has a next one, which holds what this one should have."""
    if answer.status != 200 or b'"items"' not in answer.body:  # noqa: PLR2004, OK
        return answer
    data = json.loads(answer.body)
    data |= {"items": [], "nextPageToken": same_place(ask.params.get("pageToken", ""))}
    return replace(answer, body=json.dumps(data, ensure_ascii=False).encode())


QUOTA = 'You have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.'
INSTEAD: Mapping[str, Instead] = {
    "throttled": _told(403, "rateLimitExceeded", "Too many requests.", "usageLimits"),
    "youtube:quota": _told(403, "quotaExceeded", QUOTA, "youtube.quota"),
    "expired_token": _told(401, "authError", "Invalid Credentials"),
    "missing_permission": _told(403, "insufficientPermissions", "The request is not properly authorized."),
    "removed": _told(404, "notFound", "Method not found."),
    "too_much": _told(400, "processingFailure", "The API server failed to process the request."),
    "server": _told(503, "backendError", "Backend Error"),
}
SPOIL: Mapping[str, Spoil] = {"empty_page": _empty}
