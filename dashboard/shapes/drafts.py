"""What would be flagged in a draft. A CPR number is masked here too, so that it stands on no screen."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from analysis.masking import mask
from dashboard import safe, words
from dashboard.explaining import rules_of
from dashboard.shapes.basics import pill
from dashboard.shapes.marking import kind_of, span
from dashboard.words import text
from data.types import Breach, Inquiry, Judgement, Tone

_CONTACT = frozenset({"phone", "email", "address", "account", "case_number", "plate"})
_INSTEAD = ("cpr", "contact", "who", "what", "tone")


def told(written: str, judgement: Judgement) -> str:
    """The answers, the text with its marks, and each reason."""
    shown = mask(written)
    marks = [span(found) for found in judgement.findings]
    body = safe.highlight(shown, marks, more=text("thread.more"), note=text("thread.cut"))
    reasons = _instead(judgement) + _reasons(shown, judgement)
    failed = f'<p class="sb-trouble">{html.escape(text("draft.failed"))}</p>' if judgement.failed else ""
    return (
        f'<div class="sb-pills">{_answers(judgement)}</div><div class="sb-bubble sb-here">{body}</div>{reasons}{failed}'
    )


def _answers(judgement: Judgement) -> str:
    breach = {Breach.CLEAR: ("▲", "bad"), Breach.POSSIBLE: ("▲", "warn"), Breach.SELF: ("▽", "plain")}
    sign, tone = breach.get(judgement.breach, ("✓", "good"))
    found = [pill(text(f"check.breach.{judgement.breach}"), sign, tone)]
    if judgement.inquiry is not Inquiry.NONE:
        found.append(pill(text(f"check.inquiry.{judgement.inquiry}"), "●", "accent"))
    if judgement.urgent:
        found.append(pill(text("check.urgent"), "!", "bad"))
    if judgement.tone is not Tone.NONE:
        found.append(pill(text(f"check.tone.{judgement.tone}"), "▲", "bad"))
    return "".join(found)


def _reasons(shown: str, judgement: Judgement) -> str:
    quoted: dict[tuple[str, str, str], list[str]] = {}
    for found in judgement.findings:
        asks = kind_of(found) == "ask"  # who asks breaks no rule
        rule = ("", "") if asks else (words.touches(found.reason), words.harmless(found.reason))
        told = (words.reason(found.reason), *rule)
        quoted.setdefault(told, []).append(shown[found.start : found.end])
    items = []
    for (why, *more), quotes in quoted.items():
        named = ", ".join(f"<q>{safe.excerpt(quote, 60)}</q>" for quote in dict.fromkeys(quotes))
        items.append(f"<li>{named} {html.escape(why)}{_more(more)}</li>")
    rules = [f"<li>{html.escape(why)}{_more(more)}</li>" for why, *more in rules_of(judgement)]
    if not items and not rules:
        return f'<p class="sb-meta">{html.escape(text("draft.nothing"))}</p>'
    return _list("draft.why", items) + _list("check.rules", rules)


def _instead(judgement: Judgement) -> str:
    """How it may be put instead, for each kind of what was found; nothing where nothing has to be put otherwise."""
    asked = {"tone"} if judgement.tone is not Tone.NONE else set()
    if judgement.breach in (Breach.CLEAR, Breach.POSSIBLE):
        asked |= {"cpr", "contact", "who", "what"}
    found = {_put(one.type, kind_of(one)) for one in judgement.findings} & asked
    items = [f"<li>{html.escape(text(f'instead.{kind}'))}</li>" for kind in _INSTEAD if kind in found]
    return _list("instead.title", items)


def _put(type_: str, kind: str) -> str:
    if type_ == "cpr":
        return type_
    return "contact" if type_ in _CONTACT else kind


def _more(parts: Iterable[str]) -> str:
    return "".join(f'<div class="sb-meta">{html.escape(part)}</div>' for part in parts if part)


def _list(title: str, items: Sequence[str]) -> str:
    return f'<div class="sb-why"><h3>{html.escape(text(title))}</h3><ul>{"".join(items)}</ul></div>' if items else ""
