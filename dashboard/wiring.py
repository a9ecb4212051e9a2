"""How the parts are put together from the settings: used by the commands, the collector process and the screens."""

from __future__ import annotations

from analysis.engine import Engine, Ignore
from dashboard.settings import Settings
from data.store import Store
from data.types import Category, Scope

EVERYTHING = Scope(everywhere=True, categories=frozenset(Category), browse=True)


def engine_for(settings: Settings) -> Engine:
    """The engine, told what is the municipality's own: its leaders' names, its numbers, addresses of its domain."""
    own = {f"@{settings.domain}"} if settings.domain else set()
    return Engine(ignore=Ignore(names=settings.ignore_names, contacts=settings.ignore_contacts | own))


def open_store(settings: Settings) -> Store:
    """The database, made and renewed where needed, with the configuration's institutions and pages in it."""
    store = Store.open(settings.database)
    try:
        store.set_places(settings.institutions, settings.pages)
    except BaseException:
        store.close()
        raise
    return store
