"""Opening hours: the record, and how the database keeps it. What follows from them is reckoned in `data.worktime`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Opening:
    """When somebody looks after a page: a span for each day from Monday to Sunday, None for a closed one.

    A span is two minutes since midnight in Copenhagen, the end excluded, 1440 for midnight. Public holidays are closed,
    and so is what `closed` names: a day of every year (`12-24`) or of one (`2026-05-15`).
    """

    week: tuple[tuple[int, int] | None, ...]
    closed: frozenset[str] = frozenset()


def to_column(opening: Opening | None) -> str:
    """As the database keeps it: "" for always, else JSON that is the same for the same hours."""
    return json.dumps({"week": opening.week, "closed": sorted(opening.closed)}) if opening else ""


@lru_cache(maxsize=256)
def from_column(kept: str) -> Opening | None:
    """What `to_column` wrote."""
    if not kept:
        return None
    told = json.loads(kept)
    return Opening(tuple((span[0], span[1]) if span else None for span in told["week"]), frozenset(told["closed"]))
