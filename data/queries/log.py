"""The journal as a viewer may see it."""

from __future__ import annotations

from datetime import datetime

from data.journal_rows import JournalRow
from data.queries.reader import Reader
from data.scoping import marks, within
from data.times import from_text, to_text
from data.types import Scope


def journal(reader: Reader, scope: Scope, limit: int = 100, before: int | None = None) -> list[JournalRow]:
    """Who did what, newest first; `before` is the `id` of the last row shown.

    What belongs to no institution is for those who see all of them; what is of a case needs its category.
    """
    start = before if before is not None else 2**63 - 1
    if scope.everywhere:
        return _rows(reader, scope, "1=1", (), start, limit)
    found = [
        row for name in scope.institutions for row in _rows(reader, scope, "institution_id = ?", (name,), start, limit)
    ]
    return sorted(found, key=lambda row: row.id, reverse=True)[:limit]


def reveals(reader: Reader, scope: Scope, after: datetime) -> dict[str, int]:
    """How often cases were shown unmasked since a moment, by institution; never by person."""
    condition, names = within(scope)
    categories = tuple(sorted(scope.categories))
    rows = reader.execute(
        f"""SELECT institution_id, count(*) FROM journal
            WHERE action = 'reveal' AND at >= ? AND {condition}
                AND json_extract(detail, '$.category') IN ({marks(len(categories))})
            GROUP BY institution_id""",  # noqa: S608, placeholders only
        (to_text(after), *names, *categories),
    )
    return {row[0]: row[1] for row in rows}


def _rows(
    reader: Reader, scope: Scope, condition: str, names: tuple[str, ...], before: int, limit: int
) -> list[JournalRow]:
    """The newest rows of one institution (each is a range of an index), or of all of them."""
    categories = tuple(sorted(scope.categories))
    rows = reader.execute(
        f"""SELECT * FROM journal WHERE {condition} AND id < ?
            AND coalesce(json_extract(detail, '$.category') IN ({marks(len(categories))}),
                         subject NOT LIKE 'case:%')
            ORDER BY id DESC LIMIT ?""",  # noqa: S608, placeholders only
        (*names, before, *categories, limit),
    )
    return [
        JournalRow(
            id=row["id"],
            at=from_text(row["at"]),
            actor=row["actor"],
            action=row["action"],
            subject=row["subject"],
            institution_id=row["institution_id"],
            detail=row["detail"],
        )
        for row in rows
    ]
