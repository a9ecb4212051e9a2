"""A thread as it reads on the platform: in order, replies set in, the page's own words set apart."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime

from dashboard import safe, words
from dashboard.shapes import keeping
from dashboard.shapes.basics import pill, visibility_pill
from dashboard.shapes.marking import spans_of, told_by
from dashboard.words import text
from data.keeping_rows import KeptRow
from data.rows import MessageRow
from data.spans import REMEMBERED
from data.types import Attachment, Category, Kind

UNDER = 140
WINDOW = 24  # messages of a long thread that are drawn unless the whole is asked for


def window(rows: Sequence[MessageRow], message: int, size: int = WINDOW) -> list[MessageRow]:
    """The post, the message looked at, what it answers, the answers to it, and its neighbours up to `size`."""
    if len(rows) <= size:
        return list(rows)
    place = next((at for at, row in enumerate(rows) if row.id == message), 0)
    centre = rows[place]
    near = {row.id for row in rows[max(0, place - size // 3) : place + size // 3]}
    kin = {centre.message_id, centre.parent_id} - {centre.thread_id, None}
    return [row for row in rows if row.kind is Kind.POST or row.id in near or kin & {row.parent_id, row.message_id}]


def thread(
    rows: Sequence[MessageRow],
    now: datetime,
    *,
    message: int | None = None,
    category: Category | None = None,
    kept: Sequence[KeptRow] = (),
    fresh: frozenset[int] = frozenset(),
) -> str:
    """The messages as bubbles; `message` is the one that is looked at, `category` what is marked.

    `kept` tells of each how long its text stays: said of the one that is looked at, and of those that are empty.
    `fresh` are those that tell something new to the viewer.
    """
    ends = {row.message: row for row in kept}
    drawn = []
    telling = told_by(rows, message, category) if message is not None else frozenset()
    for row in rows:
        marks = [span for span, _ in spans_of(row, category)] if row.id in telling else []
        drawn.append(_bubble(row, now, marks, looked_at=row.id == message, kept=ends.get(row.id), new=row.id in fresh))
    return f'<div class="sb-thread" role="list">{"".join(drawn)}</div>'


def alone(
    rows: Sequence[MessageRow],
    now: datetime,
    *,
    message: int,
    category: Category,
    kept: Sequence[KeptRow] = (),
    fresh: frozenset[int] = frozenset(),
) -> str:
    """The message that is looked at by itself, its marks in it, and under which post it stands; "" where it is gone."""
    row = next((one for one in rows if one.id == message), None)
    if row is None:
        return ""
    post = next((one for one in rows if one.kind is Kind.POST and one.id != message), None)
    under = f"{html.escape(text('thread.under'))} {safe.excerpt(post.text, UNDER)}" if post and post.text else ""
    ends = next((one for one in kept if one.message == message), None)
    marks = [span for span, _ in spans_of(row, category)]
    bubble = _bubble(row, now, marks, looked_at=True, role="group", kept=ends, new=row.id in fresh)
    return f'<div class="sb-alone"><div class="sb-meta">{under}</div>{bubble}</div>'


def _bubble(
    row: MessageRow,
    now: datetime,
    marks: Sequence[safe.Span],
    *,
    looked_at: bool,
    role: str = "listitem",
    kept: KeptRow | None = None,
    new: bool = False,
) -> str:
    classes = [f"sb-{row.kind}", "sb-own" if row.by_page else "", "sb-here" if looked_at else ""]
    body = safe.highlight(row.text, marks, more=text("thread.more"), note=text("thread.cut")) if row.text else ""
    return (
        f'<div class="sb-bubble {" ".join(filter(None, classes))}" role="{role}">'
        f"{_line(row, now, new=new)}{_remembered(row)}{body}{_attachments(row.attachments)}{_versions(row, now)}"
        f"{_kept(kept, now, looked_at=looked_at)}</div>"
    )


def _citizen(row: MessageRow) -> str:
    if row.writer:
        return html.escape(text("thread.citizen", number=row.writer))
    return safe.name(row.author_name, otherwise=text("thread.nobody"))


def _line(row: MessageRow, now: datetime, *, new: bool) -> str:
    who = safe.name(row.page_name) if row.by_page else _citizen(row)
    when = words.moment(row.created_at, now) if row.created_at else text("thread.no_time")
    pills = [
        pill(text("care.new"), "●", "accent") if new else "",
        pill(text("thread.own"), "◆", "accent") if row.by_page else "",
        visibility_pill(row.visibility),
        pill(text("thread.edited"), "✎") if row.versions else "",
        pill(text("thread.not_judged"), "!", "warn") if row.failed else "",
        pill(text("thread.remembered"), "✓") if REMEMBERED in row.because else "",
    ]
    kind = html.escape(text(f"message.{row.kind}"))
    return (
        f'<div class="sb-line"><strong>{who}</strong> <span class="sb-meta">{kind} · {html.escape(when)}</span>'
        f" {''.join(pills)}</div>"
    )


def _remembered(row: MessageRow) -> str:
    if REMEMBERED not in row.because:
        return ""
    return f'<div class="sb-meta">{html.escape(words.reason(REMEMBERED))}</div>'


def _kept(kept: KeptRow | None, now: datetime, *, looked_at: bool) -> str:
    return keeping.line(kept, now) if kept and (looked_at or kept.emptied_at) else ""


def _attachments(found: Sequence[Attachment]) -> str:
    items = []
    for one in found:
        kind = text(f"attachment.{one.kind}") if words.known(f"attachment.{one.kind}") else text("attachment.file")
        link = safe.platform_link(one.url, text("attachment.open"))
        items.append(f"<li>{html.escape(kind)} {safe.excerpt(one.text, 120)} {link}</li>")
    return f'<ul class="sb-attached">{"".join(items)}</ul>' if items else ""


def _versions(row: MessageRow, now: datetime) -> str:
    held = [old for old in row.versions if old.text]
    if not held:
        return ""
    items = "".join(
        f'<li><div class="sb-meta">{html.escape(text("thread.until", moment=words.moment(old.seen_until, now)))}</div>'
        f"{safe.highlight(old.text, more=text('thread.more'), note=text('thread.cut'))}</li>"
        for old in reversed(held)
    )
    return f"<details><summary>{html.escape(text('thread.before'))}</summary><ul>{items}</ul></details>"
