"""Retention as the configuration and the platforms' terms say it: each night, each hour, and when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from collectors.platforms import ceiling, names
from dashboard.settings import Settings
from data import times
from data.errors import StoreError
from data.retention import NO_CEILING, Ceiling
from data.store import Store
from data.sweeping import Swept

HOURLY: Final = timedelta(hours=1)
_NEXT_HOUR: Final = timedelta(hours=2)  # until the next run and a little more
_NEXT_NIGHT: Final = timedelta(hours=26)  # a night in October has an hour more
_SHORT: Final = timedelta(days=7)  # a nightly run would overstep or halve what may be kept no longer


def mirror(store: Store, settings: Settings) -> None:
    """Tell the database the rules and terms in force, so that screens show the same dates as the job keeps."""
    store.set_keeping(settings.keeping, _terms())


def retain(
    settings: Settings,
    actor: str,
    *,
    dry: bool = False,
    begun: Callable[[int], object] = lambda _: None,
    moved: Callable[[int], object] = lambda _: None,
    keep_going: Callable[[], bool] = lambda: True,
    clock: Callable[[], datetime] = times.now,
) -> Swept:
    """Empty what is due and take its bytes out of the files; what was done stands in the journal, in figures.

    `begun` is told how far the numbers of messages go, `moved` how far it has come. StoreError where the bytes could
    not be taken out because somebody read all the time; the next run does it.
    """
    with Store.open(settings.database, clock=clock) as store:
        mirror(store, settings)
        begun(store.last_message())
        swept = store.sweep(ahead=_NEXT_NIGHT, dry=dry, moved=moved, keep_going=keep_going)
        if dry:
            return swept
        _note(store, actor, swept, clock())
        if keep_going() and not store.wipe():
            raise StoreError(
                "What was emptied may still lie in the files, since somebody read all the time; run again."
            )
    return swept


def keep_terms(settings: Settings, *, clock: Callable[[], datetime] = times.now) -> Swept:
    """What the terms of platforms with short times want before the next hour; the bytes go with the night's run."""
    with Store.open(settings.database, clock=clock) as store:
        swept = store.sweep(ahead=_NEXT_HOUR, platforms=short_terms())
        _note(store, "scheduler", swept, clock())
    return swept


def short_terms() -> frozenset[str]:
    """The platforms whose terms allow less than a week."""
    return frozenset(
        name for name, one in _terms().items() if min(one.texts or timedelta.max, one.names or timedelta.max) < _SHORT
    )


class Hourly:
    """A job that is asked for each minute and done once an hour; one that fails is tried again in the next minute."""

    def __init__(self, job: Callable[[], object], clock: Callable[[], datetime] = times.now) -> None:
        self._job = job
        self._clock = clock
        self._done: datetime | None = None

    def __call__(self) -> None:
        at = self._clock()
        if self._done is None or not timedelta() <= at - self._done < HOURLY:  # the clock may have been set back
            self._job()
            self._done = at


def _terms() -> dict[str, Ceiling]:
    """Those of all platforms: what a page wrote that has left the configuration is bound as well."""
    return {name: one for name in names() if (one := ceiling(name)) != NO_CEILING}


def _note(store: Store, actor: str, swept: Swept, at: datetime) -> None:
    if figures := swept.figures():
        store.note(actor, "retention", f"retention:{at:%Y-%m-%d}", detail=figures)
