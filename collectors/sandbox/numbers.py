"""Numbers that look drawn and are the same every time."""

from __future__ import annotations

import hashlib


def number(seed: int, key: str, digits: int) -> int:
    """A number of so many digits that seed and key always give."""
    low: int = 10 ** (digits - 1)
    drawn = int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest()[:8], "big")
    return low + drawn % (9 * low)
