"""A comment of 100 MB, from a platform or in a file: refused or cut, told, and neither memory nor time runs away."""

from __future__ import annotations

import io
import json
import logging
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from analysis.masking import mask
from collectors.errors import FileError, ShapeError
from collectors.http import JSON_CAP
from collectors.lengths import CUT, LONGEST, LONGEST_ADDRESS, shortened
from collectors.visit import VisitResult, take_in
from data.types import Attachment, Kind, Outcome, RawMessage
from tests.exported import FACEPAGER, PAGE, csv_text, read, workbook, written
from tests.made_up_cpr import wrong
from tests.records import Clock
from tests.visiting import ENGINE, SCHOOL, Visiting, school

HUNDRED = 100_000_000
SCHOOLS = replace(PAGE, institution_id=SCHOOL.id)
CHUNK = b"x" * 1_000_000
SAID = "Karla i 3.b har fået konstateret diabetes, hvornår åbner I? "


class Enormous(httpx.SyncByteStream):
    """An answer whose one comment never ends; it keeps how much of it was asked for."""

    def __init__(self, whole: bytes) -> None:
        self.before, _, self.after = whole.partition(b'"message":')
        self.asked = 0

    def __iter__(self) -> Iterator[bytes]:
        yield self.before + b'"message": "'
        while self.asked < HUNDRED:
            self.asked += len(CHUNK)
            yield CHUNK
        yield b'", "was":' + self.after


class Altered(httpx.BaseTransport):
    """Passes requests on and makes something else of the first answer that holds a message."""

    def __init__(self, inner: httpx.BaseTransport, make: Callable[[bytes], httpx.SyncByteStream]) -> None:
        self.inner, self.make = inner, make
        self.made: Any = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        body = response.read()
        if self.made or b'"message":' not in body:
            return httpx.Response(response.status_code, headers={"content-type": "application/json"}, content=body)
        self.made = self.make(body)
        return httpx.Response(200, headers={"content-type": "application/json"}, stream=self.made)


class Comment(httpx.SyncByteStream):
    """The answer with a first comment of a length that its cap lets through."""

    def __init__(self, whole: bytes) -> None:
        tree = json.loads(whole)
        posts = (post for post in tree["data"] if post.get("comments", {}).get("data"))
        next(posts)["comments"]["data"][0]["message"] = SAID * 200_000
        self.body = json.dumps(tree).encode()

    def __iter__(self) -> Iterator[bytes]:
        yield self.body


def visited(visiting: Visiting, make: Callable[[bytes], httpx.SyncByteStream]) -> tuple[VisitResult, Any]:
    """How a visit ended whose first answer is altered, and what was made of that."""
    altered: list[Altered] = []

    def wrap(inner: httpx.BaseTransport) -> httpx.BaseTransport:
        altered.append(Altered(inner, make))
        return altered[0]

    result = visiting.visit(visiting.http(wrap))
    return result, altered[0].made


def test_an_answer_of_100_megabytes(tmp_path: Path) -> None:
    """It is given up at its cap, the visit tells it, and the next one reads the page."""
    visiting = Visiting(tmp_path, school(posts=3, long=5))
    tracemalloc.start()
    result, answer = visited(visiting, Enormous)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(result.error, ShapeError)
    assert "more than 20 MB" in str(result.error)
    assert JSON_CAP <= answer.asked < JSON_CAP + 2 * len(CHUNK)
    assert most < 5 * JSON_CAP
    assert [("ShapeError",)] == visiting.rows("SELECT error FROM visits")
    assert Outcome.COMPLETE is visiting.visit().outcome


def test_a_comment_within_the_cap(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of twelve million characters the first are kept and judged, the log tells it without a word of it."""
    visiting = Visiting(tmp_path, school(posts=3, long=5))
    with caplog.at_level(logging.WARNING):
        result, _ = visited(visiting, Comment)
    assert Outcome.COMPLETE is result.outcome
    kept, breach = visiting.rows("SELECT text, breach FROM messages ORDER BY length(text) DESC LIMIT 1")[0]
    assert LONGEST - 1000 < len(kept) <= LONGEST
    assert kept.endswith(CUT)
    assert "none" != breach
    assert "a message of 12000000 characters was cut" in caplog.text
    assert "Karla" not in caplog.text
    again = visiting.visit()
    assert Outcome.COMPLETE is again.outcome


RAW = RawMessage("website", "c1", "side", Kind.COMMENT, "", "p1", url="https://example.dk/1")


@pytest.mark.parametrize("before", [LONGEST - len(CUT) - back for back in range(14)])
def test_no_number_is_cut_in_two(before: int) -> None:
    """Wherever the end falls, no part of a CPR number is kept that would not be known for one."""
    number = wrong("140289", "1234")
    found = shortened(replace(RAW, text="x" * before + number + "y" * 100)).text
    assert len(found) <= LONGEST
    assert not any(sign.isdigit() for sign in mask(found))


def test_what_is_short_enough_stays() -> None:
    """The longest post that Facebook takes is kept to its last sign; so is everything beside it."""
    raw = replace(RAW, text="å" * 63_206, attachments=(Attachment("photo", "https://example.dk/a.jpg", "En tegning"),))
    assert raw is shortened(raw)
    odd = Attachment("link", "https://example.dk/" + "a" * LONGEST_ADDRESS, "b" * (LONGEST + 1))
    cut = shortened(replace(raw, attachments=(odd,)))
    assert (raw.text, "") == (cut.text, cut.attachments[0].url)
    assert LONGEST == len(cut.attachments[0].text)


def test_a_file_with_a_text_of_100_megabytes(tmp_path: Path) -> None:
    """As one line or as many, the import ends there with the line, after what stands before it, in little memory."""
    head, seed, post, *_ = FACEPAGER
    for name, text in (("one", SAID.replace("\n", " ")), ("many", SAID + "\n")):
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8") as out:
            out.write(csv_text([head, seed, post]))
            out.write('2,3,2,812345678901234_1029384756102938,data,data.*,fetched (200),2026-11-18 10:00:05,x,"')
            for _ in range(HUNDRED // 10_000_000):
                out.write(text * (10_000_000 // len(text)))
            out.write('",2026-11-16T09:17:45+0000,Åse,1,,\n')
        visiting = Visiting(tmp_path / name, school(posts=1, long=1), SCHOOLS)
        tracemalloc.start()
        with visiting.open() as store, pytest.raises(FileError, match="begins in line 4 .* over 131072 characters"):
            take_in(path, SCHOOLS, store=store, engine=ENGINE, institution=SCHOOL, clock=Clock())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 40_000_000
        assert [("partial", "FileError")] == visiting.rows("SELECT outcome, error FROM visits")
        assert [("Nye åbningstider",)] == visiting.rows("SELECT text FROM messages")


def test_other_files_with_such_a_text(tmp_path: Path) -> None:
    """JSON is refused by its size before it is read, a workbook by what its directory tells."""
    whole = tmp_path / "a.json"
    with whole.open("wb") as out:
        out.write(b'[{"tekst":"')
        for _ in range(HUNDRED // len(CHUNK)):
            out.write(CHUNK)
        out.write(b'","skrevet":"2026-11-16 08:02"}]')
    with pytest.raises(FileError, match="JSON file has over"):
        read(whole)
    book = workbook(tmp_path / "a.xlsx", [("id", "body", "timestamp"), ("1", "x" * 32_000, "2026-11-16 08:02:11")])
    content = _blown_up(book.read_bytes())
    with pytest.raises(FileError, match="unpacks to more than"):
        read(written(tmp_path / "b.xlsx", content))


def _blown_up(book: bytes) -> bytes:
    """The workbook with a hundred megabytes in its one cell."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"x" * 32_000, b"x" * HUNDRED))
    return out.getvalue()
