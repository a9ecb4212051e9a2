"""What a message of an export file is called, so that the same file twice, and an import beside a collector, agree.

Facebook writes a post as `<page>_<post>` and a comment or reply as `<post>_<comment>`; old files also hold
`<page>_<post>_<comment>` and bare numbers. The Graph API's form is the one that is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from analysis.masking import mask
from collectors.errors import FileError
from data.types import Page

_DAMAGED = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_RUNNING = re.compile(r"[0-9]{1,9}(?:[-.][0-9]{1,9})*")
_OF_THIS_PROCESS = os.urandom(32)
_DIGITS = re.compile(r"[0-9]{5,30}")
_POST_IN_PATH = re.compile(r"/(?:posts|videos|photos(?:/[^/]+)?|reel|permalink)/(?:[^/]*?/)?([0-9]{5,30})(?:/|$)")


def is_damaged(value: str) -> bool:
    """Whether an id was rounded by a spreadsheet program (`1,22E+17`)."""
    return bool(_DAMAGED.fullmatch(value))


def checked(value: str, line: int) -> str:
    """The id as the file writes it; FileError for one that a spreadsheet program has rounded (`1,22E+17`)."""
    if is_damaged(value):
        raise FileError(
            f"The id in line {line} was rounded by a spreadsheet program and is lost. Export the file again and import "
            "it without opening it in Excel first.",
            line=line,
        )
    return value


def is_running(value: str) -> bool:
    """Whether an id is but a row number, which says nothing outside its file."""
    return bool(_RUNNING.fullmatch(value))


def identifies(value: str) -> bool:
    """Whether an id names its message for ever: no row number, and nobody's CPR number used as a key."""
    return bool(value) and not is_running(value) and mask(value) == value


def within_file(value: str) -> str:
    """A key as it may lie on disk while its file is read: one that carries a CPR number as a hash of this process."""
    if mask(value) == value:
        return value
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=_OF_THIS_PROCESS, digest_size=16).hexdigest()


def outside(value: str, page: Page) -> str:
    """An id as it may stand beside those of other files: a row number gets the page in front of it."""
    return f"{page.id}:{value}" if is_running(value) else value


def made(page: Page, text: str, created_at: datetime | None, author: str) -> str:
    """An id for a message without one: the page's, with SHA-256 of text, minute and author.

    It is made of the masked text: beside a stored text, a hash of the raw one would give a masked CPR number away to
    whoever tries all numbers.
    """
    minute = created_at.strftime("%Y-%m-%dT%H:%M") if created_at else ""
    seen = json.dumps([mask(" ".join(text.split())), minute, mask(author.strip().casefold())], ensure_ascii=False)
    return f"{page.id}:{hashlib.sha256(seen.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def post(value: str, page: Page) -> str:
    """The id of a post as the platform's collector writes it."""
    if page.platform == "facebook" and page.ref and _DIGITS.fullmatch(value) and value != page.ref:
        return f"{page.ref}_{value}"
    return value


def comment(value: str, thread_id: str, page: Page) -> str:
    """The id of a comment or reply in a thread as the platform's collector writes it."""
    if page.platform != "facebook":
        return value
    parts = value.split("_")
    if len(parts) == 3:  # noqa: PLR2004 - page, post, comment
        return "_".join(parts[1:])
    if _DIGITS.fullmatch(value) and _DIGITS.fullmatch(own := thread_id.rsplit("_", maxsplit=1)[-1]):
        return f"{own}_{value}"
    return value


def thread_of_comment(value: str, page: Page) -> str | None:
    """The post that a Facebook comment's id tells of, as a post's id; None where it tells of none."""
    first, *rest = value.split("_")
    if page.platform != "facebook" or not rest or first == page.ref or not _DIGITS.fullmatch(first):
        return None
    return post(first, page)


def from_address(url: str) -> str | None:
    """The number of the post that a Facebook address leads to, None where it holds none (`pfbid…`)."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    told = query.get("story_fbid", query.get("fbid", query.get("v", [""])))[0]
    if _DIGITS.fullmatch(told):
        return told
    found = _POST_IN_PATH.search(parts.path)
    return found[1] if found else None
