"""One page's own pane: its facts, its visits with what they cost, and the posts under which comments are missing."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard import safe, words
from dashboard.shapes.basics import pill, table
from dashboard.shapes.cases import platform
from dashboard.shapes.places import sayings, state_pill
from dashboard.words import text
from data.page_state import PageState, page_state
from data.rows import PageRow, ShortPost, VisitRow
from data.types import Outcome

_HOUR = timedelta(hours=1)
_EXCERPT = 80
_SIGNS = {
    Outcome.COMPLETE: ("✓", "good"),
    Outcome.RUNNING: ("…", "plain"),
    Outcome.PARTIAL: ("◐", "warn"),
    Outcome.FAILED: ("▲", "bad"),
}


def head(page: PageRow, rows: Sequence[VisitRow], keep: timedelta | None, now: datetime) -> str:
    """The head of the pane; `keep` is how long the platform's terms let texts be kept, `rows` the last visits."""
    link = safe.platform_link(page.url, text("page.link"), otherwise=text("page.no_link"))
    listed = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in facts(page, rows, keep, now)
    )
    return (
        f'<div class="sb-head"><h2>{safe.name(page.name)}</h2><div class="sb-pills">{state_pill(page, now)}</div>'
        f'<div class="sb-meta">{safe.name(page.institution_name)} · {html.escape(platform(page.platform))}</div>'
        f'{sayings(page, now)}<dl class="sb-facts">{listed}</dl>{link}</div>'
    )


def facts(page: PageRow, rows: Sequence[VisitRow], keep: timedelta | None, now: datetime) -> list[tuple[str, str]]:
    """Name and value of what is known of a page; what is not known is left out, but for when it was seen."""
    seen = words.ago(page.seen_at, now) if page.seen_at else text("page.fact.never")
    found = [(text("page.fact.seen"), seen), (text("page.fact.coverage"), _coverage(page, page_state(page, now)))]
    if page.visited:
        found.append((text("page.fact.rhythm"), words.hours((page.rhythm or page.every_seconds) / 3600)))
    found.append((text("page.fact.goal"), _goal(page)))
    if page.token_expires_at:
        name = text("page.fact.token" if page.token_expires_at > now else "page.fact.token_ended")
        found.append((name, words.date(page.token_expires_at, now)))
    if page.used is not None and page.used_at is not None:
        found.append((text("page.fact.limit"), _limit(page, now)))
    if (calls := calls_a_thousand(rows)) is not None:
        found.append((text("page.fact.calls"), words.number(calls, 1)))
    if keep is not None:
        found.append((text("page.fact.keep"), text("page.fact.at_most", span=_kept(keep))))
    return found


def calls_a_thousand(rows: Sequence[VisitRow]) -> float | None:
    """The calls that the visits took for each thousand messages that they read; None where they read none."""
    seen = [row for row in rows if row.source == "visit"]
    read = sum(row.tally.fetched for row in seen)
    return 1000 * sum(row.calls for row in seen) / read if read else None


def visits(rows: Sequence[VisitRow], now: datetime) -> str:
    header = [text(f"visit.{name}") for name in ("started", "outcome", "new", "edited", "gone", "read", "calls")]
    cells = [
        [
            html.escape(words.moment(row.started_at, now)),
            _outcome(row),
            *(words.number(count) for count in (row.tally.new, row.tally.edited, row.tally.gone, row.tally.fetched)),
            words.number(row.calls) if row.source == "visit" else text("unit.unknown"),
        ]
        for row in rows
    ]
    listed = table(header, cells, label=text("visit.title"), numbers=frozenset({2, 3, 4, 5, 6}))
    return f'<div class="sb-visits">{listed}</div>'


def short_posts(rows: Sequence[ShortPost], now: datetime) -> str:
    """The posts under which fewer comments are stored than the platform claims; "" where there are none."""
    header = [text(f"short.{name}") for name in ("post", "held", "claimed", "missing")]
    cells = [
        [
            _post(row, now),
            words.number(row.held),
            words.number(row.claimed),
            f"<strong>{words.number(row.claimed - row.held)}</strong>",
        ]
        for row in rows
    ]
    return table(header, cells, label=text("short.title"), numbers=frozenset({1, 2, 3})) if cells else ""


def _post(row: ShortPost, now: datetime) -> str:
    begins = safe.excerpt(row.text, _EXCERPT) if row.text.strip() else html.escape(text("post.no_text"))
    return f'<div>{begins}<div class="sb-meta">{html.escape(words.moment(row.written_at, now))}</div></div>'


def _goal(page: PageRow) -> str:
    """The promise as it is counted; whole hours, since a day of open hours is no day."""
    key = "page.fact.goal_always" if page.opening is None else "page.fact.goal_open"
    return text(key, hours=words.counted("unit.open", page.goal_hours))


def _coverage(page: PageRow, found: PageState) -> str:
    if page.coverage is None:
        return text("page.fact.uncounted" if found.why == "uncounted" else "page.fact.unknown")
    return text("page.fact.of_goal", share=words.share(page.coverage), goal=words.share(page.coverage_goal))


def _limit(page: PageRow, now: datetime) -> str:
    assert page.used is not None  # asked before
    if page.resets_at and page.resets_at <= now:
        return text("page.fact.fresh")
    share = words.share(min(page.used, 100) / 100)
    if page.resets_at is None:
        return text("page.fact.used", share=share)
    return text("page.fact.used_until", share=share, at=words.clock(page.resets_at))


def _kept(keep: timedelta) -> str:
    """The platform's own number: 48 hours are not called two days."""
    hours = keep / _HOUR
    return words.hours(hours) if hours > 72 else text("unit.hours", number=words.number(hours))  # noqa: PLR2004, hours


def _outcome(row: VisitRow) -> str:
    sign, tone = _SIGNS[row.outcome]
    error = f"error.{row.error}"
    more = f'<div class="sb-meta">{html.escape(text(error))}</div>' if row.error and words.known(error) else ""
    source = f" {pill(text('visit.import'))}" if row.source == "import" else ""
    return pill(text(f"outcome.{row.outcome}"), sign, tone) + source + more
