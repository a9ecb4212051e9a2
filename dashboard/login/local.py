"""The local mode, without a login: only a browser on this machine is answered, and nobody in another's place."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from dashboard.settings_login import is_loopback

_PASSED_ON: Final = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")


def is_own(asked: HTTPConnection) -> bool:
    """Whether a browser on this machine asks, of an address that is this machine's alone, and no proxy passed it on.

    A page of another host that has its name point here (DNS rebinding) asks under that name and is refused too.
    """
    if any(name in _PASSED_ON or name.startswith("x-forwarded-") for name in asked.headers):
        return False
    client = asked.client.host if asked.client else ""
    server = asked.scope.get("server") or ("", 0)
    named = urlsplit(f"//{asked.headers.get('host', '')}").hostname or ""
    return all(is_loopback(str(host)) for host in (client, server[0], named))
