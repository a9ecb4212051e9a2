"""What a refusal by HTTP means where a platform has no words of its own for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from collectors.errors import (
    NetworkError,
    PageSetupError,
    PermissionMissingError,
    ShapeError,
    ThrottledError,
    TokenError,
    VisitError,
)
from collectors.limits import retry_after

_MEANS: Final[Mapping[int, tuple[type[VisitError], str]]] = {
    401: (TokenError, "asks for a login (401); the page's token must be renewed"),
    403: (PermissionMissingError, "may not be read (403); the page's administrator must open it for Sideblik"),
    404: (PageSetupError, "does not exist (404); correct the page's address in sideblik.toml"),
    410: (PageSetupError, "was taken down for good (410); correct the page's address in sideblik.toml"),
}


def is_closed_door(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a firewall answered in the site's place, whatever the status says."""
    return "cf-mitigated" in headers or body[:64].lstrip().lower().startswith((b"access denied", b"forbidden"))


def refusal(status: int, headers: Mapping[str, str], body: bytes, place: str, at: datetime) -> VisitError | None:
    """What a status means where the platform has no words of its own; None for a good one."""
    if is_closed_door(headers, body):
        return PageSetupError(
            f"{place} is closed to Sideblik by the site's firewall; ask the site's operator to let it through.",
            endpoint=place,
        )
    if status < HTTPStatus.BAD_REQUEST:
        return None
    wait = retry_after(headers, at)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait):
        return ThrottledError(f"{place} asks to be left alone for a while ({status}).", endpoint=place, retry_at=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY):
        return NetworkError(f"{place} answered {status}; the next visit tries again.", endpoint=place)
    kind, sentence = _MEANS.get(status, (ShapeError, f"answered {status}, which was not expected"))
    return kind(f"{place} {sentence}.", endpoint=place)
