"""Exports of the platforms' own making and of comment services, in their documented layouts."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.errors import FileError
from collectors.exports import preview, reader_for
from collectors.exports.meta import mended
from data.types import Kind
from tests.exported import PAGE, broken, csv_text, read, workbook, written

RECORDED = Path(__file__).parents[1].parent / "shared" / "platforms" / "recorded" / "exports"
TUBE = replace(PAGE, platform="youtube", ref="UCnoerreaa")
TAKEOUT = (
    ("Channel ID", "Comment Create Timestamp", "Price", "Comment ID", "Parent Comment ID", "Video ID", "Comment Text"),
    ("UCnoerreaa", "2026-11-18T07:46:31.434647+00:00", "0", "UgytHqob1", "", "JE8xdDp5B8Q",
     '{"text":"Tak for hjælpen 😊"},{"text":"\\n"},{"text":"Vi lægger undertekster på."}'),
    ("UCnoerreaa", "2026-11-18T07:50:00.123+00:00", "0", "UgytHqob1.9i", "UgytHqob0", "JE8xdDp5B8Q",
     '{"takeoutSegments":[{"text":"Det gør vi"}]}'),
)  # fmt: skip
SUITE = (
    ("Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time", "Permalink",
     "Post type", "Data comment", "Date", "Reactions, Comments and Shares", "Comments"),
    ("812345678901234", "104512347896501", "Nørreå Kommune", "Vi har fået nye åbningstider 🌱", "", "0",
     "11/12/2026 00:02", "https://www.facebook.com/104512347896501/posts/812345678901234", "Photos", "", "Lifetime",
     "1,252", "1,207"),
)  # fmt: skip


def broken_letters(value: str) -> str:
    """Danish as Meta writes it in its downloads."""
    return value.encode().decode("latin-1")


FACEBOOK = {
    "comments_v2": [
        {
            "timestamp": 1794820665 + n,
            "data": [{"comment": {"timestamp": 1794820665 + n, "comment": broken_letters(text), "author": "x"}}],
            "title": broken_letters("Nørreå Kommune svarede på Åse Kjærgaards kommentar."),
        }
        for n, text in enumerate(
            ["Hej Åse, tak for din kommentar 😊", "Se mere her, @[100064812345678:2048:Nørreå Erhverv]"]
        )
    ]
}
POSTS = [
    {"timestamp": 1794816131, "title": "delte et link",
     "data": [{"post": broken_letters("Nye åbningstider")}, {"update_timestamp": 1}],
     "attachments": [{"data": [{"external_context": {"url": "https://www.example.dk/nyt"}}]}]},
    {"timestamp": 1794816132, "data": [], "title": "tom"},
]  # fmt: skip
INSTAGRAM = [
    {"media_list_data": [{"uri": ""}],
     "string_map_data": {"Kommentar": {"value": broken_letters("Hvor ser det dejligt ud 😍")},
                         "Ejer af medie": {"value": "noerreaa"}, "Tidspunkt": {"timestamp": 1794820665}}},
]  # fmt: skip


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_takeout(tmp_path):
    """Takeout's text is JSON within CSV in two forms; a video is the thread."""
    messages = read(written(tmp_path / "comments.csv", csv_text(TAKEOUT)), TUBE)
    assert ["Tak for hjælpen 😊\nVi lægger undertekster på.", "Det gør vi"] == [m.text for m in messages]
    assert [(Kind.COMMENT, "JE8xdDp5B8Q"), (Kind.REPLY, "UgytHqob0")] == [(m.kind, m.parent_id) for m in messages]
    assert {(True, "JE8xdDp5B8Q")} == {(m.by_page, m.thread_id) for m in messages}


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded files are not part of the project")
def test_recorded_takeout():
    """Recorded files of both years are known and read."""
    found = [len(read(path, TUBE)) for path in sorted(RECORDED.glob("*/youtube_comments_*.csv"))]
    assert 2 <= len(found)
    assert all(found)


def test_business_suite(tmp_path):
    """The suite's posts: American dates, thousands with commas, the longer of title and description."""
    path = written(tmp_path / "s.csv", csv_text((*SUITE, SUITE[1])), "utf-8-sig")
    message = read(path)[0]
    assert 1 == len(read(path))
    assert ("104512347896501_812345678901234", Kind.POST, 1207, True) == (
        message.message_id, message.kind, message.comment_count, message.by_page)  # fmt: skip
    assert datetime(2026, 11, 11, 23, 2, tzinfo=UTC) == message.created_at
    assert "Vi har fået nye åbningstider 🌱" == message.text
    west = replace(PAGE, options={"zone": "America/Los_Angeles"})
    assert datetime(2026, 11, 12, 8, 2, tzinfo=UTC) == read(path, west)[0].created_at


def test_business_suite_saved_by_excel(tmp_path):
    """An id that Excel rounded stands whole in the post's address; dates have turned Danish."""
    row = list(SUITE[1])
    row[0], row[6] = "8,12346E+14", "16-11-2026 00:02"
    message = read(written(tmp_path / "s.csv", csv_text((SUITE[0], row), ";")))[0]
    assert "104512347896501_812345678901234" == message.message_id
    assert datetime(2026, 11, 15, 23, 2, tzinfo=UTC) == message.created_at


def test_comment_service(tmp_path):
    """Lines about the post stand above the table; a number with a hyphen is a reply."""
    rows = (
        ("URL", "https://www.facebook.com/104512347896501/posts/812345678901234"),
        ("Antal", "3"),
        (),
        ("", "Name", "Profile ID", "Date", "Likes", "Comment", "(view)"),
        ("1", "Åse Kjærgaard", "", "16/11/2026 09:17:45", "2", "Hvornår åbner den?", ""),
        ("1-1", "Nørreå Kommune", "", "16/11/2026 10:00:00", "0", "På søndag", ""),
        ("2", "Bo", "", "16/11/2026 10:30:00", "0", "Tak", ""),
    )
    for path in (workbook(tmp_path / "e.xlsx", rows), written(tmp_path / "e.csv", csv_text(rows))):
        assert "exportcomments" == preview(path, PAGE).format
        first, reply, other = read(path)
        assert [Kind.COMMENT, Kind.REPLY, Kind.COMMENT] == [first.kind, reply.kind, other.kind]
        assert (first.message_id, first.message_id, True) == (reply.parent_id, reply.thread_id, reply.by_page)


def test_data_tools(tmp_path):
    """YouTube Data Tools' comments of a video: replies hang on their comment."""
    rows = (("id", "replyCount", "likeCount", "publishedAt", "authorName", "text", "authorChannelId", "isReplyTo"),
            ("Ugy1", "1", "0", "2026-11-11 05:30:01", "Åse K", "Hvornår?", "UCx", ""),
            ("Ugy1.2", "0", "0", "2026-11-11 05:31:01", "Nørreå Kommune", "Ja", "UCnoerreaa", "Ugy1"))  # fmt: skip
    top, reply = read(written(tmp_path / "y.csv", csv_text(rows)), TUBE)
    assert ((Kind.COMMENT, "Ugy1", False), (Kind.REPLY, "Ugy1", True)) == (
        (top.kind, top.thread_id, top.by_page), (reply.kind, reply.thread_id, reply.by_page))  # fmt: skip


def test_facebook_download(tmp_path):
    """Meta's broken letters are mended, names in mentions stay, and a file cut in the middle gives what is whole."""
    path = written(tmp_path / "c.json", json.dumps(FACEBOOK, indent=1))
    messages = read(path)
    assert ["Hej Åse, tak for din kommentar 😊", "Se mere her, Nørreå Erhverv"] == [m.text for m in messages]
    assert {(True, Kind.COMMENT, datetime(2026, 11, 16, 9, 17, tzinfo=UTC))} == {
        (m.by_page, m.kind, m.created_at.replace(second=0)) for m in messages
    }
    assert messages == read(path)
    found, error = broken(written(tmp_path / "cut.json", json.dumps(FACEBOOK, indent=1)[:-60]))
    assert (messages[:1], 16) == (found, error.line)


def test_facebook_posts_and_instagram(tmp_path):
    """Posts without a text are left out; Instagram's keys are taken by their form in any language."""
    post = read(written(tmp_path / "p.json", json.dumps(POSTS)))
    assert [("Nye åbningstider", Kind.POST, "https://www.example.dk/nyt")] == [
        (m.text, m.kind, m.attachments[0].url) for m in post
    ]
    assert ["Hvor ser det dejligt ud 😍"] == [m.text for m in read(written(tmp_path / "i.json", json.dumps(INSTAGRAM)))]


def test_mended_once():
    """A string that was never broken stays, with letters beyond Latin-1 and without."""
    assert ["Åse 😊", "Åse", "æøå", ""] == [mended(text) for text in (broken_letters("Åse 😊"), "Åse", "æøå", "")]


def test_archive(tmp_path):
    """Known files are read within the archive, and pictures and the rest passed over."""
    facebook = zipped(
        tmp_path / "f.zip",
        **{
            "your_facebook_activity/comments_and_reactions/comments.json": json.dumps(FACEBOOK),
            "this_profile's_activity/posts/profile_posts_1.json": json.dumps(POSTS),
            "your_facebook_activity/posts/media/1.jpg": "x",
        },
    )
    assert 3 == len(read(facebook))
    takeout = zipped(tmp_path / "t.zip", **{"Takeout/YouTube/comments/comments.csv": csv_text(TAKEOUT)})
    assert 2 == len(read(takeout, TUBE))
    assert "zipped" == preview(takeout, TUBE).format


@pytest.mark.parametrize(
    ("name", "word"),
    [("../posts/posts_1.json", "leads out"), ("comments/comments.html", "JSON"), ("notes.txt", "no comments")],
)
def test_archive_refused(tmp_path, name, word):
    """A path trick, the HTML form and a foreign archive are each told apart."""
    with pytest.raises(FileError, match=word):
        read(zipped(tmp_path / "x.zip", **{name: "[]"}))


def test_any_json(tmp_path):
    """Objects of any make are mapped like a table, nested keys by their path, also one a line."""
    items = [{"id": "102938475610293", "message": "Hvornår?", "from": {"name": "Åse", "id": "12345678901"},
              "created_time": "2026-11-16T09:17:45+0000"}]  # fmt: skip
    expected = [("Hvornår?", "Åse", "102938475610293")]
    for text in (json.dumps(items), json.dumps({"data": items}), "\n".join(map(json.dumps, items))):
        messages = read(written(tmp_path / "x", text))
        assert expected == [(m.text, m.author_name, m.message_id) for m in messages]
    assert {"text", "author_name"} <= {
        c.field for c in preview(written(tmp_path / "x", json.dumps(items)), PAGE).columns
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "comment",
                    "timestamp",
                    "string_map_data",
                    "value",
                    "media",
                    "title",
                    "attachments",
                    "id",
                    "text",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(JSON, st.sampled_from(["", "comments_v2", "string_map_data"]), st.integers(0, 3))
@example({"data": float("nan")}, "", 0)
def test_any_shape_of_json(value, key, cut):
    """JSON of any shape, also cut, ends in messages or in a FileError."""
    text = json.dumps({key: [value]} if key else [value])
    with TemporaryDirectory() as folder:
        path = written(Path(folder) / "any", text[: len(text) - cut])
        with suppress(FileError):
            preview(path, PAGE)
        with suppress(FileError):
            list(reader_for(path).batches(path, PAGE))
