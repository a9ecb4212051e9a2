from __future__ import annotations

import ast
import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import csvfile
from data.errors import StoreError

ROOT = Path(__file__).parent.parent
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.text(), min_size=width, max_size=width), min_size=1, max_size=8)
)


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (7, "7"),
        (-3, "-3"),
        (1234.5, "1234,50"),
        (0.333333, "0,33"),
        (True, "1"),
        ("skole", "skole"),
        ("=1+1", "'=1+1"),
        ("+45 12", "'+45 12"),
        ("-fald", "'-fald"),
        ("@alle", "'@alle"),
        ("\tindrykket", "'\tindrykket"),
        ("\rny", "'\rny"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "2026-11-23 00:30"),
        (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), "2026-07-01 12:00"),
    ],
)
def test_cell(value, expected):
    """Each kind of value has one written form, and no text can begin a formula."""
    assert expected == csvfile.cell(value)


def test_form_of_the_file():
    """Byte order mark, semicolons and CRLF, as a Danish spreadsheet expects."""
    raw = csvfile.content(["side", "antal"], [["Nørreå Bibliotek", 2]])
    assert b"\xef\xbb\xbfside;antal\r\nN\xc3\xb8rre\xc3\xa5 Bibliotek;2\r\n" == raw


@given(TABLES)
def test_every_text_comes_back(table):
    """Whatever the cells hold, a reader gets the same cells back, and none of them begins a formula."""
    got = read(csvfile.content(table[0], table[1:]))
    expected = [table[0]] + [[csvfile.cell(value) for value in row] for row in table[1:]]
    assert expected == got
    assert not [value for row in got[1:] for value in row if value.startswith(csvfile.FORMULA)]


@given(TABLES)
def test_file_equals_download(tmp_path_factory, table):
    """What is written to disk and what is downloaded are the same bytes."""
    path = tmp_path_factory.mktemp("csv") / "out.csv"
    assert len(table) - 1 == csvfile.write(path, table[0], table[1:])
    assert csvfile.content(table[0], table[1:]) == path.read_bytes()


def test_a_broken_row_leaves_the_old_file(tmp_path):
    """A file that cannot be finished leaves the former one, and nothing beside it."""
    path = tmp_path / "out.csv"
    csvfile.write(path, ["a"], [["old"]])

    def rows():
        yield ["new"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        csvfile.write(path, ["a"], rows())
    assert b"\xef\xbb\xbfa\r\nold\r\n" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_unwritable_folder(tmp_path):
    """A folder that cannot be made is told as what was asked, what was found and what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"out\.csv cannot be written into .*: .*\. See that"):
        csvfile.write(tmp_path / "file" / "out.csv", ["a"], [])


def writes_csv(tree: ast.AST) -> bool:
    """Whether code uses a CSV writer of the standard library or of pandas."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "csv"
        for alias in node.names
    }
    asked = {"writer", "DictWriter"} & (imported | names) and "csv" in ast.dump(tree)
    return bool(asked) or "to_csv" in names


def test_no_other_writer():
    """CSV injection is fixed in one export and found again in the next, unless there is only one writer.

    `table.py` is let pass: it turns a workbook's first rows into CSV in memory, to recognise them as a text table.
    """
    folders = ("analysis", "collectors", "dashboard", "data")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    found = [path for path in sources if writes_csv(ast.parse(path.read_text("utf-8")))]
    assert {"collectors/exports/table.py", "dashboard/csvfile.py"} == {
        path.relative_to(ROOT).as_posix() for path in found
    }
