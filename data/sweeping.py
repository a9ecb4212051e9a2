"""What is due by the rules of retention, found and emptied some at a time, each batch in a transaction of its own.

A kill between two batches leaves the first emptied and the second as it was; the next run goes on with it. Each batch
is decided anew within its transaction: a hold or an edit that came meanwhile counts.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from data.connection import writing
from data.emptying import ask_to_wipe, empty, unname
from data.keeping_facts import FACTS, Policy, by_number
from data.retention import Why, is_due
from data.times import from_text, to_text, week_of

BATCH: Final = 500
_VISITS: Final = 2000
_CANDIDATES: Final = f"""{FACTS}
    WHERE messages.id > ?1 AND emptied.at IS NULL AND (version_seen <= ?2 OR visibility = 'gone'
        OR messages.platform IN (SELECT value FROM json_each(?3)))
        AND (?4 = '' OR messages.platform IN (SELECT value FROM json_each(?4)))
    ORDER BY messages.id LIMIT ?5"""  # noqa: S608, own words


@dataclass(slots=True)
class Swept:
    """What a run emptied, or would have: messages by what ended them, names that went before their text, visits."""

    texts: Counter[Why] = field(default_factory=Counter)
    names: int = 0
    visits: int = 0

    def figures(self) -> dict[str, int]:
        """The counts that are not zero, by our own words: for the journal and the command line."""
        found = {why.value: self.texts[why] for why in Why} | {"names": self.names, "visits": self.visits}
        return {name: count for name, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a run: `ahead` is the time until the next one, within which terms may not be overstepped."""

    now: datetime
    ahead: timedelta
    platforms: frozenset[str] | None = None
    dry: bool = False


def sweep(
    conn: sqlite3.Connection, policy: Policy, ask: Ask, moved: Callable[[int], object], keep_going: Callable[[], bool]
) -> Swept:
    """Empty what is due; `moved` is told the number of the last message that was looked at."""
    swept = Swept()
    for rows in _batches(conn, policy, ask):
        if not keep_going():
            break
        texts, names = _due(rows, policy, ask)
        if ask.dry:
            _count(swept, texts, names)
        elif texts or names:
            with writing(conn):
                texts, names = _due(by_number(conn, [row["id"] for row in rows]), policy, ask)
                for why, messages in texts.items():
                    empty(conn, messages, why, ask.now)
                unname(conn, names)
            _count(swept, texts, names)
        moved(rows[-1]["id"])
    return swept


def sweep_events(conn: sqlite3.Connection, before: datetime, now: datetime) -> None:
    """Take digests and notes out of what removals, decisions and holds were told before `before`; the events stay."""
    values = {"before": to_text(before), "now": to_text(now)}
    with writing(conn):
        changed = 0
        for statement in _EVENTS:
            changed += conn.execute(statement, values).rowcount
        if changed:
            ask_to_wipe(conn)


def sweep_visits(conn: sqlite3.Connection, before: datetime, *, dry: bool) -> int:
    """Remove visits from before `before`, but for those that the reports of their weeks rest on; how many."""
    rows = conn.execute(
        "SELECT id, page_id, source, started_at, outcome FROM visits WHERE started_at < ? AND outcome <> 'running'"
        " ORDER BY started_at, id",
        (to_text(before),),
    ).fetchall()
    kept = _told_of(rows)
    gone = [(row["id"],) for row in rows if row["id"] not in kept]
    for begin in range(0, 0 if dry else len(gone), _VISITS):
        with writing(conn):
            conn.executemany("DELETE FROM visits WHERE id = ?", gone[begin : begin + _VISITS])
    return len(gone)


_EVENTS: Final = (
    "UPDATE sightings SET digest = '' WHERE at < :before AND digest <> ''",
    "UPDATE explanations SET note = '' WHERE at < :before AND note <> ''",
    "UPDATE photo_answers SET note = '' WHERE at < :before AND note <> ''",
    """UPDATE decisions SET ground = '' WHERE at < :before AND ground <> '' AND NOT EXISTS (SELECT 1 FROM holds
        WHERE holds.case_id = decisions.case_id AND lifted_at IS NULL AND until > :now)""",
    "UPDATE holds SET ground = '' WHERE until < :before AND ground <> ''",
)


def _batches(conn: sqlite3.Connection, policy: Policy, ask: Ask) -> Iterator[list[sqlite3.Row]]:
    """Messages that may be due, by number; those of platforms with terms are all looked at."""
    rules = policy.rules
    oldest = ask.now - timedelta(days=min(rules.comments, rules.own_posts))
    bound = [name for name, one in policy.ceilings.items() if one.texts is not None or one.names is not None]
    asked = "" if ask.platforms is None else json.dumps(sorted(ask.platforms))
    after = 0
    while rows := conn.execute(_CANDIDATES, (after, to_text(oldest), json.dumps(bound), asked, BATCH)).fetchall():
        after = rows[-1]["id"]
        yield rows


def _due(rows: Sequence[sqlite3.Row], policy: Policy, ask: Ask) -> tuple[Mapping[Why, list[int]], list[int]]:
    texts: dict[Why, list[int]] = {}
    names: list[int] = []
    for row in rows:
        end = policy.end(row)
        if row["emptied_at"]:
            continue
        if is_due(end, ask.now, ask.ahead):
            texts.setdefault(end.why, []).append(row["id"])
        elif row["named"] and (at := policy.names_end(row)) is not None and at <= ask.now + ask.ahead:
            names.append(row["id"])
    return texts, names


def _count(swept: Swept, texts: Mapping[Why, Collection[int]], names: Collection[int]) -> None:
    swept.texts.update({why: len(messages) for why, messages in texts.items()})
    swept.names += len(names)


def _told_of(rows: Sequence[sqlite3.Row]) -> set[int]:
    """The last complete visit of each page and week: the week's report tells its coverage."""
    last = {
        (row["page_id"], week_of(from_text(row["started_at"]))): row["id"]
        for row in rows
        if row["outcome"] == "complete" and row["source"] == "visit"
    }
    return set(last.values())
