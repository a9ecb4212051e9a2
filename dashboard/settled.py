"""Keeps what was loaded once out of the garbage collector's rounds.

Streamlit ends every run with a full collection (`gc.collect(2)` in its script runner), which walks through all that
the process holds: libraries, texts, word lists. Measured: 98 of the 144 ms of opening a case.
"""

from __future__ import annotations

import gc
from functools import cache


@cache
def settle(_part: str) -> None:
    """Call after the first run of a part, when all that it needs is loaded; again for the same part does nothing.

    What the run itself still holds is kept with it: kilobytes, once a part.
    """
    gc.collect()
    gc.freeze()
