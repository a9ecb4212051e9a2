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

from dashboard.settings import SECRETS, Settings, load, secrets, variable
from dashboard.wiring import EVERYTHING
from data import journal, queries, times
from data.errors import SettingsError, SideblikError, Who
from data.rows import PageRow

NEEDS_TOKEN = ("facebook",)
SPACE = 1_000_000_000
UNSEEN = timedelta(days=1)
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
    yield from _machine(settings, moment)
    yield from _database(settings, moment)


def page_lines(pages: Sequence[PageRow], now: datetime) -> list[tuple[str, str, str, str, str]]:
    """Page, institution, last seen, coverage and what is wrong, as texts."""
    return [
        (
            row.id,
            row.institution_name,
            "never" if row.seen_at is None else f"{row.seen_at.astimezone(times.COPENHAGEN):%Y-%m-%d %H:%M}",
            "" if row.coverage is None else f"{row.coverage:.1%}",
            wrong_with(row, now),
        )
        for row in pages
    ]


def wrong_with(row: PageRow, now: datetime) -> str:
    """Why a page is not seen, "" for one that is: silent and not seen never look the same."""
    parts = []
    if row.open_gap:
        since = row.open_gap.began_at.astimezone(times.COPENHAGEN)
        parts.append(f"not seen since {since:%Y-%m-%d %H:%M}: {_reason(row)}")
    elif row.seen_at is None:
        parts.append("never seen")
    elif now - row.seen_at > UNSEEN:
        parts.append(f"not seen for {(now - row.seen_at).days} days; is the collector running?")
    if row.not_judged:
        parts.append(f"{row.not_judged} messages not judged; the next visit tries again")
    return "; ".join(parts)


def _reason(row: PageRow) -> str:
    visit = row.last_visit
    if visit is None or visit.error is None:
        return row.open_gap.error if row.open_gap else ""
    return f"{visit.detail or visit.error} ({visit.who})"


def _tokens(settings: Settings, environ: Mapping[str, str]) -> Iterator[Found]:
    kept = settings.path.with_name(SECRETS)
    try:
        if secrets(kept):
            yield Found(Level.OK, f"secrets: {kept.name} is readable by its owner alone")
    except SettingsError as problem:
        yield Found(Level.WRONG, str(problem))
        return
    asked = [page for page in settings.pages if page.ref and page.platform in NEEDS_TOKEN]
    without = [page for page in asked if not settings.token_for(page.id, environ)]
    for page in without:
        yield Found(
            Level.WRONG,
            f"page {page.id}: no token; set {variable(page.id)} or {variable(page.platform)}, or write it to {SECRETS}",
        )
    if asked and not without:
        yield Found(Level.OK, f"tokens: each of the {len(asked)} pages that need one has one")


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
            broken = journal.verify(reader)
            if broken is None:
                yield Found(Level.OK, "journal: every row follows from the one before it")
            else:
                yield Found(Level.WRONG, f"journal: row {broken} does not follow from those before; it was changed")
            yield from _pages(queries.pages(reader, EVERYTHING), now)
    except SideblikError as problem:
        yield Found(Level.WRONG, f"database: {problem}", problem.who)


def _rights(path: Path) -> Found:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Found(Level.WRONG, f"database: others can read it (rights {mode:04o}); chmod 600 {path}")
    return Found(Level.OK, f"database: {path} opens, and is its owner's alone")


def _pages(pages: Sequence[PageRow], now: datetime) -> Iterator[Found]:
    seen = [row.seen_at for row in pages if row.seen_at]
    if seen and max(seen) > now + timedelta(minutes=5):
        yield Found(Level.WRONG, "clock: it is behind the last visit; times and deadlines told now would be wrong")
    bad = [(row, words) for row in pages if (words := wrong_with(row, now))]
    for row, words in bad:
        who = row.last_visit.who if row.last_visit and row.last_visit.who else Who.OPERATOR
        yield Found(Level.WRONG, f"page {row.id}: {words}", Who(who))
    if pages and not bad:
        yield Found(Level.OK, f"pages: all {len(pages)} are seen")
