"""An answer before it is sent: what a dialect says, and what a fault then does to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of one answer.

    `cut` sends only so many bytes of the body while Content-Length promises all; `delay` holds it back, in seconds.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cut: int | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a dialect: `path` below the dialect's mount, parameters, and the moment it is asked at.

    `base` is the address that the dialect is mounted at, for links in the answer. `headers` are in lower case. `seen`
    is where people look at the pages; "" for the addresses that the real platforms would give. `body` is as sent.
    """

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    base: str
    t: float
    seen: str = ""
    body: bytes = b""

    @property
    def token(self) -> str:
        """The token that came with the question, in a header or as a parameter; "" for none."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token if kind.lower() in ("bearer", "oauth") else self.params.get("access_token", "")


def as_json(data: object, *, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"content-type": "application/json; charset=UTF-8", **headers})
