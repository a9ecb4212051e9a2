"""The signed heads: a journal that was cut, changed or made anew is told by a head that somebody else kept."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from records import NOON

from data import heads, journal
from data.errors import StoreError
from data.heads import Head
from data.store import Store


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    """A journal of five rows whose guards are off, as whoever holds the file can have them."""
    with Store.open(tmp_path / "sideblik.db") as store:
        for number in range(5):
            store.note("anna", "look", f"case:{number}")
    opened = sqlite3.connect(tmp_path / "sideblik.db", isolation_level=None)
    for name in ("journal_no_update", "journal_no_delete"):
        opened.execute(f"DROP TRIGGER {name}")
    return opened


KEY = Ed25519PrivateKey.generate()


def signed(conn: sqlite3.Connection, day: int = 0) -> Head:
    return heads.sign(conn, KEY, NOON + timedelta(days=day))


def found(conn: sqlite3.Connection, *kept: Head) -> Head | None:
    return heads.broken(conn, iter(kept), KEY.public_key())


def test_a_whole_journal_agrees_with_its_heads(conn: sqlite3.Connection) -> None:
    """Also after more rows have come."""
    first = signed(conn)
    journal.append(conn, at=NOON, actor="bo", action="look", subject="case:9")
    assert found(conn, first, signed(conn, 1)) is None


def test_a_cut_end_is_noticed(conn: sqlite3.Connection) -> None:
    """The chain of what is left is whole, and only the head tells."""
    kept = signed(conn)
    conn.execute("DELETE FROM journal WHERE id > 3")
    assert journal.verify(conn) is None
    assert kept == found(conn, kept)


def test_a_journal_made_anew_is_noticed(conn: sqlite3.Connection) -> None:
    """Somebody changes a row and counts every hash again."""
    kept = signed(conn)
    told = [dict(row) for row in journal.rows(conn)]
    conn.execute("DELETE FROM journal")
    for row in told:
        journal.append(conn, at=NOON, actor="nobody", action=str(row["action"]), subject=str(row["subject"]))
    assert journal.verify(conn) is None
    assert kept == found(conn, kept)


def test_a_forged_head_is_noticed(conn: sqlite3.Connection) -> None:
    """A head by another key, with another day, or with no signature is none."""
    other = heads.sign(conn, Ed25519PrivateKey.generate(), NOON)
    true = signed(conn)
    moved = Head("2020-01-01", true.row, true.hash, true.signature)
    bare = Head(true.day, true.row, true.hash, "not hex")
    assert [other, moved, bare] == [found(conn, one) for one in (other, moved, bare)]


def test_an_empty_journal_has_a_head(tmp_path: Path) -> None:
    """So that the first day can be proved too."""
    with Store.open(tmp_path / "sideblik.db") as store:
        assert found(store._conn, signed(store._conn)) is None


def test_a_day_has_one_head(tmp_path: Path, conn: sqlite3.Connection) -> None:
    """Asked for again on the same day, nothing is added; the file is its owner's alone."""
    file = tmp_path / "heads.jsonl"
    for day in (0, 0, 1):
        heads.append(file, signed(conn, day))
    assert ["2026-11-18", "2026-11-19"] == [head.day for head in heads.read(file)]
    assert 0o600 == file.stat().st_mode & 0o777


@pytest.mark.parametrize("line", ["", "{}", "nonsense", '{"day": "x", "row": 1, "hash": "", "signature": ""}'])
def test_a_line_that_is_no_head_is_told(tmp_path: Path, line: str) -> None:
    """With its number."""
    file = tmp_path / "heads.jsonl"
    file.write_text(f"{line}\n\n", "utf-8")
    with pytest.raises(StoreError, match="Line 1"):
        list(heads.read(file))


def test_the_signing_key_stays_the_same(tmp_path: Path) -> None:
    """Made once, for its owner alone; one that is damaged is told, not made anew."""
    database = tmp_path / "sideblik.db"
    first = heads.signing_key(database).public_key().public_bytes_raw()
    assert first == heads.signing_key(database).public_key().public_bytes_raw()
    assert first == heads.public_key(first.hex()).public_bytes_raw()
    assert 0o600 == database.with_suffix(".signing").stat().st_mode & 0o777
    database.with_suffix(".signing").write_bytes(b"short")
    with pytest.raises(StoreError, match="signing"):
        heads.signing_key(database)


def test_a_key_that_is_none_is_told() -> None:
    """In what form it is wanted."""
    with pytest.raises(StoreError, match="64 hex"):
        heads.public_key("age1")
