"""The sorts of texts: what a labelled text is one of, and what a sort answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from analysis.model.sorts import COLUMNS, HEADS, SORTS, answers, sort_of

LABELLED = Path(__file__).parent.parent / "data" / "labelled"
NUMBERS = {"cpr", "phone", "email", "address", "case_number", "account", "plate"}
SURE = 12.0


def labelled():
    """Every labelled text but those whose breach is a number alone."""
    for file in sorted(LABELLED.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            spans = [span["type"] for span in item["spans"]]
            if item["breach"] == "none" or not spans or not {*spans} <= NUMBERS:
                yield item, spans


def told(sort: str, *, by_page: bool, plain: float = 0.0) -> dict[str, float]:
    """The answers to a text that is surely of this sort."""
    columns = np.full((1, len(COLUMNS)), -SURE, np.float32)
    columns[0, : len(HEADS)] = plain
    columns[0, len(HEADS) + SORTS.index(sort)] = SURE
    return dict(zip(HEADS, answers(columns, np.array([by_page]))[0].tolist(), strict=True))


def test_a_sort_answers_as_its_texts_are_labelled():
    """Whatever a text is labelled, its sort says so of inquiry, kind, breach, of who tells of themself, and of tone."""
    for item, spans in labelled():
        sort = sort_of(
            by_page=item["by_page"],
            inquiry="none" if item["by_page"] else item["inquiry"],
            breach=item["breach"],
            tone=item["tone"],
            spans=spans,
        )
        said = told(sort, by_page=item["by_page"])
        if item["by_page"]:
            assert (item["breach"] in {"clear", "possible"}) == (said["breach"] > 0), item["id"]
            continue
        assert (item["inquiry"] != "none") == (said["inquiry"] > 0), item["id"]
        assert item["inquiry"] == "none" or said[item["inquiry"]] > 0, item["id"]
        assert (item["breach"] in {"clear", "possible"}) == (said["breach"] > 0), item["id"]
        assert (item["breach"] == "self") == (said["self"] > 0), item["id"]
        if item["breach"] == "none":
            assert (item["tone"] != "none") == (said["tone"] > 0), item["id"]


def test_two_sorts_of_one_head_are_added_up():
    """As likely an illness as a debt and as small talk is a breach by two to one; the plain answer counts for half."""
    columns = np.full((1, len(COLUMNS)), -SURE, np.float32)
    columns[0, : len(HEADS)] = 1.0
    for sort in ("breach:health", "breach:economy", "none"):
        columns[0, len(HEADS) + SORTS.index(sort)] = 0.0
    found = answers(columns, np.array([False]))[0][HEADS.index("breach")]
    assert abs((1.0 + np.log(2)) / 2 - found) < 1e-3


def test_what_no_sort_speaks_of_stays_as_it_is():
    """Urgent and clear are told by their own heads alone."""
    said = told("complaint", by_page=False, plain=3.0)
    assert (3.0, 3.0) == (said["urgent"], said["clear"])


def test_a_page_is_never_taken_for_a_citizen():
    """Where the page wrote itself, no citizen's sort counts, however well the words fit, and the other way round."""
    assert told("breach:health", by_page=True) == told("none", by_page=True)
    assert told("page:named", by_page=False) == told("page", by_page=False)
