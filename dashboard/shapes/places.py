"""Pages and how well they are seen. "Nothing new" and "not seen" never look the same."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard import safe, words
from dashboard.shapes.basics import pill, table
from dashboard.shapes.cases import platform
from dashboard.words import text
from data.rows import GapRow, PageRow, VisitRow
from data.types import Outcome
from data.visits import UNSEEN_AFTER

_HOUR = timedelta(hours=1)
_LOW_COVERAGE = 0.9


class State(StrEnum):
    """The three honest answers to "is this page in order?"."""

    SEEN = "seen"
    UNSEEN = "unseen"
    UNKNOWN = "unknown"


def state(page: PageRow, now: datetime) -> State:
    if page.seen_at is None and page.open_gap is None:
        return State.UNKNOWN
    if page.open_gap is not None or page.seen_at is None or now - page.seen_at > UNSEEN_AFTER:
        return State.UNSEEN
    return State.SEEN


def state_pill(page: PageRow, now: datetime) -> str:
    found = state(page, now)
    sign, tone = {State.SEEN: ("✓", "good"), State.UNSEEN: ("▲", "bad"), State.UNKNOWN: ("?", "warn")}[found]
    return pill(text(f"page.state.{found}"), sign, tone)


def seen(page: PageRow, now: datetime) -> str:
    return text("page.seen", ago=words.ago(page.seen_at, now)) if page.seen_at else text("page.never")


def trouble(page: PageRow, now: datetime) -> str:
    """What is wrong and who must act, in one or two sentences; "" where all is well."""
    found = state(page, now)
    if found is State.SEEN:
        return ""
    if found is State.UNKNOWN:
        return text("page.unknown")
    visit = page.last_visit
    code = (visit.error if visit and visit.error else None) or (page.open_gap.error if page.open_gap else "")
    who = visit.who if visit and visit.who else "nobody"
    what = text(f"error.{code}") if words.known(f"error.{code}") else text("error.other")
    return f"{what} {text(f'who.{who}')}"


def card(page: PageRow, now: datetime) -> str:
    """A page's card below its title."""
    meta = (
        f"{safe.name(page.institution_name)} · {html.escape(platform(page.platform))} · {html.escape(seen(page, now))}"
    )
    sentence = trouble(page, now)
    more = f'<div class="sb-trouble">{html.escape(sentence)}</div>' if sentence else ""
    pills = f'<div class="sb-pills">{state_pill(page, now)}{_extras(page)}</div>'
    return f'<h3 class="sb-card-title">{safe.name(page.name)}</h3><div class="sb-meta">{meta}</div>{more}{pills}'


def head(page: PageRow, now: datetime) -> str:
    """The head of a page's own pane."""
    link = safe.platform_link(page.url, text("page.link"), otherwise=text("page.no_link"))
    facts = [
        (
            text("page.fact.seen"),
            html.escape(words.ago(page.seen_at, now) if page.seen_at else text("page.fact.never")),
        ),
        (text("page.fact.coverage"), html.escape(words.share(page.coverage))),
        (text("page.fact.goal"), html.escape(words.hours(page.goal_hours))),
    ]
    listed = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{value}</dd></div>" for name, value in facts)
    sentence = trouble(page, now)
    more = f'<div class="sb-trouble">{html.escape(sentence)}</div>' if sentence else ""
    return (
        f'<div class="sb-head"><h2>{safe.name(page.name)}</h2><div class="sb-pills">{state_pill(page, now)}'
        f'{_extras(page)}</div><div class="sb-meta">{safe.name(page.institution_name)} · '
        f'{html.escape(platform(page.platform))}</div>{more}<dl class="sb-facts">{listed}</dl>{link}</div>'
    )


def unseen(pages: Sequence[PageRow], now: datetime) -> str:
    """The pages that are not seen, each with the sentence of who must act; "" where there are none."""
    items = [
        f"<li>{state_pill(page, now)} <strong>{safe.name(page.name)}</strong> "
        f'<span class="sb-meta">{safe.name(page.institution_name)} · {html.escape(seen(page, now))}</span>'
        f'<div class="sb-trouble">{html.escape(trouble(page, now))}</div></li>'
        for page in pages
        if state(page, now) is not State.SEEN
    ]
    return f'<ul class="sb-list">{"".join(items)}</ul>' if items else ""


def visits(rows: Sequence[VisitRow], now: datetime) -> str:
    header = [text(f"visit.{name}") for name in ("started", "outcome", "new", "edited", "gone", "read")]
    cells = [
        [
            html.escape(words.moment(row.started_at, now)),
            _outcome(row),
            *(words.number(count) for count in (row.tally.new, row.tally.edited, row.tally.gone, row.tally.fetched)),
        ]
        for row in rows
    ]
    listed = table(header, cells, label=text("visit.title"), numbers=frozenset({2, 3, 4, 5}))
    return f'<div class="sb-visits">{listed}</div>'


def gaps(rows: Sequence[GapRow], now: datetime) -> str:
    """The times in which the page was not seen, and whether what was written then was read later."""
    items = []
    for row in rows:
        end = words.moment(row.ended_at, now) if row.ended_at else text("gap.open")
        long = words.hours(((row.ended_at or now) - row.began_at) / _HOUR)
        line = text("gap.line", begin=words.moment(row.began_at, now), end=end, long=long)
        filled = pill(text("gap.filled"), "✓", "good") if row.filled else pill(text("gap.unfilled"), "▲", "warn")
        items.append(f"<li>{html.escape(line)} {filled}</li>")
    return f'<ul class="sb-list">{"".join(items)}</ul>' if items else ""


def _outcome(row: VisitRow) -> str:
    sign, tone = {
        Outcome.COMPLETE: ("✓", "good"),
        Outcome.RUNNING: ("…", "plain"),
        Outcome.PARTIAL: ("◐", "warn"),
        Outcome.FAILED: ("▲", "bad"),
    }[row.outcome]
    error = f"error.{row.error}"
    more = f'<div class="sb-meta">{html.escape(text(error))}</div>' if row.error and words.known(error) else ""
    source = f" {pill(text('visit.import'))}" if row.source == "import" else ""
    return pill(text(f"outcome.{row.outcome}"), sign, tone) + source + more


def _extras(page: PageRow) -> str:
    found = ""
    if page.coverage is not None and page.coverage < _LOW_COVERAGE:
        found += pill(text("page.coverage", share=words.share(page.coverage)), "◔", "warn")
    if page.not_judged:
        found += pill(words.counted("page.not_judged", page.not_judged), "!", "warn")
    return found
