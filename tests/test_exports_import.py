"""An export file through the whole line: read, judged, remembered."""

from __future__ import annotations

import pytest

from analysis.engine import Engine
from collectors.errors import FileError
from collectors.visit import take_in
from data.store import Store
from data.types import Institution, Tally
from tests.exported import FACEPAGER, PAGE, csv_text, written
from tests.records import rows

TOWN = Institution("noerreaa", "Nørreå Kommune", "municipality")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "sideblik.db") as opened:
        opened.set_places([TOWN], [PAGE])
        yield opened


def taken(path, store):
    told = []
    tally = take_in(path, PAGE, store=store, engine=Engine(), institution=TOWN, progress=told.append)
    assert tally == told[-1]
    return tally


def test_twice(tmp_path, store):
    """The same file twice changes nothing but the rows of the imports."""
    path = written(tmp_path / "f.csv", csv_text(FACEPAGER, ";", quote=True))
    assert Tally(fetched=3, new=3) == taken(path, store)
    before = rows(tmp_path, "SELECT * FROM messages ORDER BY id")
    assert Tally(fetched=3, unchanged=3) == taken(path, store)
    assert before == rows(tmp_path, "SELECT * FROM messages ORDER BY id")


def test_cut_then_whole(tmp_path, store):
    """A cut file saves what is whole; the whole file brings the rest, and nothing twice."""
    whole = csv_text(FACEPAGER[:6], ";", quote=True)
    with pytest.raises(FileError) as caught:
        taken(written(tmp_path / "f.csv", whole[:-60]), store)
    assert 6 == caught.value.line
    assert [(2,)] == rows(tmp_path, "SELECT count(*) FROM messages")
    assert Tally(fetched=3, new=1, unchanged=2) == taken(written(tmp_path / "f.csv", whole), store)
