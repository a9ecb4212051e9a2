"""What only the whole thread shows: what a text stands under, which inquiry the page answered, which one is open again.

    post ── comment (opens a branch) ── reply, reply, …
         └─ comment ── …

Works on messages as the platform wrote them and on stored ones. A platform that hangs a reply on a reply is followed
up to the comment that opens the branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from analysis.base import Text
from data.types import Answer, Kind, Message, RawMessage

AnyMessage: TypeAlias = Message | RawMessage

EARLIER = 30
"""How many of the texts before it a text carries: the newest. A thread of thousands must not weigh its square."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_CAPITALISED = r"[A-ZÆØÅÉ][\w.'-]*"
_GREETED = re.compile(
    r"^\W*(?:(?i:kære|hej|hejsa|goddag|godmorgen|hello|hi|tak|svar til)[ ,]+)?@?"
    rf"(?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{0,3}})"
)
_STILL_WAITING = re.compile(
    r"(?:stadig|endnu|fortsat|aldrig)\b.{0,25}\b(?:svar|hørt|reager|sket|gjort|løst|ordnet|vendt tilbage)|"
    r"\b(?:ikke|ingen|intet)\b.{0,15}\b(?:fået|modtaget|hørt)\b.{0,15}\b(?:svar|noget|tilbage|fra jer)|"
    r"\b(?:hvornår (?:får|kommer)|venter (?:stadig|fortsat|endnu)|mangler (?:stadig )?)\b.{0,20}\bsvar|"
    r"\brykker\b.{0,15}\b(?:svar|for)\b|\bsvarede? (?:jo )?ikke på\b",
    re.IGNORECASE | re.DOTALL,
)


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


def answers(thread: Sequence[AnyMessage]) -> list[Answer]:
    """The page's first reply to each citizen's message of one thread, where there is one.

    A reply of the page answers what it hangs on and all that stands before it in the same branch; one that begins with
    a name ("Hej Lene", "@Lene Holm") answers that writer alone, also from outside the branch. Any reply counts, a bare
    "tak" too: whether it is a good answer is for people. Replies before a citizen's "har stadig ikke fået svar" in the
    same branch count no longer. A reply without a time answers nothing, since nothing could be measured.
    """
    ordered = in_order(thread)
    branches = _branches(ordered)
    found: dict[str, Answer] = {}
    for at, message in enumerate(ordered):
        if _is_reminder(message):
            for asked in ordered[:at]:
                if branches[asked.message_id] == branches[message.message_id]:
                    found.pop(asked.message_id, None)
        if message.by_page and message.kind is not Kind.POST and message.created_at is not None:
            for asked in _addressed(message, ordered[:at], branches):
                found.setdefault(asked.message_id, Answer(asked.message_id, message.message_id, message.created_at))
    return [found[message.message_id] for message in ordered if message.message_id in found]


def reopened(thread: Sequence[AnyMessage]) -> list[str]:
    """The ids of messages whose answer a citizen's later reminder in the same branch took back."""
    ordered = in_order(thread)
    branches = _branches(ordered)
    standing = {answer.inquiry_id for answer in answers(ordered)}
    reminded = {branches[m.message_id] for m in ordered if _is_reminder(m)}
    return [
        m.message_id
        for at, m in enumerate(ordered)
        if branches[m.message_id] in reminded
        and m.message_id not in standing
        and not m.by_page
        and any(
            _is_reminder(later) and branches[later.message_id] == branches[m.message_id] for later in ordered[at + 1 :]
        )
    ]


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


def _addressed(reply: AnyMessage, before: Sequence[AnyMessage], branches: Mapping[str, str]) -> list[AnyMessage]:
    """The citizens' messages that a reply of the page answers."""
    citizens = [m for m in before if not m.by_page]
    branch = [m for m in citizens if branches[m.message_id] == branches[reply.message_id]]
    named = _named(reply.text, branch) or _named(reply.text, [m for m in citizens if m.kind is not Kind.POST])
    if named:
        return named
    return branch


def _named(text: str, candidates: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages of the one writer whose name the text begins with; none where two writers fit."""
    greeted = _GREETED.match(text)
    if not greeted or not candidates:
        return []
    parts = greeted["name"].split()
    fitting = [m for m in candidates if m.author_name and _fits(parts, m.author_name)]
    return fitting if len({m.author_name for m in fitting}) == 1 else []


def _fits(parts: Sequence[str], author: str) -> bool:
    """Whether a greeting names this author; a stored author has initials only ("L.H.")."""
    first = parts[0].strip(".,!:'")
    if author.count(".") and len(author) <= 2 * author.count("."):
        letters = author.split(".")
        return len(first) > 1 and letters[0] == first[0].upper()
    names = author.split()
    return bool(names) and names[0].casefold() == first.casefold()
