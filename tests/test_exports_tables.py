"""Facepager, 4CAT and tables of any make, as they are read in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collectors.base import Column
from collectors.errors import FileError, PageSetupError
from collectors.exports import identity, names, preview, reader_for
from data.types import Kind
from tests.exported import FACEPAGER, FOURCAT, PAGE, broken, csv_text, read, workbook, written

POST = "104512347896501_812345678901234"
COMMENT = "812345678901234_1029384756102938"
OWN = (("Dato", "Navn", "Besked"), ("16-11-2026 09:17", "Åse Kjærgaard", "Hvornår åbner svømmehallen?"))


def options(**given: str):
    return replace(PAGE, options={key.replace("__", "."): value for key, value in given.items()})


def test_generic_is_asked_last():
    """A reader that takes every table may not answer before those that know their own."""
    assert "generic" == names()[-1]
    assert {"facepager", "fourcat", "generic"} <= set(names())


def test_facepager_tree(tmp_path):
    """Facepager's node numbers become the platform's ids, and what is no content is left out."""
    path = written(tmp_path / "x.bin", csv_text(FACEPAGER, ";", quote=True), "utf-8-sig")
    messages = read(path)
    expected = [
        (Kind.POST, POST, POST, None, True),
        (Kind.COMMENT, COMMENT, POST, POST, False),
        (Kind.REPLY, "812345678901234_1029384756109999", POST, COMMENT, True),
    ]
    assert expected == [(m.kind, m.message_id, m.thread_id, m.parent_id, m.by_page) for m in messages]
    assert "Hvorfor lukket om søndagen? 😕" == messages[1].text
    assert datetime(2026, 11, 16, 9, 17, 45, tzinfo=UTC) == messages[1].created_at
    assert (2, None) == (messages[0].comment_count, messages[1].comment_count)
    assert {PAGE.platform} == {m.platform for m in messages}


def test_facepager_children_before_parents(tmp_path):
    """The tree is the same whatever order the rows stand in."""
    path = written(tmp_path / "f.csv", csv_text((FACEPAGER[0], *reversed(FACEPAGER[1:])), ";", quote=True))
    assert {POST} == {m.thread_id for m in read(path)}
    assert [Kind.REPLY, Kind.COMMENT, Kind.POST] == [m.kind for m in read(path)]


def test_facepager_posts_as_seeds(tmp_path):
    """Where posts were the seeds, the first level are comments on posts that the file does not hold."""
    rows = [list(row) for row in (FACEPAGER[0], FACEPAGER[1], FACEPAGER[3])]
    rows[1][3], rows[2][0], rows[2][2] = POST, "1", "1"
    path = written(tmp_path / "f.csv", csv_text(rows, ";", quote=True))
    assert [(Kind.COMMENT, COMMENT, POST, POST)] == [
        (m.kind, m.message_id, m.thread_id, m.parent_id) for m in read(path)
    ]


def test_facepager_fetched_twice(tmp_path):
    """An object that was fetched twice is one message: the text fetched last, at every import."""
    again = list(FACEPAGER[3])
    again[1], again[9] = "7", "Hvorfor lukket om søndagen? (rettet)"
    path = written(tmp_path / "f.csv", csv_text((*FACEPAGER, again), ";", quote=True))
    assert ["Hvorfor lukket om søndagen? (rettet)"] == [m.text for m in read(path) if m.message_id == COMMENT]


def test_fourcat(tmp_path):
    """4CAT's thread and its seconds since 1970 are taken; a post without the page's number gets it."""
    messages = read(written(tmp_path / "4.csv", csv_text(FOURCAT)))
    assert [(Kind.POST, POST, POST, True), (Kind.COMMENT, COMMENT, POST, False)] == [
        (m.kind, m.message_id, m.thread_id, m.by_page) for m in messages
    ]
    assert datetime(2026, 11, 16, 8, 2, 11, tzinfo=UTC) == messages[0].created_at


def test_fourcat_server_time(tmp_path):
    """4CAT's own time stamp is UTC, not Copenhagen."""
    rows = [[*row[:3], *row[4:]] for row in FOURCAT]
    assert (
        datetime(2026, 11, 16, 9, 17, 45, tzinfo=UTC) == read(written(tmp_path / "4.csv", csv_text(rows)))[1].created_at
    )


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8-sig"), (";", "cp1252"), (",", "utf-8"), ("\t", "utf-16"), ("|", "utf-8"), ("\t", "utf-16-le")],
)
def test_own_table_of_any_make(tmp_path, separator, encoding):
    """A spreadsheet's encoding and separator are found by its content."""
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    messages = read(written(tmp_path / "own", mark + csv_text(OWN, separator), encoding))
    assert [("Hvornår åbner svømmehallen?", "Åse Kjærgaard", Kind.COMMENT)] == [
        (m.text, m.author_name, m.kind) for m in messages
    ]
    assert datetime(2026, 11, 16, 8, 17, tzinfo=UTC) == messages[0].created_at


def test_workbook(tmp_path):
    """A workbook is read like a table: times as times, numbers as text."""
    rows = (
        ("Dato", "Navn", "Besked", "Id"),
        (datetime(2026, 11, 16, 9, 17, tzinfo=UTC).replace(tzinfo=None), "Bo", "Tak for hjælpen", 102938475610293),
    )
    message = read(workbook(tmp_path / "own", rows))[0]
    assert ("Tak for hjælpen", "102938475610293") == (message.text, message.message_id)
    assert datetime(2026, 11, 16, 8, 17, tzinfo=UTC) == message.created_at


def test_known_layout_in_a_workbook(tmp_path):
    """A format is known by its header row also where somebody saved the file from Excel."""
    assert "facepager" == preview(workbook(tmp_path / "f.xlsx", FACEPAGER), PAGE).format


def test_header_row_is_not_the_first(tmp_path):
    """Lines above the header row are passed over, and `sep=` is Excel's hint."""
    path = written(tmp_path / "own.csv", "sep=;\nUdtræk;;\n;;\n" + csv_text(OWN, ";"))
    assert ["Hvornår åbner svømmehallen?"] == [m.text for m in read(path)]


def test_mapping_is_shown_and_can_be_given(tmp_path):
    """The preview tells which column is what; the page's options decide where the guess is wrong."""
    rows = (("Navn", "Hvad skrev de", "Besked", "Dato"), ("Bo", "Er der plads?", "internt notat", "16.11.2026"))
    path = written(tmp_path / "own.csv", csv_text(rows, ";"))
    assert Column("text", "Besked") in preview(path, PAGE).columns
    shown = preview(path, options(column__text="Hvad skrev de"))
    assert Column("text", "Hvad skrev de") in shown.columns
    assert ["Er der plads?"] == [m.text for m in shown.messages]


def test_preview_shows_twenty(tmp_path):
    """A preview holds the first twenty messages, however long the file."""
    path = written(
        tmp_path / "own.csv", csv_text((OWN[0], *((f"{OWN[1][0]}", "Bo", f"nr {n}") for n in range(100))), ";")
    )
    assert [f"nr {n}" for n in range(20)] == [m.text for m in preview(path, PAGE).messages]


def test_unknown_column_option(tmp_path):
    """A column that is not in the file, or a field that is none, is told."""
    path = written(tmp_path / "own.csv", csv_text(OWN, ";"))
    with pytest.raises(FileError, match="not in the file"):
        preview(path, options(column__text="Findes ikke"))
    with pytest.raises(PageSetupError, match="name no field"):
        preview(path, options(column__tekst="Besked"))


def test_parents_by_row_number(tmp_path):
    """Row numbers link the rows of one file; as ids they would mix up the rows of two."""
    rows = (
        ("Id", "Svar på", "Navn", "Besked"),
        ("3", "2", "Nørreå Kommune", "Klokken ni"),
        ("2", "1", "Bo", "Hvornår?"),
        ("1", "", "Nørreå Kommune", "Vi åbner"),
    )
    reply, comment, post = read(written(tmp_path / "own.csv", csv_text(rows, ";")))
    assert [Kind.REPLY, Kind.COMMENT, Kind.POST] == [reply.kind, comment.kind, post.kind]
    assert {post.message_id} == {reply.thread_id, comment.thread_id, post.thread_id}
    assert (comment.message_id, post.message_id) == (reply.parent_id, comment.parent_id)
    assert post.message_id.startswith("noerreaa_fb:")


def test_parent_outside_the_file(tmp_path):
    """A row whose parent is not in the file is a comment on a thread of that id."""
    rows = (("id", "parent_id", "message"), ("812345678901234_10293847561", POST, "Hvornår?"))
    message = read(written(tmp_path / "own.csv", csv_text(rows)))[0]
    assert (Kind.COMMENT, POST, POST) == (message.kind, message.thread_id, message.parent_id)


def test_identity_without_id(tmp_path):
    """The same text, minute and writer is the same message in every file; another minute is another message."""
    first = read(written(tmp_path / "a.csv", csv_text(OWN, ";")))
    later = read(written(tmp_path / "b.csv", csv_text((*OWN, ("16-11-2026 09:18", *OWN[1][1:])), ",")))
    assert first[0].message_id == later[0].message_id
    assert 2 == len({m.message_id for m in later})


def test_rounded_id_is_refused(tmp_path):
    """An id that Excel rounded is lost, and no message may be stored under it."""
    rows = (("Id", "Besked"), ("102938475610293", "helt"), ("1,22E+17", "tabt"))
    found, error = broken(written(tmp_path / "own.csv", csv_text(rows, ";")))
    assert (["helt"], 3) == ([m.text for m in found], error.line)
    assert "1,22" not in str(error)
    found, error = broken(workbook(tmp_path / "own.xlsx", (("Id", "Besked"), (812345678901234567, "tabt"))))
    assert ([], 2) == (found, error.line)


def test_day_and_month_by_another_row(tmp_path):
    """One date that can only be read one way decides for the column, also where it stands last."""
    rows = [("Dato", "Besked"), ("11/12/2026", "a"), ("11/25/2026", "b")]
    assert [11, 11] == [m.created_at.month for m in read(written(tmp_path / "own.csv", csv_text(rows)))]
    rows[2] = ("25/11/2026", "b")
    assert [12, 11] == [m.created_at.month for m in read(written(tmp_path / "own.csv", csv_text(rows)))]


def test_day_and_month_undecided(tmp_path):
    """Where no date decides, the file is refused with the option that does; with the option it is read."""
    path = written(tmp_path / "own.csv", csv_text((("Dato", "Besked"), ("11/12/2026", "a"))))
    assert "date_order" in str(broken(path)[1])
    assert datetime(2026, 11, 11, 23, tzinfo=UTC) == read(path, options(date_order="mdy"))[0].created_at
    assert datetime(2026, 12, 10, 23, tzinfo=UTC) == read(path, options(date_order="dmy"))[0].created_at
    with pytest.raises(PageSetupError, match="date_order"):
        read(path, options(date_order="ymd"))


def test_whole_batches(tmp_path):
    """Five hundred messages a batch, and none says that anything is missing."""
    rows = (("Besked",), *((f"nr {n}",) for n in range(1201)))
    path = written(tmp_path / "own.csv", csv_text(rows))
    found = list(reader_for(path).batches(path, PAGE))
    assert [500, 500, 201] == [len(batch.messages) for batch in found]
    assert {(frozenset(), None, None)} == {(b.whole, b.posts_since, b.memory) for b in found}


def test_line_breaks_and_quotes_in_a_text(tmp_path):
    """A text keeps its lines, its quotation marks and its blanks at the ends."""
    text = ' Hun sagde: "nej; aldrig"\nog gik '
    path = written(tmp_path / "own.csv", csv_text((("Besked", "Navn"), (text, "Bo")), ";"))
    assert [text] == [m.text for m in read(path)]


def test_a_cpr_number_used_as_a_key_names_no_message() -> None:
    """A table keyed by CPR numbers: the number is neither the id nor a key that lies on disk meanwhile."""
    number = "1703854021"
    assert not identity.identifies(number)
    assert number not in identity.within_file(number)
    assert identity.within_file(number) == identity.within_file(number)
    assert ("fb_812", True) == (identity.within_file("fb_812"), identity.identifies("fb_812"))
