"""A page's token at the Graph API: its parts, the proof that the app's owner uses it, and what the API tells of it.

A token is given as `<token>`, or as `<token>|<app id>|<app secret>` by whoever runs the app: the secret then proves
each call (`appsecret_proof`, which an app may require) and lets the API be asked when the token ends.

Source: Graph API, "Secure Graph API Calls" (the proof is the hex HMAC-SHA256 of the token under the app's secret) and
"Debug Token"; `expires_at` 0 means never, `data_access_expires_at` is when the person's consent must be given anew.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from collectors.base import Batch, Request
from collectors.errors import PageSetupError, PassingError, PermissionMissingError, TokenError, VisitError
from collectors.platforms._graph import Graph, Voice

log = logging.getLogger(__name__)

EXPIRES: Final = "token_expires_at"
CHECKED: Final = "token_checked"
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Key:
    """A token and, where they were given with it, the app's id and secret."""

    token: str = field(repr=False)
    app: str = ""
    secret: str = field(default="", repr=False)

    @property
    def proof(self) -> str:
        """The proof that goes with each call; "" without a secret."""
        return hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest() if self.secret else ""


def key(request: Request) -> Key:
    """The page's token in its parts; TokenError where none was given, PageSetupError for one of another form."""
    if not request.token:
        raise TokenError("The page has no token: a page administrator must connect the page to Sideblik.")
    parts = request.token.split("|")
    if len(parts) not in (1, _PARTS) or not all(parts):
        raise PageSetupError(
            "The page's token is neither a token nor `token|app id|app secret`; correct it where tokens are kept."
        )
    return Key(*parts)


def memory_of_token(
    graph: Graph, held: Key, request: Request, wanted: frozenset[str], *, page_only: bool
) -> dict[str, str]:
    """What to remember of the page with when its token ends, asked for once a day.

    Raises PermissionMissingError where the token lacks every permission of `wanted`, TokenError where it is dead or,
    with `page_only`, a person's own: with such a token comments look like none at all, without an error.
    """
    today = graph.http.clock().date().isoformat()
    kept = dict(request.memory)
    if kept.get(CHECKED) == today:
        return kept
    told = _told(graph, held)
    if told is None:
        return kept | {CHECKED: today}
    _check(told, wanted, graph.voice, page_only=page_only)
    return kept | {CHECKED: today, EXPIRES: _ends(told)}


def remembering(batches: Iterator[Batch], request: Request, memory: Mapping[str, str]) -> Iterator[Batch]:
    """The same batches; the first of them has what is to be remembered, where that changed.

    It goes with what was read and not before it: a visit that read nothing failed, and remembers nothing.
    """
    for number, batch in enumerate(batches):
        yield replace(batch, memory=memory) if number == 0 and memory != request.memory else batch


def _told(graph: Graph, held: Key) -> Mapping[str, Any] | None:
    """The API's facts of a token; None where this token may not ask for them."""
    asker = f"{held.app}|{held.secret}" if held.secret else held.token
    asking = Graph(graph.http, graph.base, asker, "" if held.secret else graph.proof, graph.voice)
    try:
        data = asking.get("debug_token", {"input_token": held.token}).get("data")
    except PassingError:
        raise
    except TokenError as error:
        if held.secret:
            raise PageSetupError(
                f"{graph.voice.name} knows no app of the id and secret that were given with the page's token; correct"
                " them where tokens are kept.",
                endpoint=error.endpoint,
            ) from error
        raise
    except VisitError as error:
        log.info("when the token ends cannot be asked: %s", type(error).__name__)
        return None
    return data if isinstance(data, dict) and "is_valid" in data else None


def _check(told: Mapping[str, Any], wanted: frozenset[str], voice: Voice, *, page_only: bool) -> None:
    if told["is_valid"] is False:
        raise TokenError(
            f"{voice.name} says that the page's token is dead; a page administrator must connect the page again."
        )
    if page_only and told.get("type") == "USER":
        raise TokenError(
            f"{voice.name} says that the token is a person's and not the page's own, which sees no comments; a page"
            " administrator must connect the page with its own token."
        )
    scopes = told.get("scopes")
    if isinstance(scopes, list) and scopes and not wanted & {one for one in scopes if isinstance(one, str)}:
        raise PermissionMissingError(
            f"The page's token may not read comments; a page administrator must grant {voice.grants}."
        )


def _ends(told: Mapping[str, Any]) -> str:
    """The sooner of the token's own end and that of the consent, in ISO form; "" for a token without an end."""
    ends = [told.get(name) for name in ("expires_at", "data_access_expires_at")]
    seconds = [one for one in ends if isinstance(one, int) and not isinstance(one, bool) and one > 0]
    try:
        return datetime.fromtimestamp(min(seconds), UTC).isoformat() if seconds else ""
    except (ValueError, OverflowError, OSError):
        return ""
