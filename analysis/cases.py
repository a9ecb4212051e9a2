"""What a person should look at: one case for each category in which a judgement asks for it."""

from __future__ import annotations

from datetime import datetime

from data.types import Breach, CaseDraft, Category, Inquiry, Judgement, Message, Page, Severity, Tone
from data.worktime import deadline

_BREACH = {Breach.CLEAR: Severity.SERIOUS, Breach.POSSIBLE: Severity.NORMAL, Breach.SELF: Severity.NOTE}


def cases_for(message: Message, judgement: Judgement, page: Page, now: datetime) -> tuple[CaseDraft, ...]:
    """The cases of one message, at most one a category.

    An inquiry is due by the page's goal, counted from when it was written, or from `now` where the platform gives no
    time. The page asks nothing of itself, so its own messages open no inquiry.
    """
    drafts = []
    if judgement.inquiry is not Inquiry.NONE and not message.by_page:
        drafts.append(_inquiry(judgement, deadline(page, message.created_at or now, urgent=judgement.urgent)))
    if judgement.breach is not Breach.NONE:
        drafts.append(CaseDraft(Category.CONFIDENTIALITY, judgement.breach.value, _BREACH[judgement.breach]))
    if judgement.tone is not Tone.NONE:
        severity = Severity.SERIOUS if judgement.tone is Tone.THREAT else Severity.NORMAL
        drafts.append(CaseDraft(Category.TONE, judgement.tone.value, severity))
    return tuple(drafts)


def _inquiry(judgement: Judgement, due_at: datetime) -> CaseDraft:
    severity = Severity.SERIOUS if judgement.urgent else Severity.NORMAL
    return CaseDraft(Category.INQUIRY, judgement.inquiry.value, severity, judgement.topic, due_at)
