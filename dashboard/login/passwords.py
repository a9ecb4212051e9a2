"""Passwords as argon2id hashes, and how often a wrong one may be tried."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.errors import SettingsError

SHORTEST: Final = 12
LONGEST: Final = 1000
TRIES: Final = 5
WITHIN: Final = timedelta(minutes=15)
_REMEMBERED: Final = 10_000
_HASHER: Final = PasswordHasher()  # argon2id with the parameters of RFC 9106's second recommendation: 64 MiB


def digest(password: str) -> str:
    """The hash to keep; SettingsError for a password of fewer than 12 characters or more than 1000."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(f"A password of {SHORTEST} to {LONGEST} characters is needed; nothing was changed.")
    return _HASHER.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether the password is the one of a hash; without a hash it takes as long and is wrong."""
    try:
        return _HASHER.verify(kept or _nobody(), password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


class Throttle:
    """Five wrong tries of one login within a quarter of an hour; then none is looked at until the first is that old."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()

    def begins(self, login: str) -> bool:
        """Counts a try as wrong until it was right; False where there were too many. Tries at once count each."""
        key, now = login.strip().lower()[:200], self._clock()
        recent = [at for at in self._wrong.pop(key, []) if abs(now - at) < WITHIN]  # also where the clock was set back
        allowed = len(recent) < TRIES
        self._wrong[key] = [*recent, now] if allowed else recent
        while len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)
        return allowed

    def was_right(self, login: str) -> None:
        self._wrong.pop(login.strip().lower()[:200], None)
