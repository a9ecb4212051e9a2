"""How often a page is visited: a lively one often, a sleeping one seldom, none faster than its platform's limit allows.

    open urgent inquiry ──────────────────────────► every `every_seconds`
    messages of the last weeks ─► half their distance ┐
    silence since the last new one ─► a 28th of it    ┴► the shorter, within `every_seconds` … `slowest_seconds`
    more than 75 percent of the limit used ───────► up to four times as long

A 28th of the silence is twelve hours after two weeks of it. Every visit re-reads a look-back window, so a longer
interval delays a message and loses none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from collectors.limits import SLOW_ABOVE, STOP_ABOVE
from data.pulse import Pulse
from data.types import Page

VISITS_A_MESSAGE: Final = 2
SHARE_OF_SILENCE: Final = 28
STRETCH: Final = 3.0  # added to an interval once, where the limit is all but used up


def interval(page: Page, pulse: Pulse, at: datetime) -> float:
    """Seconds from one visit's start to the next, by the page's recent messages and the platform's budget."""
    slowest = float(max(page.slowest_seconds, page.every_seconds))
    fastest = float(page.every_seconds)
    seconds = fastest if pulse.urgent else min(_distance(pulse, slowest), _silence(pulse, at, slowest))
    return min(max(seconds, fastest) * _stretch(pulse), slowest)


def is_due(page: Page, pulse: Pulse, at: datetime) -> bool:
    """Whether a page is to be visited now; one whose last visit did not read everything always is.

    Half the shortest interval early counts as due: the scheduler asks once in that time, give or take its jitter. A
    visit that is still to come was made before the clock was set back, and tells nothing.
    """
    if pulse.begun is None or not pulse.complete or pulse.begun > at:
        return True
    return (at - pulse.begun).total_seconds() >= interval(page, pulse, at) - page.every_seconds / 2


def _distance(pulse: Pulse, slowest: float) -> float:
    return pulse.span.total_seconds() / pulse.recent / VISITS_A_MESSAGE if pulse.recent else slowest


def _silence(pulse: Pulse, at: datetime, slowest: float) -> float:
    return (at - pulse.stirred).total_seconds() / SHARE_OF_SILENCE if pulse.stirred else slowest


def _stretch(pulse: Pulse) -> float:
    over = max((pulse.used or 0.0) - SLOW_ABOVE, 0.0) / (STOP_ABOVE - SLOW_ABOVE)
    return 1.0 + STRETCH * min(over, 1.0)
