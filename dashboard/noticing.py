"""Who is to be told of what, and in which words: figures and links, never a text, a name or a number of a citizen.

a serious possible breach ───► whoever is on duty for the page; nobody on duty: its institution's administrators
one that nobody has opened ──► communications and the DPO, after `escalate_hours`
a page that is not seen ─────► its institution's administrators and communications, once a day
the morning of a workday ────► everybody's own figures, as each has chosen
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from dashboard.access import Role, viewer_from
from dashboard.settings_upkeep import NoticeSetting as Rules
from dashboard.wiring import EVERYTHING
from dashboard.words import text
from data import queries
from data.notices import Bundle, Choice, Draft
from data.page_state import unproven
from data.people import PersonRow
from data.queries import Reader
from data.queries.narrowing import QueueFilter
from data.rows import CaseRow
from data.times import COPENHAGEN
from data.types import Category, Severity, Status

FRIDAY: Final = 5
_EVERYWHERE: Final = frozenset({Role.COMMUNICATIONS, Role.DPO})
_VIEWS: Final = {"serious": "/brud", "unopened": "/brud", "unseen": "/sider", "digest": "/"}
_MOST: Final = 200


def drafts(
    reader: Reader, people: Sequence[PersonRow], choices: dict[int, Choice], rules: Rules, now: datetime
) -> Iterator[Draft]:
    """All that is to be told now; what was told already is made only once by the store."""
    present = [one for one in people if one.ended_at is None and one.id in choices]
    at_once = [one for one in present if choices[one.id].at_once]
    for case in _serious(reader):
        for person in _for_page(reader, at_once, case.page_id, case.institution_id, now):
            yield _draft(person, choices, "serious", f"case:{case.id}", now)
        if now - case.opened_at >= timedelta(hours=rules.escalate_hours):
            yield from (
                _draft(one, choices, "unopened", f"case:{case.id}", now) for one in _those(at_once, _EVERYWHERE)
            )
    yield from _unseen(reader, at_once, choices, rules, now)
    yield from _mornings(present, choices, rules, now)


def words_for(bundle: Bundle, person: PersonRow, reader: Reader, url: str) -> tuple[str, str]:
    """Title and body of a mail."""
    count = len(bundle.ids)
    if bundle.kind == "digest":
        return text("notice.digest.title"), "\n".join([*_figures(person, reader), "", f"{url}/"])
    links = [
        f"{url}/brud?sag={subject.partition(':')[2]}" for subject in bundle.subjects if subject.startswith("case:")
    ]
    body = [text(f"notice.{bundle.kind}.body"), "", *(links or [f"{url}{_VIEWS[bundle.kind]}"])]
    return text(f"notice.{bundle.kind}.title", count=str(count)), "\n".join(body)


def _serious(reader: Reader) -> list[CaseRow]:
    """The serious possible breaches that nobody has taken or decided."""
    asked = QueueFilter(statuses=frozenset({Status.NEW}))
    found = queries.queue(reader, EVERYTHING, Category.CONFIDENTIALITY, asked, limit=_MOST)
    return [case for case in found if case.severity is Severity.SERIOUS]


def _for_page(
    reader: Reader, people: Sequence[PersonRow], page_id: str, institution_id: str, now: datetime
) -> list[PersonRow]:
    """Those on duty by login or name, else the institution's administrators."""
    names = {name.casefold() for name in queries.on_duty(reader, EVERYTHING, page_id, now)}
    on_duty = [one for one in people if {one.person.login.casefold(), one.person.name.casefold()} & names]
    own = [one for one in _those(people, {Role.ADMINISTRATOR}) if institution_id in one.person.institutions]
    return on_duty or own


def _those(people: Iterable[PersonRow], roles: Iterable[Role]) -> list[PersonRow]:
    return [one for one in people if one.person.role in set(roles)]


def _unseen(
    reader: Reader, people: Sequence[PersonRow], choices: dict[int, Choice], rules: Rules, now: datetime
) -> Iterator[Draft]:
    late = timedelta(hours=rules.unseen_hours)
    day = now.astimezone(COPENHAGEN).date().isoformat()
    for page in queries.pages(reader, EVERYTHING):
        if not unproven(page, now) or page.seen_at is None or now - page.seen_at < late:
            continue
        own = [one for one in _those(people, {Role.ADMINISTRATOR}) if page.institution_id in one.person.institutions]
        for person in (*own, *_those(people, {Role.COMMUNICATIONS})):
            yield _draft(person, choices, "unseen", f"page:{page.id}:{day}", now)


def _mornings(people: Sequence[PersonRow], choices: dict[int, Choice], rules: Rules, now: datetime) -> Iterator[Draft]:
    local = now.astimezone(COPENHAGEN)
    if local.isoweekday() > FRIDAY or local.hour * 60 + local.minute < rules.morning:
        return
    for one in people:
        wanted = choices[one.id].digest
        if wanted == "daily" or (wanted == "weekly" and local.isoweekday() == 1):
            yield Draft(one.id, "digest", f"day:{local.date().isoformat()}", now)


def _draft(person: PersonRow, choices: dict[int, Choice], kind: str, subject: str, now: datetime) -> Draft:
    return Draft(person.id, kind, subject, after_quiet(choices[person.id], now))


def after_quiet(choice: Choice, now: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    local = now.astimezone(COPENHAGEN)
    minute, begins, ends = local.hour * 60 + local.minute, choice.quiet_from, choice.quiet_until
    if begins == ends:
        return now
    quiet = begins <= minute < ends if begins < ends else minute >= begins or minute < ends
    if not quiet:
        return now
    day = local.date() + timedelta(days=minute >= ends)
    return datetime.combine(day, time(ends // 60 % 24, ends % 60), COPENHAGEN).astimezone(now.tzinfo)


def _figures(person: PersonRow, reader: Reader) -> list[str]:
    """A line for each queue that the person sees, with how much of it waits."""
    scope = viewer_from(person.person).scope
    return [
        text(f"notice.digest.{category}", count=str(queries.queue_count(reader, scope, category)))
        for category in Category
        if category in scope.categories
    ]
