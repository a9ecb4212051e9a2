"""Which cases a judgement opens, how grave, and by when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analysis.cases import cases_for
from data.types import Breach, Category, Inquiry, Judgement, Kind, Message, Page, Severity, Tone

WRITTEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = Page("p", "i", "facebook", "Skolen", "", "", goal_hours=24)


def drafts(judgement: Judgement, *, created_at: datetime | None = WRITTEN, by_page: bool = False):
    message = Message("facebook", "1", "p", Kind.COMMENT, "", "1", "", created_at=created_at, by_page=by_page)
    return cases_for(message, judgement, PAGE, NOW)


def test_nothing_found_nothing_to_do():
    """A harmless text opens no case."""
    assert () == drafts(Judgement())


@pytest.mark.parametrize(("created_at", "due"), [(WRITTEN, WRITTEN), (None, NOW)])
def test_an_inquiry_is_due_by_the_pages_goal(created_at, due):
    """Counted from when it was written, or from now where the platform does not tell."""
    (case,) = drafts(Judgement(inquiry=Inquiry.QUESTION, topic="skole"), created_at=created_at)
    assert (Category.INQUIRY, "question", "skole", due + timedelta(hours=24)) == (
        case.category,
        case.kind,
        case.topic,
        case.due_at,
    )


@pytest.mark.parametrize(
    ("judgement", "category", "severity"),
    [
        (Judgement(inquiry=Inquiry.REQUEST), Category.INQUIRY, Severity.NORMAL),
        (Judgement(inquiry=Inquiry.REQUEST, urgent=True), Category.INQUIRY, Severity.SERIOUS),
        (Judgement(breach=Breach.CLEAR), Category.CONFIDENTIALITY, Severity.SERIOUS),
        (Judgement(breach=Breach.POSSIBLE), Category.CONFIDENTIALITY, Severity.NORMAL),
        (Judgement(breach=Breach.SELF), Category.CONFIDENTIALITY, Severity.NOTE),
        (Judgement(tone=Tone.THREAT), Category.TONE, Severity.SERIOUS),
        (Judgement(tone=Tone.HATE), Category.TONE, Severity.NORMAL),
        (Judgement(tone=Tone.ABUSE), Category.TONE, Severity.NORMAL),
    ],
)
def test_severity(judgement, category, severity):
    """What may harm someone now comes first."""
    assert [(category, severity)] == [(case.category, case.severity) for case in drafts(judgement)]


def test_one_case_a_category():
    """A text that asks, tells and threatens is three things for three people."""
    judged = Judgement(inquiry=Inquiry.COMPLAINT, breach=Breach.CLEAR, tone=Tone.THREAT)
    assert [Category.INQUIRY, Category.CONFIDENTIALITY, Category.TONE] == [case.category for case in drafts(judged)]


def test_the_page_asks_nothing_of_itself():
    """Its own messages open no inquiry, but they may well disclose something."""
    judged = Judgement(inquiry=Inquiry.QUESTION, breach=Breach.POSSIBLE)
    assert [Category.CONFIDENTIALITY] == [case.category for case in drafts(judged, by_page=True)]
