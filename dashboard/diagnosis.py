"""What is wrong with an installation and who must act: the checks behind `doctor`, and a page's health in words."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from collectors.limits import SLOW_ABOVE
from collectors.platforms import keep_limit, needs_token
from dashboard.access import Role
from dashboard.settings import Settings, load
from dashboard.settings_tokens import SECRETS, secrets, variable
from dashboard.settings_webhook import TOLD_OF, missing
from dashboard.wiring import ACTING, EVERYTHING
from dashboard.wiring import pages as pages_of
from data import backup, jobs, journal, queries, rejudged, times
from data.errors import SettingsError, SideblikError, Who
from data.page_state import PageState, State, page_state, token_days, token_warning, unproven
from data.people import people
from data.rows import PageRow

KEEPS = Role.COMMUNICATIONS
SPACE = 1_000_000_000
OLDEST_BACKUP = timedelta(hours=36)
_DAMAGED = "{} is damaged; stop Sideblik and put a backup in its place by 'sideblik restore' (docs/backup.md)"
WRONG_FROM = 3  # days before a token's end; earlier it is a note
EARLIEST = datetime(2026, 11, 1, tzinfo=times.COPENHAGEN)  # a clock before this release was written is wrong


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing looked at; `who` must act where it is wrong."""

    level: Level
    what: str
    who: Who = Who.OPERATOR


def examine(path: Path, now: datetime | None = None, environ: Mapping[str, str] = os.environ) -> Iterator[Found]:
    """Everything that can be looked at without asking a platform, in the order in which it can break."""
    moment = now or times.now()
    try:
        settings = load(path)
    except SideblikError as problem:
        yield Found(Level.WRONG, str(problem), problem.who)
        return
    yield Found(Level.OK, f"configuration: {len(settings.pages)} pages of {len(settings.institutions)} institutions")
    yield from _tokens(settings, environ)
    yield from _webhooks(settings, environ)
    yield from _machine(settings, moment)
    yield from _database(settings, moment)
    yield _backups(settings, moment)


def page_lines(pages: Sequence[PageRow], now: datetime) -> list[tuple[str, str, str, str, str]]:
    """Page, institution, last seen, coverage and what is wrong, as texts."""
    return [
        (
            row.id,
            row.institution_name,
            "never" if row.seen_at is None else f"{row.seen_at.astimezone(times.COPENHAGEN):%Y-%m-%d %H:%M}",
            "" if row.coverage is None else f"{row.coverage:.1%}",
            told_of(row, now),
        )
        for row in pages
    ]


def told_of(row: PageRow, now: datetime) -> str:
    """The state of a page in words, "" for one that is seen: silent and not seen never look the same."""
    found = page_state(row, now)
    if found.state is State.SEEN:
        return ""
    words = {
        "never": "never seen",
        "imports": f"fed by imports, the last of {_moment(found.since)}; what was written since is not known",
        "no_import": "fed by imports, and there is none yet",
        "no_counts": "read to the end; no count of the platform says whether anything is missing",
        "not_reached": f"its list does not reach back to the visit of {_moment(found.since)}; visit it more often",
        "clock": f"seen at {_moment(found.since)}, which is later than now; see the clock",
        "late": f"not visited since {_moment(found.since)}; is the collector running?",
        "not_judged": f"{row.not_judged} messages not judged; the next visit tries again",
        "coverage": f"{row.coverage or 0:.1%} of its comments are stored, at least {row.coverage_goal:.1%} should be",
        "posts": f"{row.short_posts} posts hold fewer comments than the platform claims; see Sider",
    }
    return words.get(found.why) or f"not seen since {_moment(found.since)}: {_reason(row, found)}"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(times.COPENHAGEN):%Y-%m-%d %H:%M}" if at else "the beginning"


def _reason(row: PageRow, found: PageState) -> str:
    return f"{(row.broken.detail if row.broken else None) or found.why} ({found.who})"


def _tokens(settings: Settings, environ: Mapping[str, str]) -> Iterator[Found]:
    kept = settings.path.with_name(SECRETS)
    try:
        if secrets(kept):
            yield Found(Level.OK, f"secrets: {kept.name} is readable by its owner alone")
        asked = [page for page in settings.pages if page.ref and needs_token(page.platform)]
        without = [page for page in asked if not settings.token_for(page.id, environ)]
    except SettingsError as problem:
        yield Found(Level.WRONG, str(problem))
        return
    for page in without:
        yield Found(
            Level.WRONG,
            f"page {page.id}: no token; set {variable(page.id)} or {variable(page.platform)}, or write it to {SECRETS}",
        )
    if asked and not without:
        yield Found(Level.OK, f"tokens: each of the {len(asked)} pages that need one has one")


def _webhooks(settings: Settings, environ: Mapping[str, str]) -> Iterator[Found]:
    """Whether Meta's events are listened to, and for which pages; they are a speed-up and may be off."""
    pages = [page.id for page in settings.pages if page.ref and page.platform in TOLD_OF]
    try:
        lacking = missing(settings.path.with_name(SECRETS), environ)
    except SettingsError as problem:
        if not _unreadable(settings.path.with_name(SECRETS)):  # told with the tokens
            yield Found(Level.WRONG, f"webhooks: {problem}")
        return
    if len(lacking) == 1:
        yield Found(Level.WRONG, f"webhooks: off; {lacking[0]} is missing under [webhooks] in {SECRETS}")
    elif lacking:
        yield Found(Level.OK, "webhooks: off; pages are visited by the schedule alone")
    elif pages:
        yield Found(Level.OK, f"webhooks: on for {', '.join(pages)}")
    else:
        yield Found(Level.NOTE, "webhooks: on, and no page of Facebook or Instagram is visited")


def _unreadable(kept: Path) -> bool:
    try:
        secrets(kept)
    except SettingsError:
        return True
    return False


def _machine(settings: Settings, now: datetime) -> Iterator[Found]:
    if now < EARLIEST:
        yield Found(Level.WRONG, f"clock: it says {now:%Y-%m-%d}, before this release was made; set it")
    else:
        yield Found(Level.OK, f"clock: {now.astimezone(times.COPENHAGEN):%Y-%m-%d %H:%M} in Copenhagen")
    folder = next(folder for folder in settings.database.parents if folder.exists())
    free = shutil.disk_usage(folder).free
    level = Level.OK if free >= SPACE else Level.WRONG
    yield Found(level, f"disk: {free / 1e9:.1f} GB free where the database lies; it needs 1 GB to work in")
    version = sqlite3.sqlite_version
    repaired = sqlite3.sqlite_version_info >= (3, 51, 3)
    advice = "" if repaired else ": older than 3.51.3, which mends a rare loss in its write-ahead log; keep backups"
    yield Found(Level.OK if repaired else Level.NOTE, f"SQLite {version}{advice}")


def _database(settings: Settings, now: datetime) -> Iterator[Found]:
    path = settings.database
    try:
        with queries.open_reader(path) as reader:
            yield _rights(path)
            if not backup.is_whole(reader):
                yield Found(Level.WRONG, f"database: {_DAMAGED.format(path)}")
                return
            broken = journal.verify(reader)
            if broken is None:
                yield Found(Level.OK, "journal: every row follows from the one before it")
            else:
                yield Found(Level.WRONG, f"journal: row {broken} does not follow from those before; it was changed")
            for job, due in jobs.undone(reader, now):
                yield Found(Level.WRONG, f"job {job}, due {_moment(due)}: not done; it is tried again, see the log why")
            if rejudged.waits(reader):
                found = rejudged.progress(reader)
                yield Found(Level.NOTE, f"rules: {found.done} of {found.total} texts are judged by the newest ones")
            yield from _keepers(reader, settings)
            yield from _pages(pages_of(reader, EVERYTHING, settings), now)
    except SideblikError as problem:
        yield Found(Level.WRONG, f"database: {problem}", problem.who)


def _keepers(reader: queries.Reader, settings: Settings) -> Iterator[Found]:
    """Whether anybody may let others in, where people log in."""
    if settings.login is None:
        return
    kept = sum(one.person.role == KEEPS and one.ended_at is None for one in people(reader, ACTING))
    if kept or any(rule.role == KEEPS for rule in settings.login.rules):
        yield Found(Level.OK, f"login: {kept} people of the table have the role {KEEPS}")
    else:
        told = f"'sideblik person add LOGIN --name NAME --role {KEEPS}' (docs/login.md)"
        yield Found(Level.WRONG, f"login: nobody has the role {KEEPS}, so nobody can let others in; {told}")


def _backups(settings: Settings, now: datetime) -> Found:
    """Whether a lost disk would lose more than a day and a half."""
    if settings.backup is None:
        return Found(Level.NOTE, "backup: none is made; 'sideblik backup --new-key' shows what to write")
    newest = next(iter(backup.found(settings.backup.folder)), None)
    if newest is None:
        return Found(Level.WRONG, f"backup: there is none in {settings.backup.folder} yet; 'sideblik backup' makes one")
    level = Level.OK if now - newest.made_at <= OLDEST_BACKUP else Level.WRONG
    return Found(level, f"backup: the newest is of {newest.made_at:%Y-%m-%d %H:%M} UTC, {newest.size / 1e6:.1f} MB")


def _rights(path: Path) -> Found:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Found(Level.WRONG, f"database: others can read it (rights {mode:04o}); chmod 600 {path}")
    return Found(Level.OK, f"database: {path} opens, and is its owner's alone")


def _pages(pages: Sequence[PageRow], now: datetime) -> Iterator[Found]:
    seen = [row.seen_at for row in pages if row.seen_at]
    if seen and max(seen) > now + times.CLOCK_SLACK:
        yield Found(Level.WRONG, "clock: it is behind the last visit; times and deadlines told now would be wrong")
    for row in pages:
        if words := told_of(row, now):
            level = Level.WRONG if unproven(row, now) else Level.NOTE
            yield Found(level, f"page {row.id}: {words}", page_state(row, now).who)
        yield from _ending(row, now)
    if pages and not any(told_of(row, now) for row in pages):
        yield Found(Level.OK, f"pages: all {len(pages)} are seen")
    yield from _budgets(pages, now)


def _ending(row: PageRow, now: datetime) -> Iterator[Found]:
    """When a token ends: a note from 14 days before, wrong from 3."""
    due, days = token_warning(row, now), token_days(row, now)
    if row.visited and needs_token(row.platform) and due is None:
        yield Found(Level.OK, f"page {row.id}: {_end(row, days)}")
    if due is None or days is None or (due == 0 and page_state(row, now).why == "TokenError"):
        return
    when = f"{row.token_expires_at.astimezone(times.COPENHAGEN):%Y-%m-%d}" if row.token_expires_at else ""
    told = f"ended on {when}" if due == 0 else f"ends in {days} day{'' if days == 1 else 's'}, on {when}"
    level = Level.WRONG if due <= WRONG_FROM else Level.NOTE
    yield Found(level, f"page {row.id}: its token {told}; renew it with 'sideblik token set'", Who.PAGE_ADMINISTRATOR)


def _end(row: PageRow, days: int | None) -> str:
    if row.token_expires_at is None:
        return "neither the platform nor anybody else said when its token ends"
    return f"its token ends in {days} days, on {row.token_expires_at.astimezone(times.COPENHAGEN):%Y-%m-%d}"


def _budgets(pages: Sequence[PageRow], now: datetime) -> Iterator[Found]:
    """How much of each platform's limit is used, by the page that found most, and how long its texts may be kept."""
    fullest: dict[str, PageRow] = {}
    for row in pages:
        if row.used is not None and (row.resets_at is None or row.resets_at > now):
            other = fullest.get(row.platform)
            fullest[row.platform] = row if other is None or (other.used or 0) < row.used else other
    for platform, row in sorted(fullest.items()):
        resets = f", the window begins anew at {_moment(row.resets_at)}" if row.resets_at else ""
        level = Level.NOTE if (row.used or 0) > SLOW_ABOVE else Level.OK
        yield Found(level, f"limit of {platform}: {row.used:.0f} percent used at {_moment(row.used_at)}{resets}")
    for platform in sorted({row.platform for row in pages}):
        if keep := keep_limit(platform):
            hours = keep / timedelta(hours=1)
            yield Found(Level.OK, f"terms of {platform}: texts may be kept {hours:.0f} hours at most")
