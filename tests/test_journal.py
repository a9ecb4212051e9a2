from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from records import ALL, NOON, SCHOOL_PAGE, Clock, asking, set_up

from data import journal, queries
from data.errors import StoreError
from data.store import Store
from data.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "sideblik.db", clock=Clock()) as opened:
        set_up(opened)
        opened.save(SCHOOL_PAGE, [asking("c1")])
        opened.take(ALL, "anna", 1, 1)
        decision = opened.decide(ALL, "anna", 1, 2, Verdict.NO_ANSWER_NEEDED, "Spørgsmålet er besvaret i opslaget.")
        opened.undo(ALL, "bo", decision)
        opened.release(ALL, "bo", 1, 4)
        opened.note("sideblik", "report", "week:2026-W47", detail={"files": 2})
        yield opened


def test_every_act_is_in_the_chain(store: Store, tmp_path: Path) -> None:
    """Each act leaves a row, newest first for a reader, and the chain is whole."""
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        rows = queries.journal(reader, ALL)
        assert journal.verify(reader) is None
    assert ["report", "release", "undo", "decide", "take"] == [row.action for row in rows]
    assert ["sideblik", "bo", "bo", "anna", "anna"] == [row.actor for row in rows]
    assert {"case:1", "week:2026-W47"} == {row.subject for row in rows}
    assert {NOON} == {row.at for row in rows}


def test_pages_of_the_journal(store: Store, tmp_path: Path) -> None:
    """The journal is read on from the id of the last row shown."""
    with queries.open_reader(tmp_path / "sideblik.db") as reader:
        first = queries.journal(reader, ALL, limit=2)
        assert [3, 2, 1] == [row.id for row in queries.journal(reader, ALL, before=first[-1].id)]


def test_grounds_stay_out(store: Store) -> None:
    """What a person wrote as a ground is not in the journal, which nobody can ever erase."""
    held = store._conn.execute("SELECT group_concat(detail) FROM journal").fetchone()[0]
    assert "opslaget" not in held
    assert '"verdict": "no_answer_needed"' in held


def test_empty_journal_is_whole(tmp_path: Path) -> None:
    """A journal without a row has nothing broken."""
    with Store.open(tmp_path / "other.db") as store:
        assert journal.verify(store._conn) is None


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x' WHERE id = 3", "DELETE FROM journal"])
def test_rows_cannot_be_changed(store: Store, statement: str) -> None:
    """The database itself refuses to change or remove a row."""
    with pytest.raises(Exception, match="append-only"):
        store._conn.execute(statement)


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE journal SET actor = 'carl' WHERE id = 3", 3),
        ("UPDATE journal SET at = '2026-11-18T12:00:01Z' WHERE id = 1", 1),
        ("UPDATE journal SET institution_id = NULL WHERE id = 2", 2),
        ("UPDATE journal SET detail = '{}' WHERE id = 5", 5),
        ("UPDATE journal SET id = 9 WHERE id = 5", 9),
        ("DELETE FROM journal WHERE id = 1", 2),
        ("DELETE FROM journal WHERE id = 3", 4),
        ("UPDATE journal SET previous = hash WHERE id = 4", 4),
    ],
)
def test_tampering_is_told(store: Store, tampering: str, broken: int) -> None:
    """Whoever drops the triggers and changes or removes a row is found out at the first row that does not follow."""
    for trigger in ("journal_no_update", "journal_no_delete"):
        store._conn.execute(f"DROP TRIGGER {trigger}")
    store._conn.execute(tampering)
    assert broken == journal.verify(store._conn)


def test_a_forged_row_needs_the_whole_chain(store: Store) -> None:
    """A row hashed anew after a change does not hide it: the next one still names the old hash."""
    conn = store._conn
    conn.execute("DROP TRIGGER journal_no_update")
    row = list(conn.execute("SELECT * FROM journal WHERE id = 2").fetchone())
    row[2] = "carl"
    conn.execute("UPDATE journal SET actor = ?, hash = ? WHERE id = 2", (row[2], journal._hash(tuple(row[:-1]))))
    assert 3 == journal.verify(conn)


def test_act_and_journal_are_one(store: Store) -> None:
    """An act whose journal row cannot be written does not happen."""
    store._conn.execute("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(StoreError):
        store.take(ALL, "anna", 1, 5)
    assert ("new", 5) == tuple(store._conn.execute("SELECT status, revision FROM cases").fetchone())
