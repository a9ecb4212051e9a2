"""Where tokens come from, when they end, and how one is written: never the database, never sideblik.toml.

    SIDEBLIK_TOKEN_<PAGE> ─► SIDEBLIK_TOKEN_<PLATFORM> ─► sideblik.secrets.toml ─► the keyring; page before platform

The system's keyring is asked only where `[access] keyring = true` says so: on a machine without one the question may
hang. It needs the package `keyring` (the extra of that name).
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from collectors.base import Grant
from data.errors import SettingsError
from data.times import COPENHAGEN

SECRETS: Final = "sideblik.secrets.toml"
ENV_TOKEN: Final = "SIDEBLIK_TOKEN_"  # noqa: S105 the beginning of a variable's name
SERVICE: Final = "sideblik"  # under which the keyring holds them
_WRITABLE: Final = re.compile(r"[\x21-\x7e]{1,4096}")  # what a header can carry
_TABLE: Final = re.compile(r"\s*\[")
RENEWAL: Final = ("refresh", "client_id", "client_secret")
NO_RENEWAL: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Token:
    """A token, where it was found, and what somebody wrote beside it: when it ends, and what it is renewed with.

    `name` is the page or the platform that it stands under where it is kept and may be replaced: in the environment it
    may not.
    """

    value: str = field(repr=False)
    source: str
    expires: datetime | None = None
    name: str = ""
    renewal: Mapping[str, str] = field(default_factory=lambda: NO_RENEWAL, repr=False)

    @property
    def grant(self) -> Grant:
        """The token with what its platform renews it with."""
        return Grant(self.value, **self.renewal)


class Keyring(Protocol):
    """The two functions of the library `keyring` that are used."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """The secret, None where there is none."""

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keep it."""


def variable(name: str) -> str:
    """The environment variable that holds the token of a page or a platform."""
    return ENV_TOKEN + name.upper().replace("-", "_")


def find(names: tuple[str, ...], path: Path, environ: Mapping[str, str], keyring: Keyring | None) -> Token | None:
    """The first token under one of these names; SettingsError where a source cannot be read."""
    for name in names:
        if value := environ.get(variable(name)):
            return Token(value, variable(name))
    kept = secrets(path)
    for name in names:
        if name in kept:
            return kept[name]
    if keyring is None:
        return None
    found = ((name, _asked(keyring, name)) for name in names)
    return next((Token(value, f"keyring, {name}", name=name) for name, value in found if value), None)


def secrets(path: Path) -> Mapping[str, Token]:
    """Tokens by page or platform from the `[tokens]` table of a file that its owner alone may read; none if absent.

    An entry is a text, or `{ token = "…", expires = 2026-12-24 }`: a day ends what begins at its midnight here. What
    it is renewed with may stand in it too: `refresh`, `client_id` and `client_secret`.
    """
    return _tokens(contents(path), path) if path.exists() else MappingProxyType({})


def contents(path: Path) -> Mapping[str, Any]:
    """The secrets file as it stands, empty where absent; SettingsError where others can read it or it is no TOML."""
    if not path.exists():
        return MappingProxyType({})
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise SettingsError(
            f"{path} can be read by others (its rights are {mode:04o}); tokens need 0600: chmod 600 {path}"
        )
    return _parsed(path.read_text("utf-8"), path)


def write(
    path: Path, name: str, value: str, expires: date | None = None, renewal: Mapping[str, str] = NO_RENEWAL
) -> None:
    """Put a token into the secrets file, made with rights 0600 where absent; every other line stays as it is.

    The file is replaced whole or not at all. SettingsError for a token that no header can carry, for a file that
    others can read, and for an entry that is a table of its own, which a person must change.
    """
    if not all(_WRITABLE.fullmatch(one) for one in (value, *renewal.values())):
        raise SettingsError("What was given is no token: one word of plain letters, digits and signs is needed.")
    before = secrets(path)
    text = _with_entry(
        path.read_text("utf-8") if path.exists() else "", name, f"{name} = {_entry(value, expires, renewal)}"
    )
    after = _tokens(_parsed(text, path), path)
    if after.get(name, Token("", "")).grant != Grant(value, **renewal) or any(
        after.get(one) != before[one] for one in before.keys() - {name}
    ):
        raise SettingsError(
            f"{path} holds {name} in a form that is not changed by itself; write the token there by hand."
        )
    _replace(path, text)


def _entry(value: str, expires: date | None, renewal: Mapping[str, str]) -> str:
    """A token as the secrets file writes it: a text, or a table where more is known of it."""
    if not expires and not renewal:
        return json.dumps(value)
    end = {"expires": expires.isoformat()} if expires else {}
    told = {"token": json.dumps(value)} | end | {key: json.dumps(one) for key, one in renewal.items()}
    return f"{{ {', '.join(f'{key} = {one}' for key, one in told.items())} }}"


def put_in_keyring(keyring: Keyring, name: str, value: str) -> None:
    """Keep a token in the system's keyring; SettingsError where there is none that works."""
    if not _WRITABLE.fullmatch(value):
        raise SettingsError("What was given is no token: one word of plain letters, digits and signs is needed.")
    try:
        keyring.set_password(SERVICE, name, value)
    except Exception as problem:  # noqa: BLE001 each backend has errors of its own, whose words may hold the secret
        raise _unusable(problem) from None


def system_keyring() -> Keyring:
    """The library's own; SettingsError where it is not installed."""
    try:
        import keyring  # noqa: PLC0415 an optional extra
    except ImportError:
        raise SettingsError(
            "[access] keyring is true, but the package is not installed: pip install 'sideblik[keyring]'."
        ) from None
    found: Keyring = keyring
    return found


def _asked(keyring: Keyring, name: str) -> str | None:
    try:
        return keyring.get_password(SERVICE, name)
    except Exception as problem:  # noqa: BLE001 likewise
        raise _unusable(problem) from None


def _unusable(problem: Exception) -> SettingsError:
    return SettingsError(
        f"The system's keyring cannot be used ({type(problem).__name__}); unlock it, or keep the token in {SECRETS}."
    )


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"\(at [^)]*\)$", str(problem))  # the rest may quote what is written there
        raise SettingsError(f"{path} is not TOML {place[0] if place else ''}; mend it there.") from None


def _tokens(document: Mapping[str, Any], path: Path) -> Mapping[str, Token]:
    table = document.get("tokens", {} if document.keys() & {"webhooks", "login"} else None)
    found = {name: _token(name, entry) for name, entry in table.items()} if isinstance(table, dict) else {"": None}
    if wrong := [name for name, token in found.items() if token is None]:
        at = f" (see {', '.join(wrong)})" if any(wrong) else ""
        raise SettingsError(
            f'{path} has no table [tokens] of texts{at}; write [tokens], then lines such as facebook = "…" or '
            'facebook = { token = "…", expires = 2026-12-24 }.'
        )
    return MappingProxyType({name: token for name, token in found.items() if token})


def _token(name: str, entry: object) -> Token | None:
    """An entry as a token, None for one of another form."""
    source = f"{SECRETS}, {name}"
    if isinstance(entry, str):
        return Token(entry, source, name=name) if entry else None
    if not isinstance(entry, dict) or entry.keys() - {"token", "expires", *RENEWAL}:
        return None
    renewal = {key: entry[key] for key in RENEWAL if key in entry}
    expires = entry.get("expires")
    if not all(isinstance(one, str) and one for one in (entry.get("token"), *renewal.values())):
        return None
    if expires is not None and not isinstance(expires, date):
        return None
    return Token(entry["token"], source, moment(expires) if expires else None, name, MappingProxyType(renewal))


def moment(day: date) -> datetime:
    """When something ends that ends on a day: as that day begins in Copenhagen. A moment is itself."""
    if isinstance(day, datetime):
        return day if day.tzinfo else day.replace(tzinfo=COPENHAGEN)
    return datetime.combine(day, time(), COPENHAGEN)


def _with_entry(text: str, name: str, line: str) -> str:
    """The file's text with a line of the [tokens] table replaced, or added at its beginning."""
    lines = text.splitlines()
    begin = next((number for number, one in enumerate(lines) if re.fullmatch(r"\s*\[tokens\]\s*(#.*)?", one)), None)
    if begin is None:
        return "\n".join([*lines, *([""] if lines else []), "[tokens]", line, ""])
    end = next((number for number in range(begin + 1, len(lines)) if _TABLE.match(lines[number])), len(lines))
    key = re.compile(rf"\s*(\"{re.escape(name)}\"|'{re.escape(name)}'|{re.escape(name)})\s*=")
    at = next((number for number in range(begin + 1, end) if key.match(lines[number])), None)
    changed = [*lines[:at], line, *lines[at + 1 :]] if at else [*lines[: begin + 1], line, *lines[begin + 1 :]]
    return "\n".join([*changed, ""])


def _replace(path: Path, text: str) -> None:
    made = path.with_name(f".{path.name}.new")
    try:
        made.unlink(missing_ok=True)
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as problem:
        made.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {problem.strerror}; check the folder and its rights.") from None
