"""What people decided was no breach, remembered for a page, in the caller's transaction.

decided not a breach ──► learned: keyed hash of page and flagged words, names of the rules, their version
the same again       ──► no case, and a row of `kept_back`
undone, taken back   ──► ended, and what was kept back becomes cases
edited, newer rules  ──► ended; what was kept back is judged again in its own time
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from data import casework, journal
from data.casework import Asked
from data.errors import ChangedError, OutOfScopeError
from data.scoping import within
from data.spans import REMEMBERED, rules_of, told_by
from data.stored import words
from data.times import from_text, to_text
from data.types import CaseDraft, Category, Finding, Judged, Judgement, Scope, Severity, Verdict

Digest = Callable[[str], str]
MACHINE: Final = "sideblik"


@dataclass(frozen=True, slots=True)
class Kept:
    """The case that was not opened, and the remembered decision that says why."""

    remembered: int
    draft: CaseDraft


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    message_id: str  # of the message that it was learned from
    spans: str
    because: str
    rules: str


def keep_back(
    conn: sqlite3.Connection, page_id: str, judged: Sequence[Judged], digest: Digest
) -> tuple[list[Judged], dict[str, Kept]]:
    """The same, without the case of a possible breach where one like it was decided to be none.

    The judgement stays and says so in `because`. What was kept back is told by message_id, for `note`. A message is
    never kept back by what was learned from it: its own decision stands in its own case.
    """
    decided = _known(conn, page_id)
    kept = {one.message.message_id: found for one in judged if (found := _kept(one, page_id, decided, digest))}
    return [_without_case(one) if one.message.message_id in kept else one for one in judged], kept


def learn(conn: sqlite3.Connection, digest: Digest, decision: int, at: datetime) -> None:
    """Remember a decision that something is no breach, where something may be learned from it."""
    row = conn.execute(
        """SELECT decisions.verdict, person, cases.category, cases.page_id, cases.institution_id, message, version,
               text, messages.because, messages.rules, urgent, failed
           FROM decisions JOIN cases ON cases.id = case_id JOIN messages ON messages.id = cases.message
           WHERE decisions.id = ?""",
        (decision,),
    ).fetchone()
    if row["verdict"] != Verdict.NOT_A_BREACH or row["category"] != Category.CONFIDENTIALITY:
        return
    judgement = _judgement(conn, row)
    told = told_by(row["text"], judgement)
    if told is None:
        return
    number = conn.execute(
        """INSERT INTO remembered (decision, page_id, institution_id, message, version, spans, because, rules)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            decision, row["page_id"], row["institution_id"], row["message"], row["version"],
            _hash(digest, row["page_id"], told), words(rules_of(judgement.because)), row["rules"],
        ),
    ).lastrowid  # fmt: skip
    _note(conn, [(number, row["institution_id"])], at, row["person"], "remember", decision=decision)


def undone(conn: sqlite3.Connection, decision: int, person: str, at: datetime) -> None:
    """The decision that it rests on was taken back, by somebody who may."""
    _end(conn, "decision = ?", (decision,), "undone", person, at)


def forget(conn: sqlite3.Connection, scope: Scope, person: str, remembered: int, at: datetime) -> None:
    """Somebody wants to be asked again; the case that it was learned from stays as it was decided."""
    if not (scope.acts and Category.CONFIDENTIALITY in scope.categories):
        raise OutOfScopeError("This role does not decide on breaches; nothing was written.")
    condition, names = within(scope)
    if _end(conn, f"id = ? AND {condition}", (remembered, *names), "taken_back", person, at):
        return
    found = conn.execute(f"SELECT 1 FROM remembered WHERE id = ? AND {condition}", (remembered, *names)).fetchone()  # noqa: S608, placeholders only
    if found:
        raise ChangedError(f"Remembered decision {remembered} has ended already; nothing was written.")
    raise OutOfScopeError("That remembered decision does not exist for you; ask for one of your own list.")


def edited(conn: sqlite3.Connection, messages: Iterable[int], at: datetime) -> None:
    """The texts that something was learned from are others now."""
    numbers = json.dumps(list(messages))
    _end(conn, "message IN (SELECT value FROM json_each(?))", (numbers,), "edited", MACHINE, at)


def newer_rules(conn: sqlite3.Connection, page_id: str, judged: Iterable[Judged], at: datetime) -> None:
    """What was learned under other rules than those that judge the page now is of no use."""
    versions = {one.judgement.rules for one in judged}
    if len(versions) == 1:
        _end(conn, "page_id = ? AND rules <> ?", (page_id, *versions), "rules", MACHINE, at)


def note(conn: sqlite3.Connection, platform: str, saved: Iterable[str], kept: Mapping[str, Kept], at: datetime) -> None:
    """Note what was kept back among messages (by message_id) that were just saved or judged anew."""
    rows = conn.execute(
        "SELECT id, message_id FROM messages WHERE platform = ? AND message_id IN (SELECT value FROM json_each(?))",
        (platform, json.dumps(list(saved))),
    ).fetchall()
    conn.executemany("DELETE FROM kept_back WHERE message = ?", [(number,) for number, _ in rows])
    conn.executemany(
        "INSERT INTO kept_back (message, remembered, kind, severity, at) VALUES (?, ?, ?, ?, ?)",
        [
            (number, kept[name].remembered, kept[name].draft.kind, int(kept[name].draft.severity), to_text(at))
            for number, name in rows
            if name in kept
        ],
    )


def _known(conn: sqlite3.Connection, page_id: str) -> list[_Known]:
    """The decisions that are in force for a page, the oldest first."""
    rows = conn.execute(
        """SELECT remembered.id, message_id, spans, remembered.because, remembered.rules
           FROM remembered JOIN messages ON messages.id = message
           WHERE remembered.page_id = ? AND ended_at IS NULL ORDER BY remembered.id""",
        (page_id,),
    )
    return [_Known(*row) for row in rows]


def _kept(one: Judged, page_id: str, decided: Collection[_Known], digest: Digest) -> Kept | None:
    draft = next((case for case in one.cases if case.category is Category.CONFIDENTIALITY), None)
    told = told_by(one.message.text, one.judgement) if draft is not None and decided else None
    if draft is None or told is None:
        return None
    asked = (_hash(digest, page_id, told), words(rules_of(one.judgement.because)), one.judgement.rules)
    for it in decided:
        if (it.spans, it.because, it.rules) == asked and it.message_id != one.message.message_id:
            return Kept(it.id, draft)
    return None


def _without_case(one: Judged) -> Judged:
    because = (*one.judgement.because, REMEMBERED)
    cases = tuple(case for case in one.cases if case.category is not Category.CONFIDENTIALITY)
    return replace(one, judgement=replace(one.judgement, because=because), cases=cases)


def _hash(digest: Digest, page_id: str, told: str) -> str:
    return digest(f"remembered:{page_id}:{told}")


def _judgement(conn: sqlite3.Connection, row: sqlite3.Row) -> Judgement:
    """As much of a stored judgement as tells what led to the breach."""
    found = conn.execute(
        """SELECT detector, rule, type, start, "end", score, reason FROM findings WHERE message = ? AND version = ?""",
        (row["message"], row["version"]),
    )
    return Judgement(
        urgent=bool(row["urgent"]),
        findings=tuple(Finding(*it) for it in found),
        because=tuple(json.loads(row["because"])),
        failed=tuple(json.loads(row["failed"])),
        rules=row["rules"],
    )


def _end(
    conn: sqlite3.Connection, condition: str, values: Sequence[object], why: str, person: str, at: datetime
) -> bool:
    """End what holds of the condition and is in force; whether there was any."""
    rows = conn.execute(
        f"""UPDATE remembered SET ended_at = ?, ended_by = ?, ended = ? WHERE {condition} AND ended_at IS NULL
            RETURNING id, institution_id""",  # noqa: S608, placeholders only
        (to_text(at), person, why, *values),
    ).fetchall()
    _note(conn, rows, at, person, "forget", why=why)
    if why in {"undone", "taken_back"}:
        for row in rows:
            _ask_again(conn, row["id"], at)
    return bool(rows)


def _ask_again(conn: sqlite3.Connection, remembered: int, at: datetime) -> None:
    """Open the cases that were kept back, unless another decision in force says the same of them."""
    other = conn.execute(
        """SELECT min(other.id) FROM remembered AS this JOIN remembered AS other ON other.page_id = this.page_id
               AND other.spans = this.spans AND other.because = this.because AND other.rules = this.rules
           WHERE this.id = ? AND other.ended_at IS NULL""",
        (remembered,),
    ).fetchone()[0]
    if other is not None:
        conn.execute("UPDATE kept_back SET remembered = ? WHERE remembered = ?", (other, remembered))
        return
    rows = conn.execute(
        """SELECT messages.id, page_id, institution_id, coalesce(created_at, first_seen) AS written, rules, because,
               kept_back.kind, severity
           FROM kept_back JOIN messages ON messages.id = message WHERE remembered = ?""",
        (remembered,),
    ).fetchall()
    drafts = {row["id"]: CaseDraft(Category.CONFIDENTIALITY, row["kind"], Severity(row["severity"])) for row in rows}
    asked = [
        Asked(row["id"], row["page_id"], row["institution_id"], from_text(row["written"]), row["rules"], (draft,))
        for row, draft in zip(rows, drafts.values(), strict=True)
    ]
    casework.renew(conn, asked, at, edited=False)
    conn.executemany(
        "UPDATE messages SET because = ? WHERE id = ?", [(_without(row["because"]), row["id"]) for row in rows]
    )
    conn.execute("DELETE FROM kept_back WHERE remembered = ?", (remembered,))


def _without(because: str) -> str:
    left = [name for name in json.loads(because) if name != REMEMBERED]
    return words(left)


def _note(
    conn: sqlite3.Connection, rows: Iterable[Sequence[object]], at: datetime, person: str, action: str, **detail: object
) -> None:
    for number, institution in rows:
        journal.append(
            conn, at=at, actor=person, action=action, subject=f"remembered:{number}",
            institution_id=str(institution), detail=detail,
        )  # fmt: skip
