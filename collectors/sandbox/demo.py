"""The demo's scenario: six weeks of history on thirty pages, then something new every few seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from collectors.sandbox.dialects import KINDS
from collectors.sandbox.draft import Draft
from collectors.sandbox.faults import Fault, Faults
from collectors.sandbox.history import History
from collectors.sandbox.live import Live
from collectors.sandbox.scenario import Place, Story
from collectors.sandbox.written import happenings, municipality
from data.types import Institution

LASTS = 8 * 3600.0  # how long new things keep coming, in seconds


def demo(seed: int, start: datetime, *, lasts: float = LASTS) -> Story:
    """The made-up municipality as it is at `start`, and what happens there in the `lasts` seconds after."""
    draft = Draft(seed, start, institutions(), places(seed))
    history = History(draft)
    history.write()
    Live(draft, history).write(lasts)
    return draft.done()


def troubles() -> Faults:
    """What goes wrong with the platforms while the demo runs, so that a page that is not seen can be looked at."""
    return Faults(*(Fault(**row) for row in happenings()["faults"]))


def institutions() -> tuple[Institution, ...]:
    return tuple(Institution(row["id"], row["name"], row["kind"]) for row in municipality()["institution"])


def places(seed: int) -> tuple[Place, ...]:
    """The pages, called as their platform calls them."""
    return tuple(_place(row, seed) for row in municipality()["page"])


def _place(row: dict[str, Any], seed: int) -> Place:
    ref = KINDS[row["dialect"]].ref(seed, row["id"])
    quirks = frozenset(row.get("quirks", ()))
    return Place(
        row["id"],
        row["institution"],
        row["dialect"],
        row["name"],
        ref,
        row["goal_open_hours"],
        quirks,
        row.get("opening", ""),
    )
