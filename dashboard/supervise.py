"""One command, several processes: a parent that starts them, watches them, and takes them all down with it.

    parent ──► web        vital: when it ends, everything ends (exit code 1)
           ──► collector  started again when it ends, after 1, 2, 4 … 60 seconds
           ──► sandbox    vital, in the demo alone

Each child has a session of its own, so that Ctrl-C in a terminal reaches the parent alone and the children are
stopped in order. On Linux a child gets SIGTERM from the kernel when the parent is killed. The scheduler is no part of
the Streamlit process: there, nothing would run before the first visitor, and each rerun would start another one.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from dashboard.stopping import STOPS, Stop, on_signals
from data.errors import SettingsError, StoreError

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.05
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Child:
    """A process to be kept running. `vital`: when it ends, all end; any other is started again.

    `ready` is asked until it says yes. Output goes to `output`, or where the parent's goes.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    vital: bool = False
    ready: Callable[[], bool] | None = None
    output: Path | None = None


class Running:
    """A child's process, and when to start it again."""

    def __init__(self, child: Child, *, backoff: tuple[float, float], keep: Sequence[int]) -> None:
        self.child = child
        self._first, self._longest = backoff
        self._keep = keep
        self._delay = self._first
        self._again_at = 0.0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self._began = time.monotonic()
        target = open(self.child.output, "ab") if self.child.output else None  # noqa: PTH123, SIM115 closed below
        try:
            return subprocess.Popen(  # noqa: S603 the commands are our own
                self.child.command,
                env={**os.environ, **self.child.env},
                stdin=subprocess.DEVNULL,
                stdout=target,
                stderr=target,
                start_new_session=True,
                pass_fds=self._keep,
                preexec_fn=_die_with_parent if _LIBC else None,  # noqa: PLW1509 the parent has one thread
            )
        finally:
            if target:
                target.close()

    def revive(self) -> None:
        """Starts an ended process again when its time has come; the wait doubles unless it had run for a minute."""
        code = self.process.poll()
        if code is None:
            return
        moment = time.monotonic()
        if not self._again_at:
            if moment - self._began > self._longest:
                self._delay = self._first
            self._again_at = moment + self._delay
            log.warning("%s ended with %s; started again in %.1f s", self.child.name, code, self._delay)
            self._delay = min(self._delay * 2, self._longest)
        elif moment >= self._again_at:
            self._again_at = 0.0
            self.process = self._start()

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def run(
    children: Sequence[Child],
    *,
    ready_told: Callable[[Child], None] = lambda _child: None,
    started: Callable[[], None] = lambda: None,
    ready_seconds: float = 60.0,
    backoff: tuple[float, float] = (1.0, 60.0),
    grace: float = 10.0,
    keep: Sequence[int] = (),
) -> int:
    """Starts the children in order, each ready before the next, and watches them until a signal or a vital end.

    Returns 0 after a signal, 1 when a vital child ended or did not become ready. Nothing is left running either way.
    `keep` are file descriptors that the children hold open too. `ready_told` is called with each child that is up,
    `started` when all are.
    """
    running: list[Running] = []
    with on_signals((*STOPS, signal.SIGHUP)) as stop:
        try:
            for child in children:
                if stop.is_set():
                    return 0
                running.append(Running(child, backoff=backoff, keep=keep))
                if not _becomes_ready(running[-1], stop, ready_seconds):
                    return 0 if stop.is_set() else 1
                ready_told(child)
            started()
            return _watch(running, stop)
        finally:
            _stop(running, grace)


def _watch(running: Sequence[Running], stop: Stop) -> int:
    while not stop.wait(LOOK_SECONDS):
        for one in running:
            if not one.child.vital:
                one.revive()
            elif (code := one.process.poll()) is not None:
                log.error("%s ended by itself with %s; Sideblik stops", one.child.name, code)
                return 1
    return 0


def _becomes_ready(one: Running, stop: Stop, seconds: float) -> bool:
    """Whether the child says that it is ready; the process itself is asked too, since another may hold its port."""
    if one.child.ready is None:
        return True
    end = time.monotonic() + seconds
    while not stop.is_set() and time.monotonic() < end:
        if (code := one.process.poll()) is not None:
            log.error("%s ended with %s before it was ready", one.child.name, code)
            return False
        if one.child.ready():
            return True
        stop.wait(LOOK_SECONDS)
    if not stop.is_set():
        log.error("%s was not ready within %.0f s", one.child.name, seconds)
    return False


def _stop(running: Sequence[Running], grace: float) -> None:
    """Asks all to end, waits for the grace, then ends what is left, grandchildren included."""
    for one in reversed(running):
        one.signal(signal.SIGTERM)
    end = time.monotonic() + grace
    for one in running:
        with suppress(subprocess.TimeoutExpired):
            one.process.wait(max(0.0, end - time.monotonic()))
        one.signal(signal.SIGKILL)
        one.process.wait()


def _die_with_parent() -> None:
    """Runs in the child before its program: the kernel is to send SIGTERM when the parent is gone."""
    assert _LIBC is not None
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def only_one(database: Path) -> Iterator[int]:
    """Holds the lock beside the database; StoreError when another Sideblik has it.

    Yields the descriptor: a child that keeps it open keeps the lock, so that a new start waits for the last child of
    a killed parent.
    """
    refused = f"Another Sideblik runs on the database {database}; two would visit every page twice. Stop it first."
    with _locked(database.with_name(f"{database.name}.lock"), refused) as handle:
        yield handle


@contextmanager
def only_collector(database: Path) -> Iterator[None]:
    """Holds the collector's own lock, however it was started; StoreError when another collector has it.

    A dashboard beside it needs no lock. The kernel lets go of it when the process ends, by kill -9 too.
    """
    refused = (
        f"Another collector works on the database {database}, and two would visit every page twice; nothing was begun. "
        "Stop the other one, or leave the work to it."
    )
    with _locked(database.with_name(f"{database.name}.collector.lock"), refused):
        yield


@contextmanager
def _locked(path: Path, refused: str) -> Iterator[int]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as problem:
        raise StoreError(f"{path} cannot be written: {problem.strerror}; check the folder and its rights.") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(refused) from None
    try:
        yield handle
    finally:
        os.close(handle)


def check_port(address: str, port: int) -> None:
    """SettingsError when another program listens there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as problem:
            raise SettingsError(
                f"Port {port} on {address} cannot be used ({problem.strerror}); stop the program that has it, or set "
                "another one: port under [server] in sideblik.toml."
            ) from None


def free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def answers(url: str, *, seconds: float = 2.0) -> bool:
    """Whether the address answers with 200; no proxy of the environment is asked, since it is this machine's own."""
    try:
        with _DIRECT.open(url, timeout=seconds) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
