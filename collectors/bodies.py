"""What the body of an answer holds, whatever its content type claims."""

from __future__ import annotations

import json
from typing import Any


def decode(body: bytes) -> tuple[Any, bool]:
    """The JSON value and whether there was none. What a PHP site prints before its JSON is cut off."""
    text = body.decode("utf-8-sig", "replace").strip()
    starts = [at for at in (text.find("["), text.find("{")) if at >= 0]
    for at in dict.fromkeys([0, *sorted(starts)]):
        try:
            return json.loads(text[at:]), False
        except (ValueError, RecursionError):
            continue
    return None, True


def looks(body: bytes) -> str:
    """What a body that is no JSON is, in words of our own."""
    return "a web page" if body[:64].lstrip()[:1] == b"<" else "something else" if body.strip() else "nothing"
