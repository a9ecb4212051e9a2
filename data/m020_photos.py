"""Own posts with pictures: whether consent is in order, who said so, and when somebody looks again."""

from __future__ import annotations

from sqlite_utils import Database


def m020_photos(db: Database) -> None:
    """A row of `photos` is an own post that has or had pictures; `pictures` is how many the platform tells of now.

    It asks from `asks_from` on: from when the post was written, and from the day of review once it is answered.
    `answer` is the answer in force, None where there is none or more pictures came. A row of `photo_answers` keeps what
    it took the place of (`was` and `was_asks_from`), so that it can be taken back. Pictures themselves, and where they
    lie, stand nowhere. Posts that are stored already ask too.
    """
    for statement in _STATEMENTS:
        db.execute(statement)


_STATEMENTS = (
    """CREATE TABLE photos (
        message INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        page_id TEXT NOT NULL REFERENCES pages (id),
        institution_id TEXT NOT NULL REFERENCES institutions (id),
        pictures INTEGER NOT NULL, asks_from TEXT NOT NULL,
        answer TEXT CHECK (answer IN ('consent', 'situation', 'removed')),
        revision INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    *(
        f"CREATE INDEX photos_{name}_{begin or 'all'} ON photos ({begin}{begin and ', '}asks_from DESC, message DESC)"
        f" WHERE pictures > 0 AND {answered}"
        for name, answered in (("waiting", "answer IS NULL"), ("answered", "answer IS NOT NULL"))
        for begin in ("", "institution_id", "page_id")
    ),
    """CREATE TABLE photo_answers (
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL REFERENCES photos (message) ON DELETE CASCADE,
        answer TEXT NOT NULL CHECK (answer IN ('consent', 'situation', 'removed')),
        note TEXT NOT NULL CHECK (length(note) <= 200),
        person TEXT NOT NULL, at TEXT NOT NULL, was TEXT, was_asks_from TEXT NOT NULL, undone_at TEXT, undone_by TEXT
    ) STRICT""",
    "CREATE INDEX photo_answers_message ON photo_answers (message, id)",
    """INSERT INTO photos (message, page_id, institution_id, pictures, asks_from)
        SELECT messages.id, page_id, institution_id, count(*), coalesce(created_at, first_seen)
        FROM messages, json_each(attachments) AS one
        WHERE messages.kind = 'post' AND by_page = 1 AND attachments <> '[]'
            AND (one.value ->> 'kind' = 'photo' OR one.value ->> 'kind' = 'video' AND platform <> 'youtube')
        GROUP BY messages.id""",
)
