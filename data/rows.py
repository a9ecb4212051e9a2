"""What the queries answer with: frozen records, times aware and in UTC. `data.queries` fills, screens show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.opening import Opening
from data.times import to_text
from data.types import (
    Attachment,
    Category,
    Finding,
    Institution,
    Kind,
    Outcome,
    Page,
    Severity,
    Status,
    Tally,
    Verdict,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a queue shows it: `text` is the masked message (the first 600 code points of it)."""

    id: int
    revision: int
    category: Category
    kind: str
    topic: str
    severity: Severity
    status: Status
    page_id: str
    page_name: str
    platform: str
    institution_id: str
    institution_name: str
    message_kind: Kind
    by_page: bool
    author_name: str
    text: str
    url: str
    visibility: Visibility
    written_at: datetime
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    taken_by: str | None
    taken_at: datetime | None
    verdict: Verdict | None
    thread_id: str
    message: int
    sort: str
    newer_rule: bool = False
    passed_from: str = ""  # the institution that gave it to where it is now

    @property
    def key(self) -> tuple[int, str, int]:
        """Where the next page of the queue begins (keyset, never an offset)."""
        return (int(self.severity), self.sort, self.id)

    @property
    def newest_key(self) -> tuple[int, str, int]:
        """The same for a queue that shows the newest first."""
        return (0, to_text(self.written_at), self.id)


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    text: str
    seen_from: datetime
    seen_until: datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in its thread, with what was found in its newest text and the texts that an edit replaced."""

    id: int
    platform: str
    message_id: str
    page_id: str
    page_name: str
    institution_id: str
    kind: Kind
    thread_id: str
    parent_id: str | None
    by_page: bool
    author_name: str
    text: str
    url: str
    attachments: tuple[Attachment, ...]
    created_at: datetime | None
    first_seen: datetime
    version: int
    visibility: Visibility
    comment_count: int | None
    inquiry: str
    breach: str
    tone: str
    urgent: bool
    because: tuple[str, ...]
    failed: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    versions: tuple[VersionRow, ...] = ()
    writer: int = 0  # the citizen's number in the thread, where the scope masks; 0 for nobody known


@dataclass(frozen=True, slots=True)
class DecisionRow:
    id: int
    case_id: int
    verdict: Verdict
    ground: str
    person: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    batch: int | None = None  # shared by those made at once


@dataclass(frozen=True, slots=True)
class PostRow:
    """A page's post with what hangs on it: comments stored, the platform's own count, open cases in scope."""

    message: MessageRow
    comments: int
    open_cases: int

    @property
    def key(self) -> tuple[str, int]:
        """Where the next page of the list begins: when it was written (first seen where untold), and its number."""
        return (to_text(self.message.created_at or self.message.first_seen), self.message.id)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """`stored` and `claimed` count comments over all posts whose number the platform told; None where it told none."""

    id: int
    page_id: str
    source: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    tally: Tally
    calls: int
    stored: int | None
    claimed: int | None
    error: str | None
    detail: str | None
    who: str | None


@dataclass(frozen=True, slots=True)
class GapRow:
    id: int
    page_id: str
    began_at: datetime
    ended_at: datetime | None
    filled: bool
    error: str


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page and how well it is seen. `seen_at` is the start of the last complete visit, None before the first.

    `visited` is False for a page that is fed by imports. `broken` is the last visit that failed or was broken off,
    told while a gap is open. `coverage` is the share of the comments that the platform claims over all posts,
    `short_posts` how many posts are below `coverage_goal`. `rhythm` is the seconds between two visits as the scheduler
    chose them. `used` is the percent of the platform's limit as the visit at `used_at` found it. `unread_from` is the
    visit that the last complete one could not read back to. `talk` says whether any comment is stored; asked only
    where the platform told no number of them.
    """

    id: str
    name: str
    platform: str
    url: str
    institution_id: str
    institution_name: str
    goal_hours: int
    seen_at: datetime | None
    last_visit: VisitRow | None
    open_gap: GapRow | None
    coverage: float | None
    not_judged: int
    every_seconds: int = 1800
    rhythm: int | None = None
    visited: bool = True
    broken: VisitRow | None = None
    coverage_goal: float = 0.98
    short_posts: int = 0
    token_expires_at: datetime | None = None
    used: float | None = None
    used_at: datetime | None = None
    resets_at: datetime | None = None
    unread_from: datetime | None = None
    opening: Opening | None = None
    talk: bool = False


@dataclass(frozen=True, slots=True)
class ShortPost:
    """A post under which fewer comments are stored than the platform claims; `text` is its first 600 code points."""

    message: int
    text: str
    url: str
    written_at: datetime
    held: int
    claimed: int


@dataclass(frozen=True, slots=True)
class PageWeek:
    """One page in one ISO week: a line of the weekly report, and what the overview adds up.

    Inquiries and possible breaches belong to the week in which they were written; `answered`, `within` (deadline),
    `open`, `overdue` and `answer_hours` tell of those inquiries as things stand now. `own` messages are the page's.
    """

    week: str
    page_id: str
    page_name: str
    platform: str
    institution_id: str
    institution_name: str
    posts: int
    comments: int
    own: int
    questions: int
    requests: int
    complaints: int
    answered: int
    within: int
    open: int
    overdue: int
    answer_hours: tuple[float, ...]
    serious: int
    possible: int
    self_told: int
    decided: dict[str, int]  # confidentiality cases by verdict; "" counts the undecided
    removed: int
    hidden: int
    coverage: float | None
    hours_unseen: float
    hours: float = 168.0  # of the week, as far as it has passed
    visited: bool = True  # False for a page that is fed by imports
    unexplained: int = 0  # removals seen in the week of which nobody has told a ground
    unexplained_ever: int = 0  # all such removals, whatever the week

    @property
    def inquiries(self) -> int:
        return self.questions + self.requests + self.complaints


@dataclass(frozen=True, slots=True)
class WeekCount:
    """One institution in one ISO week, for trends: own posts, citizens' comments, inquiries, possible breaches."""

    week: str
    institution_id: str
    posts: int
    comments: int
    inquiries: int
    breaches: int


@dataclass(frozen=True, slots=True)
class Places:
    """The institutions and pages that a viewer may choose among, active ones first, by name."""

    institutions: tuple[Institution, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures on top of the overview, over the cases and pages in scope.

    `overdue` and `urgent` (an inquiry of serious severity) are among the open; `breaches_open` are open cases of
    confidentiality; `pages_unseen` are active pages that somebody must look to (`page_state.unproven`).
    """

    new: int = 0
    taken: int = 0
    overdue: int = 0
    urgent: int = 0
    breaches_open: int = 0
    pages_unseen: int = 0
    unexplained: int = 0  # removals that nobody has told a ground of
