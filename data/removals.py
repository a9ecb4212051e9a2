"""The removal ledger's writing side: each removal is one question, opened by what visits see and answered by people.

    moved ──► counted out of the removal that it leaves (back again, or hidden before and gone now)
          └─► hidden, gone or unreachable: one removal a root, with everything that went along under it

A post that goes takes its comments along, a comment its replies: that is one act and one question. A thread that the
platform refuses is one removal too, and asks nobody: nothing is known of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from data import journal
from data.bulk import insert, next_id
from data.errors import ChangedError, OutOfScopeError
from data.removal_rows import Ground
from data.scoping import within
from data.times import to_text, week_of
from data.types import Scope, Visibility

_REMOVAL: Final = (
    "id", "page_id", "institution_id", "thread_id", "head", "became", "after", "missed_at", "at", "week",
    "size", "standing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """A message that changed its state; `after` and `missed_at` as in `removals`, None where it was never seen."""

    id: int
    page_id: str
    institution_id: str
    message_id: str
    thread_id: str
    parent_id: str | None
    digest: str
    was: str
    became: Visibility
    after: str | None
    missed_at: str


def opened(conn: sqlite3.Connection, moved: Sequence[Moved], at: datetime) -> dict[int, int]:
    """Count messages out of the removals that they leave and open those that they enter; removal by message."""
    _settle(conn, [one.id for one in moved if one.was in _ASKED], to_text(at))
    entered = [one for one in moved if one.became is not Visibility.VISIBLE]
    found = _resumed(conn, entered)
    groups: dict[int, list[Moved]] = {}
    roots = _roots([one for one in entered if one.id not in found])
    for one in entered:
        if one.id not in found:
            groups.setdefault(roots[one.id].id, []).append(one)
    heads = {one.id: one for one in roots.values()}
    first = next_id(conn, "removals")
    rows = [_row(first + place, heads[root], len(group), at) for place, (root, group) in enumerate(groups.items())]
    insert(conn, "removals", _REMOVAL, rows)
    return found | {one.id: first + place for place, group in enumerate(groups.values()) for one in group}


def explain(
    conn: sqlite3.Connection,
    scope: Scope,
    person: str,
    asked: Mapping[int, int],
    ground: Ground,
    note: str,
    at: datetime,
) -> int:
    """One answer to one or more removals (`asked`: revision by number), all or none; the number to undo it by.

    A removal that is explained is not explained again before that is undone; "we do not know" may be bettered.
    """
    _require(scope)
    together = next_id(conn, "explanations")
    for place, (removal, revision) in enumerate(sorted(asked.items())):
        was = _answer(conn, scope, removal, revision, ground)
        conn.execute(
            "INSERT INTO explanations (id, removal, together, was, ground, note, person, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (together + place, removal, together, was, ground.value, note, person, to_text(at)),
        )
        _note(conn, at, person, "explain", removal, ground=ground.value)
    return together


def undo(conn: sqlite3.Connection, scope: Scope, person: str, explanation: int, at: datetime) -> int:
    """Take an answer back, with all removals that it was given to at once and that rest on it; how many they were."""
    _require(scope)
    condition, names = within(scope)
    rows = conn.execute(
        f"""SELECT explanations.id, removal, was FROM explanations JOIN removals ON removals.id = removal
            WHERE together = (SELECT together FROM explanations WHERE id = ?) AND undone_at IS NULL AND {condition}
                AND explanations.id = (SELECT max(id) FROM explanations AS later
                                       WHERE later.removal = removals.id AND later.undone_at IS NULL)""",  # noqa: S608, placeholders only
        (explanation, *names),
    ).fetchall()
    if explanation not in {row["id"] for row in rows}:
        raise _refusal(conn, scope, _removal_of(conn, explanation))
    for row in rows:
        conn.execute(
            "UPDATE explanations SET undone_at = ?, undone_by = ? WHERE id = ?", (to_text(at), person, row["id"])
        )
        conn.execute(
            "UPDATE removals SET ground = ?, revision = revision + 1 WHERE id = ?", (row["was"], row["removal"])
        )
        _note(conn, at, person, "unexplain", row["removal"])
    return len(rows)


_ASKED: Final = frozenset({Visibility.HIDDEN, Visibility.GONE, Visibility.UNREACHABLE})
_LAST: Final = "(SELECT removal FROM sightings WHERE message = ? ORDER BY id DESC LIMIT 1)"


def _settle(conn: sqlite3.Connection, messages: Iterable[int], at: str) -> None:
    conn.executemany(
        f"""UPDATE removals SET standing = standing - 1, settled_at = CASE standing WHEN 1 THEN ? END
            WHERE standing > 0 AND id = {_LAST}""",  # noqa: S608, own words
        [(at, message) for message in messages],
    )


def _resumed(conn: sqlite3.Connection, entered: Sequence[Moved]) -> dict[int, int]:
    """Messages that were hidden before their thread was refused and are hidden still: the same removal goes on."""
    found: dict[int, int] = {}
    for one in entered:
        if (one.was, one.became) == (Visibility.UNREACHABLE, Visibility.HIDDEN):
            rows = conn.execute(
                "SELECT was, removal FROM sightings WHERE message = ? ORDER BY id DESC LIMIT 2", (one.id,)
            ).fetchall()
            if len(rows) > 1 and rows[0]["was"] == Visibility.HIDDEN and rows[1]["removal"]:
                found[one.id] = rows[1]["removal"]
    conn.executemany(
        "UPDATE removals SET standing = standing + 1, settled_at = NULL WHERE id = ?",
        [(removal,) for removal in found.values()],
    )
    return found


def _roots(entered: Sequence[Moved]) -> dict[int, Moved]:
    """What each message went with: the topmost above it that went the same way at the same time; itself for most."""
    by_id = {(one.page_id, one.became, one.message_id): one for one in entered}
    firsts: dict[tuple[str, str], Moved] = {}
    for one in entered:
        if one.became is Visibility.UNREACHABLE:
            firsts.setdefault((one.page_id, one.thread_id), one)
    roots: dict[int, Moved] = {}
    for one in entered:
        top = by_id.get((one.page_id, one.became, one.thread_id)) or firsts.get((one.page_id, one.thread_id))
        roots[one.id] = top if top and top.became is one.became else _topmost(one, by_id)
    return roots


def _topmost(one: Moved, by_id: Mapping[tuple[str, Visibility, str], Moved]) -> Moved:
    passed = {one.id}
    while one.parent_id and (above := by_id.get((one.page_id, one.became, one.parent_id))) and above.id not in passed:
        one = above
        passed.add(one.id)
    return one


def _row(number: int, head: Moved, size: int, at: datetime) -> tuple[object, ...]:
    return (
        number, head.page_id, head.institution_id, head.thread_id, head.id, head.became.value, head.after,
        head.missed_at, to_text(at), week_of(at), size, size,
    )  # fmt: skip


def _answer(conn: sqlite3.Connection, scope: Scope, removal: int, revision: int, ground: Ground) -> str | None:
    """Give a removal its ground; the one that it had."""
    condition, names = within(scope)
    had = conn.execute("SELECT ground FROM removals WHERE id = ?", (removal,)).fetchone()
    changed = conn.execute(
        f"""UPDATE removals SET ground = ?, revision = revision + 1
            WHERE id = ? AND revision = ? AND (ground IS NULL OR ground = 'unknown') AND {condition}""",  # noqa: S608, placeholders only
        (ground.value, removal, revision, *names),
    ).rowcount
    if not changed:
        raise _refusal(conn, scope, removal)
    return str(had["ground"]) if had["ground"] else None


def _require(scope: Scope) -> None:
    if not (scope.acts and scope.browse):
        raise OutOfScopeError("This role does not explain removals; nothing was written.")


def _refusal(conn: sqlite3.Connection, scope: Scope, removal: int) -> ChangedError | OutOfScopeError:
    condition, names = within(scope)
    theirs = conn.execute(f"SELECT 1 FROM removals WHERE id = ? AND {condition}", (removal, *names)).fetchone()  # noqa: S608, placeholders only
    if theirs:
        return ChangedError(f"Removal {removal} has changed since it was read; nothing was written. Look at it again.")
    return OutOfScopeError("That removal does not exist for you; nothing was written. Ask for one of your own list.")


def _removal_of(conn: sqlite3.Connection, explanation: int) -> int:
    row = conn.execute("SELECT removal FROM explanations WHERE id = ?", (explanation,)).fetchone()
    return int(row["removal"]) if row else 0


def _note(conn: sqlite3.Connection, at: datetime, person: str, action: str, removal: int, **detail: object) -> None:
    row = conn.execute("SELECT institution_id, became FROM removals WHERE id = ?", (removal,)).fetchone()
    journal.append(
        conn,
        at=at,
        actor=person,
        action=action,
        subject=f"removal:{removal}",
        institution_id=row["institution_id"],
        detail={"became": row["became"], **detail},
    )


def facts(conn: sqlite3.Connection, messages: Iterable[int]) -> dict[int, sqlite3.Row]:
    """What the ledger needs to know of messages that moved, by number."""
    rows = conn.execute(
        """SELECT messages.id, page_id, institution_id, message_id, thread_id, parent_id, digest, version_seen,
               misses.after AS miss_after, misses.at AS miss_at
           FROM messages LEFT JOIN misses ON misses.message = messages.id
           WHERE messages.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(messages)),),
    )
    return {row["id"]: row for row in rows}
