"""Export files that are cut, damaged, hostile or no exports at all."""

from __future__ import annotations

import io
import traceback
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.errors import FileError
from collectors.exports import limits, preview, reader_for
from tests.exported import FACEPAGER, PAGE, broken, csv_text, read, workbook, written

HEAD = "Dato;Navn;Besked\n"
LINE = '16-11-2026 09:17;"Åse Kjærgaard";"Hvornår åbner\nsvømmehallen?"\n'
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=80)


def swallow(path: Path) -> None:
    """Reads a file in every way; nothing but FileError may come out."""
    with suppress(FileError):
        preview(path, PAGE)
    with suppress(FileError):
        for batch in reader_for(path).batches(path, PAGE):
            assert batch.messages


@pytest.mark.parametrize("cut", ['16-11-2026 10:00;"Bo";"Kan man', '16-11-2026 10:00;"B', "16-11-2026 10:00;Bo", "16-"])
def test_cut_in_the_middle(tmp_path, cut):
    """A file that ends within a record gives what is whole, and the line where the broken record begins."""
    found, error = broken(written(tmp_path / "own.csv", HEAD + LINE + cut))
    assert (["Hvornår åbner\nsvømmehallen?"], 4) == ([m.text for m in found], error.line)


def test_cut_within_a_character(tmp_path):
    """Half a letter at the end does not turn the whole file into another encoding."""
    content = (HEAD + LINE + "16-11-2026 10:00;Bo;på").encode()[:-1]
    found, error = broken(written(tmp_path / "own.csv", content))
    assert (["Hvornår åbner\nsvømmehallen?"], 4) == ([m.text for m in found], error.line)


def test_every_cut(tmp_path):
    """Wherever a file is cut, the whole records before it are read and nothing half is."""
    whole = csv_text(FACEPAGER, ";", quote=True).encode()
    texts = {m.text for m in read(written(tmp_path / "whole.csv", whole))}
    for end in range(len(whole) // 3, len(whole) - 2):
        found = []
        with suppress(FileError):
            path = written(tmp_path / "cut.csv", whole[:end])
            for batch in reader_for(path).batches(path, PAGE):
                found.extend(batch.messages)
        assert {m.text for m in found} <= texts


def test_last_line_without_its_end(tmp_path):
    """A whole record without a line end is a record: spreadsheets write such files."""
    assert 1 == len(read(written(tmp_path / "own.csv", (HEAD + LINE).rstrip("\n"))))


def test_separator_within_a_text(tmp_path):
    """A record with more cells than columns has its text in pieces, and is not guessed together."""
    found, error = broken(written(tmp_path / "own.csv", HEAD + LINE + "16-11-2026 10:00;Bo;nej; tak\n"))
    assert (1, 4) == (len(found), error.line)


def test_errors_hold_no_text(tmp_path):
    """An error names a line, never what stands in it; nor does its traceback."""
    _, error = broken(written(tmp_path / "own.csv", HEAD + "Åse Kjærgaard;Bo;x\n"))
    assert 2 == error.line
    assert "Kjærgaard" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xls"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither"),
        (b"PK\x03\x04 and nothing more", "cut"),
        (b"Farvel;Goddag\n1;2\n", "column.text"),
    ],
)
def test_no_export(tmp_path, content, word):
    """What cannot be read is refused with what to do."""
    path = written(tmp_path / "own", content)
    with pytest.raises(FileError, match=word):
        list(reader_for(path).batches(path, PAGE))


def test_cut_workbook(tmp_path):
    """A workbook's directory stands at its end, so that of a cut one nothing can be read; that is told."""
    path = workbook(tmp_path / "own.xlsx", (("Besked",), ("Hej",)))
    written(path, path.read_bytes()[:-40])
    with pytest.raises(FileError, match="cut"):
        read(path)


def test_damaged_sheet(tmp_path):
    """A workbook that breaks within its sheet gives the rows before."""
    path = workbook(tmp_path / "own.xlsx", (("Besked", "Navn"), *((f"nr {n}", "Bo") for n in range(20_000))))
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet][: len(parts[sheet]) // 2]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    found, error = broken(path)
    assert 9_000 < len(found) < 11_000
    assert error.line


def test_bomb(tmp_path):
    """A workbook that unpacks to far more than it weighs is refused by its directory, before anything is unpacked."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"\0" * (limits.JSON_BYTES + 1))
    with pytest.raises(FileError, match="unpacks"):
        read(path)


def test_encrypted(tmp_path):
    """A protected archive is refused with what to do."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    content = bytearray(held.getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileError, match="password"):
        read(written(tmp_path / "x.xlsx", bytes(content)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"[{", HEAD.encode()])
)
def test_any_bytes(content, start):
    """Any bytes end in messages or in a FileError."""
    with TemporaryDirectory() as folder:
        swallow(written(Path(folder) / "any", start + content))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**31), st.binary(min_size=1, max_size=8))
def test_any_damage_to_a_workbook(place, damage):
    """A workbook with any bytes overwritten ends in messages or in a FileError."""
    with TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "own.xlsx", (("Besked", "Navn"), ("Hej", "Bo"), ("Tak", "Åse")))
        content = bytearray(path.read_bytes())
        place %= len(content)
        content[place : place + len(damage)] = damage
        swallow(written(path, bytes(content)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    st.sampled_from(";,\t|"),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_round_trip(rows, separator, encoding):
    """Any texts with line breaks, quotation marks, emoji and right-to-left writing come back as they were."""
    with TemporaryDirectory() as folder:
        text = csv_text((("Besked", "Navn"), *rows), separator, quote=True)
        messages = read(written(Path(folder) / "own", text, encoding))
    texts = {text for text, _ in rows if text.strip() and text != "None"}
    assert texts == {m.text for m in messages}
