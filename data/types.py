"""The words that Sideblik writes in: frozen records that cross the borders between the folders.

A collector returns `RawMessage`s, the analysis turns them into `Message`s, and the store takes nothing but
`Message`s: text as the platform wrote it cannot be saved by mistake, since the types do not fit.

Times are aware and in UTC. Offsets count code points. Identifiers of platforms are text, whatever their form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType

from data.opening import Opening


class Kind(StrEnum):
    POST = "post"
    COMMENT = "comment"
    REPLY = "reply"


class Visibility(StrEnum):
    """What a reader of the platform sees of a message, as far as the last visits tell."""

    VISIBLE = "visible"
    HIDDEN = "hidden"  # the page hid it; the platform still lists it to the page
    GONE = "gone"  # missing in two complete readings
    UNREACHABLE = "unreachable"  # the platform refused to show its thread; nothing is known


class Category(StrEnum):
    INQUIRY = "inquiry"
    CONFIDENTIALITY = "confidentiality"
    TONE = "tone"
    PHOTO = "photo"


class Severity(IntEnum):
    NOTE = 1  # a writer's own private matters
    NORMAL = 2
    SERIOUS = 3  # urgent inquiry, `clear` breach, threat


class Status(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


class Inquiry(StrEnum):
    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "complaint"
    NONE = "none"


class Breach(StrEnum):
    CLEAR = "clear"
    POSSIBLE = "possible"
    SELF = "self"
    NONE = "none"


class Tone(StrEnum):
    NONE = "none"
    ABUSE = "abuse"
    HATE = "hate"
    THREAT = "threat"


class Verdict(StrEnum):
    """What a person may decide of a case."""

    ANSWERED = "answered"
    NO_ANSWER_NEEDED = "no_answer_needed"
    NOT_A_BREACH = "not_a_breach"
    EDITED = "edited"
    HIDDEN = "hidden"
    DELETED = "deleted"
    JOURNALISED = "journalised"
    REPORTED_TO_DPO = "reported_to_dpo"


class Outcome(StrEnum):
    """How a visit ended. Only a complete one may say that something is missing."""

    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"  # broken off; what came before is saved
    FAILED = "failed"  # nothing was read


@dataclass(frozen=True, slots=True)
class Institution:
    """A school, a nursing home, … or the municipality itself; `kind` is one of the words of docs/judgement.md."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Page:
    """An official page on one platform, belonging to one institution.

    `ref` is what the platform calls it: a page id, a feed's address, a site's address; "" for a page fed by imports.
    `goal_hours` is the page's own service goal for a first answer: hours in which it is open, by the clock where
    `opening` is None. An urgent inquiry is due within `urgent_hours` by the clock. A lively page is visited every
    `every_seconds`, a sleeping one every `slowest_seconds`. `coverage` is the share of its comments that must be stored
    for it to count as seen. `options` are the platform module's own settings.
    """

    id: str
    institution_id: str
    platform: str
    name: str
    url: str
    ref: str
    goal_hours: int = 48
    every_seconds: int = 1800
    look_back_days: int = 14
    slowest_seconds: int = 12 * 3600
    coverage: float = 0.98
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    opening: Opening | None = None
    urgent_hours: int = 24


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something beside the text: `kind` is photo, video, link or file; `text` its title or description."""

    kind: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A post, comment or reply as the platform wrote it. Lives in memory only; see `Message` for what is kept.

    `(platform, message_id)` is the identity for ever, so a module whose ids are unique only within a site or a file
    puts the site or page in front of them. `thread_id` is the message_id of the post that the thread hangs on (a
    post's own id for a post). `created_at` is None where the platform does not tell. `by_page` is True when the
    institution wrote it. `comment_count` is the platform's own count for a post, None when it gives none.
    """

    platform: str
    message_id: str
    page_id: str
    kind: Kind
    text: str
    thread_id: str
    parent_id: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    by_page: bool = False
    author_id: str | None = None
    author_name: str | None = None
    url: str = ""
    visibility: Visibility = Visibility.VISIBLE
    attachments: tuple[Attachment, ...] = ()
    comment_count: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Sideblik keeps it: CPR numbers masked in every field. Made by `analysis.masking` alone.

    `digest` is a keyed hash of the raw fields, so that an edit is noticed though the raw text is not kept.
    `author_key` tells writers of one thread apart and means nothing outside it: a citizen has no history here.
    """

    platform: str
    message_id: str
    page_id: str
    kind: Kind
    text: str
    thread_id: str
    digest: str
    parent_id: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    by_page: bool = False
    author_key: str = ""
    author_name: str = ""
    url: str = ""
    visibility: Visibility = Visibility.VISIBLE
    attachments: tuple[Attachment, ...] = ()
    comment_count: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason at one place in one text: `[start, end)` in code points of the masked text, `score` in 0..1.

    `type` is a span type of docs/judgement.md (cpr, person, phone, health, …) or a cue of an inquiry or a tone.
    `reason` is a code that `dashboard/texts/da.toml` turns into a Danish sentence.
    """

    detector: str
    version: int
    type: str
    start: int
    end: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the analysis says of one text.

    `failed` names the detectors that could not judge it; the text is then kept, shown as not judged, and tried again.
    `rules` is the version of the whole rule set. `because` names the rules that led to the answers, in order.
    """

    inquiry: Inquiry = Inquiry.NONE
    topic: str = ""
    urgent: bool = False
    breach: Breach = Breach.NONE
    tone: Tone = Tone.NONE
    findings: tuple[Finding, ...] = ()
    because: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    rules: str = ""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """One thing for a person to look at, before it has a number: a message × a category."""

    category: Category
    kind: str  # an Inquiry, Breach or Tone word
    severity: Severity
    topic: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A message ready to be saved, with what was found in it."""

    message: Message
    judgement: Judgement
    cases: tuple[CaseDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The page's reply to an inquiry, found by the thread rules: both are message_ids of one platform."""

    inquiry_id: str
    answer_id: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """What a visit or an import did, in messages."""

    fetched: int = 0
    new: int = 0
    edited: int = 0
    gone: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__slots__))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may see. Nothing is asked of the database without one; an empty scope sees nothing.

    `everywhere` is for those who see all institutions; otherwise only those named. `categories` limits the cases.
    `browse` allows lists of messages (posts, search) and not only the threads of cases in scope. `acts` allows to take
    and decide cases; without it the scope reads. `masked` shows texts without third parties, and citizens by number;
    the cases of `revealed` are shown as they are all the same.
    """

    institutions: frozenset[str] = frozenset()
    everywhere: bool = False
    categories: frozenset[Category] = frozenset()
    browse: bool = False
    acts: bool = False
    masked: bool = False
    revealed: frozenset[int] = frozenset()


NOTHING = Scope()
