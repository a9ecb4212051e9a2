"""When pages are visited, and the weekly report that is never lost: APScheduler without a job store.

    every page: its shortest interval with jitter ──► a worker of the pool ──► its own Store ──► due by its rhythm?
                                                                                                └──► visit(page, store)
    Monday 06:00 in Copenhagen, every ten minutes, at the start ──► is a report owed? ──► report(week)
    01:30 in Copenhagen each night, likewise ──────────────────────► is it owed? ────────► each of `nightly`

Jobs live in the code and what is owed lives in the database (`Store.job_due`), since a job store loses a missed run
when its jobs are added anew at the start, and does not repeat one that was killed in its middle.
"""

from __future__ import annotations

import logging
import threading
import time as clocks
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
    JobExecutionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from collectors.rhythm import interval, is_due
from collectors.wakes import Watch
from data.store import Store
from data.times import COPENHAGEN, now, shift_week, week_of
from data.types import Page

log = logging.getLogger(__name__)

# APScheduler logs a job's exception with its words, which may hold texts from outside; `_told` logs its kind
logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
logging.getLogger("apscheduler.scheduler").setLevel(logging.WARNING)

WORKERS: Final = 4
JITTER: Final = 0.1  # of a page's interval: thirty pages must not ask a platform in the same second
LONGEST_JITTER: Final = 60
LATE: Final = 60  # seconds; a worker may be that late, or a whole interval where it is longer
WEEKLY: Final = "weekly"
CATCH_UP: Final = 600
OFTEN: Final = 60
SET_BACK: Final = timedelta(minutes=1)
SIX: Final = time(6)
NIGHT: Final = time(1, 30)  # the clock is moved between two and three


def weekly_due(at: datetime) -> datetime:
    """The latest Monday 06:00 in Copenhagen that is not after `at`, in UTC."""
    local = at.astimezone(COPENHAGEN)
    monday = local.date() - timedelta(days=local.weekday())
    due = datetime.combine(monday, SIX, COPENHAGEN).astimezone(UTC)
    if due > at:
        due = datetime.combine(monday - timedelta(days=7), SIX, COPENHAGEN).astimezone(UTC)
    return due


def nightly_due(at: datetime) -> datetime:
    """The latest 01:30 in Copenhagen that is not after `at`, in UTC."""
    day = at.astimezone(COPENHAGEN).date()
    due = datetime.combine(day, NIGHT, COPENHAGEN).astimezone(UTC)
    return due if due <= at else datetime.combine(day - timedelta(days=1), NIGHT, COPENHAGEN).astimezone(UTC)


def reported_week(due: datetime) -> str:
    """The week that the report of a Monday is about: the one that ended that night."""
    return shift_week(week_of(due), -1)


NOTHING: Final[Mapping[str, Callable[[], object]]] = {}


class Schedule:
    """Visits pages for as long as it runs; those without a `ref` are fed by imports and left out.

    Each is asked for at its shortest interval and visited when `rhythm.is_due` says so, at the start in any case.
    `visit`, `report` and the jobs of `nightly` and `often` (each minute), by name, are called in a worker's thread;
    `rejudge` as often, in a thread of its own.
    `visit` gets a Store that is open for this call alone. What they raise is logged by its kind and stops nothing. With
    `watch`, pages that an event asked for are visited at once.
    """

    def __init__(
        self,
        pages: Sequence[Page],
        visit: Callable[[Page, Store], object],
        *,
        open_store: Callable[[], Store],
        report: Callable[[str], object] | None = None,
        nightly: Mapping[str, Callable[[], object]] = NOTHING,
        often: Mapping[str, Callable[[], object]] = NOTHING,
        rejudge: Callable[[], object] | None = None,
        clock: Callable[[], datetime] = now,
        monotonic: Callable[[], float] = clocks.monotonic,
        workers: int = WORKERS,
        catch_up: float = CATCH_UP,
        watch: bool = False,
    ) -> None:
        self._visit_page = visit
        self._open_store = open_store
        self._report = report
        self._clock = clock
        self._monotonic = monotonic
        self._looked = (clock(), monotonic())
        self._stopping = threading.Event()
        self._begun: set[str] = set()
        self._scheduler = _scheduler(workers)
        visited = [page for page in pages if page.ref]
        self._watch = Watch(visited, visit, open_store, self._stopping) if watch else None
        for place, page in enumerate(visited):
            self._add(page, first=place * min(1.0, page.every_seconds / len(visited)))
        if report is not None:
            monday = CronTrigger(day_of_week="mon", hour=SIX.hour, minute=0, timezone=COPENHAGEN)
            self._add_owed("report", self._weekly, monday, catch_up)
        self._add_upkeep(nightly, often, rejudge, catch_up)

    def start(self) -> None:
        """Begin; every page is visited at once, one after another as workers are free."""
        self._scheduler.start()
        if self._watch:
            self._watch.start()

    def stop(self) -> None:
        """Begin nothing more, and return when what runs has ended. Visits end after their current batch.

        To be called once; a scheduler that never started is left as it is.
        """
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.pause()  # without it, shutdown complains of the jobs that come due meanwhile
            self._scheduler.shutdown(wait=True)
            if self._watch:
                self._watch.join()

    def mind_the_clock(self) -> None:
        """To be called about once a minute: where the clock was set back, everything is asked for at once.

        APScheduler would wait until the old time comes again; each job looks for itself whether it is due.
        """
        at, ticks = self._clock(), self._monotonic()
        back = timedelta(seconds=ticks - self._looked[1]) - (at - self._looked[0])
        self._looked = (at, ticks)
        if back > SET_BACK:
            log.warning("the clock was set back by %d s; every page and job is looked at now", back.total_seconds())
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))

    def keep_going(self) -> bool:
        """Whether a running visit may go on: no longer, once `stop` was called."""
        return not self._stopping.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but wake when the schedule is stopped; what `Http` is given to wait with."""
        self._stopping.wait(seconds)

    def _add(self, page: Page, first: float) -> None:
        jitter = int(min(page.every_seconds * JITTER, LONGEST_JITTER)) or None
        self._scheduler.add_job(
            self._visit,
            IntervalTrigger(seconds=page.every_seconds, jitter=jitter, timezone=UTC),
            args=[page],
            id=f"visit {page.id}",
            next_run_time=datetime.now(UTC) + timedelta(seconds=first),
            misfire_grace_time=max(LATE, page.every_seconds),
        )

    def _add_upkeep(
        self,
        nightly: Mapping[str, Callable[[], object]],
        often: Mapping[str, Callable[[], object]],
        rejudge: Callable[[], object] | None,
        catch_up: float,
    ) -> None:
        for name, job in nightly.items():
            night = CronTrigger(hour=NIGHT.hour, minute=NIGHT.minute, timezone=COPENHAGEN)
            self._add_owed(name, partial(self._nightly, name, job), night, catch_up)
        for name, job in often.items():
            self._add_often(name, job, "reports")
        if rejudge is not None:
            self._add_often("judging again", rejudge, "rejudging")

    def _add_often(self, name: str, job: Callable[[], object], executor: str) -> None:
        minute = IntervalTrigger(seconds=OFTEN, timezone=UTC)
        self._scheduler.add_job(job, minute, id=name, executor=executor, next_run_time=datetime.now(UTC))

    def _add_owed(self, name: str, job: Callable[[], None], when: CronTrigger, catch_up: float) -> None:
        """A job at its time, and asked for again and again in case it was missed or failed."""
        often = IntervalTrigger(seconds=catch_up, timezone=UTC)  # type: ignore[arg-type, unused-ignore]
        kept = {"executor": "reports", "misfire_grace_time": None}
        self._scheduler.add_job(job, when, id=f"{name} at its time", **kept)
        self._scheduler.add_job(job, often, id=f"{name} owed", next_run_time=datetime.now(UTC), **kept)

    def _visit(self, page: Page) -> None:
        if self.keep_going():
            with self._open_store() as store:
                if self._is_due(page, store):
                    self._visit_page(page, store)

    def _is_due(self, page: Page, store: Store) -> bool:
        """Whether the page's rhythm asks for a visit; how often that is now is kept for who looks at the page."""
        at, pulse = self._clock(), store.pulse(page.id)
        store.note_rhythm(page.id, interval(page, pulse, at))
        first = page.id not in self._begun
        self._begun.add(page.id)
        return first or is_due(page, pulse, at)

    def _weekly(self) -> None:
        due = weekly_due(self._clock())
        if self._report is not None:
            self._owed(WEEKLY, due, partial(self._report, reported_week(due)))

    def _nightly(self, name: str, job: Callable[[], object]) -> None:
        self._owed(name, nightly_due(self._clock()), job)

    def _owed(self, name: str, due: datetime, job: Callable[[], object]) -> None:
        """Do what is owed, once: asked for again, it does nothing; failed, it is tried again."""
        with self._open_store() as store:
            if not self.keep_going() or not store.job_due(name, due):
                return
            ok = False
            try:
                job()
                ok = True
            finally:
                store.job_done(name, due, ok)


def _scheduler(workers: int) -> BackgroundScheduler:
    """With threads for visits, one for what is written and sent, and one for judging again."""
    made = BackgroundScheduler(
        executors={
            "default": ThreadPoolExecutor(workers),
            "reports": ThreadPoolExecutor(1),
            "rejudging": ThreadPoolExecutor(1),
        },
        job_defaults={"coalesce": True, "max_instances": 1},
        timezone=UTC,
    )
    made.add_listener(_told, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    return made


def _told(event: JobEvent) -> None:
    """Log what APScheduler tells of a job: by its id and the error's kind, never by the error's words."""
    if event.code == EVENT_JOB_MAX_INSTANCES:
        log.warning("job %r still runs and was not begun again", event.job_id)
    elif event.code == EVENT_JOB_MISSED:
        log.warning("job %r came too late and was left out", event.job_id)
    elif isinstance(event, JobExecutionEvent):
        log.error("job %r failed: %s", event.job_id, type(event.exception).__name__)
