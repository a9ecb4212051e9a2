"""Cursors as the Graph API has them: opaque text that holds a place in a list, good also when the list grows."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from math import isnan

from collectors.sandbox.scenario import Entry


def cursor(entry: Entry) -> str:
    return base64.urlsafe_b64encode(f"{entry.at!r}|{entry.id}".encode()).decode()


def same_place(after: str) -> str:
    """Another cursor for the place that this one stands for; "" is the beginning."""
    text = base64.urlsafe_b64decode(after.encode()) if after else b"|"
    return base64.urlsafe_b64encode(text + b"|").decode()


def position(text: str) -> tuple[float, str] | None:
    """What a cursor stands for; None when it is not one of ours."""
    try:
        at, _, ident = base64.urlsafe_b64decode(text.encode()).decode().rstrip("|").partition("|")
        return float(at or "nan"), ident
    except (ValueError, binascii.Error):
        return None


def window(
    entries: Sequence[Entry], params: Mapping[str, str], limit: int, *, newest_first: bool
) -> tuple[int, int] | None:
    """From where to where a page reaches, by its `after` or `before`; None for a cursor that is not one of ours."""
    if before := params.get("before"):
        end = begin(entries, before, newest_first=newest_first)
        return None if end is None else (max(0, end - 1 - limit), max(0, end - 1))
    start = begin(entries, params.get("after"), newest_first=newest_first)
    return None if start is None else (start, start + limit)


def begin(entries: Sequence[Entry], after: str | None, *, newest_first: bool) -> int | None:
    """Where a page begins in a list that is ordered by time; None for a cursor that is not one of ours."""
    if not after:
        return 0
    where = position(after)
    if where is None:
        return None
    if isnan(where[0]):
        return 0
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) // 2
        key = (entries[middle].at, entries[middle].id)
        passed = key >= where if newest_first else key <= where
        low, high = (middle + 1, high) if passed else (low, middle)
    return low
