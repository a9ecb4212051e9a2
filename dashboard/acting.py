"""What a viewer does to a case or a removal, through the store and under their scope; it answers in a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.masking import mask
from dashboard.access import Viewer
from dashboard.words import text
from data.care_rows import CheckItem, CheckState, Doubt
from data.errors import ChangedError, OutOfScopeError, SamePersonError, StoreError
from data.filing import NUMBER_LENGTH, is_number
from data.passing_rows import PassGround
from data.photo_rows import NOTE_LENGTH as PHOTO_NOTE_LENGTH
from data.photo_rows import PhotoAnswer
from data.removal_rows import NOTE_LENGTH, Ground
from data.revealing import Reason
from data.rota import Duty, problem
from data.store import Store
from data.types import Verdict

log = logging.getLogger(__name__)


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


def close_many(store: Store, viewer: Viewer, asked: Mapping[int, int], ground: str) -> Told:
    """Records that some inquiries (revision by number) need no answer; a CPR number in the ground is masked."""
    kept = mask(ground.strip())
    return _tried(viewer, "bulk.closed", lambda: store.close_many(viewer.scope, viewer.name, asked, kept), _OF_MANY)


def undo_many(store: Store, viewer: Viewer, batch: int) -> Told:
    """Takes back what was decided at once."""
    return _tried(viewer, "bulk.undone", lambda: store.undo_many(viewer.scope, viewer.name, batch))


def pass_on(store: Store, viewer: Viewer, case_id: int, revision: int, to: str, ground: PassGround) -> Told:
    """Gives an inquiry to another institution."""
    return _tried(
        viewer, "passing.passed", lambda: store.pass_on(viewer.scope, viewer.name, case_id, revision, to, ground)
    )


def take_back(store: Store, viewer: Viewer, passing: int) -> Told:
    """Has a passed inquiry back, unless somebody has taken it there."""
    return _tried(
        viewer, "passing.taken_back", lambda: store.take_back(viewer.scope, viewer.name, passing), _OF_PASSINGS
    )


def agree(store: Store, viewer: Viewer, case_id: int, revision: int, *, alone: bool) -> Told:
    """Closes a case that another decided; `alone` where nobody logs in, which the journal then says."""
    return _tried(viewer, "care.agreed", lambda: store.agree(viewer.scope, viewer.name, case_id, revision, alone=alone))


def disagree(store: Store, viewer: Viewer, case_id: int, doubt: Doubt) -> Told:
    """Opens a case again that another decided."""
    return _tried(viewer, "care.disagreed", lambda: store.disagree(viewer.scope, viewer.name, case_id, doubt))


def check(store: Store, viewer: Viewer, case_id: int, item: CheckItem, state: CheckState) -> Told:
    """Says how an item of a case's checklist stands."""
    return _tried(viewer, "care.checked", lambda: store.check(viewer.scope, viewer.name, case_id, item, state))


def wrong_number(number: str) -> str:
    """What is wrong with a record number, in a sentence; "" for nothing."""
    if mask(number) != number:
        return text("package.cpr")
    return "" if is_number(number.strip()) else text("package.wrong", most=NUMBER_LENGTH)


def journalise(store: Store, viewer: Viewer, case_id: int, revision: int, number: str, *, decided: bool) -> Told:
    """Records under which number a case stands in the record system: as its decision, or beside the one it has.

    A number that cannot be is refused.
    """
    if wrong := wrong_number(number):
        return Told(done=False, sentence=wrong)
    record = store.file if decided else store.journalise
    return _tried(viewer, "package.saved", lambda: record(viewer.scope, viewer.name, case_id, revision, number.strip()))


def reveal(store: Store, viewer: Viewer, case_id: int, reason: Reason) -> Told:
    """Notes that a case's thread is shown with its third parties; whoever only reads may ask for it."""
    try:
        store.reveal(viewer.scope, viewer.name, case_id, reason)
    except OutOfScopeError:
        return Told(done=False, sentence=text("act.out_of_scope"))
    except StoreError as problem:
        log.warning("an act was not saved: %s", problem)
        return Told(done=False, sentence=text("app.not_saved"))
    return Told(done=True, sentence=text("reveal.done"))


def undo(store: Store, viewer: Viewer, decision_id: int) -> Told:
    return _tried(viewer, "act.undone", lambda: store.undo(viewer.scope, viewer.name, decision_id))


def forget(store: Store, viewer: Viewer, remembered_id: int) -> Told:
    """Has the same asked about again; what was kept back becomes cases."""
    return _tried(
        viewer, "remembered.forgotten", lambda: store.forget(viewer.scope, viewer.name, remembered_id), _OF_REMEMBERED
    )


def hold(store: Store, viewer: Viewer, case_id: int, until: date, ground: str) -> Told:
    """Keeps a case's thread from retention; a CPR number in the ground is masked before it is kept."""
    kept = mask(ground.strip())
    return _tried(viewer, "hold.saved", lambda: store.hold(viewer.scope, viewer.name, case_id, until, kept), _OF_HOLDS)


def lift_hold(store: Store, viewer: Viewer, hold_id: int) -> Told:
    """Ends a hold before its day."""
    return _tried(viewer, "hold.ended", lambda: store.lift_hold(viewer.scope, viewer.name, hold_id), _OF_HOLDS)


def explain(store: Store, viewer: Viewer, asked: Mapping[int, int], ground: Ground, note: str) -> Told:
    """Records who removed something and why, for some removals at once (revision by number); a CPR number is masked."""
    kept = mask(note.strip())
    if len(kept) > NOTE_LENGTH:
        return Told(done=False, sentence=text("removal.too_long"))
    return _tried(
        viewer, "removal.explained", lambda: store.explain(viewer.scope, viewer.name, asked, ground, kept), _OF_REMOVALS
    )


def unexplain(store: Store, viewer: Viewer, explanation: int) -> Told:
    """Takes an answer back, with all the removals that it was given to at once."""
    return _tried(
        viewer, "removal.undone", lambda: store.unexplain(viewer.scope, viewer.name, explanation), _OF_REMOVALS
    )


def answer_photo(
    store: Store, viewer: Viewer, message: int, revision: int, answer: PhotoAnswer, note: str, review: timedelta
) -> Told:
    """Records how it is with a post's pictures; a CPR number in the note is masked before it is kept."""
    kept = mask(note.strip())
    if len(kept) > PHOTO_NOTE_LENGTH:
        return Told(done=False, sentence=text("photo.too_long", most=PHOTO_NOTE_LENGTH))
    return _tried(
        viewer,
        "photo.answered",
        lambda: store.answer_photo(viewer.scope, viewer.name, message, revision, answer, kept, review),
        _OF_PHOTOS,
    )


def undo_photo(store: Store, viewer: Viewer, answer: int) -> Told:
    """Takes an answer about pictures back."""
    return _tried(viewer, "photo.undone", lambda: store.undo_photo(viewer.scope, viewer.name, answer), _OF_PHOTOS)


def add_duty(store: Store, viewer: Viewer, duty: Duty) -> Told:
    """Puts a duty into the rota; one that cannot be is refused with what is wrong with it."""
    if wrong := problem(duty):
        return Told(done=False, sentence=text(f"rota.wrong_{wrong}"))
    return _tried(viewer, "rota.added", lambda: store.add_duty(viewer.scope, viewer.name, duty), _OF_THE_ROTA)


def remove_duty(store: Store, viewer: Viewer, number: int) -> Told:
    """Takes a duty out of the rota."""
    return _tried(viewer, "rota.removed", lambda: store.remove_duty(viewer.scope, viewer.name, number), _OF_THE_ROTA)


_OF_THE_ROTA = ("rota.changed", "rota.out_of_scope")
_OF_MANY = ("bulk.changed", "act.out_of_scope")
_OF_PASSINGS = ("passing.changed", "act.out_of_scope")
_OF_HOLDS = ("hold.changed", "act.out_of_scope")
_OF_PHOTOS = ("photo.changed", "photo.out_of_scope")
_OF_CASES = ("act.changed", "act.out_of_scope")
_OF_REMEMBERED = ("remembered.changed", "act.out_of_scope")
_OF_REMOVALS = ("removal.changed", "removal.out_of_scope")


def _tried(viewer: Viewer, key: str, act: Callable[[], object], refusals: tuple[str, str] = _OF_CASES) -> Told:
    if not viewer.acts:
        return Told(done=False, sentence=text("act.may_not"))
    try:
        act()
    except ChangedError:
        return Told(done=False, sentence=text(refusals[0]))
    except OutOfScopeError:
        return Told(done=False, sentence=text(refusals[1]))
    except SamePersonError:
        return Told(done=False, sentence=text("care.same_person"))
    except StoreError as problem:
        log.warning("an act was not saved: %s", problem)
        return Told(done=False, sentence=text("app.not_saved"))
    return Told(done=True, sentence=text(key))
