"""Visits and imports with all that they need from the settings: for the commands, the collector and the screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.engine import Engine
from collectors import visit as visits
from collectors.http import Http
from collectors.visit import VisitResult
from dashboard.settings import Settings
from dashboard.wiring import engine_for
from data import times
from data.errors import SettingsError
from data.store import Store
from data.types import Page, Tally


class Visitor:
    """Visits pages of one configuration. The client and the engine are shared between threads, the store is not."""

    def __init__(self, settings: Settings, *, http: Http | None = None, engine: Engine | None = None) -> None:
        self._settings = settings
        self._http = http or Http()
        self.engine = engine or engine_for(settings)

    def visit(self, page: Page, store: Store, keep_going: Callable[[], bool] = lambda: True) -> VisitResult:
        """One visit now. One that fails says so in its result and its row, also where its token cannot be read."""
        try:
            token = self._settings.token_for(page.id)
        except SettingsError as error:
            return visits.not_begun(page, store, error)
        return visits.visit(
            page,
            store=store,
            http=self._http.view(),
            engine=self.engine,
            institution=self._settings.institution(page.institution_id),
            token=token,
            clock=times.now,
            author_names=self._settings.author_names,
            keep_going=keep_going,
        )

    def take_in(self, path: Path, page: Page, store: Store, progress: Callable[[Tally], None]) -> Tally:
        """An import; `progress` is told what has been saved so far. Raises FileError after saving what was whole."""
        return visits.take_in(
            path,
            page,
            store=store,
            engine=self.engine,
            institution=self._settings.institution(page.institution_id),
            progress=progress,
            author_names=self._settings.author_names,
        )
