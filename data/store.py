"""The writing side: one Store a thread, every write one transaction that holds the lock from its start."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from data import deciding, goals, jobs, journal, keys, places, saving, stored, visibility, visits
from data.at_once import AtOnce
from data.care import Caring
from data.connection import BUSY_SECONDS, alone, connect, make_file, reading, told, writing
from data.filing import Filing
from data.keeping import Keeping
from data.ledger import Ledger
from data.looking import Looking
from data.migrating import migrate
from data.notices import Notices
from data.passing import Passing
from data.photos import Photos
from data.pulse import Pulse, pulse
from data.rejudged import Rejudged
from data.remembering import Remembering
from data.revealing import Revealing
from data.rota import Rota
from data.sessions import People
from data.times import from_text, now
from data.types import Answer, Institution, Judged, Message, Page, Scope, Tally, Visibility
from data.visits import VisitLog

_NO_COUNTS: Final[Mapping[str, int]] = MappingProxyType({})
_NO_DETAIL: Final[Mapping[str, object]] = MappingProxyType({})


class Store(
    Caring, Keeping, Ledger, Looking, Notices, Passing, People, Photos, Rejudged, Remembering, Revealing, Rota, Filing,
    AtOnce,
):  # fmt: skip
    """Everything that writes. Made by `Store.open`; stays in the thread that opened it; a context manager."""

    def __init__(self, conn: sqlite3.Connection, path: Path, clock: Callable[[], datetime]) -> None:
        self._conn = conn
        self._path = path
        self._clock = clock
        self._key: bytes | None = None

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], datetime] = now, patience: float = BUSY_SECONDS) -> Store:
        """Open the database, made and brought up to date where needed; StoreError says what is wrong with it.

        Each write waits for another's lock for `patience` seconds.
        """
        with alone(path):
            make_file(path)
            conn = connect(path, patience)
            try:
                migrate(conn, path)
            except sqlite3.Error as error:
                conn.close()
                raise told(error, path) from error
            except BaseException:
                conn.close()
                raise
        return cls(conn, path, clock)

    def close(self) -> None:
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written within is one transaction, kept as a whole or not at all; nobody else writes meanwhile."""
        with writing(self._conn):
            yield

    def digest(self, raw: str) -> str:
        """A keyed hash of raw text, 32 hex digits: equal for equal texts, and no way back without the key."""
        return keys.keyed(self._secret(), "digest", raw)

    def author_key(self, thread_id: str, author_id: str) -> str:
        """A writer's key within one thread, which means nothing in another; "" for no author."""
        return keys.keyed(self._secret(), "author", thread_id, author_id) if author_id else ""

    def set_places(self, institutions: Iterable[Institution], pages: Iterable[Page]) -> None:
        """Mirror the configuration; places that left it become inactive and keep their cases.

        Where a page's goal or opening hours have changed, its open inquiries get new deadlines.
        """
        pages = list(pages)
        with writing(self._conn):
            before = goals.goals(self._conn)
            places.set_places(self._conn, institutions, pages)
            goals.renew_deadlines(self._conn, pages, before, self._clock())

    def memory(self, page_id: str) -> Mapping[str, str]:
        """What an earlier visit asked to be remembered of the page."""
        with reading(self._conn):
            return places.memory(self._conn, page_id)

    def remember(self, page_id: str, memory: Mapping[str, str]) -> None:
        """Replace what is remembered of the page; called once the batch that it came with is saved."""
        with writing(self._conn):
            places.remember(self._conn, page_id, memory)

    def renewed(self, page_id: str, expires: datetime | None) -> None:
        """The page was given a new token; when it ends, None where nobody knows. The old one's end is forgotten."""
        with writing(self._conn):
            places.renewed(self._conn, page_id, expires)

    def remember_expiry(self, page_id: str, expires: str) -> None:
        """What the platform told of the end of the page's token, in ISO form; "" says that it has none."""
        with writing(self._conn):
            places.note_expiry(self._conn, page_id, expires)

    def pulse(self, page_id: str) -> Pulse:
        """How lively the page is and how its platform's limit stands, now."""
        with reading(self._conn):
            return pulse(self._conn, page_id, self._clock())

    def note_rhythm(self, page_id: str, seconds: float) -> None:
        """Keep how often the page is visited now, for those who must know when a visit is late."""
        with writing(self._conn):
            places.note_rhythm(self._conn, page_id, seconds)

    def note_usage(self, page_id: str, used: float, resets_at: datetime | None) -> None:
        """Keep the percent of its platform's limit that the page's visit found used."""
        with writing(self._conn):
            places.note_usage(self._conn, page_id, used, resets_at, self._clock())

    def begin_visit(self, page: Page, source: str = "visit") -> VisitLog:
        """Open a visit's row (`source` is visit or import); one that a kill left running is closed as partial.

        UnderWayError where one still runs, in whichever process.
        """
        return visits.begin(self._conn, self._path, page, source, self._clock)

    def last_complete(self, page_id: str) -> datetime | None:
        """When the page's last complete visit began; None before the first."""
        with reading(self._conn):
            began = visibility.last_complete(self._conn, page_id)
        return from_text(began) if began else None

    def known(self, platform: str, message_ids: Iterable[str]) -> Mapping[str, str]:
        """The stored digest of each known id; "" for one that was not judged whole, so that it is judged again."""
        with reading(self._conn):
            return stored.digests(self._conn, platform, message_ids)

    def counted(self, page_id: str, begin: datetime, end: datetime) -> Mapping[str, int | None]:
        """The platform's last number of comments of the page's posts written in [begin, end); see `stored.counted`."""
        with reading(self._conn):
            return stored.counted(self._conn, page_id, begin, end)

    def thread(self, platform: str, thread_id: str) -> tuple[Message, ...]:
        """The stored messages of a thread, the post first, then oldest first."""
        with reading(self._conn):
            return stored.thread(self._conn, platform, thread_id)

    def save(
        self,
        page: Page,
        judged: Sequence[Judged],
        *,
        counts: Mapping[str, int] = _NO_COUNTS,
        answers: Sequence[Answer] = (),
        reopened: Sequence[str] = (),
    ) -> Tally:
        """Save a batch of at most some thousand messages in one transaction; the same batch again changes nothing.

        `counts` are the platform's own numbers of comments by thread; `answers` close inquiries; `reopened` are the
        message_ids of those whose answer a citizen's later reminder took back.
        """
        with writing(self._conn):
            return saving.save(
                self._conn,
                page,
                judged,
                counts=counts,
                answers=answers,
                reopened=reopened,
                at=self._clock(),
                digest=self.digest,
            )

    def touch(self, page: Page, seen: Mapping[str, Visibility], counts: Mapping[str, int] = _NO_COUNTS) -> int:
        """Note that unchanged messages were listed again, each as it was listed; how many of them are stored."""
        with writing(self._conn):
            held = stored.stored(self._conn, page.platform, seen)
            visibility.seen(self._conn, [(row, seen[name]) for name, row in held.items()], self._clock())
            saving.count(self._conn, page.platform, counts)
            return len(held)

    def miss(
        self, page: Page, *, listed: Collection[str], threads: Collection[str], posts_since: datetime | None
    ) -> int:
        """After a complete visit: count a miss for what it should have listed and did not; how many became gone.

        Expected are the comments of `threads` (read whole) and, where `posts_since` is given, the posts since then.
        """
        with writing(self._conn):
            return visibility.miss(
                self._conn, page, listed=listed, threads=threads, posts_since=posts_since, at=self._clock()
            )

    def refuse(self, page: Page, threads: Collection[str], *, listed: Collection[str] = ()) -> None:
        """The platform would not show these threads: what they held is unreachable but for what was `listed` now."""
        with writing(self._conn):
            visibility.refuse(self._conn, page, threads, self._clock(), listed=listed)

    def take(self, scope: Scope, person: str, case_id: int, revision: int) -> None:
        """Look after a case (of an inquiry that the thread made answered: the reply was none).

        ChangedError or OutOfScopeError where that cannot be.
        """
        with writing(self._conn):
            deciding.take(self._conn, scope, person, case_id, revision, self._clock())

    def release(self, scope: Scope, person: str, case_id: int, revision: int) -> None:
        """Give a taken case back; errors as `take`."""
        with writing(self._conn):
            deciding.release(self._conn, scope, person, case_id, revision, self._clock())

    def note(
        self,
        actor: str,
        action: str,
        subject: str,
        *,
        institution_id: str | None = None,
        detail: Mapping[str, object] = _NO_DETAIL,
    ) -> None:
        """A journal row of its own (a report written, an import, settings changed); no free text in it."""
        with writing(self._conn):
            journal.append(
                self._conn,
                at=self._clock(),
                actor=actor,
                action=action,
                subject=subject,
                institution_id=institution_id,
                detail=detail,
            )

    def job_due(self, job: str, due: datetime) -> bool:
        """True for the one who shall do the job now, who must tell its end by `job_done`, also a bad one.

        Never True again once that was ok; a job that a kill cut off is due again for the next process.
        """
        return jobs.begin(self._conn, str(self._path.absolute()), job, due, self._clock())

    def job_done(self, job: str, due: datetime, ok: bool) -> None:
        """Note that a job ended; one that did not end well may be begun again."""
        jobs.end(self._conn, str(self._path.absolute()), job, due, self._clock(), ok=ok)

    def _secret(self) -> bytes:
        if self._key is None:
            self._key = keys.load(self._path, self._conn)
        return self._key
