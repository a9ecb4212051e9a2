"""Addresses: how one is told without what it may carry, and which one may be followed."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from analysis.masking import mask

_QUERY_BEGINS: Final = re.compile(r"[;?#&=\s]|%(?:3[bdf]|2[36])", re.IGNORECASE)
UNREADABLE: Final = "an address that cannot be read"


def redact(url: str) -> str:
    """Host and path of an address, and nothing that may be a secret: no login, query, fragment or CPR number."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return UNREADABLE
    if not host or parts.scheme not in ("http", "https") or _QUERY_BEGINS.search(host):
        return UNREADABLE
    path = _QUERY_BEGINS.split(parts.path, maxsplit=1)[0]
    return mask(f"{host}{f':{port}' if port else ''}{path}")


def resolve(host: str) -> Iterable[str]:
    """The IP addresses of a host; none where it has none."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    except OSError:
        return []


def may_follow(asked: str, target: str, addresses: Callable[[str], Iterable[str]] = resolve) -> bool:
    """Whether a redirect stays within the site that was asked, and out of the machine's own networks.

    A site is the last two words of a host (`www.noerreaa.dk` and `noerreaa.dk`). A redirect to another host of the
    site must lead to public IP addresses, so that a site cannot send the collector to a machine behind the firewall.
    """
    try:
        old, new = urlsplit(asked), urlsplit(target)
        same_host = (old.hostname, old.port) == (new.hostname, new.port)
    except ValueError:
        return False
    if new.scheme not in ("http", "https") or not new.hostname or new.username is not None:
        return False
    if (old.scheme, new.scheme) == ("https", "http"):
        return False
    if same_host:
        return True
    return _site(old) == _site(new) and _public(new.hostname, addresses)


def _site(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return ".".join(host.split(".")[-2:])
    return f"{host}:{parts.port}"


def _public(host: str, addresses: Callable[[str], Iterable[str]]) -> bool:
    found = list(addresses(host))
    return bool(found) and all(ipaddress.ip_address(one.partition("%")[0]).is_global for one in found)
