"""The collector process: the schedule of one configuration, until a signal."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from collectors.http import Http
from collectors.rejudging import rejudge
from collectors.schedule import Schedule
from dashboard import posting, renewing, reports, supervise
from dashboard.keeping import Hourly, keep_terms, retain
from dashboard.settings import Settings
from dashboard.stopping import on_signals
from dashboard.visitor import Visitor
from dashboard.wiring import back_up, open_store, sign_head
from data import times
from data.connection import PATIENT_SECONDS
from data.queries import open_reader
from data.store import Store
from data.types import Page

log = logging.getLogger(__name__)

CLOCK_SECONDS = 60.0


def work(settings: Settings) -> None:
    """Visits pages and writes the weekly report until SIGINT or SIGTERM; running visits end after their batch.

    StoreError, with nothing begun, where another collector works on the same database.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    with on_signals() as stop, supervise.only_collector(settings.database):
        open_store(settings).close()
        schedule = scheduled(settings)
        schedule.start()
        log.info("the collector visits %d pages", sum(bool(page.ref) for page in settings.pages))
        while not stop.wait(CLOCK_SECONDS):
            schedule.mind_the_clock()
        schedule.stop()


def scheduled(settings: Settings) -> Schedule:
    """The schedule of the configuration, not yet started. Its waits end when it is stopped."""

    def visit(page: Page, store: Store) -> object:
        return visitor.visit(page, store, schedule.keep_going)

    def wait(seconds: float) -> None:
        schedule.wait(seconds)

    def again() -> object:
        with _open(settings) as store:
            return rejudge(store, visitor.engine, keep_going=schedule.keep_going)

    def going() -> bool:
        return schedule.keep_going()

    http = Http(sleep=wait)
    visitor = Visitor(settings, http=http)
    schedule = Schedule(
        settings.pages,
        visit,
        open_store=lambda: _open(settings),
        report=lambda week: _report(settings, week),
        nightly=_nightly(settings, http, going),
        often=_often(settings),
        rejudge=again,
        workers=settings.workers,
        watch=True,
    )
    return schedule


def _open(settings: Settings) -> Store:
    """For who works unseen: patient, so that a visit outwaits the night's wiping, which holds the lock for long."""
    return Store.open(settings.database, patience=PATIENT_SECONDS)


def _nightly(settings: Settings, http: Http, keep_going: Callable[[], bool]) -> dict[str, Callable[[], object]]:
    """What is done each night: texts that are due go and the journal's end is signed before the backup takes both."""
    jobs: dict[str, Callable[[], object]] = {
        "retention": lambda: retain(settings, "scheduler", keep_going=keep_going),
        "tokens": lambda: renewing.renew(settings, http, times.now, actor="scheduler", environ=os.environ),
        "journal head": lambda: sign_head(settings),
    }
    if settings.backup:
        jobs["backup"] = lambda: back_up(settings, "scheduler")
    return jobs


def _often(settings: Settings) -> dict[str, Callable[[], object]]:
    """What is asked for each minute: mails, cases taken long ago, and within the hour what short terms want emptied."""
    jobs: dict[str, Callable[[], object]] = {
        "terms": Hourly(lambda: keep_terms(settings)),
        "releases": lambda: _lapse(settings),
    }
    if settings.notice:
        jobs["notices"] = lambda: posting.told(settings)
    return jobs


def _lapse(settings: Settings) -> int:
    """Taken cases that nobody has finished in time are nobody's again."""
    with _open(settings) as store:
        return store.lapse(settings.release_hours)


def _report(settings: Settings, week: str) -> None:
    with open_reader(settings.database) as reader, _open(settings) as store:
        reports.issue(store, reader, week, settings.reports, times.now(), "scheduler")
