"""The tables, as ordered, named steps. A step that has landed is never changed; a new one follows it.

Every table is STRICT, keys are explicit, times are UTC text `YYYY-MM-DDTHH:MM:SSZ` (sorts as it reads), weeks are
ISO weeks in Europe/Copenhagen (`2026-W47`). `institution_id` stands on every row that a viewer may ask for, so that
the scope is part of the index and not of a join.

Statements run one by one: `executescript` would commit, and a step that fails must leave nothing behind.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from data.m009_seeing import m009_seeing
from data.m010_rejudged import m010_rejudged
from data.m011_removals import m011_removals
from data.m012_people import m012_people
from data.m013_retention import m013_retention
from data.m014_remembered import m014_remembered
from data.m015_passing import m015_passing
from data.m016_rota import m016_rota
from data.m017_notices import m017_notices
from data.m018_care import m018_care
from data.m019_records import m019_records
from data.m020_photos import m020_photos
from data.m022_looked import m022_looked
from data.m023_opening import m023_opening
from data.m024_welcomed import m024_welcomed

migrations = Migrations("sideblik")


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)


@migrations()
def m001_places(db: Database) -> None:
    """Institutions and pages mirror sideblik.toml. One that left it becomes inactive, and its cases keep a place."""
    _run(
        db,
        """CREATE TABLE institutions (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
        ) STRICT""",
        """CREATE TABLE pages (
            id TEXT PRIMARY KEY,
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            platform TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, goal_hours INTEGER NOT NULL,
            every_seconds INTEGER NOT NULL,
            active INTEGER NOT NULL DEFAULT 1,
            memory TEXT NOT NULL DEFAULT '{}'
        ) STRICT""",
        "CREATE INDEX pages_institution ON pages (institution_id)",
    )


@migrations()
def m002_messages(db: Database) -> None:
    """Messages hold the newest text; `versions` holds what an edit replaced. Text is masked before it comes here.

    `week` is that of `created_at`, or of `first_seen` where the platform gives no time. `missing` counts complete
    readings in which the message was not listed. `failed` names the detectors that could not judge it.
    """
    _run(
        db,
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            platform TEXT NOT NULL, message_id TEXT NOT NULL,
            page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            kind TEXT NOT NULL CHECK (kind IN ('post', 'comment', 'reply')),
            thread_id TEXT NOT NULL, parent_id TEXT,
            by_page INTEGER NOT NULL, author_key TEXT NOT NULL, author_name TEXT NOT NULL,
            text TEXT NOT NULL, url TEXT NOT NULL, attachments TEXT NOT NULL DEFAULT '[]',
            created_at TEXT, edited_at TEXT, first_seen TEXT NOT NULL, week TEXT NOT NULL,
            version INTEGER NOT NULL DEFAULT 1, version_seen TEXT NOT NULL, digest TEXT NOT NULL,
            visibility TEXT NOT NULL DEFAULT 'visible'
                CHECK (visibility IN ('visible', 'hidden', 'gone', 'unreachable')),
            missing INTEGER NOT NULL DEFAULT 0, comment_count INTEGER,
            inquiry TEXT NOT NULL, topic TEXT NOT NULL, urgent INTEGER NOT NULL,
            breach TEXT NOT NULL, tone TEXT NOT NULL, because TEXT NOT NULL DEFAULT '[]',
            rules TEXT NOT NULL, failed TEXT NOT NULL DEFAULT '[]',
            UNIQUE (platform, message_id)
        ) STRICT""",
        "CREATE INDEX messages_thread ON messages (platform, thread_id, created_at, id)",
        """CREATE INDEX messages_posts ON messages (page_id, coalesce(created_at, first_seen) DESC, id DESC)
            WHERE kind = 'post'""",
        "CREATE INDEX messages_failed ON messages (page_id) WHERE failed <> '[]'",
        """CREATE TABLE versions (
            message INTEGER NOT NULL REFERENCES messages (id), version INTEGER NOT NULL,
            text TEXT NOT NULL, digest TEXT NOT NULL, seen_from TEXT NOT NULL, seen_until TEXT NOT NULL,
            PRIMARY KEY (message, version)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE sightings (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES messages (id),
            page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            was TEXT NOT NULL, became TEXT NOT NULL, after TEXT, at TEXT NOT NULL, week TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX sightings_week ON sightings (week, institution_id, page_id, became, message)",
        "CREATE INDEX sightings_message ON sightings (message)",
        """CREATE TABLE volumes (
            week TEXT NOT NULL, page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            posts INTEGER NOT NULL DEFAULT 0, comments INTEGER NOT NULL DEFAULT 0, own INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (week, page_id)
        ) STRICT, WITHOUT ROWID""",
    )


@migrations()
def m003_findings(db: Database) -> None:
    """Findings belong to one version of a message, and name the detector and the version of its rule."""
    _run(
        db,
        """CREATE TABLE findings (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES messages (id), version INTEGER NOT NULL,
            detector TEXT NOT NULL, rule INTEGER NOT NULL, type TEXT NOT NULL,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, score REAL NOT NULL, reason TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX findings_message ON findings (message, version)",
    )


@migrations()
def m004_cases(db: Database) -> None:
    """A case is a message × a category; `revision` guards against two people changing it at once.

    `sort` is what a queue is ordered by: the deadline where there is one, else when the message was written.
    """
    _run(
        db,
        """CREATE TABLE cases (
            id INTEGER PRIMARY KEY,
            message INTEGER NOT NULL REFERENCES messages (id),
            page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            category TEXT NOT NULL CHECK (category IN ('inquiry', 'confidentiality', 'tone', 'photo')),
            kind TEXT NOT NULL, topic TEXT NOT NULL, severity INTEGER NOT NULL,
            status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'taken', 'answered', 'closed')),
            opened_at TEXT NOT NULL, written_at TEXT NOT NULL, week TEXT NOT NULL, due_at TEXT, sort TEXT NOT NULL,
            answered_at TEXT, answer INTEGER REFERENCES messages (id),
            taken_by TEXT, taken_at TEXT, verdict TEXT,
            rules TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1,
            UNIQUE (message, category)
        ) STRICT""",
        "CREATE INDEX cases_queue ON cases (category, status, severity DESC, sort, id)",
        "CREATE INDEX cases_own_queue ON cases (institution_id, category, status, severity DESC, sort, id)",
        "CREATE INDEX cases_page ON cases (page_id, category, status, severity DESC, sort, id)",
        "CREATE INDEX cases_week ON cases (week, institution_id, page_id, category, kind)",
        "CREATE INDEX cases_waiting ON cases (institution_id, due_at) WHERE status IN ('new', 'taken')",
        "CREATE INDEX cases_answer ON cases (answer) WHERE answer IS NOT NULL",
        """CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            case_id INTEGER NOT NULL REFERENCES cases (id),
            verdict TEXT NOT NULL, ground TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL,
            was TEXT NOT NULL, undone_at TEXT, undone_by TEXT
        ) STRICT""",
        "CREATE INDEX decisions_case ON decisions (case_id, id)",
    )


@migrations()
def m005_visits(db: Database) -> None:
    """What each visit did, the times in which a page was not seen, and what the scheduler owes.

    `stored` and `claimed` are comments: those we hold and those the platform counts, over the threads that were read.
    A gap with `ended_at` NULL is open; `filled` says whether the visit that ended it could read back over it.
    """
    _run(
        db,
        """CREATE TABLE visits (
            id INTEGER PRIMARY KEY,
            page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            source TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT NOT NULL,
            fetched INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0, edited INTEGER NOT NULL DEFAULT 0,
            gone INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0,
            stored INTEGER, claimed INTEGER, error TEXT, detail TEXT, who TEXT
        ) STRICT""",
        "CREATE INDEX visits_page ON visits (page_id, id DESC)",
        "CREATE INDEX visits_complete ON visits (page_id, source, started_at) WHERE outcome = 'complete'",
        "CREATE INDEX visits_running ON visits (page_id, source) WHERE outcome = 'running'",
        """CREATE TABLE gaps (
            id INTEGER PRIMARY KEY,
            page_id TEXT NOT NULL REFERENCES pages (id),
            institution_id TEXT NOT NULL REFERENCES institutions (id),
            began_at TEXT NOT NULL, ended_at TEXT, filled INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX gaps_open ON gaps (page_id) WHERE ended_at IS NULL",
        "CREATE INDEX gaps_page ON gaps (page_id, began_at)",
        """CREATE TABLE jobs (
            job TEXT NOT NULL, due TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, ok INTEGER,
            PRIMARY KEY (job, due)
        ) STRICT, WITHOUT ROWID""",
    )


@migrations()
def m006_journal(db: Database) -> None:
    """Who did what, append-only: triggers refuse change, and each row holds the hash of the one before."""
    _run(
        db,
        """CREATE TABLE journal (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            subject TEXT NOT NULL, institution_id TEXT, detail TEXT NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
        ) STRICT""",
        "CREATE INDEX journal_subject ON journal (subject, id)",
        "CREATE INDEX journal_institution ON journal (institution_id, id)",
        """CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    )


@migrations()
def m007_search(db: Database) -> None:
    """Full-text search over the masked text of messages. Authors are left out: nobody is looked up by name.

    The triggers are our own: those of sqlite-utils index a text anew at every update of its row, also one that only
    counts a miss. `table.transform()` drops triggers without a word; a later step that transforms `messages` makes
    them anew.
    """
    db.table("messages").enable_fts(["text"], tokenize="unicode61")
    _run(
        db,
        """CREATE TRIGGER messages_ai AFTER INSERT ON messages BEGIN
            INSERT INTO messages_fts (rowid, text) VALUES (new.id, new.text); END""",
        """CREATE TRIGGER messages_ad AFTER DELETE ON messages BEGIN
            INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.id, old.text); END""",
        """CREATE TRIGGER messages_au AFTER UPDATE OF text ON messages BEGIN
            INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
            INSERT INTO messages_fts (rowid, text) VALUES (new.id, new.text); END""",
    )


migrations()(m009_seeing)
migrations()(m011_removals)
migrations()(m012_people)
migrations()(m016_rota)
migrations()(m014_remembered)
migrations()(m017_notices)
migrations()(m010_rejudged)
migrations()(m013_retention)
migrations()(m019_records)
migrations()(m022_looked)
migrations()(m020_photos)
migrations()(m018_care)
migrations()(m015_passing)
migrations()(m023_opening)
migrations()(m024_welcomed)
