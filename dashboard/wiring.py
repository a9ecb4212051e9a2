"""How the parts are put together from the settings: used by the commands, the collector process and the screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from analysis.engine import Engine, Ignore
from dashboard.keeping import mirror
from dashboard.settings import Settings
from data import backup, heads, queries, times
from data.backup import Backup
from data.errors import SettingsError
from data.queries import Reader
from data.rows import PageRow
from data.store import Store
from data.types import Category, Scope

EVERYTHING = Scope(everywhere=True, categories=frozenset(Category), browse=True)
ACTING = replace(EVERYTHING, acts=True)  # whoever has the machine's command line


def engine_for(settings: Settings) -> Engine:
    """The engine, told what is the municipality's own: its leaders' names, its numbers, addresses of its domain."""
    own = {f"@{settings.domain}"} if settings.domain else set()
    return Engine(ignore=Ignore(names=settings.ignore_names, contacts=settings.ignore_contacts | own))


def pages(reader: Reader, scope: Scope, settings: Settings) -> list[PageRow]:
    """The pages with the end of their tokens: what the platform told or what stands beside the token, if sooner."""
    configured = {page.id for page in settings.pages if page.ref}
    return [
        replace(row, token_expires_at=_sooner(row.token_expires_at, _written(settings, row.id)))
        if row.id in configured
        else row
        for row in queries.pages(reader, scope)
    ]


def _written(settings: Settings, page_id: str) -> datetime | None:
    """The end that somebody wrote beside the token; a source that cannot be read is `doctor`'s to tell."""
    try:
        found = settings.written_token(page_id)
    except SettingsError:
        return None
    return found.expires if found else None


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at), default=None)


def open_store(settings: Settings) -> Store:
    """The database, made and renewed where needed, with the configuration's institutions and pages in it."""
    store = Store.open(settings.database)
    try:
        store.set_places(settings.institutions, settings.pages)
        mirror(store, settings)
    except BaseException:
        store.close()
        raise
    return store


def back_up(settings: Settings, actor: str) -> Backup:
    """A backup as the configuration says, noted in the journal; SettingsError where it says nothing of backups."""
    if settings.backup is None:
        raise SettingsError(
            f"{settings.path.name} has no [backup]; 'sideblik backup --new-key' shows what to write there."
        )
    to = settings.backup
    made = backup.make(settings.database, to.folder, to.recipient, times.now(), keep=to.keep)
    with Store.open(settings.database) as store:
        store.note(actor, "backup", f"backup:{made.made_at:%Y-%m-%d}", detail={"bytes": made.size})
    return made


def sign_head(settings: Settings) -> None:
    """Keep where the journal ends today, signed by the key beside the database."""
    with queries.open_reader(settings.database) as reader:
        heads.append(settings.heads, heads.sign(reader, heads.signing_key(settings.database), times.now()))
