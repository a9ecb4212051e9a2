"""What the communications department asks: how citizens are answered, about what, and what became of possible breaches.

Each is one query; what it is shown by (institution, platform, topic, weekday and hour) is added up from its rows. The
index is named: left to itself SQLite takes the queue's, and reads all inquiries there ever were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from data.queries import veiling
from data.queries.reader import Reader
from data.scoping import marks, readable, within, within_cases
from data.service_rows import Asked, AskedText, BreachCount
from data.times import COPENHAGEN, from_text
from data.types import Scope

# one that waits for a second look is open, whatever the first person decided
DECIDED: Final = "iif(status IN ('new', 'taken'), '', coalesce(verdict, ''))"
_HARMLESS: Final = ("inquiry", "topic", "urgent")  # detectors whose findings tell of nobody


def asked(reader: Reader, scope: Scope, weeks: Sequence[str], *, given_away: bool = False) -> list[Asked]:
    """The inquiries written in some ISO weeks, without their texts, in no order.

    `given_away`: also those that went on from the scope's institutions to others, for figures page by page.
    """
    condition, names = readable(scope) if given_away else within_cases(scope)
    rows = reader.execute(
        f"""SELECT week, cases.institution_id, page_id, topic, status, substr(written_at, 1, 13), due_at, answered_at,
                unixepoch(answered_at) - unixepoch(written_at) AS seconds
            FROM cases INDEXED BY cases_asked
            WHERE category = 'inquiry' AND week IN ({marks(len(weeks))}) AND {condition}""",  # noqa: S608, placeholders only
        (*weeks, *names),
    )
    platforms = {row["id"]: row["platform"] for row in reader.execute("SELECT id, platform FROM pages")}
    return [
        Asked(
            row[0], row[1], row[2], platforms[row[2]], row[3], row[4], *_local(row[5]), row[6], row[7], row[8]
        )
        for row in rows
    ]  # fmt: skip


def breaches(reader: Reader, scope: Scope, weeks: Sequence[str]) -> list[BreachCount]:
    """Possible breaches written in some ISO weeks, by week, kind and decision."""
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT week, kind, {DECIDED} AS decided, count(*) FROM cases INDEXED BY cases_breaches
            WHERE category = 'confidentiality' AND week IN ({marks(len(weeks))}) AND {condition}
            GROUP BY week, kind, decided""",  # noqa: S608, placeholders only
        (*weeks, *names),
    )
    return [BreachCount(*row) for row in rows]


def asked_texts(reader: Reader, scope: Scope, weeks: Sequence[str]) -> list[AskedText]:
    """The masked texts of the inquiries of some ISO weeks, each with the places in it that may tell who somebody is.

    Needs a scope that may browse. For counting words alone; no screen shows them.
    """
    if not scope.browse:
        return []
    condition, names = within_cases(scope)
    rows = reader.execute(
        f"""SELECT cases.week, text, thread_id, author_key, author_name,
                (SELECT group_concat(start || '-' || "end", ' ') FROM findings
                 WHERE findings.message = messages.id AND findings.version = messages.version
                     AND detector NOT IN ({marks(len(_HARMLESS))})) AS named
            FROM cases INDEXED BY cases_asked JOIN messages ON messages.id = cases.message
            WHERE cases.category = 'inquiry' AND cases.week IN ({marks(len(weeks))}) AND {condition}
                AND NOT messages.by_page""",  # noqa: S608, placeholders only
        (*_HARMLESS, *weeks, *names),
    )
    return [_asked_text(row, masked=scope.masked) for row in rows]


def written_by_page(reader: Reader, scope: Scope, weeks: Sequence[str]) -> dict[str, int]:
    """How much each page itself wrote in some ISO weeks, posts and replies; a page that wrote nothing is left out."""
    condition, names = within(scope)
    rows = reader.execute(
        f"""SELECT page_id, sum(own) FROM volumes WHERE week IN ({marks(len(weeks))}) AND {condition}
            GROUP BY page_id HAVING sum(own) > 0""",  # noqa: S608, placeholders only
        (*weeks, *names),
    )
    return {row[0]: row[1] for row in rows}


def _asked_text(row: sqlite3.Row, *, masked: bool) -> AskedText:
    """Where third parties are masked, without the words that may tell who somebody is, and without a name."""
    text, named = row["text"], _spans(row["named"])
    if masked:
        for begin, end in named:
            text = text[:begin] + veiling.blocks(text[begin:end]) + text[end:]
    return AskedText(
        row["week"], text, row["thread_id"], row["author_key"], "" if masked else row["author_name"], named
    )


def _spans(told: str | None) -> tuple[tuple[int, int], ...]:
    pairs = (span.split("-") for span in (told or "").split())
    return tuple((int(begin), int(end)) for begin, end in pairs)


@lru_cache(maxsize=20_000)
def _local(hour: str) -> tuple[int, int]:
    """Weekday and hour in Copenhagen of a stored time cut after its hour."""
    local = from_text(f"{hour}:00:00Z").astimezone(COPENHAGEN)
    return local.isoweekday(), local.hour
