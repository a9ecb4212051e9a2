"""What goes wrong with Mastodon and Bluesky, each in its own form: refusals, and limits with their own reset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from collectors.sandbox.answer import Answer, as_json
from collectors.sandbox.faults import Fault, Instead


def mastodon_refusal(status: int, words: str) -> Answer:
    return as_json({"error": words}, status=status)


def bluesky_refusal(status: int, name: str, words: str = "") -> Answer:
    return as_json({"error": name, "message": words or name}, status=status)


def _mastodon_throttled(fault: Fault, _ref: str) -> Answer:
    """The reset is ISO text."""
    reset = datetime.now(UTC) + timedelta(seconds=fault.options.get("seconds", 60))
    told = {"retry-after": str(int(fault.options.get("seconds", 60))), "x-ratelimit-reset": reset.isoformat()}
    return as_json({"error": "Too many requests"}, status=429, headers=told)


def _bluesky_throttled(fault: Fault, _ref: str) -> Answer:
    told = {"retry-after": str(int(fault.options.get("seconds", 60)))}
    return as_json({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, status=429, headers=told)


def _mastodon(status: int, words: str) -> Instead:
    return lambda _fault, _ref: mastodon_refusal(status, words)


def _bluesky(status: int, name: str) -> Instead:
    return lambda _fault, _ref: bluesky_refusal(status, name)


MASTODON: Mapping[str, Instead] = {
    "throttled": _mastodon_throttled,
    "expired_token": _mastodon(401, "The access token is invalid"),
    "missing_permission": _mastodon(403, "This action is outside the authorized scopes"),
    "removed": lambda _fault, _ref: Answer(404, b"<!doctype html><title>404</title>", {"content-type": "text/html"}),
    "too_much": _mastodon(500, "Something went wrong"),
}
BLUESKY: Mapping[str, Instead] = {
    "throttled": _bluesky_throttled,
    "expired_token": _bluesky(401, "AuthenticationRequired"),
    "bluesky:expired": _bluesky(400, "ExpiredToken"),
    "missing_permission": _bluesky(403, "Forbidden"),
    "removed": _bluesky(501, "MethodNotImplemented"),
    "too_much": _bluesky(504, "UpstreamTimeout"),
}
