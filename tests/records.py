"""Small made-up records for the tests of what is stored and asked: two institutions, a page each."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from data.types import (
    CaseDraft,
    Category,
    Finding,
    Inquiry,
    Institution,
    Judged,
    Judgement,
    Kind,
    Message,
    Page,
    Scope,
    Severity,
    Tone,
    Visibility,
)

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday of 2026-W47
WEEK = "2026-W47"
SCHOOL = Institution("skolen", "Nørreå Skole", "school")
HOME = Institution("hjemmet", "Plejehjemmet Åsen", "nursing_home")
SCHOOL_PAGE = Page("skole_fb", "skolen", "facebook", "Skolen på nettet", "https://example.dk/skole", "100")
HOME_PAGE = Page("hjem_fb", "hjemmet", "facebook", "Åsen på nettet", "https://example.dk/hjem", "200")
ALL = Scope(everywhere=True, categories=frozenset(Category), browse=True, acts=True)
SCHOOL_ONLY = Scope(institutions=frozenset({"skolen"}), categories=frozenset(Category), browse=True, acts=True)


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def ahead(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


def rows(folder: Path, sql: str) -> list[tuple]:
    """What a query of the test's own finds in the database of a test."""
    conn = sqlite3.connect(folder / "sideblik.db")
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def message(name: str, text: str = "Tak for i går.", *, page: Page = SCHOOL_PAGE, **fields) -> Message:
    """A comment under the post p1, or the post itself, whose digest tells its text."""
    is_post = name.startswith("p")
    made = Message(
        platform=page.platform,
        message_id=name,
        page_id=page.id,
        kind=Kind.POST if is_post else Kind.COMMENT,
        text=text,
        thread_id=name if is_post else "p1",
        digest=f"digest of {text}",
        parent_id=None if is_post else "p1",
        created_at=NOON - timedelta(hours=2) if is_post else NOON - timedelta(hours=1),
        by_page=is_post,
    )
    return replace(made, **fields)


def plain(name: str, text: str = "Tak for i går.", **fields) -> Judged:
    """A message in which nothing was found."""
    return Judged(message(name, text, **fields), Judgement(rules="r1"))


def asking(name: str, text: str = "Hvornår åbner I?", **fields) -> Judged:
    """A citizen's question: one finding, one case with a deadline two days after it was written."""
    made = message(name, text, **fields)
    found = Finding("inquiry", 1, "question", 0, 7, 0.9, "question_word")
    due = (made.created_at or NOON) + timedelta(hours=48)
    draft = CaseDraft(Category.INQUIRY, "question", Severity.NORMAL, "opening_hours", due)
    return Judged(made, Judgement(inquiry=Inquiry.QUESTION, findings=(found,), rules="r1"), (draft,))


def telling(name: str, text: str = "Karla i 3.b har fået diabetes.", **fields) -> Judged:
    """A possible breach, clear: two findings, one case."""
    made = message(name, text, **fields)
    found = (Finding("person", 1, "person", 0, 5, 0.8, "name"), Finding("health", 2, "health", 20, 28, 0.9, "illness"))
    draft = CaseDraft(Category.CONFIDENTIALITY, "clear", Severity.SERIOUS)
    return Judged(made, Judgement(findings=found, rules="r1"), (draft,))


def shouting(name: str, text: str, **fields) -> Judged:
    """A threat: its first words but the first are the finding."""
    begin = text.index(" ") + 1
    end = text.index(",") if "," in text else len(text)
    found = Finding("tone", 1, "threat", begin, end, 0.9, "tone_threat")
    draft = CaseDraft(Category.TONE, "threat", Severity.SERIOUS)
    return Judged(message(name, text, **fields), Judgement(tone=Tone.THREAT, findings=(found,), rules="r1"), (draft,))


def hidden(one: Judged) -> Judged:
    return replace(one, message=replace(one.message, visibility=Visibility.HIDDEN))


def set_up(store: Store) -> None:
    store.set_places([SCHOOL, HOME], [SCHOOL_PAGE, HOME_PAGE])
