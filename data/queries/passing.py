"""Cases that changed hands: where they came from, where they may go, and those that were given away."""

from __future__ import annotations

from data.passing_rows import LapseRow, PassGround, PassingRow
from data.queries import veiling
from data.queries.making import cases_by_id, danish, moment
from data.queries.reader import Reader
from data.rows import CaseRow
from data.scoping import readable, within, within_cases
from data.times import from_text
from data.types import Category, Institution, Scope


def passings(reader: Reader, scope: Scope, case_id: int) -> list[PassingRow]:
    """Each time a case went to another institution, newest first, those taken back included."""
    condition, names = readable(scope)
    rows = reader.execute(
        f"""SELECT passings.*, givers.name AS from_name, receivers.name AS to_name
            FROM passings JOIN cases ON cases.id = passings.case_id
                JOIN institutions AS givers ON givers.id = from_id
                JOIN institutions AS receivers ON receivers.id = to_id
            WHERE passings.case_id = ? AND {condition} ORDER BY passings.id DESC""",  # noqa: S608, placeholders only
        (case_id, *names),
    )
    return [
        PassingRow(
            id=row["id"],
            case_id=row["case_id"],
            from_id=row["from_id"],
            from_name=row["from_name"],
            to_id=row["to_id"],
            to_name=row["to_name"],
            ground=PassGround(row["ground"]),
            person=row["person"],
            at=from_text(row["at"]),
            ended_at=moment(row["ended_at"]),
            ended_by=row["ended_by"],
        )
        for row in rows
    ]


def lapses(reader: Reader, scope: Scope, case_id: int) -> list[LapseRow]:
    """Each time a case was released because its time was up, newest first."""
    condition, names = readable(scope)
    rows = reader.execute(
        f"""SELECT lapses.* FROM lapses JOIN cases ON cases.id = lapses.case_id
            WHERE lapses.case_id = ? AND {condition} ORDER BY lapses.id DESC""",  # noqa: S608, placeholders only
        (case_id, *names),
    )
    return [LapseRow(row["case_id"], row["taken_by"], from_text(row["taken_at"]), from_text(row["at"])) for row in rows]


def receivers(reader: Reader, scope: Scope, case_id: int) -> list[Institution]:
    """Where a case may be passed on to: the other institutions that are active, by name; none for who may not act."""
    condition, names = within_cases(scope)
    held = reader.first(f"SELECT institution_id FROM cases WHERE id = ? AND {condition}", (case_id, *names))  # noqa: S608, placeholders only
    if held is None or not scope.acts:
        return []
    rows = reader.execute("SELECT id, name, kind FROM institutions WHERE active AND id <> ?", (held["institution_id"],))
    return sorted((Institution(row["id"], row["name"], row["kind"]) for row in rows), key=lambda one: danish(one.name))


def passed_on(reader: Reader, scope: Scope, limit: int = 25) -> list[CaseRow]:
    """Open inquiries that an institution of the scope gave away, the last given first, but not what is in scope again.

    A scope that sees everything finds all that were given away.
    """
    if Category.INQUIRY not in scope.categories:
        return []
    given, names = within(scope, "from_id")
    own, places = ("0=1", ()) if scope.everywhere else within(scope, "cases.institution_id")
    rows = reader.execute(
        f"""SELECT case_id, max(passings.id) AS last FROM passings JOIN cases ON cases.id = case_id
            WHERE ended_at IS NULL AND {given} AND NOT ({own}) AND status IN ('new', 'taken')
            GROUP BY case_id ORDER BY last DESC LIMIT ?""",  # noqa: S608, placeholders only
        (*names, *places, limit),
    )
    return veiling.of_cases(reader, scope, cases_by_id(reader, [row["case_id"] for row in rows]))
