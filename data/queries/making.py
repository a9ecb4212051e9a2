"""From rows to records, once for all queries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from data.queries.reader import Reader
from data.rows import CaseRow, MessageRow, VersionRow, VisitRow
from data.stored import read_attachments
from data.times import from_text
from data.types import Category, Finding, Kind, Outcome, Severity, Status, Tally, Verdict, Visibility

T = TypeVar("T")
EXCERPT: Final = 600  # code points of a text that a queue shows

CASE: Final = f"""
    SELECT cases.*, pages.name AS page_name, pages.platform AS platform, institutions.name AS institution_name,
        messages.kind AS message_kind, messages.by_page, messages.author_name,
        substr(messages.text, 1, {EXCERPT}) AS text,
        messages.url, messages.visibility, messages.thread_id,
        (SELECT name FROM passings JOIN institutions AS givers ON givers.id = from_id
            WHERE case_id = cases.id AND ended_at IS NULL ORDER BY passings.id DESC LIMIT 1) AS passed_from
    FROM cases JOIN messages ON messages.id = cases.message JOIN pages ON pages.id = cases.page_id
        JOIN institutions ON institutions.id = cases.institution_id
    WHERE cases.id IN (SELECT value FROM json_each(?))"""  # noqa: S608, a number of our own

MESSAGE: Final = """
    SELECT messages.*, pages.name AS page_name FROM messages JOIN pages ON pages.id = messages.page_id
    WHERE messages.id IN (SELECT value FROM json_each(?))"""


def cases_by_id(reader: Reader, numbers: Sequence[int]) -> list[CaseRow]:
    """The cases of these numbers, in their order. The scope was checked where the numbers came from."""
    rows = {row["id"]: case_row(row) for row in reader.execute(CASE, (json.dumps(numbers),))} if numbers else {}
    return [rows[number] for number in numbers if number in rows]


def messages_by_id(reader: Reader, numbers: Sequence[int]) -> list[MessageRow]:
    """The messages of these numbers, in their order, with findings and versions; scope as above."""
    if not numbers:
        return []
    wanted = (json.dumps(numbers),)
    rows = {row["id"]: row for row in reader.execute(MESSAGE, wanted)}
    found = _findings(reader, wanted)
    older = _versions(reader, wanted)
    return [message_row(rows[number], found, older) for number in numbers if number in rows]


def case_row(row: sqlite3.Row) -> CaseRow:
    return CaseRow(
        id=row["id"],
        revision=row["revision"],
        category=Category(row["category"]),
        kind=row["kind"],
        topic=row["topic"],
        severity=Severity(row["severity"]),
        status=Status(row["status"]),
        page_id=row["page_id"],
        page_name=row["page_name"],
        platform=row["platform"],
        institution_id=row["institution_id"],
        institution_name=row["institution_name"],
        message_kind=Kind(row["message_kind"]),
        by_page=bool(row["by_page"]),
        author_name=row["author_name"],
        text=row["text"],
        url=row["url"],
        visibility=Visibility(row["visibility"]),
        written_at=from_text(row["written_at"]),
        opened_at=from_text(row["opened_at"]),
        due_at=moment(row["due_at"]),
        answered_at=moment(row["answered_at"]),
        taken_by=row["taken_by"],
        taken_at=moment(row["taken_at"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        thread_id=row["thread_id"],
        message=row["message"],
        sort=row["sort"],
        newer_rule=bool(row["newer_rule"]),
        passed_from=row["passed_from"] or "",
    )


def message_row(
    row: sqlite3.Row, findings: Mapping[int, list[Finding]], versions: Mapping[int, list[VersionRow]]
) -> MessageRow:
    return MessageRow(
        id=row["id"],
        platform=row["platform"],
        message_id=row["message_id"],
        page_id=row["page_id"],
        page_name=row["page_name"],
        institution_id=row["institution_id"],
        kind=Kind(row["kind"]),
        thread_id=row["thread_id"],
        parent_id=row["parent_id"],
        by_page=bool(row["by_page"]),
        author_name=row["author_name"],
        text=row["text"],
        url=row["url"],
        attachments=read_attachments(row["attachments"]),
        created_at=moment(row["created_at"]),
        first_seen=from_text(row["first_seen"]),
        version=row["version"],
        visibility=Visibility(row["visibility"]),
        comment_count=row["comment_count"],
        inquiry=row["inquiry"],
        breach=row["breach"],
        tone=row["tone"],
        urgent=bool(row["urgent"]),
        because=read_words(row["because"]),
        failed=read_words(row["failed"]),
        findings=tuple(findings.get(row["id"], ())),
        versions=tuple(versions.get(row["id"], ())),
    )


def visit_row(row: sqlite3.Row) -> VisitRow:
    return VisitRow(
        id=row["id"],
        page_id=row["page_id"],
        source=row["source"],
        started_at=from_text(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        outcome=Outcome(row["outcome"]),
        tally=Tally(row["fetched"], row["new"], row["edited"], row["gone"], row["unchanged"]),
        calls=row["calls"],
        stored=row["stored"],
        claimed=row["claimed"],
        error=row["error"],
        detail=row["detail"],
        who=row["who"],
    )


def moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def read_words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text != "[]" else ()


def danish(name: str) -> str:
    """A key that sorts names as Danish does: æ, ø, å last."""
    return name.lower().translate(str.maketrans("æäøöå", "{{||}"))


def coverage(stored: int | None, claimed: int | None) -> float | None:
    """Stored comments against the platform's own count; None where it told none."""
    return stored / claimed if stored is not None and claimed else None


def _findings(reader: Reader, wanted: tuple[Any, ...]) -> dict[int, list[Finding]]:
    rows = reader.execute(
        """SELECT findings.* FROM findings JOIN messages ON messages.id = findings.message
               AND messages.version = findings.version
           WHERE findings.message IN (SELECT value FROM json_each(?)) ORDER BY findings.start, findings.id""",
        wanted,
    )
    return _grouped((row["message"], finding(row)) for row in rows)


def finding(row: sqlite3.Row) -> Finding:
    return Finding(row["detector"], row["rule"], row["type"], row["start"], row["end"], row["score"], row["reason"])


def _versions(reader: Reader, wanted: tuple[Any, ...]) -> dict[int, list[VersionRow]]:
    rows = reader.execute(
        "SELECT * FROM versions WHERE message IN (SELECT value FROM json_each(?)) ORDER BY message, version", wanted
    )
    return _grouped(
        (
            row["message"],
            VersionRow(row["version"], row["text"], from_text(row["seen_from"]), from_text(row["seen_until"])),
        )
        for row in rows
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = {}
    for number, value in pairs:
        groups.setdefault(number, []).append(value)
    return groups
