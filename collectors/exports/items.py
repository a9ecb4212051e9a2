"""JSON files as a run of objects, so that a cut one gives what stands whole in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collectors.errors import FileError
from collectors.exports import limits
from collectors.exports.plain import head_encoding

Item = dict[str, Any]
_START = re.compile(r'\s*(?:\{\s*"[^"\\]{1,80}"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def looks_like_json(head: bytes) -> bool:
    """Whether the beginning of a file is that of JSON objects, alone, in an array or one a line."""
    return bool(re.match(r'\ufeff?\s*(?:\[\s*[\[{\]]|\{\s*"|\{\s*\})', head[:4096].decode("utf-8", "ignore")))


def items_of(content: bytes) -> Iterator[tuple[int, Item]]:
    """The objects of an array (also the first array of an object), or those written one after another, with lines.

    FileError with the line of the first that is not whole. Values that are no objects are passed over.
    """
    if len(content) > limits.JSON_BYTES:
        raise FileError(f"The JSON file has over {limits.JSON_BYTES} bytes; export a shorter time at a time.")
    text = content.decode(head_encoding(content), errors="replace")
    start = _START.match(text)
    place, line = start.end() if start else 0, 1
    counted = 0
    while (place := _skipped(text, place)) < len(text):
        if text[place] == "]" and start:
            return
        line, counted = line + text.count("\n", counted, place), place
        value, place = _value(text, place, line)
        if isinstance(value, dict):
            yield line, value
    if start:
        raise _cut(line)


def read_whole(path: Path) -> bytes:
    """A file of at most the limit of JSON; FileError for a larger one."""
    if limits.checked_size(path) > limits.JSON_BYTES:
        raise FileError(f"The JSON file has over {limits.JSON_BYTES} bytes; export a shorter time at a time.")
    return path.read_bytes()


def _skipped(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _value(text: str, place: int, line: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except (ValueError, RecursionError):
        raise _cut(line) from None


def _cut(line: int) -> FileError:
    return FileError(
        f"The JSON value that begins in line {line} is not whole: the file was cut or changed. What stands before it "
        "was read. Download the file again.",
        line=line,
    )
