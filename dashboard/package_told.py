"""A case as its package tells it: plain words, numbers and lists, from which `case.json` and `case.pdf` are both made.

With third parties masked, every text passes `ThirdParties`, citizens are numbered, and what would lead to them on the
platform (addresses, the platform's ids) is left out. SHA-256 is always that of the text as it stands in the package: of
the text unmasked it would tell a guessed name right or wrong. `digest` is the keyed hash of what the platform wrote, by
which Sideblik alone can tell whether a text was its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from analysis.third_parties import ThirdParties
from data.care_rows import CheckRow, ClockRow, Look, SecondRow
from data.filing import Face
from data.filing_rows import CaseFile
from data.heads import Head
from data.removal_rows import RemovalRow
from data.rows import DecisionRow, MessageRow
from data.times import to_text
from data.types import Finding

SCHEMA: Final = 1
Told = dict[str, Any]
Texts = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: which package of a case, for whom, and when."""

    face: Face
    masked: bool
    at: datetime
    municipality: str = ""
    head: Head | None = None  # the last signed one, where there is one


def told(found: CaseFile, order: Order) -> Told:
    """All of the package's content, ready for JSON; the same case and order tell the same."""
    texts = _veil(found) if order.masked else _as_it_is
    return {
        "format": "sideblik-case",
        "schema": SCHEMA,
        "made_at": to_text(order.at),
        "made_for": order.face.value,
        "masked": order.masked,
        "municipality": order.municipality,
        "case": _case(found),
        "thread": list(_thread(found, texts, masked=order.masked)),
        "decisions": [_decision(row, found, texts) for row in reversed(found.decisions)],
        "clock": _clock(found.clock),
        "checklist": [_check(row) for row in found.checklist],
        "removals": [_removal(row) for row in found.removals],
        "journal": _journal(found, order.head),
    }


def _veil(found: CaseFile) -> Texts:
    """Everything that is read by somebody is shown to it first: a name told in one place is taken out of all."""
    veil = ThirdParties()
    for row in found.thread:
        veil.add(row.text, row.findings)
        for other in (*(old.text for old in row.versions), *(item.text for item in row.attachments)):
            veil.add(other)
        if not row.by_page:
            veil.add_writer(row.author_name)
    for decision in found.decisions:
        veil.add(decision.ground)
    return veil.masked


def _as_it_is(text: str, _findings: object = ()) -> str:
    return text


def _case(found: CaseFile) -> Told:
    case = found.case
    in_force = next((found.numbers.get(row.id) for row in found.decisions if row.undone_at is None), None)
    return {
        "number": case.id,
        "category": case.category.value,
        "kind": case.kind,
        "topic": case.topic,
        "severity": int(case.severity),
        "status": case.status.value,
        "verdict": case.verdict.value if case.verdict else None,
        "record_number": in_force,
        "institution": {"id": case.institution_id, "name": case.institution_name},
        "page": {"id": case.page_id, "name": case.page_name, "platform": case.platform},
        "message": case.message,
        "written_at": to_text(case.written_at),
        "opened_at": to_text(case.opened_at),
        "due_at": _moment(case.due_at),
        "answered_at": _moment(case.answered_at),
    }


def _thread(found: CaseFile, texts: Texts, *, masked: bool) -> Iterator[Told]:
    numbers = {row.message_id: row.id for row in found.thread}
    kept = {row.message: row for row in found.kept}
    for row in found.thread:
        end = kept.get(row.id)
        emptied = end is not None and end.emptied_at is not None
        yield {
            "number": row.id,
            "answers": numbers.get(row.parent_id or ""),
            "kind": row.kind.value,
            "flagged": row.id == found.case.message,
            "writer": _writer(row, found.writers.get(row.id, 0), masked=masked),
            "written_at": _moment(row.created_at),
            "first_seen": to_text(row.first_seen),
            "visibility": row.visibility.value,
            "emptied_at": _moment(end.emptied_at) if end else None,
            "emptied_why": end.why.value if end and emptied else None,
            "platform_id": row.message_id if row.by_page or not masked else None,
            "url": row.url or None if row.by_page or not masked else None,
            "attachments": [
                {"kind": item.kind, "text": texts(item.text), "url": None if masked else item.url}
                for item in row.attachments
            ],
            "versions": list(_versions(row, found, texts, emptied=emptied)),
            "findings": [_finding(one) for one in row.findings],
        }


def _writer(row: MessageRow, number: int, *, masked: bool) -> Told:
    """The page by its name, a citizen by their number in the thread; their name as it is kept where all is told."""
    if row.by_page:
        return {"role": "page", "number": None, "name": row.page_name}
    return {"role": "citizen", "number": number or None, "name": None if masked else row.author_name or None}


def _versions(row: MessageRow, found: CaseFile, texts: Texts, *, emptied: bool) -> Iterator[Told]:
    """Every text that the message had, the oldest first; the last one is seen until now."""
    for old in row.versions:
        yield _version(
            old.version, texts(old.text), found.digests[row.id, old.version], old.seen_from, old.seen_until, emptied
        )
    since = row.versions[-1].seen_until if row.versions else row.first_seen
    current = texts(row.text, row.findings)
    yield _version(row.version, current, found.digests[row.id, row.version], since, None, emptied)


def _version(number: int, words: str, digest: str, since: datetime, until: datetime | None, emptied: bool) -> Told:
    return {
        "version": number,
        "seen_from": to_text(since),
        "seen_until": _moment(until),
        "text": None if emptied else words,
        "sha256": None if emptied else hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest(),
        "digest": digest,
    }


def _finding(one: Finding) -> Told:
    return {"type": one.type, "start": one.start, "end": one.end, "reason": one.reason, "detector": one.detector}


def _decision(row: DecisionRow, found: CaseFile, texts: Texts) -> Told:
    return {
        "number": row.id,
        "verdict": row.verdict.value,
        "ground": texts(row.ground),
        "person": row.person,
        "at": to_text(row.at),
        "record_number": found.numbers.get(row.id),
        "undone_at": _moment(row.undone_at),
        "undone_by": row.undone_by,
        "second_look": next((_second(one) for one in found.second_looks if _is_of(one, row)), None),
    }


def _is_of(look: SecondRow, decision: DecisionRow) -> bool:
    """Whether it is the look at this decision; one that was taken back before anybody looked waits for nobody."""
    return look.decision == decision.id and not (look.outcome is Look.WAITING and decision.undone_at)


def _second(row: SecondRow) -> Told:
    return {
        "outcome": row.outcome.value,
        "doubt": row.doubt.value if row.doubt else None,
        "person": row.person,
        "at": _moment(row.at),
    }


def _clock(row: ClockRow | None) -> Told | None:
    """From when the municipality was aware, and until when it may tell the authority (GDPR art. 33)."""
    if row is None:
        return None
    return {
        "began_at": to_text(row.began_at),
        "due_at": to_text(row.due_at),
        "person": row.person,
        "ended_at": _moment(row.ended_at),
    }


def _check(row: CheckRow) -> Told:
    return {"item": row.item.value, "state": row.state.value, "person": row.person, "at": _moment(row.at)}


def _removal(row: RemovalRow) -> Told:
    return {
        "number": row.id,
        "message": row.head,
        "messages": row.size,
        "became": row.became.value,
        "standing": row.standing.value,
        "last_seen": _moment(row.after),
        "missed_at": to_text(row.missed_at),
        "noted_at": to_text(row.at),
        "ground": row.ground.value if row.ground else None,
    }


def _journal(found: CaseFile, signed: Head | None) -> Told:
    row, value = found.head
    return {
        "head": {"row": row, "hash": value},
        "signed_head": asdict(signed) if signed else None,
        "rows": [asdict(entry) for entry in found.journal],
    }


def _moment(at: datetime | None) -> str | None:
    return to_text(at) if at else None
