"""Cases that go from one institution to another, or back to nobody; decisions that were made at once."""

from __future__ import annotations

from sqlite_utils import Database


def m015_passing(db: Database) -> None:
    """A passing: a case went from one institution to another; one that was taken back has `ended_at`.

    The case's own `institution_id` is where it stands now. A lapse: nobody had done anything with a taken case for so
    long that it became nobody's. Decisions made at once share the `batch`, which is the number of the first of them.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE passings (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        from_id TEXT NOT NULL REFERENCES institutions (id),
        to_id TEXT NOT NULL REFERENCES institutions (id),
        ground TEXT NOT NULL CHECK (ground IN ('theirs', 'knowledge', 'part', 'absent')),
        person TEXT NOT NULL, at TEXT NOT NULL, ended_at TEXT, ended_by TEXT
    ) STRICT""",
    "CREATE INDEX passings_case ON passings (case_id, id)",
    "CREATE INDEX passings_from ON passings (from_id, case_id) WHERE ended_at IS NULL",
    """CREATE TABLE lapses (
        id INTEGER PRIMARY KEY,
        case_id INTEGER NOT NULL REFERENCES cases (id),
        taken_by TEXT NOT NULL, taken_at TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX lapses_case ON lapses (case_id, id)",
    "CREATE INDEX cases_taken ON cases (taken_at) WHERE status = 'taken'",
    "CREATE INDEX cases_newest ON cases (category, status, written_at, id)",
    "CREATE INDEX cases_own_newest ON cases (institution_id, category, status, written_at, id)",
    "ALTER TABLE decisions ADD COLUMN batch INTEGER",
    "CREATE INDEX decisions_batch ON decisions (batch) WHERE batch IS NOT NULL",
    "CREATE INDEX decisions_person ON decisions (person, id)",
)
