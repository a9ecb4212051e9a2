"""Pages and how well they are seen. "Nothing new" and "not seen" never look the same."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard import safe, trouble, words
from dashboard.shapes.basics import pill
from dashboard.shapes.cases import platform
from dashboard.words import text
from data.page_state import PageState, State, page_state, unproven
from data.rows import GapRow, PageRow

_HOUR = timedelta(hours=1)
_SIGNS = {"unseen": ("▲", "bad"), "lacking": ("◔", "warn"), "unknown": ("?", "warn"), "seen": ("✓", "good")}
# Kinds of trouble with a page that is read all the same.
_LACKING = frozenset({"coverage", "posts", "not_judged", "not_reached"})
_LISTED = 5  # on the overview; the rest stands under Sider


def rank(page: PageRow, now: datetime) -> tuple[bool, int, bool]:
    """Where a page stands in a list: what somebody must look to, by how grave it is, then tokens that will end."""
    word = _word(page_state(page, now))
    return not unproven(page, now), list(_SIGNS).index(word), not trouble.warning(page, now)


def state_pill(page: PageRow, now: datetime) -> str:
    return _pill(_word(page_state(page, now)))


def seen(page: PageRow, now: datetime) -> str:
    if not page.visited:
        return text("page.by_import_only")
    return text("page.seen", ago=words.ago(page.seen_at, now)) if page.seen_at else text("page.never")


def card(page: PageRow, now: datetime) -> str:
    """A page's card below its title."""
    meta = (
        f"{safe.name(page.institution_name)} · {html.escape(platform(page.platform))} · {html.escape(seen(page, now))}"
    )
    pills = f'<div class="sb-pills">{state_pill(page, now)}{_extras(page, now)}</div>'
    name = safe.name(page.name)
    return f'<h3 class="sb-card-title">{name}</h3><div class="sb-meta">{meta}</div>{sayings(page, now)}{pills}'


def sayings(page: PageRow, now: datetime) -> str:
    """What is wrong and who must act, and the warning of a token that will end; "" where there is neither."""
    look = "sb-meta" if page_state(page, now).state is State.SEEN else "sb-trouble"
    told = ((look, trouble.sentence(page, now)), ("sb-trouble", trouble.warning(page, now)))
    return "".join(f'<div class="{look}">{html.escape(one)}</div>' for look, one in told if one)


def unseen(pages: Sequence[PageRow], now: datetime) -> str:
    """The pages that somebody must look to, each with the sentence of who; "" where there are none.

    Those that are read and cannot be proved whole are no trouble, and are counted in one line below.
    """
    listed = sorted(
        (page for page in pages if unproven(page, now) or trouble.warning(page, now)), key=lambda page: rank(page, now)
    )
    items = [_item(page, now) for page in listed[:_LISTED]]
    if more := len(listed) - _LISTED if len(listed) > _LISTED else 0:
        words_ = html.escape(words.counted("page.more_listed", more))
        items.append(f'<li><a href="sider" target="_self">{words_}</a></li>')
    left = sum(page_state(page, now).state is State.UNKNOWN for page in pages if page not in listed)
    if left:
        words_ = html.escape(words.counted("page.unprovable", left))
        items.append(f'<li>{_pill("unknown")} <span class="sb-meta">{words_}</span></li>')
    return f'<ul class="sb-list">{"".join(items)}</ul>' if items else ""


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


def _item(page: PageRow, now: datetime) -> str:
    where = f"{safe.name(page.institution_name)} · {html.escape(seen(page, now))}"
    return (
        f"<li>{state_pill(page, now)}{_ending(page, now)} <strong>{safe.name(page.name)}</strong> "
        f'<span class="sb-meta">{where}</span>{sayings(page, now)}</li>'
    )


def _pill(word: str) -> str:
    return pill(text(f"page.state.{word}"), *_SIGNS[word])


def _word(found: PageState) -> str:
    """A page that is read and lacks something is not called unseen."""
    if found.state is State.ATTENTION:
        return "lacking" if found.why in _LACKING else "unseen"
    return found.state.value


def _ending(page: PageRow, now: datetime) -> str:
    return f" {pill(text('page.token_ends'), '⏳', 'warn')}" if trouble.warning(page, now) else ""


def _extras(page: PageRow, now: datetime) -> str:
    found = _ending(page, now)
    if page.coverage is not None and page.coverage < 1:
        tone = "plain" if page.coverage >= page.coverage_goal else "warn"
        found += pill(text("page.coverage", share=words.share(page.coverage)), "◔", tone)
    if page.not_judged:
        found += pill(words.counted("page.not_judged", page.not_judged), "!", "warn")
    return found
