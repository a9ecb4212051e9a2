"""From batches to the store: what a visit and an import have in common.

Batch ──► masked ──► known and unchanged? ──► touched
                └──► new or edited ──► judged in its thread ──► cases, answers ──► saved and counted in one transaction
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from analysis.base import Text
from analysis.cases import cases_for
from analysis.engine import Engine
from analysis.masking import AuthorNames, identity, mask, masked
from analysis.threads import AnyMessage, settled, texts_of
from collectors.base import Batch
from collectors.lengths import is_long, shortened
from collectors.platforms import ceiling
from data.store import Store
from data.types import Answer, Institution, Judged, Kind, Message, Page, RawMessage, Tally

log = logging.getLogger(__name__)

Pair = tuple[RawMessage, Message]
Count = Callable[[Tally], None]
KEPT: Final = 20_000
MOST: Final = 1_000_000_000  # comments of a thread; what tells of more, or of less than none, tells nothing


@dataclass(slots=True)
class Listed:
    """What a reading listed so far; ids as they are stored."""

    messages: set[str] = field(default_factory=set)
    posts_from: datetime | None = None  # when the oldest listed post was written
    comments: dict[str, set[str]] = field(default_factory=dict)
    claimed: dict[str, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    posts_since: datetime | None = None
    reached: bool | None = None
    unchanged: bool = False

    def add(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.messages.add(message.message_id)
            if message.kind is not Kind.POST:
                self.comments.setdefault(message.thread_id, set()).add(message.message_id)
            elif message.created_at:
                self.posts_from = min(self.posts_from or message.created_at, message.created_at)

    def coverage(self) -> tuple[int | None, int | None]:
        """Comments listed and claimed by the platform, over the threads for which it claims a number.

        More than it claims count as what it claims: too many in one thread must hide no lack in another.
        """
        if not self.claimed:
            return None, None
        listed = (min(len(self.comments.get(thread, ())), claimed) for thread, claimed in self.claimed.items())
        return sum(listed), sum(self.claimed.values())


@dataclass(slots=True)
class _Found:
    """What threads show of inquiries; ids as they are stored."""

    answers: list[Answer] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)


class Intake:
    """Takes in the batches of one reading of one page. Stays in the store's thread.

    `keep` is about how many messages of threads that have not ended stay in memory.
    """

    def __init__(
        self,
        page: Page,
        *,
        store: Store,
        engine: Engine,
        institution: Institution,
        clock: Callable[[], datetime],
        author_names: AuthorNames = "initials",
        keep: int = KEPT,
    ) -> None:
        self._page = page
        self._store = store
        self._engine = engine
        self._institution = institution
        self._clock = clock
        self._names = author_names
        self._keep = keep
        self._since_cleared = 0
        self._threads: dict[str, dict[str, AnyMessage]] = {}
        self._terms = ceiling(page.platform)
        self.listed = Listed()

    def save(self, batch: Batch, count: Count) -> Tally:
        """Save one batch, what it asks to be remembered and its figures (told to `count`), all or nothing.

        Nothing is remembered of a batch that was not judged whole: the next visit must be given it again.
        """
        pairs = self._masked(batch.messages)
        known = self._store.known(self._page.platform, [message.message_id for _, message in pairs])
        changed = [pair for pair in pairs if known.get(pair[1].message_id) != pair[1].digest]
        same = [message for _, message in pairs if known.get(message.message_id) == message.digest]
        counts = self._counts(batch, pairs)
        judged, found = self._judged(changed, pairs) if changed else ([], _Found())
        with self._store.together():
            tally = Tally(fetched=len(same), unchanged=len(same))
            if changed:
                tally += self._store.save(
                    self._page, judged, counts=counts, answers=found.answers, reopened=found.reopened
                )
            if same or (counts and not changed):
                self._store.touch(self._page, {one.message_id: one.visibility for one in same}, counts)
            if self._terms.renewed:
                self._store.refreshed(self._page.platform, [one.message_id for one in same])
            if batch.memory is not None:
                failed = any(one.judgement.failed for one in judged)
                self._store.remember(self._page.id, {} if failed else _without_numbers(batch.memory))
            count(tally)
        self._note(batch, pairs, counts)
        return tally

    def finish(self, count: Count) -> Tally:
        """After a reading to the end: what should have been listed and was not; refused threads."""
        listed = self.listed
        with self._store.together():
            self._store.refuse(self._page, listed.refused, listed=listed.messages)
            gone = self._store.miss(
                self._page,
                listed=listed.messages,
                threads=listed.whole - listed.refused,
                posts_since=listed.posts_since,
            )
            if gone and self._terms.gone:
                self._store.empty_gone(self._page.id)
            count(Tally(gone=gone))
        return Tally(gone=gone)

    def _masked(self, raws: Iterable[RawMessage]) -> list[Pair]:
        """Each message once (the last counts), with what is kept of it."""
        once = {raw.message_id: _believed(shortened(raw)) for raw in self._told_if_long(raws)}
        store = self._store
        return [
            (raw, masked(raw, digest=store.digest, author_key=store.author_key, author_names=self._names))
            for raw in once.values()
        ]

    def _told_if_long(self, raws: Iterable[RawMessage]) -> Iterable[RawMessage]:
        for raw in raws:
            if is_long(raw):
                log.warning("page %s: a message of %d characters was cut", self._page.id, len(raw.text))
            yield raw

    def _id(self, name: str) -> str:
        return identity(name, self._store.digest)

    def _counts(self, batch: Batch, pairs: Iterable[Pair]) -> dict[str, int]:
        told = {message.message_id: raw.comment_count for raw, message in pairs if raw.comment_count is not None}
        return told | {self._id(name): count for name, count in batch.counts.items() if 0 <= count <= MOST}

    def _judged(self, changed: list[Pair], pairs: list[Pair]) -> tuple[list[Judged], _Found]:
        """New and edited messages judged where they stand, and what the threads that they touch show."""
        read: dict[str, list[Pair]] = {message.thread_id: [] for _, message in changed}
        for raw, message in pairs:
            if message.thread_id in read:
                read[message.thread_id].append((raw, message))
        threads = {name: self._thread(name, below) for name, below in read.items()}
        judgements = self._engine.judge(self._texts(changed, threads))
        at = self._clock()
        judged = [
            Judged(message, judgement, cases_for(message, judgement, self._page, at))
            for (_, message), judgement in zip(changed, judgements, strict=True)
        ]
        return judged, self._found(threads.values())

    def _thread(self, name: str, pairs: Iterable[Pair]) -> dict[str, AnyMessage]:
        """A thread by stored id: what is stored, over it what was read now as it was written."""
        if name not in self._threads:
            self._threads[name] = {one.message_id: one for one in self._store.thread(self._page.platform, name)}
        thread = self._threads[name]
        thread.update({message.message_id: raw for raw, message in pairs})
        return thread

    def _texts(self, changed: list[Pair], threads: Mapping[str, Mapping[str, AnyMessage]]) -> list[Text]:
        made: dict[str, Text] = {}
        for thread in threads.values():
            made.update(zip(thread, texts_of(list(thread.values()), self._institution.kind), strict=True))
        return [made[message.message_id] for _, message in changed]

    def _found(self, threads: Iterable[Mapping[str, AnyMessage]]) -> _Found:
        found = _Found()
        for thread in threads:
            shown = settled(list(thread.values()))
            found.answers += [
                Answer(self._id(one.inquiry_id), self._id(one.answer_id), one.answered_at)
                for one in (*shown.answers, *shown.later)
            ]
            found.reopened += [self._id(name) for name in shown.reopened]
        return found

    def _note(self, batch: Batch, pairs: Collection[Pair], counts: Mapping[str, int]) -> None:
        whole = {self._id(name) for name in batch.whole}
        self.listed.add(message for _, message in pairs)
        self.listed.claimed |= counts
        self.listed.whole |= whole
        self.listed.refused |= {self._id(name) for name in batch.refused}
        self.listed.posts_since = batch.posts_since or self.listed.posts_since
        self.listed.reached = self.listed.reached if batch.reached is None else batch.reached
        self.listed.unchanged |= batch.unchanged
        for name in whole:
            self._threads.pop(name, None)  # read to its end: its texts need not stay in memory
        self._since_cleared += len(pairs)
        if self._since_cleared > self._keep:
            self._threads.clear()  # a file tells of no thread's end; what is stored is read again where it is needed
            self._since_cleared = 0


def _believed(raw: RawMessage) -> RawMessage:
    """The message without a number of comments that cannot be."""
    return raw if raw.comment_count is None or 0 <= raw.comment_count <= MOST else replace(raw, comment_count=None)


def _without_numbers(memory: Mapping[str, str]) -> dict[str, str]:
    """What a site asks to be remembered comes from outside like any text: none of it may hold a CPR number."""
    return {name: value for name, value in memory.items() if mask(value) == value}
