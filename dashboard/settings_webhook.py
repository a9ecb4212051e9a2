"""The two secrets of Meta's webhooks: from the environment or sideblik.secrets.toml, never from sideblik.toml.

    SIDEBLIK_META_APP_SECRET, SIDEBLIK_META_VERIFY_TOKEN ─► [webhooks] meta_app_secret, meta_verify_token

Both are needed; with one of them webhooks stay off.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dashboard.settings_tokens import contents
from data.errors import SettingsError

APP_SECRET: Final = "meta_app_secret"  # noqa: S105 the name of an entry
VERIFY_TOKEN: Final = "meta_verify_token"  # noqa: S105 likewise
TOLD_OF: Final = frozenset({"facebook", "instagram"})  # platforms whose events Meta sends


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """`app_secret` signs what Meta sends, `verify_token` is the word that Meta and the municipality agreed on."""

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)


def variable(name: str) -> str:
    """The environment variable of an entry."""
    return f"SIDEBLIK_{name.upper()}"


def webhook_secrets(path: Path, environ: Mapping[str, str] = os.environ) -> WebhookSecrets | None:
    """The secrets, read anew at each call; None where one is missing. SettingsError where the file cannot be read."""
    secret, token = _found(path, environ)
    return WebhookSecrets(secret, token) if secret and token else None


def missing(path: Path, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The entries that have no secret; both where webhooks were never asked for."""
    return [name for name, secret in zip((APP_SECRET, VERIFY_TOKEN), _found(path, environ), strict=True) if not secret]


def _found(path: Path, environ: Mapping[str, str]) -> tuple[str | None, str | None]:
    kept = contents(path).get("webhooks", {})
    if not isinstance(kept, dict):
        raise SettingsError(f'{path} has webhooks that are no table; write [webhooks], then {APP_SECRET} = "…".')
    found = [environ.get(variable(name)) or kept.get(name) for name in (APP_SECRET, VERIFY_TOKEN)]
    if not all(isinstance(one, str | None) for one in found):
        raise SettingsError(f"{path} holds a secret under [webhooks] that is no text; put it in quotation marks.")
    secret, token = found
    return secret, token
