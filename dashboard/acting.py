"""What a viewer does to a case, through the store and under their scope; the answer is a sentence of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.masking import mask
from dashboard.access import Viewer
from dashboard.words import text
from data.errors import ChangedError, OutOfScopeError
from data.store import Store
from data.types import Verdict


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an act."""

    done: bool
    sentence: str


def take(store: Store, viewer: Viewer, case_id: int, revision: int) -> Told:
    return _tried(viewer, "act.taken", lambda: store.take(viewer.scope, viewer.name, case_id, revision))


def release(store: Store, viewer: Viewer, case_id: int, revision: int) -> Told:
    return _tried(viewer, "act.released", lambda: store.release(viewer.scope, viewer.name, case_id, revision))


def decide(store: Store, viewer: Viewer, case_id: int, revision: int, verdict: Verdict, ground: str) -> Told:
    """Records a decision; a CPR number in the ground is masked before it is kept."""
    kept = mask(ground.strip())
    return _tried(
        viewer, "act.decided", lambda: store.decide(viewer.scope, viewer.name, case_id, revision, verdict, kept)
    )


def undo(store: Store, viewer: Viewer, decision_id: int) -> Told:
    return _tried(viewer, "act.undone", lambda: store.undo(viewer.scope, viewer.name, decision_id))


def _tried(viewer: Viewer, key: str, act: Callable[[], object]) -> Told:
    if not viewer.acts:
        return Told(done=False, sentence=text("act.may_not"))
    try:
        act()
    except ChangedError:
        return Told(done=False, sentence=text("act.changed"))
    except OutOfScopeError:
        return Told(done=False, sentence=text("act.out_of_scope"))
    return Told(done=True, sentence=text(key))
