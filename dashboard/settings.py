"""The configuration: sideblik.toml read, checked and turned into frozen records; and where tokens come from.

    sideblik.toml ──► secrets refused ──► form (settings_file.py) ──► references ──► Settings

All problems are told at once, each with its key, what was found and what is allowed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from analysis.masking import AuthorNames
from collectors.platforms import names
from dashboard.settings_file import File, PageTable
from dashboard.settings_login import Login, login_of, login_problems
from dashboard.settings_replies import SavedReply, replies_of, reply_problems
from dashboard.settings_service import service_of, service_problems
from dashboard.settings_tokens import SECRETS, Keyring, Token, find, system_keyring
from dashboard.settings_upkeep import BackupSetting, NoticeSetting, backup_of, notice_of, rules_of
from data.errors import SettingsError
from data.photo_rows import REVIEW_DAYS
from data.retention import Rules
from data.types import Institution, Page

FILE = "sideblik.toml"
SHOWN = 60
ENV_CONFIG = "SIDEBLIK_CONFIG"

_SECRET_KEY = re.compile(r"token|secret|passw|api_?key|credential", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"access_token=|^EAA[A-Za-z0-9]{20}|Bearer ")
_EVERYWHERE = ("communications", "dpo")


@dataclass(frozen=True, slots=True)
class PersonSetting:
    """Somebody who looks after pages; `institutions` are ids, empty for a role that sees them all."""

    name: str
    role: str
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What sideblik.toml says, with paths made absolute. Holds no secret."""

    path: Path
    municipality: str
    domain: str
    database: Path
    reports: Path
    heads: Path
    address: str
    port: int
    author_names: AuthorNames
    ignore_names: frozenset[str]
    ignore_contacts: frozenset[str]
    workers: int
    keyring: bool
    institutions: tuple[Institution, ...]
    pages: tuple[Page, ...]
    people: tuple[PersonSetting, ...]
    login: Login | None = None
    backup: BackupSetting | None = None
    notice: NoticeSetting | None = None
    keeping: Rules = field(default_factory=Rules)
    replies: tuple[SavedReply, ...] = ()
    photo_review_days: int = REVIEW_DAYS
    release_hours: int = 72

    def page(self, page_id: str) -> Page:
        """The page of this id; SettingsError names those that there are."""
        for page in self.pages:
            if page.id == page_id:
                return page
        known = ", ".join(sorted(page.id for page in self.pages)) or "none"
        raise SettingsError(f"There is no page {page_id!r} in {self.path.name}; it has: {known}.")

    def institution(self, institution_id: str) -> Institution:
        return next(found for found in self.institutions if found.id == institution_id)

    def token_for(self, page_id: str, environ: Mapping[str, str] = os.environ) -> str | None:
        """The page's token, read anew at each call so that a renewed one needs no restart; None where there is none."""
        found = self.token(page_id, environ)
        return found.value if found else None

    def token(
        self, page_id: str, environ: Mapping[str, str] = os.environ, keyring: Keyring | None = None
    ) -> Token | None:
        """The page's token with its source and end; where it is looked for is told in `settings_tokens`."""
        if self.keyring and keyring is None:
            keyring = system_keyring()
        return find(self._names(page_id), self.path.with_name(SECRETS), environ, keyring)

    def written_token(self, page_id: str, environ: Mapping[str, str] = os.environ) -> Token | None:
        """The same without the keyring, which holds no ends and is slow to ask: for screens."""
        return find(self._names(page_id), self.path.with_name(SECRETS), environ, None)

    def _names(self, page_id: str) -> tuple[str, str]:
        return page_id, self.page(page_id).platform


def where(given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The configuration's path: as given, else from SIDEBLIK_CONFIG, else sideblik.toml in the current folder."""
    return given or Path(environ.get(ENV_CONFIG) or FILE)


def load(path: Path) -> Settings:
    """The settings in the file; SettingsError lists everything that is wrong with it."""
    path = path.absolute()
    document = _read(path)
    if problems := [f"{key}: {_SECRET_ADVICE}" for key in _secret_keys(document)]:
        raise _wrong(path, problems)
    try:
        file = File.model_validate(document)
    except ValidationError as wrong:
        raise _wrong(path, [_problem(error) for error in wrong.errors(include_url=False)]) from None
    if problems := _problems(file):
        raise _wrong(path, problems)
    return _settings(path, file)


def _problems(file: File) -> list[str]:
    """What is wrong between the tables of a file whose form is right."""
    of_places = [*_repeated(file), *_unknown_places(file), *_people(file), *_platforms(file)]
    return [*of_places, *login_problems(file), *reply_problems(file), *service_problems(file)]


_SECRET_ADVICE = (
    "a secret has no place in this file; give it in the environment as SIDEBLIK_TOKEN_<PAGE> or "
    f"SIDEBLIK_TOKEN_<PLATFORM>, or in {SECRETS} beside it (rights 0600)"
)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"There is no configuration at {path}; 'sideblik init' writes one to begin with.") from None
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.strerror}; check its rights.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"\(at [^)]*\)$", str(problem))  # the rest may quote what is written there
        raise SettingsError(f"{path} is not TOML {place[0] if place else ''}; mend it there.") from None


def _secret_keys(value: object, key: str = "") -> Iterator[str]:
    """Keys that look like a secret's, or that hold what looks like one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{key}.{name}" if key else str(name)
            if _SECRET_KEY.search(str(name)):
                yield inside
            else:
                yield from _secret_keys(inner, inside)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _secret_keys(inner, f"{key}[{number}]")
    elif isinstance(value, str) and _SECRET_VALUE.search(value):
        yield key


def _problem(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as: key, what was found, what is allowed."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    if error["type"] == "extra_forbidden":
        return f"{key}: found a key that is not known here; allowed: {', '.join(_allowed(error['loc']))}"
    if error["type"] == "missing":
        return f"{key}: found nothing; it must be given"
    allowed = str(error["msg"]).removeprefix("Input ")
    return f"{key}: found {_shown(error['input'])}; it {allowed}"


def _shown(value: object) -> str:
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return repr(value) if len(repr(value)) <= SHOWN else repr(value)[:SHOWN] + "…"


def _allowed(place: tuple[str | int, ...]) -> list[str]:
    """The keys that the table around an unknown key may have."""
    form: Any = File
    for part in place[:-1]:
        if isinstance(part, str):
            found = form.model_fields[part].annotation
            form = found if isinstance(found, type) and hasattr(found, "model_fields") else found.__args__[0]
    return list(form.model_fields)


def _repeated(file: File) -> Iterator[str]:
    ids = {"institution": [one.id for one in file.institution], "page": [one.id for one in file.page]}
    for table, given in ids.items():
        for name, times in Counter(given).items():
            if times > 1:
                yield f"{table}.id: found {name!r} {times} times; each must be given once"
    sources = Counter((page.platform, page.ref) for page in file.page if page.ref)
    for (platform, ref), times in sources.items():
        if times > 1:
            yield f"page.ref: found {ref!r} on {platform} {times} times; one page is visited once"


def _unknown_places(file: File) -> Iterator[str]:
    known = {one.id for one in file.institution}
    asked = [(f"page {page.id!r}", page.institution) for page in file.page]
    asked += [(f"person {one.name!r}", name) for one in file.person for name in one.institutions]
    for who, name in asked:
        if name not in known:
            yield f"{who}: found institution {name!r}; there is: {', '.join(sorted(known)) or 'none'}"


def _people(file: File) -> Iterator[str]:
    for one in file.person:
        if one.role in _EVERYWHERE and one.institutions:
            yield f"person {one.name!r}: found institutions; the role {one.role} sees all of them, so name none"
        if one.role not in _EVERYWHERE and not one.institutions:
            yield f"person {one.name!r}: found no institutions; the role {one.role} sees only those named"


def _platforms(file: File) -> Iterator[str]:
    """A page with a reference is visited, so that somebody must know how; one without is fed by imports."""
    known = names()
    for page in file.page:
        if page.ref and page.platform not in known:
            yield (
                f"page {page.id!r}: found platform {page.platform!r} with a ref; visited are: {', '.join(known)}. "
                "Leave ref out for a page that is fed by imports"
            )


def _settings(path: Path, file: File) -> Settings:
    return Settings(
        path=path,
        municipality=file.municipality.name,
        domain=file.municipality.domain,
        database=path.parent / file.storage.database,
        reports=path.parent / file.storage.reports,
        heads=path.parent / (file.storage.heads or Path(file.storage.database).with_name("journal-heads.jsonl")),
        address=file.server.address,
        port=file.server.port,
        author_names=file.privacy.author_names,
        ignore_names=frozenset(file.ignore.names),
        ignore_contacts=frozenset(file.ignore.contacts),
        workers=file.schedule.workers,
        keyring=file.access.keyring,
        institutions=tuple(Institution(one.id, one.name, one.kind) for one in file.institution),
        pages=tuple(_page(file, one) for one in file.page),
        people=tuple(PersonSetting(one.name, one.role, tuple(one.institutions)) for one in file.person),
        login=login_of(file),
        backup=backup_of(path, file.backup),
        notice=notice_of(file.notice),
        keeping=rules_of(file.retention),
        replies=replies_of(file),
        photo_review_days=file.photos.review_days,
        release_hours=file.service.release_hours,
    )


def _page(file: File, one: PageTable) -> Page:
    return Page(
        id=one.id,
        institution_id=one.institution,
        platform=one.platform,
        name=one.name,
        url=one.url,
        ref=one.ref,
        every_seconds=one.every_seconds or (one.every_minutes or file.schedule.every_minutes) * 60,
        look_back_days=one.look_back_days or file.schedule.look_back_days,
        slowest_seconds=_slowest(file, one),
        coverage=file.schedule.coverage if one.coverage is None else one.coverage,
        options=MappingProxyType(dict(one.options)),
        **service_of(file, one),
    )


def _slowest(file: File, one: PageTable) -> int:
    """A trial's `every_seconds` is kept to, unless the page says how seldom it may be visited."""
    if one.every_seconds and not one.slowest_minutes:
        return one.every_seconds
    return (one.slowest_minutes or file.schedule.slowest_minutes) * 60


def _wrong(path: Path, problems: list[str]) -> SettingsError:
    lines = "".join(f"\n  {problem}." for problem in problems)
    return SettingsError(f"{path} has {len(problems)} thing{'s' if len(problems) > 1 else ''} to mend:{lines}")
