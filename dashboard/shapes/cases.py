"""A case as a card of its queue and as the head of its own pane."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes.basics import pill, severity_pill, status_pill, visibility_pill
from dashboard.shapes.marking import spans_of, told_by
from dashboard.shapes.passing import lapse_pill, passed_pill
from dashboard.words import text
from data.rows import CaseRow, DecisionRow, MessageRow
from data.types import Category, Status, Verdict

OPEN = frozenset({Status.NEW, Status.TAKEN})
EXCERPT = 190
FEW = 2  # so many reasons are told in full
VERDICTS: dict[Category, tuple[Verdict, ...]] = {
    Category.INQUIRY: (Verdict.ANSWERED, Verdict.NO_ANSWER_NEEDED),
    Category.CONFIDENTIALITY: (
        Verdict.NOT_A_BREACH,
        Verdict.EDITED,
        Verdict.HIDDEN,
        Verdict.DELETED,
        Verdict.REPORTED_TO_DPO,
    ),
    Category.TONE: (
        Verdict.NO_ANSWER_NEEDED,
        Verdict.EDITED,
        Verdict.HIDDEN,
        Verdict.DELETED,
    ),
    Category.PHOTO: (Verdict.NOT_A_BREACH, Verdict.DELETED),
}
GROUND_NEEDED = frozenset({Verdict.NO_ANSWER_NEEDED, Verdict.NOT_A_BREACH})


def verdict(one: Verdict, category: Category) -> str:
    """A verdict in the words of its category where it has words of its own: no need of an answer is no harsh tone."""
    own = f"verdict.{category}.{one}"
    return text(own) if words.known(own) else text(f"verdict.{one}")


def title(case: CaseRow) -> str:
    """What it is, in our own words: safe as a label."""
    kind = text(f"kind.{case.kind}") if words.known(f"kind.{case.kind}") else text(f"category.{case.category}")
    topic = text(f"topic.{case.topic}") if words.known(f"topic.{case.topic}") else ""
    return f"{kind} · {topic}" if topic else kind


def card(case: CaseRow, now: datetime, *, release_hours: int = 0) -> str:
    """The card's body below its title; `release_hours`: after how many a taken case is nobody's again, 0 for never."""
    where = f"{safe.name(case.institution_name)} · {html.escape(platform(case.platform))}"
    author = text("case.by_page") if case.by_page else ""
    meta = " · ".join(
        part for part in (where, html.escape(words.ago(case.written_at, now)), html.escape(author)) if part
    )
    pills = [
        severity_pill(case.severity),
        status_pill(case.status, case.taken_by),
        deadline_pill(case, now),
        visibility_pill(case.visibility),
        newer_pill(case),
        journalised_pill(case),
        passed_pill(case),
        lapse_pill(case, now, release_hours),
    ]
    return (
        f'<div class="sb-meta">{meta}</div><div class="sb-excerpt">{safe.excerpt(case.text, EXCERPT)}</div>'
        f'<div class="sb-pills">{"".join(pills)}</div>'
    )


def head(case: CaseRow, now: datetime, *, release_hours: int = 0) -> str:
    """The pane's head: what, where, when, and how long there is."""
    names = dict.fromkeys((case.institution_name, case.page_name))  # a page is often called as its institution
    place = " · ".join([*(safe.name(one) for one in names), html.escape(platform(case.platform))])
    written = text("case.written", moment=words.both(case.written_at, now))
    pills = [severity_pill(case.severity), status_pill(case.status, case.taken_by), visibility_pill(case.visibility)]
    pills += [newer_pill(case), passed_pill(case), lapse_pill(case, now, release_hours)]
    number = html.escape(text("case.number", number=case.id))
    return (
        f'<div class="sb-head"><h2>{html.escape(title(case))} <span class="sb-muted">{number}</span></h2>'
        f'<div class="sb-pills">{"".join(pills)}</div><div class="sb-meta">{place}</div>'
        f'<div class="sb-meta">{html.escape(written)}</div>{_deadline_line(case, now)}</div>'
    )


def journalised_pill(case: CaseRow) -> str:
    """That the case stands in the municipality's record system."""
    return pill(text("verdict.journalised"), "▣", "good") if case.verdict is Verdict.JOURNALISED else ""


def newer_pill(case: CaseRow) -> str:
    """That the text was there before the rule that found it."""
    return pill(text("case.newer_rule"), "↻") if case.newer_rule else ""


def deadline_pill(case: CaseRow, now: datetime) -> str:
    if case.due_at is None or case.status not in OPEN:
        return ""
    if case.due_at < now:
        return pill(text("deadline.over", ago=words.ago(case.due_at, now)), "◷", "bad")
    return pill(text("deadline.left", moment=words.latest(case.due_at, now)), "◷")


def reasons(case: CaseRow, thread: Sequence[MessageRow]) -> str:
    """Each reason once, in a sentence, with the words that it was read from."""
    telling = told_by(thread, case.message, case.category)
    found: dict[tuple[str, str], list[str]] = {}
    for row in thread:
        if row.id in telling:
            for span, code in spans_of(row, case.category):
                more = "" if span.kind == "ask" else _more(code)  # who asks breaks no rule
                found.setdefault((span.why, more), []).append(row.text[span.start : span.end])
    folded = len(found) > FEW
    items = [
        f"<li>{_quoted(quotes)} {html.escape(why)}{'' if folded else more}</li>"
        for (why, more), quotes in found.items()
    ]
    if not items:
        items = [f"<li>{html.escape(text('reason.whole'))}</li>"]
    rules = _folded(found) if folded else ""
    return f'<div class="sb-why"><h3>{html.escape(text("case.why"))}</h3><ul>{"".join(items)}</ul>{rules}</div>'


def _folded(found: Iterable[tuple[str, str]]) -> str:
    """What each reason touches and when it is harmless, to be opened: many reasons would push the text off a screen."""
    items = "".join(f"<li>{html.escape(why)}{more}</li>" for why, more in found if more)
    if not items:
        return ""
    return f"<details><summary>{html.escape(text('reason.rules'))}</summary><ul>{items}</ul></details>"


def decided(rows: Iterable[DecisionRow], category: Category, now: datetime) -> str:
    """What was decided, newest first; a decision taken back stays and says so."""
    items = []
    for row in rows:
        line = text("decision.line", verdict=verdict(row.verdict, category), moment=words.moment(row.at, now))
        undone = f" {pill(text('decision.undone', person=row.undone_by or ''), '↶')}" if row.undone_at else ""
        ground = f'<div class="sb-ground">{safe.highlight(row.ground)}</div>' if row.ground else ""
        items.append(f"<li><strong>{html.escape(line)}</strong> · {safe.name(row.person)}{undone}{ground}</li>")
    if not items:
        return ""
    return f'<div class="sb-decided"><h3>{html.escape(text("decision.title"))}</h3><ul>{"".join(items)}</ul></div>'


def platform(code: str) -> str:
    """A platform's name in our words; a new one stands for itself."""
    return text(f"platform.{code}") if words.known(f"platform.{code}") else code


def _deadline_line(case: CaseRow, now: datetime) -> str:
    if case.answered_at is not None and case.status is Status.ANSWERED:
        line = text("deadline.answered", moment=words.moment(case.answered_at, now))
        return f'<div class="sb-meta">{html.escape(line)}</div>'
    if case.due_at is None or case.status not in OPEN:
        return ""
    key = "deadline.line_over" if case.due_at < now else "deadline.line_left"
    line = text(key, moment=words.both(case.due_at, now))
    return f'<div class="sb-deadline{" sb-over" if case.due_at < now else ""}">{html.escape(line)}</div>'


def _quoted(quotes: Sequence[str]) -> str:
    shown = list(dict.fromkeys(" ".join(quote.split()) for quote in quotes if quote.strip()))[:4]
    return ", ".join(f"<q>{safe.excerpt(quote, 60)}</q>" for quote in shown)


def _more(code: str) -> str:
    parts = [part for part in (words.touches(code), words.harmless(code)) if part]
    return "".join(f'<div class="sb-meta">{html.escape(part)}</div>' for part in parts)
