"""A visit: one page read, judged and saved batch by batch, and told in a row whatever happens.

    begin ──► batch ──► saved ──► batch ──► saved ──► … ──► end of the list ──► misses counted ──► complete
                │         │
                └── broken off: partial where something was saved, failed where nothing was; a gap stays open

A visit reads back over the page's look-back window, counted from the last complete visit: what was written while the
page was not seen is read by the next healthy visit. There is no cursor that could run ahead of what is saved.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from analysis.engine import Engine
from analysis.masking import AuthorNames
from collectors.base import Batch, Collector, Request
from collectors.errors import FileError, PassingError, StoppedError, UnexpectedError
from collectors.http import Http
from collectors.intake import Intake, Listed
from collectors.platforms import collector_for
from data.errors import SideblikError, StoreError, UnderWayError
from data.store import Store
from data.times import now
from data.types import Institution, Outcome, Page, Tally
from data.visits import VisitLog

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VisitResult:
    """How a visit ended, what it did, and the error that broke it off."""

    outcome: Outcome
    tally: Tally
    error: SideblikError | None = None


def visit(
    page: Page,
    *,
    store: Store,
    http: Http,
    engine: Engine,
    institution: Institution,
    token: str | None,
    clock: Callable[[], datetime] = now,
    author_names: AuthorNames = "initials",
    collector: Collector | None = None,
    keep_going: Callable[[], bool] = lambda: True,
) -> VisitResult:
    """One visit to one page; never raises for what the platform or a part of Sideblik does, but tells it in the row.

    `keep_going` is asked between batches; when it says no, the visit ends as partial.
    """
    intake = Intake(page, store=store, engine=engine, institution=institution, clock=clock, author_names=author_names)
    run = _Run(store, page, intake, http)
    try:
        since = run.begin(clock())
        counted = partial(store.counted, page.id)
        request = Request(page, since, token, store.memory(page.id), counted)
        for batch in (collector or collector_for(page.platform)).batches(request, http):
            run.save(batch)
            if not keep_going():
                raise StoppedError("Sideblik was stopped during the visit; the next one reads the rest.")  # noqa: TRY301
        run.complete()
    except SideblikError as error:
        return run.broken(error)
    except Exception as error:  # noqa: BLE001, one page's failure must not stop another's visit
        return run.broken(unexpected(error))
    finally:
        run.release()
    return VisitResult(Outcome.COMPLETE, run.tally)


def not_begun(page: Page, store: Store, error: SideblikError) -> VisitResult:
    """A visit that cannot be made (no secret can be read) is told in a row like any other that failed."""
    with suppress(UnderWayError):
        store.begin_visit(page).end(Outcome.FAILED, error=error)
    return VisitResult(Outcome.FAILED, Tally(), error)


class _Run:
    """The bookkeeping of one visit."""

    def __init__(self, store: Store, page: Page, intake: Intake, http: Http) -> None:
        self.tally = Tally()
        self._store = store
        self._page = page
        self._intake = intake
        self._http = http
        self._calls = http.calls
        self._log: VisitLog | None = None
        self._last: datetime | None = None
        self._read = False

    def begin(self, at: datetime) -> datetime:
        """Open the row; the time from which posts are read. PassingError where another visit to the page runs."""
        try:
            self._log = self._store.begin_visit(self._page)
        except UnderWayError as error:
            raise PassingError(str(error)) from None
        self._last = self._store.last_complete(self._page.id)
        return min(self._last or at, at) - timedelta(days=self._page.look_back_days)

    def save(self, batch: Batch) -> None:
        self._add(self._intake.save(batch, self._count))
        self._read = True

    def complete(self) -> None:
        self._add(self._intake.finish(self._count))
        self._end(Outcome.COMPLETE, None)

    def broken(self, error: SideblikError) -> VisitResult:
        """The end of a visit that could not be carried through; a database that fails now cannot be told."""
        outcome = Outcome.PARTIAL if self._read else Outcome.FAILED
        log.warning("visit to page %s: %s, %s: %s", self._page.id, outcome.value, type(error).__name__, error)
        with suppress(StoreError):
            self._count(Tally())
            self._end(outcome, error)
        return VisitResult(outcome, self.tally, error)

    def release(self) -> None:
        """Let the next visit to the page in, however this one ended."""
        if self._log:
            self._log.release()

    def _count(self, tally: Tally) -> None:
        """Into the row, within the transaction that saves what is counted."""
        if self._log:
            self._log.add(tally, calls=self._http.calls - self._calls)

    def _add(self, tally: Tally) -> None:
        self.tally += tally
        self._calls = self._http.calls

    def _end(self, outcome: Outcome, error: SideblikError | None) -> None:
        stored, claimed = self._intake.listed.coverage()
        filled = _reaches(self._intake.listed, self._last)
        if usage := self._http.usage:
            self._store.note_usage(self._page.id, usage.percent, usage.resets_at)
        if self._log:
            self._log.end(outcome, error=error, stored=stored, claimed=claimed, filled=filled)


def _reaches(listed: Listed, last: datetime | None) -> bool:
    """Whether a reading reached back to the last complete visit.

    A platform that lists every post since a time always does. A list of the newest entries does where it is unchanged,
    where its platform says so, or else where its oldest entry is older than that visit.
    """
    if last is None or listed.posts_since is not None or listed.unchanged:
        return True
    if listed.reached is not None:
        return listed.reached
    return listed.posts_from is not None and listed.posts_from <= last


def unexpected(error: Exception) -> UnexpectedError:
    """An error that nobody foresaw, by kind and place; its own words may hold texts from outside and are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else "an unknown place"
    ours = next((one for one in reversed(frames) if Path(one.filename).is_relative_to(_ROOT)), None)
    if ours:
        place = f"{Path(ours.filename).relative_to(_ROOT).as_posix()} line {ours.lineno}"
    return UnexpectedError(f"Sideblik failed in {place} ({type(error).__name__}); a developer must look at it.")


_ROOT = Path(__file__).resolve().parent.parent


def take_in(
    path: Path,
    page: Page,
    *,
    store: Store,
    engine: Engine,
    institution: Institution,
    progress: Callable[[Tally], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
    author_names: AuthorNames = "initials",
) -> Tally:
    """Take in an export file; `progress` is told what has been saved so far.

    Raises FileError (or another SideblikError) after saving what was whole; UnderWayError, with nothing begun, where
    another import for the page runs. A file tells nothing of what is gone.
    """
    from collectors.exports import reader_for  # noqa: PLC0415, brings the workbook library, which visits do not need

    intake = Intake(page, store=store, engine=engine, institution=institution, clock=clock, author_names=author_names)
    visit_log = store.begin_visit(page, source="import")
    total = Tally()
    try:
        for batch in reader_for(path).batches(path, page):
            total += intake.save(batch, visit_log.add)
            progress(total)
    except Exception as error:
        told = error if isinstance(error, SideblikError) else _unreadable(error)
        visit_log.end(Outcome.PARTIAL if total.fetched else Outcome.FAILED, error=told, stored=None, claimed=None)
        if told is error:
            raise
        raise told from None  # the cause's own words may hold texts from the file
    stored, claimed = intake.listed.coverage()
    visit_log.end(Outcome.COMPLETE, stored=stored, claimed=claimed)
    return total


def _unreadable(error: Exception) -> SideblikError:
    return FileError("The file cannot be read.") if isinstance(error, OSError) else unexpected(error)
