"""A wish to stop that a signal may utter at any moment."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM)
_MUCH = 4096


class Stop:
    """What `threading.Event` is, for signal handlers.

    A handler runs within the main thread, whatever that thread was doing. `Event.set` takes a lock that `Event.wait`
    holds for a moment; a signal in that moment waits for itself, and the process never ends. Here a wait looks at a
    pipe, into which the interpreter itself writes when a signal comes
    (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd), so that none comes too early to be heard.
    """

    def __init__(self) -> None:
        self._heard, self.told = os.pipe()
        for end in (self._heard, self.told):
            os.set_blocking(end, False)
        self._set = False

    def set(self) -> None:
        self._set = True
        with suppress(BlockingIOError):  # full: more than enough was said
            os.write(self.told, b"\0")

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> bool:
        """Whether a stop is wished; waits up to that long for it, less where another signal comes."""
        if not self._set and select.select([self._heard], [], [], seconds)[0]:
            os.read(self._heard, _MUCH)
        return self._set

    def close(self) -> None:
        os.close(self._heard)
        os.close(self.told)


@contextmanager
def on_signals(numbers: Sequence[signal.Signals] = STOPS) -> Iterator[Stop]:
    """A stop that these signals wish, in the main thread; what they did before comes back afterwards."""
    stop = Stop()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    told = signal.set_wakeup_fd(stop.told, warn_on_full_buffer=False)
    before = {number: signal.signal(number, asked) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(told)
        stop.close()
