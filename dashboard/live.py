"""The one script of our own, served from this host: a draft is looked at while one writes, and copied."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

PATH: Final = "/sideblik/live.js"
_FILE: Final = Path(__file__).with_name("live.js")


def answer(_request: Request) -> Response:
    """The script; the same for everybody, so that it is kept by the browser for an hour."""
    return Response(_script(), media_type="text/javascript", headers={"Cache-Control": "private, max-age=3600"})


@cache
def _script() -> bytes:
    return _FILE.read_bytes()
