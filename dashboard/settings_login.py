"""What [login] in sideblik.toml says: who may log in how, and for how long. Without it the machine itself looks.

The provider's secret comes from SIDEBLIK_LOGIN_CLIENT_SECRET or from `client_secret` under [login] in
sideblik.secrets.toml; a public client has none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dashboard.settings_file import File, LoginTable, RuleTable
from dashboard.settings_tokens import contents
from data.errors import SettingsError
from data.people import EVERYWHERE

VARIABLE: Final = "SIDEBLIK_LOGIN_CLIENT_SECRET"
_ENTRY: Final = "client_secret"


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever has `value` in `claim` has `role`, at `institutions` where the role needs some."""

    claim: str
    value: str
    role: str
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Login:
    """How people log in. `url` has no path; `idle` and `lasts` are the two limits of a session."""

    url: str
    contact: str
    ways: tuple[str, ...]
    provider: str
    client_id: str
    scope: str
    login_claim: str
    name_claim: str
    idle: timedelta
    lasts: timedelta
    rules: tuple[Rule, ...]

    @property
    def secure(self) -> bool:
        """Whether the browser may send the cookie over https alone."""
        return self.url.startswith("https:")

    @property
    def cookie(self) -> str:
        """The session cookie's name; the browser lets no other host and no subfolder set one that begins so."""
        return "__Host-sideblik" if self.secure else "sideblik"


def client_secret(path: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The provider's secret, read anew at each call; SettingsError where the file cannot be read."""
    kept = contents(path).get("login", {})
    found = environ.get(VARIABLE) or (kept.get(_ENTRY) if isinstance(kept, dict) else None)
    if found is not None and not isinstance(found, str):
        raise SettingsError(f"{path} holds {_ENTRY} under [login] that is no text; put it in quotation marks.")
    return found or None


def login_of(file: File) -> Login | None:
    """The table as a record; None where there is none."""
    table = file.login
    if table is None:
        return None
    return Login(
        url=table.url,
        contact=table.contact,
        ways=tuple(table.ways),
        provider=table.provider.rstrip("/"),
        client_id=table.client_id,
        scope=table.scope,
        login_claim=table.login_claim,
        name_claim=table.name_claim,
        idle=timedelta(minutes=table.idle_minutes),
        lasts=timedelta(hours=table.hours),
        rules=tuple(Rule(one.claim, one.value, one.role, tuple(one.institutions)) for one in table.rule),
    )


def login_problems(file: File) -> Iterator[str]:
    """What is wrong with [login], and with an address that needs one."""
    if not is_address(file.server.address):
        yield f"server.address: found {file.server.address!r}; it must be an address of this machine, or localhost"
    elif file.login is None and not is_loopback(file.server.address):
        yield (
            f"server.address: found {file.server.address!r}; without a [login] the dashboard answers 127.0.0.1 alone, "
            "so set one up (docs/login.md) or leave the address out"
        )
    if file.login is not None:
        yield from _addresses(file.login)
        for one in file.login.rule:
            yield from _rule(one, {place.id for place in file.institution})


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches a host."""
    try:
        found = ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _addresses(table: LoginTable) -> Iterator[str]:
    for key, address in (("url", table.url), ("provider", table.provider)):
        if address.startswith("http:") and not is_loopback(urlsplit(address).hostname or ""):
            yield f"login.{key}: found http; others could read what is sent, so it must begin with https"
    if "oidc" in table.ways and not (table.provider and table.client_id):
        yield "login: found no provider or no client_id; the way oidc needs both"
    if "oidc" in table.ways and "openid" not in table.scope.split():
        yield f"login.scope: found {table.scope!r}; openid must be in it"


def _rule(one: RuleTable, known: set[str]) -> Iterator[str]:
    who = f"login.rule {one.value!r}"
    if bool(one.institutions) == (one.role in EVERYWHERE):
        yield f"{who}: found {one.role} with {len(one.institutions)} institutions; reader and administrator need some"
    for name in one.institutions:
        if name not in known:
            yield f"{who}: found institution {name!r}; there is: {', '.join(sorted(known)) or 'none'}"
