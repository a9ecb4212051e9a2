"""Sets of up to 192 bits: one Python integer for a rule, three columns of 64 for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

WIDTH, COLUMNS = 64, 3
_COLUMN = (1 << WIDTH) - 1

Bits: TypeAlias = npt.NDArray[np.uint64]
Mask: TypeAlias = npt.NDArray[np.bool_]


def columns_of(sets: Sequence[int]) -> Bits:
    """Sets as columns, in order."""
    return np.array([[one >> WIDTH * column & _COLUMN for one in sets] for column in range(COLUMNS)], np.uint64)


def sets_of(columns: Bits) -> list[int]:
    """Columns as sets, in order."""
    first, second, third = columns.tolist()
    return [a | b << WIDTH | c << 2 * WIDTH for a, b, c in zip(first, second, third, strict=True)]


def any_of(columns: Bits, bits: int) -> Mask:
    """Where columns share any bit with `bits`."""
    found: Mask | None = None
    for number, column in enumerate(columns):
        if part := bits >> WIDTH * number & _COLUMN:
            here = (column & np.uint64(part)) != 0
            found = here if found is None else found | here
    return np.zeros(columns.shape[1], bool) if found is None else found
