"""What only the whole thread shows: what a text stands under, which inquiry the page answered, which one is open again.

    post ── comment (opens a branch) ── reply, reply, …
         └─ comment ── …

Works on messages as the platform wrote them and on stored ones. A platform that hangs a reply on a reply is followed
up to the comment that opens the branch.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from analysis.base import Text
from analysis.masking import initials
from analysis.near import either, letters
from data.types import Answer, Kind, Message, RawMessage

AnyMessage: TypeAlias = Message | RawMessage

EARLIER = 30
"""How many of the texts before it a text carries: the newest. A thread of thousands must not weigh its square."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_CAPITALISED = rf"[{letters('capital')}É][\w.'-]*"
_GREETED = re.compile(
    rf"^\W*(?:(?i:{either('greeting', 'words', file='threads')})[ ,]+)?@?"
    rf"(?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{0,3}})"
)
_INITIALS = re.compile(r"(?:\w\.)+")
_STILL_WAITING = re.compile(either("reminder", "words", file="threads"), re.IGNORECASE | re.DOTALL)


def in_order(thread: Iterable[AnyMessage]) -> list[AnyMessage]:
    """The post first, then by time; what has no time keeps its place among its neighbours."""
    messages = list(thread)
    times: list[datetime] = []
    for message in messages:
        times.append(message.created_at or (times[-1] if times else _LONG_AGO))
    order = sorted(range(len(messages)), key=lambda at: (messages[at].kind is not Kind.POST, times[at], at))
    return [messages[at] for at in order]


def texts_of(thread: Sequence[AnyMessage], institution: str = "") -> list[Text]:
    """One `Text` for each message of one thread, in the order given, with the post and the texts before it.

    `institution` is the kind of the page's institution. The thread may be part stored, part new.
    """
    made: dict[str, Text] = {}
    post = next((m for m in thread if m.kind is Kind.POST), None)
    said: list[str] = []
    for message in in_order(thread):
        made[message.message_id] = Text(
            text=message.text,
            context=post.text if post is not None and message is not post else "",
            by_page=message.by_page,
            kind=message.kind,
            platform=message.platform,
            institution=institution,
            author=message.author_name or "",
            earlier=tuple(said[-EARLIER:]),
        )
        if message.kind is not Kind.POST:
            said.append(message.text)
    return [made[message.message_id] for message in thread]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a thread shows of inquiries.

    `reopened` are ids of messages whose answer a citizen's reminder took back. `later` are the last replies to those of
    `answers` that have more than one: where a person finds that the first was none, the last may be.
    """

    answers: list[Answer]
    reopened: list[str]
    later: list[Answer]


def answers(thread: Sequence[AnyMessage]) -> list[Answer]:
    """The page's first reply to each citizen's message of one thread, where there is one; see `settled`."""
    return settled(thread).answers


def settled(thread: Sequence[AnyMessage]) -> Settled:
    """The page's first reply to each citizen's message of one thread, and the messages that wait again.

    A reply of the page answers what it hangs on and all that stands before it in the same branch; one that begins with
    a name ("Hej Lene", "@Lene Holm") answers that writer alone, also from outside the branch. Any reply counts, a bare
    "tak" too: whether it is a good answer is for people. Replies before a citizen's "har stadig ikke fået svar" in the
    same branch count no longer. A reply without a time answers nothing, since nothing could be measured.
    """
    ordered = in_order(thread)
    branches = _branches(ordered)
    heard = _Heard()
    found: dict[str, Answer] = {}
    last: dict[str, Answer] = {}
    waiting: set[str] = set()
    for message in ordered:
        branch = branches[message.message_id]
        if not message.by_page:
            if _is_reminder(message):
                for asked in heard.branches[branch]:
                    found.pop(asked.message_id, None)
                    waiting.add(asked.message_id)
            heard.note(message, branch)
        elif message.kind is not Kind.POST and message.created_at is not None:
            for asked in heard.addressed(message.text, branch):
                reply = Answer(asked.message_id, message.message_id, message.created_at)
                last[asked.message_id] = reply
                found.setdefault(asked.message_id, reply)
    names = [message.message_id for message in ordered]
    again = waiting - found.keys()
    return Settled(
        [found[name] for name in names if name in found],
        [name for name in names if name in again],
        [last[name] for name in names if name in found and last[name] is not found[name]],
    )


def _is_reminder(message: AnyMessage) -> bool:
    return not message.by_page and message.kind is not Kind.POST and bool(_STILL_WAITING.search(message.text))


def _branches(ordered: Sequence[AnyMessage]) -> Mapping[str, str]:
    """For each message the id of the comment that opens its branch; the post is a branch of its own."""
    parents = {m.message_id: m.parent_id for m in ordered}
    posts = {m.message_id for m in ordered if m.kind is Kind.POST} | {m.thread_id for m in ordered}
    roots: dict[str, str] = {}
    for message in ordered:
        root, seen = message.message_id, {message.message_id}
        while (parent := parents.get(root)) and parent not in posts and parent not in seen:
            root = parent
            seen.add(root)
        roots[message.message_id] = root
    return roots


class _Heard:
    """What citizens have written so far, by branch and by first name."""

    def __init__(self) -> None:
        self.branches: defaultdict[str, list[AnyMessage]] = defaultdict(list)
        self.names: defaultdict[str, list[AnyMessage]] = defaultdict(list)

    def note(self, message: AnyMessage, branch: str) -> None:
        self.branches[branch].append(message)
        name = message.author_name or ""
        if name and message.kind is not Kind.POST:
            self.names[name.casefold().split(maxsplit=1)[0]].append(message)

    def addressed(self, text: str, branch: str) -> list[AnyMessage]:
        """The messages that a reply of the page in this branch answers."""
        here = self.branches.get(branch, [])
        greeted = _GREETED.match(text)
        if not greeted:
            return here
        named = [name.strip(".,!:'").casefold() for name in greeted["name"].split()]
        called = [*self.names.get(named[0], ()), *self._by_initial(named[0])]
        own = {id(message) for message in here}
        return _of_one([m for m in called if id(m) in own], named) or _of_one(called, named) or here

    def _by_initial(self, first: str) -> Iterator[AnyMessage]:
        """Those of stored writers, who are called "L.H."."""
        if len(first) > 1:
            for name, messages in self.names.items():
                if _INITIALS.fullmatch(name) and name[0] == first[0]:
                    yield from messages


def _of_one(called: Sequence[AnyMessage], named: Sequence[str]) -> list[AnyMessage]:
    """The messages of the one writer meant; none where two fit, unless the last name tells them apart."""
    full = [m for m in called if (m.author_name or "").casefold().split()[: len(named)] == list(named)]
    fitting = full if len(named) > 1 and full else list(called)
    return fitting if _writers(fitting) == 1 else []


def _writers(messages: Iterable[AnyMessage]) -> int:
    """How many wrote these; in a thread that is part stored, part new, "L.K." and "Lis Krog" are one."""
    names = {message.author_name or "" for message in messages}
    short = {name for name in names if _INITIALS.fullmatch(name)}
    full = names - short
    return len(full) + len(short - {initials(name) for name in full})
