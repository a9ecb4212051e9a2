"""JSON lines in, JSON lines out: the engine as a command can use it, and as the labelled corpus is scored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from analysis.base import Text
from analysis.engine import Engine
from analysis.threads import EARLIER
from data.types import Finding, Judgement, Kind

BATCH = 1000


class LineError(ValueError):
    """A line is no JSON object with an `id` and a `text`; the message names its number."""


def judge_lines(engine: Engine, lines: Iterable[str]) -> Iterator[str]:
    """A line for each line, in order; blank ones are skipped.

    In: `id` and `text`, and where known `context`, `by_page`, `kind`, `platform`, `institution`, `author`, `thread`;
    the lines of a thread stand in the order of writing. Out: `id`, the answers, and the findings with offsets in code
    points of the text as read. Raises LineError at the first line that is not of this form.
    """
    threads: dict[str, list[str]] = {}
    items = (_item(number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(items, BATCH)):
        judgements = engine.judge([_text(item, threads) for item in batch])
        for item, judgement in zip(batch, judgements, strict=True):
            yield json.dumps(_answer(item, judgement), ensure_ascii=False)


def _item(number: int, line: str) -> Mapping[str, Any]:
    try:
        item = json.loads(line)
    except ValueError:
        raise LineError(f"Line {number} is not JSON; expected an object with id and text.") from None
    if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("text"), str):
        raise LineError(f"Line {number} is no JSON object with an id and a text.")
    return item


def _text(item: Mapping[str, Any], threads: dict[str, list[str]]) -> Text:
    kind = Kind(item["kind"]) if item.get("kind") in set(Kind) else Kind.COMMENT
    said = threads.setdefault(item["thread"], []) if item.get("thread") else []
    earlier = tuple(said[-EARLIER:])
    if kind is not Kind.POST:
        said.append(item["text"])
    return Text(
        text=item["text"],
        context=item.get("context") or "",
        by_page=bool(item.get("by_page")),
        kind=kind,
        platform=item.get("platform") or "",
        institution=item.get("institution") or "",
        author=item.get("author") or "",
        earlier=earlier,
    )


def _answer(item: Mapping[str, Any], judgement: Judgement) -> dict[str, object]:
    return {
        "id": item["id"],
        "inquiry": judgement.inquiry.value,
        "topic": judgement.topic,
        "urgent": judgement.urgent,
        "breach": judgement.breach.value,
        "tone": judgement.tone.value,
        "because": list(judgement.because),
        "failed": list(judgement.failed),
        "findings": [_finding(finding) for finding in judgement.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "start": finding.start,
        "end": finding.end,
        "type": finding.type,
        "reason": finding.reason,
        "score": round(finding.score, 3),
    }
