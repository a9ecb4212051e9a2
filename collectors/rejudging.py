"""What is stored is judged again when the rules have changed, in the background, the oldest rules first.

    500 messages ─► their threads as stored ─► judged ─► cases ─► written, if nobody changed them meanwhile

A stop ends after the current batch; a kill loses that batch, and the next start goes on from there: what is left to do
is what stands by older rules in the database, and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from analysis.base import Text
from analysis.cases import cases_for
from analysis.engine import Engine
from analysis.masking import identity
from analysis.threads import settled, texts_of
from data.rejudged import Stale
from data.store import Store
from data.times import now
from data.types import Answer, Judged

BATCH: Final = 500
OLDEST_INQUIRY: Final = timedelta(days=14)  # nobody wants three thousand old questions in the queue of a Monday morning


def rejudge(
    store: Store,
    engine: Engine,
    *,
    keep_going: Callable[[], bool] = lambda: True,
    moved: Callable[[int], object] = lambda _: None,
    clock: Callable[[], datetime] = now,
    batch: int = BATCH,
) -> int:
    """Judge again all that older rules judged; how many messages were. `moved` is told the size of each batch."""
    done, after, rules = 0, 0, ""
    store.use_rules(engine.version)
    while keep_going():
        stale = store.stale(engine.version, after, batch) or (store.stale(engine.version, 0, batch) if after else [])
        if not stale or (stale[0].rules == rules and stale[0].id <= after):
            return done  # those left were changed while they were judged: the next run sees to them
        for page_id, own in _by_page(stale).items():
            done += _page(store, engine, page_id, own, clock())
        after, rules = stale[-1].id, stale[-1].rules
        moved(len(stale))
    return done


def _by_page(stale: Sequence[Stale]) -> dict[str, list[Stale]]:
    pages: defaultdict[str, list[Stale]] = defaultdict(list)
    for one in stale:
        pages[one.message.page_id].append(one)
    return pages


def _page(store: Store, engine: Engine, page_id: str, stale: Sequence[Stale], at: datetime) -> int:
    """One page's share of a batch, each message judged where it stands in its thread."""
    page, institution = store.place(page_id)
    texts: dict[str, Text] = {}
    answers: list[Answer] = []
    for name in dict.fromkeys(one.message.thread_id for one in stale):
        thread = store.thread(page.platform, name)
        texts.update(zip((one.message_id for one in thread), texts_of(thread, institution.kind), strict=True))
        shown = settled(thread)
        answers += [
            Answer(identity(one.inquiry_id, store.digest), identity(one.answer_id, store.digest), one.answered_at)
            for one in (*shown.answers, *shown.later)
        ]
    judgements = engine.judge([texts[one.message.message_id] for one in stale])
    judged = [
        (one, Judged(one.message, judgement, cases_for(one.message, judgement, page, at)))
        for one, judgement in zip(stale, judgements, strict=True)
    ]
    return store.judged_anew(page, judged, answers, inquiries_from=at - OLDEST_INQUIRY)
