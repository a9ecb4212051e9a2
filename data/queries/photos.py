"""Own posts with pictures, newest first. All of it needs a scope that may browse: it is a list of messages.

A post that is hidden or gone asks nobody: what nobody sees needs no consent.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any, Final

from data.photo_rows import PhotoAnswer, PhotoAnswerRow, PhotoCount, PhotoRow, PhotoView
from data.queries import veiling
from data.queries.making import EXCERPT, moment
from data.queries.reader import Reader
from data.scoping import Condition, within
from data.times import from_text, to_text
from data.types import Scope

MOST: Final = 1000  # a count stops here
_ASKED: Final = {
    PhotoView.WAITING: "asks_from <= ? AND answer IS NULL",
    PhotoView.REVIEW: "asks_from <= ? AND answer IS NOT NULL",
    PhotoView.SETTLED: "asks_from > ? AND answer IS NOT NULL",
}
_SEEN: Final = "pictures > 0 AND visibility NOT IN ('hidden', 'gone')"


def photos(
    reader: Reader,
    scope: Scope,
    view: PhotoView,
    now: datetime,
    *,
    page_id: str = "",
    before: tuple[str, int] | None = None,
    limit: int = 25,
) -> list[PhotoRow]:
    """The posts of a view, those that began to ask last first; `before` is the `key` of the last one shown."""
    if not scope.browse:
        return []
    after, values = ("", ()) if before is None else (" AND (asks_from, message) < (?, ?)", before)
    found = [
        row
        for condition, names in _branches(scope, page_id)
        for row in _rows(reader, f"{condition} AND {_ASKED[view]}{after}", (*names, to_text(now), *values), limit)
    ]
    return veiling.texts(reader, scope, sorted(found, key=lambda row: row.key, reverse=True)[:limit])


def photo(reader: Reader, scope: Scope, post: int) -> PhotoRow | None:
    """One post, or None where it has no pictures to see or is not the viewer's."""
    condition, names = within(scope, "photos.institution_id")
    found = _rows(reader, f"{condition} AND message = ?", (*names, post), 1) if scope.browse else []
    return veiling.texts(reader, scope, found)[0] if found else None


def photo_answers(reader: Reader, scope: Scope, post: int) -> list[PhotoAnswerRow]:
    """What was said of a post's pictures, newest first, answers taken back included."""
    if not scope.browse:
        return []
    condition, names = within(scope, "photos.institution_id")
    rows = reader.execute(
        f"""SELECT photo_answers.*, institution_id, page_id FROM photo_answers
                JOIN photos ON photos.message = photo_answers.message
            WHERE photo_answers.message = ? AND {condition} ORDER BY id DESC""",  # noqa: S608, placeholders only
        (post, *names),
    )
    notes = veiling.notes(reader, scope, post, [row["note"] for row in rows])
    return [
        PhotoAnswerRow(
            id=row["id"],
            message=row["message"],
            institution_id=row["institution_id"],
            page_id=row["page_id"],
            answer=PhotoAnswer(row["answer"]),
            note=note,
            person=row["person"],
            at=from_text(row["at"]),
            undone_at=moment(row["undone_at"]),
            undone_by=row["undone_by"],
        )
        for row, note in zip(rows, notes, strict=True)
    ]


def photos_waiting(reader: Reader, scope: Scope, now: datetime) -> PhotoCount:
    """How many posts ask now; the one source of this figure."""
    if not scope.browse:
        return PhotoCount()
    return PhotoCount(*(_count(reader, scope, view, now) for view in (PhotoView.WAITING, PhotoView.REVIEW)))


def _count(reader: Reader, scope: Scope, view: PhotoView, now: datetime) -> int:
    total = 0
    for condition, names in _branches(scope, ""):
        total += reader.number(
            f"""SELECT count(*) FROM (SELECT 1 FROM photos JOIN messages ON messages.id = message
                WHERE {condition} AND {_ASKED[view]} AND {_SEEN} LIMIT ?)""",  # noqa: S608, placeholders only
            (*names, to_text(now), MOST - total),
        )
    return total


def _branches(scope: Scope, page_id: str) -> list[Condition]:
    """Conditions that each are a range of one index and together what is asked for."""
    if page_id:  # the plus keeps the scope from being taken for the way in
        condition, names = within(scope, "+photos.institution_id")
        return [(f"photos.page_id = ? AND {condition}", (page_id, *names))]
    if scope.everywhere:
        return [("1=1", ())]
    return [("photos.institution_id = ?", (name,)) for name in sorted(scope.institutions)]


def _rows(reader: Reader, condition: str, values: tuple[Any, ...], limit: int) -> list[PhotoRow]:
    rows = reader.execute(
        f"""SELECT photos.*, pages.name AS page_name, pages.platform, institutions.name AS institution_name,
                substr(text, 1, {EXCERPT}) AS text, messages.url, coalesce(created_at, first_seen) AS written_at,
                answer IS NULL AND EXISTS (SELECT 1 FROM photo_answers
                    WHERE photo_answers.message = photos.message AND undone_at IS NULL) AS grown
            FROM photos JOIN messages ON messages.id = message JOIN pages ON pages.id = photos.page_id
                JOIN institutions ON institutions.id = photos.institution_id
            WHERE {condition} AND {_SEEN} ORDER BY asks_from DESC, message DESC LIMIT ?""",  # noqa: S608, placeholders only
        (*values, limit),
    )
    return [_row(row) for row in rows]


def _row(row: sqlite3.Row) -> PhotoRow:
    return PhotoRow(
        message=row["message"],
        revision=row["revision"],
        page_id=row["page_id"],
        page_name=row["page_name"],
        platform=row["platform"],
        institution_id=row["institution_id"],
        institution_name=row["institution_name"],
        pictures=row["pictures"],
        answer=PhotoAnswer(row["answer"]) if row["answer"] else None,
        asks_from=from_text(row["asks_from"]),
        grown=bool(row["grown"]),
        text=row["text"],
        url=row["url"],
        written_at=from_text(row["written_at"]),
    )
