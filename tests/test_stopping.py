"""A stop is heard in whatever moment the signal comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

from dashboard.stopping import Stop, on_signals

HAMMER = """
import random, signal
from dashboard.stopping import on_signals
for _ in range(20_000):
    with on_signals([signal.SIGALRM]) as stop:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(3e-6, 6e-5))
        assert stop.wait(30)
print("heard")
"""


def test_a_signal_in_any_moment_is_heard():
    """20,000 signals into the first microseconds of a wait: an Event's own lock stopped such a process for ever."""
    told = subprocess.run([sys.executable, "-c", HAMMER], capture_output=True, text=True, timeout=60, check=False)
    assert "heard\n" == told.stdout


def test_a_wait_ends_with_the_wish_and_not_before():
    """It stays wished, however often it is asked."""
    with closing(Stop()) as stop:
        assert not stop.wait(0.01)
        threading.Timer(0.05, stop.set).start()
        began = time.monotonic()
        assert stop.wait(30)
        assert time.monotonic() - began < 10
        assert stop.wait(30)
        assert stop.is_set()


def test_signals_do_afterwards_what_they_did_before():
    """The handlers of whoever called come back."""
    before = signal.getsignal(signal.SIGTERM)
    with on_signals():
        assert before != signal.getsignal(signal.SIGTERM)
    assert before == signal.getsignal(signal.SIGTERM)
