"""Sends notices by whatever apprise can reach: a mail server first, a Teams channel or an SMS gateway likewise.

The address of the service holds a password, so that it comes from SIDEBLIK_NOTICE_URL or from `url` under [notice] in
sideblik.secrets.toml, with `{to}` where the person's own address belongs (https://github.com/caronc/apprise/wiki):

    mailtos://user:password@smtp.example?from=sideblik@norreaa.example&to={to}
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

from dashboard import noticing
from dashboard.settings import Settings
from dashboard.settings_tokens import SECRETS, contents
from data import notices, people, times
from data.errors import SettingsError
from data.notices import Bundle
from data.people import PersonRow
from data.queries import Reader, open_reader
from data.store import Store
from data.types import Category, Scope

VARIABLE: Final = "SIDEBLIK_NOTICE_URL"
KEPT: Final = Scope(everywhere=True, categories=frozenset(Category), browse=True, acts=True)

# apprise logs addresses, and what a server answered
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)

log = logging.getLogger(__name__)


def service_url(path: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The service's address, read anew at each call; None where nobody gave one."""
    kept = contents(path.with_name(SECRETS)).get("notice", {})
    found = environ.get(VARIABLE) or (kept.get("url") if isinstance(kept, dict) else None)
    if found is not None and (not isinstance(found, str) or "{to}" not in found):
        raise SettingsError(
            f"The address of the notice service ({VARIABLE}) needs {{to}} where a person's address goes."
        )
    return found


def told(settings: Settings) -> int:
    """Make and send what is due now; how many mails went out. None where no service or no login is set up."""
    service = service_url(settings.path)
    if service is None or settings.login is None or settings.notice is None:
        return 0
    with open_reader(settings.database) as reader, Store.open(settings.database) as store:
        known = people.people(reader, KEPT)
        choices = notices.choices(reader)
        store.add_notices(noticing.drafts(reader, known, choices, settings.notice, times.now()))
        addresses = {number: choice.address for number, choice in choices.items()}
        return store.send_notices(
            poster(reader, {one.id: one for one in known}, addresses, service, settings.login.url)
        )


def poster(
    reader: Reader, known: Mapping[int, PersonRow], addresses: Mapping[int, str], service: str, url: str
) -> Callable[[Bundle], bool]:
    """What sends a bundle as one mail and tells whether the service took it."""

    def post(bundle: Bundle) -> bool:
        title, body = noticing.words_for(bundle, known[bundle.person], reader, url)
        taken = sent(service, addresses[bundle.person], title, body)
        if not taken:
            log.warning("a notice of kind %s was not taken by the service; it is tried again", bundle.kind)
        return taken

    return post


def sent(service: str, address: str, title: str, body: str) -> bool:
    """Whether the service took a message."""
    from apprise import Apprise  # noqa: PLC0415 loads 14 MB, for whoever sends

    way = Apprise()
    return bool(way.add(service.replace("{to}", quote(address, safe="@")))) and bool(way.notify(title=title, body=body))
