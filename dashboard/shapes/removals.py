"""The removal ledger: a removal as a card, what is known of it, what went, and who said why."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes.basics import pill, table, visibility_pill
from dashboard.shapes.cases import platform
from dashboard.words import text
from data.removal_rows import ExplanationRow, Ground, RemovalRow, RemovedRow, Standing
from data.types import Visibility

EXCERPT = 190
GROUNDS = tuple(Ground)
_SIGNS = {
    Standing.UNEXPLAINED: ("?", "warn"),
    Standing.EXPLAINED: ("✓", "good"),
    Standing.OUTAGE: ("◌", "plain"),
    Standing.BACK: ("↩", "plain"),
    Standing.PASSED: ("→", "plain"),
}


def title(row: RemovalRow) -> str:
    """What went and how, in our own words: safe as a label."""
    what = text(f"removal.{row.kind}")
    if row.size > 1:
        what = f"{what} {words.counted('removal.with', row.size - 1)}"
    return text(f"removal.went_{row.became}", what=what)


def ground(one: Ground) -> str:
    return text(f"removal.ground.{one}")


def card(row: RemovalRow, now: datetime) -> str:
    """The card's body below its title."""
    when = html.escape(text("removal.seen", ago=words.ago(row.missed_at, now)))
    where = f"{safe.name(row.institution_name)} · {html.escape(platform(row.platform))} · {when}"
    told = pill(ground(row.ground)) if row.ground else ""
    return (
        f'<div class="sb-meta">{where}</div><div class="sb-excerpt">{_excerpt(row.text)}</div>'
        f'<div class="sb-pills">{standing_pill(row.standing)}{told}</div>'
    )


def standing_pill(standing: Standing) -> str:
    sign, tone = _SIGNS[standing]
    return pill(text(f"removal.standing.{standing}"), sign, tone)


def head(row: RemovalRow, now: datetime) -> str:
    """What went where, between which looks, and how sure that is."""
    names = dict.fromkeys((row.institution_name, row.page_name))
    place = " · ".join([*(safe.name(one) for one in names), html.escape(platform(row.platform))])
    written = text("removal.written", moment=words.both(row.written_at, now))
    own = f" · {html.escape(text('removal.by_page'))}" if row.by_page else ""
    number = html.escape(text("removal.number", number=row.id))
    known = "".join(f"<li>{html.escape(line)}</li>" for line in sentences(row, now))
    return (
        f'<div class="sb-head"><h2>{html.escape(title(row))} <span class="sb-muted">{number}</span></h2>'
        f'<div class="sb-pills">{standing_pill(row.standing)}</div><div class="sb-meta">{place}</div>'
        f'<div class="sb-meta">{html.escape(written)}{own}</div></div>'
        f'<div class="sb-why"><ul>{known}</ul></div>'
    )


def sentences(row: RemovalRow, now: datetime) -> list[str]:
    """Between which two looks it went, whether that is sure, and what was not seen meanwhile."""
    after = words.moment(row.after, now) if row.after else text("unit.unknown")
    looks = {"after": after, "missed": words.moment(row.missed_at, now)}
    if row.became is Visibility.UNREACHABLE:
        told = [text("removal.outage", **looks)]
    elif row.became is Visibility.HIDDEN:
        told = [text("removal.hidden_new" if row.fresh else "removal.hidden", **looks)]
    else:
        told = [text("removal.between", **looks), text("removal.sure", at=words.moment(row.at, now))]
    if row.unseen:
        told.append(text("removal.unseen"))
    if row.broken:
        told.append(words.counted("removal.broken", row.broken))
    if row.standing is Standing.BACK and row.settled_at:
        told.append(text("removal.back", moment=words.moment(row.settled_at, now)))
    if row.standing is Standing.PASSED:
        told.append(text("removal.passed"))
    return told


def message(row: RemovedRow, now: datetime) -> str:
    """One message that went: its text as far as it is kept, and its digest."""
    body = (
        safe.highlight(row.text, more=text("thread.more"), note=text("thread.cut"))
        if row.text.strip()
        else f'<p class="sb-muted">{html.escape(text("removal.no_text"))}</p>'
    )
    line = f"{text(f'message.{row.kind}')} · {words.moment(row.written_at, now)}"
    digest = f'{html.escape(text("removal.digest"))}: <code class="sb-digest">{html.escape(row.digest)}</code>'
    return (
        f'<div class="sb-bubble sb-{row.kind}"><div class="sb-line"><span class="sb-meta">{html.escape(line)}</span> '
        f'{visibility_pill(row.visibility)}</div>{body}<div class="sb-meta">{digest}</div></div>'
    )


def messages(rows: Iterable[RemovedRow], now: datetime) -> str:
    return f'<div class="sb-thread">{"".join(message(row, now) for row in rows)}</div>'


def beside(rows: Sequence[RemovalRow], now: datetime) -> str:
    """The others that one answer may go for, so that nobody answers for what they have not seen."""
    header = [text("removal.went"), text("import.text"), text("import.when")]
    cells = [[html.escape(title(one)), _excerpt(one.text), html.escape(words.ago(one.written_at, now))] for one in rows]
    return table(header, cells, label=text("removal.went"), numbers=frozenset())


def answers(rows: Iterable[ExplanationRow], now: datetime) -> str:
    """What was told, newest first; an answer taken back stays and says so."""
    items = []
    for row in rows:
        line = text("removal.line", ground=ground(row.ground), moment=words.moment(row.at, now))
        more = f" · {html.escape(words.counted('removal.others', row.others))}" if row.others else ""
        undone = f" {pill(text('decision.undone', person=row.undone_by or ''), '↶')}" if row.undone_at else ""
        note = f'<div class="sb-ground">{safe.highlight(row.note)}</div>' if row.note else ""
        items.append(f"<li><strong>{html.escape(line)}</strong> · {safe.name(row.person)}{more}{undone}{note}</li>")
    if not items:
        return ""
    return f'<div class="sb-decided"><h3>{html.escape(text("removal.answers"))}</h3><ul>{"".join(items)}</ul></div>'


def _excerpt(value: str) -> str:
    return safe.excerpt(value, EXCERPT) if value.strip() else html.escape(text("removal.no_text"))
