"""What helps with a reply: the yardstick, which of the saved answers fit, and how one is filled."""

from __future__ import annotations

import html
from collections.abc import Iterable

from dashboard.settings_replies import SavedReply
from dashboard.words import known, text
from data.rows import CaseRow

YARDSTICK = ("answers", "guides", "kind")  # the Ombudsman, FOB 2023-1


def yardstick() -> str:
    """What a reply of an authority is measured by, in three lines, and where a CPR number belongs."""
    lines = "".join(f"<li>{html.escape(text(f'reply.{line}'))}</li>" for line in YARDSTICK)
    cpr = f'<p class="sb-trouble">{html.escape(text("reply.no_cpr"))}</p>'
    return f'<div class="sb-why"><h3>{html.escape(text("reply.yardstick"))}</h3><ul>{lines}</ul></div>{cpr}'


def fitting(saved: Iterable[SavedReply], topic: str) -> list[SavedReply]:
    """The saved answers, those for this topic first, then those for all; what is for other topics is left out."""
    own = [one for one in saved if topic in one.topics]
    return own + [one for one in saved if not one.topics]


def filled(one: SavedReply, case: CaseRow) -> str:
    """A saved answer with this inquiry's page, institution and topic in it."""
    topic = text(f"topic.{case.topic}") if case.topic and known(f"topic.{case.topic}") else text("topic.andet")
    return one.filled(page=case.page_name, institution=case.institution_name, topic=topic)


def added(draft: str, more: str) -> str:
    """A draft with a text below it: what somebody wrote is never overwritten."""
    return f"{draft.rstrip()}\n\n{more}" if draft.strip() else more
