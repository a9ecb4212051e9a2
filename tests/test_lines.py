"""JSON lines in, JSON lines out, as the labelled corpus is scored."""

from __future__ import annotations

import json

import pytest

from analysis.base import Text
from analysis.engine import Engine
from analysis.lines import LineError, judge_lines
from data.types import Finding


class Overheard:
    """A detector that notes what it was given."""

    name, version, reasons = "overheard", 1, ("r",)

    def __init__(self) -> None:
        self.texts: list[Text] = []

    def find(self, texts):
        self.texts.extend(texts)
        yield 0, Finding("overheard", 1, "phone", 0, 1, 0.12345, "r")


def test_an_answer_for_each_line_in_order():
    """Ids, answers and findings come back as documented; blank lines are skipped."""
    lines = [json.dumps({"id": 7, "text": "hej"}), "", json.dumps({"id": "b", "text": "farvel", "extra": 1})]
    first, second = map(json.loads, judge_lines(Engine([Overheard()]), lines))
    assert (7, "b") == (first["id"], second["id"])
    assert [{"start": 0, "end": 1, "type": "phone", "reason": "r", "score": 0.123}] == first["findings"]
    assert {"inquiry", "topic", "urgent", "breach", "tone", "findings", "because", "failed", "id"} == set(second)


def test_a_text_carries_what_its_line_tells():
    """Context, kind and writer, and the texts before it in its thread without the post."""
    heard = Overheard()
    lines = [
        {"id": 1, "text": "opslag", "thread": "t", "kind": "post", "by_page": True, "institution": "skole"},
        {"id": 2, "text": "først", "thread": "t", "context": "opslag", "author": "Bo"},
        {"id": 3, "text": "andet", "thread": "u"},
        {"id": 4, "text": "sidst", "thread": "t", "kind": "reply"},
    ]
    list(judge_lines(Engine([heard]), map(json.dumps, lines)))
    assert [(), (), (), ("først",)] == [text.earlier for text in heard.texts]
    assert ("opslag", "Bo", "skole") == (heard.texts[1].context, heard.texts[1].author, heard.texts[0].institution)


@pytest.mark.parametrize("bad", ["{", "[]", '{"id": 1}', '{"text": "a"}', '{"id": 1, "text": 2}'])
def test_a_bad_line_is_named_by_its_number(bad):
    """The line's number and what was expected, and no word of it."""
    with pytest.raises(LineError, match="Line 2 ") as raised:
        list(judge_lines(Engine([]), [json.dumps({"id": 1, "text": "a"}), bad]))
    assert bad not in str(raised.value)
