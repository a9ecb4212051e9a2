"""Tokens renewed before they end, where the platform's rules let that be done without a person.

    each token that is kept in the file or the keyring ──► near its end? ──► asked for anew ──► written where it stood
                                                                                         └──► its pages know the new end

What is refused changes nothing: the old token goes on until its end, of which *Sider* and the mails warn 14, 3 and 1
days before. A token in the environment cannot be written back and is not asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from collectors.base import Grant, Renewed, Renewer
from collectors.errors import UnexpectedError, VisitError
from collectors.http import Http
from collectors.platforms import renewer_for
from dashboard import settings_tokens
from dashboard.settings import Settings
from dashboard.settings_tokens import RENEWAL, SECRETS, Keyring, Token
from dashboard.wiring import EVERYTHING, open_store, pages
from data.errors import SettingsError, SideblikError
from data.page_state import WARNED
from data.queries import open_reader
from data.types import Page

log = logging.getLogger(__name__)

BEFORE: Final = timedelta(days=max(WARNED) + 7)  # a week of nights to succeed in before anybody is warned
WORTH: Final = timedelta(days=1)  # a token that ends no later than this after the old one is not worth a change


@dataclass(frozen=True, slots=True)
class Renewal:
    """What came of one token: `name` as it is kept, the pages that it opens, the new end or the error."""

    name: str
    pages: tuple[str, ...]
    expires: datetime | None = None
    error: SideblikError | None = None


@dataclass(frozen=True, slots=True)
class _Due:
    token: Token
    page: Page
    pages: tuple[str, ...]
    renewer: Renewer
    expires: datetime | None


def renew(
    settings: Settings,
    http: Http,
    clock: Callable[[], datetime],
    *,
    actor: str,
    environ: Mapping[str, str],
    keyring: Keyring | None = None,
    only: frozenset[str] = frozenset(),
) -> list[Renewal]:
    """Renew the tokens that end within three weeks or whose end nobody knows; those of the pages `only` in any case.

    What came of each is journalled by its pages, or logged by who must act; nothing is raised but for a configuration
    that cannot be read.
    """
    if settings.keyring and keyring is None:
        keyring = settings_tokens.system_keyring()
    due = list(_due(settings, clock(), environ, keyring, only))
    return [found for one in due if (found := _one(settings, one, http, keyring, actor))]


def renewable(page: Page, token: Token | None) -> bool:
    """Whether the page's token is renewed without a person."""
    renewer = renewer_for(page.platform)
    return bool(token and token.name and renewer and renewer.may_renew(page, token.grant))


def _due(
    settings: Settings, at: datetime, environ: Mapping[str, str], keyring: Keyring | None, only: frozenset[str]
) -> Iterator[_Due]:
    """Each token once, though it may open many pages."""
    with open_reader(settings.database) as reader:
        told = {row.id: row.token_expires_at for row in pages(reader, EVERYTHING, settings)}
    groups: dict[str, list[tuple[Page, Token]]] = {}
    for page in settings.pages:
        if page.ref and renewer_for(page.platform) and (token := settings.token(page.id, environ, keyring)):
            groups.setdefault(f"{token.source} {page.platform}", []).append((page, token))
    for group in groups.values():
        page, token = group[0]
        ids = tuple(one.id for one, _ in group)
        ends = min((end for name in ids if (end := told.get(name))), default=None)
        renewer = renewer_for(page.platform)
        if renewer is None or not renewable(page, token) or (only and not only & set(ids)):
            continue
        if only or ends is None or ends - at <= BEFORE:
            yield _Due(token, page, ids, renewer, ends)


def _one(settings: Settings, due: _Due, http: Http, keyring: Keyring | None, actor: str) -> Renewal | None:
    try:
        found = due.renewer.renewed(due.page, due.token.grant, http.view())
        if due.expires is not None and found.expires - due.expires < WORTH:
            return None
        _keep(settings, due.token, found, keyring)
    except (VisitError, SettingsError) as error:
        return _refused(due, error)
    except Exception as error:  # noqa: BLE001, its own words may hold the secret
        return _refused(due, UnexpectedError(f"Sideblik failed ({type(error).__name__}); tell the developers."))
    with open_store(settings) as store:
        for name in due.pages:
            store.renewed(name, found.expires)
            store.note(
                actor, "token_renewed", f"page:{name}",
                institution_id=settings.page(name).institution_id, detail={"ends": f"{found.expires:%Y-%m-%d}"},
            )  # fmt: skip
    return Renewal(due.token.name, due.pages, expires=found.expires)


def _refused(due: _Due, error: SideblikError) -> Renewal:
    log.warning("the token of %s was not renewed: %s (%s)", due.token.name, type(error).__name__, error.who)
    return Renewal(due.token.name, due.pages, error=error)


def _keep(settings: Settings, token: Token, found: Renewed, keyring: Keyring | None) -> None:
    """Write the new token where the old one stands, with its end and all that it is renewed with the next time."""
    if token.source.startswith(SECRETS):
        path = settings.path.with_name(SECRETS)
        settings_tokens.write(
            path, token.name, found.grant.token, found.expires.replace(microsecond=0), _renewal(found.grant)
        )
    elif keyring is not None:
        settings_tokens.put_in_keyring(keyring, token.name, found.grant.token)


def _renewal(grant: Grant) -> dict[str, str]:
    return {key: value for key in RENEWAL if (value := getattr(grant, key))}
