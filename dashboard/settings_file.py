"""The form of sideblik.toml: which keys there are, of which kind, and what each may hold.

The tables are checked by pydantic, all at once, so that one look at the answer mends the whole file. `settings.py`
makes frozen records of what passes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.photo_rows import REVIEW_DAYS

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Hours = Annotated[int, Field(ge=1, le=24 * 90)]
Minutes = Annotated[int, Field(ge=1, le=60 * 24)]
Days = Annotated[int, Field(ge=1, le=365)]
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
Span = Annotated[str, Field(pattern=rf"^({_CLOCK}-({_CLOCK}|24:00))?$")]
OFFICE = "08:00-16:00"
Share = Annotated[float, Field(gt=0, le=1)]


class Table(BaseModel):
    """A table of the file: no key but these, no value turned into another kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MunicipalityTable(Table):
    name: Name
    domain: str = ""
    goal_hours: Hours | None = None


class WeekTable(Table):
    """From when to when somebody looks after a page, by the day; a day that is left out is closed.

    The word "always" in place of the table stands for day and night.
    """

    always: bool = False
    mon: Span = ""
    tue: Span = ""
    wed: Span = ""
    thu: Span = ""
    fri: Span = ""
    sat: Span = ""
    sun: Span = ""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, given: object) -> object:
        return {"always": True} if given == "always" else given


class ServiceTable(Table):
    """Sixteen hours of a working week from eight to four are two working days.

    `release_hours`: a taken case is nobody's again after so many clock hours; 0 for never.
    """

    goal_open_hours: Hours = 16
    urgent_hours: Hours = 24
    opening: WeekTable = WeekTable(mon=OFFICE, tue=OFFICE, wed=OFFICE, thu=OFFICE, fri=OFFICE)
    closed_days: list[str] = ["06-05", "12-24", "12-31"]
    release_hours: Annotated[int, Field(ge=0, le=24 * 90)] = 72


class StorageTable(Table):
    database: str = "data/local/sideblik.db"
    reports: str = "data/local/reports"
    heads: str = ""  # beside the database


class ServerTable(Table):
    """Without a [login] the dashboard answers this machine alone, so no other address is allowed."""

    address: Annotated[str, Field(pattern=r"^(localhost|[0-9a-fA-F:.]+)$")] = "127.0.0.1"
    port: int = Field(default=8501, ge=1, le=65535)


class PrivacyTable(Table):
    author_names: Literal["initials", "full", "none"] = "initials"


class IgnoreTable(Table):
    names: list[str] = []
    contacts: list[str] = []


class ScheduleTable(Table):
    workers: int = Field(default=4, ge=1, le=32)
    every_minutes: Minutes = 30
    slowest_minutes: Minutes = 720
    look_back_days: Days = 14
    coverage: Share = 0.98


class AccessTable(Table):
    keyring: bool = False


class BackupTable(Table):
    """`recipient` is the public half of an age key: whoever reads this file can make backups and open none."""

    folder: Annotated[str, Field(min_length=1)] = "data/local/backups"
    recipient: Annotated[str, Field(pattern=r"^age1[a-z0-9]+$")]
    keep: Annotated[int, Field(ge=1, le=1000)] = 14


InstitutionKind = Literal[
    "kommune",
    "borgerservice",
    "dagtilbud",
    "skole",
    "plejecenter",
    "bibliotek",
    "vej_park",
    "jobcenter",
    "sundhed",
    "kultur",
    "forsyning",
    "familie",
]
KeptDays = Annotated[int, Field(ge=1, le=3650)]


class RetentionTable(Table):
    """Days, explained in docs/privacy.md; a platform's own terms are the ceiling."""

    comments: KeptDays = 90
    own_posts: KeptDays = 730
    open_case: KeptDays = 365
    closed_case: KeptDays = 180
    gone: Annotated[int, Field(ge=0, le=365)] = 0
    ledger: KeptDays = 1825
    visits: KeptDays = 730


class PhotosTable(Table):
    """After so many days an answer about a post's pictures is looked at again; see docs/privacy.md."""

    review_days: Annotated[int, Field(ge=30, le=3650)] = REVIEW_DAYS


class RuleTable(Table):
    """Whoever has this value in this claim has this role."""

    claim: Name
    value: Name
    role: Literal["reader", "administrator", "communications", "dpo"]
    institutions: list[Id] = []


class LoginTable(Table):
    """`url` is how people reach the dashboard; `contact` is whom they are told to ask. Secrets stand elsewhere."""

    url: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$")]
    contact: Name
    ways: Annotated[list[Literal["oidc", "password", "link"]], Field(min_length=1)] = ["oidc"]
    provider: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    client_id: str = ""
    scope: str = "openid profile email"
    login_claim: Name = "email"
    name_claim: Name = "name"
    idle_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = 60
    hours: Annotated[int, Field(ge=1, le=24 * 7)] = 12
    rule: list[RuleTable] = []


class NoticeTable(Table):
    """When people are told by mail; whom and how is each person's own choice, the service's address is a secret."""

    escalate_hours: Annotated[int, Field(ge=1, le=72)] = 4
    unseen_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 6
    morning: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "07:30"


class InstitutionTable(Table):
    id: Id
    name: Name
    kind: InstitutionKind
    goal_open_hours: Hours | None = None
    opening: WeekTable | None = None
    closed_days: list[str] | None = None


class PageTable(Table):
    """`every_seconds` is for trials: it goes before `every_minutes`, which is what a platform's limits allow."""

    id: Id
    institution: Id
    platform: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    name: Name
    url: str = ""
    ref: str = ""
    goal_hours: Hours | None = None
    goal_open_hours: Hours | None = None
    opening: WeekTable | None = None
    closed_days: list[str] | None = None
    every_minutes: Minutes | None = None
    slowest_minutes: Minutes | None = None
    every_seconds: Annotated[int, Field(ge=1, le=86400)] | None = None
    look_back_days: Days | None = None
    coverage: Share | None = None
    options: dict[str, str] = {}


class PersonTable(Table):
    name: Name
    role: Literal["reader", "administrator", "communications", "dpo"]
    institutions: list[Id] = []


class ReplyTable(Table):
    """A text that the municipality answers with, for inquiries of these topics (none named: of all)."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    topics: list[InstitutionKind | Literal["andet"]] = []
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    link: Annotated[str, Field(pattern=r"^(https?://[^\s]+)?$", max_length=300)] = ""


class File(Table):
    """The whole file."""

    municipality: MunicipalityTable
    storage: StorageTable = StorageTable()
    server: ServerTable = ServerTable()
    privacy: PrivacyTable = PrivacyTable()
    ignore: IgnoreTable = IgnoreTable()
    schedule: ScheduleTable = ScheduleTable()
    service: ServiceTable = ServiceTable()
    access: AccessTable = AccessTable()
    login: LoginTable | None = None
    backup: BackupTable | None = None
    retention: RetentionTable = RetentionTable()
    photos: PhotosTable = PhotosTable()
    notice: NoticeTable | None = None
    institution: list[InstitutionTable] = []
    page: list[PageTable] = []
    person: list[PersonTable] = []
    reply: list[ReplyTable] = []
