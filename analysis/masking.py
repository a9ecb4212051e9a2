"""Takes CPR numbers out of everything that is kept: the one way from `RawMessage` to `Message`.

Masking is wider than finding. Whatever is written like a CPR number and has a possible date is masked, also where the
words beside it say that it is an order number, and also a date followed by a time without a point (`12.11.26 1900`):
a masked order number costs a reader a glance, a stored CPR number cannot be unstored. What stays are digits within a
longer run (platforms' ids, time stamps, bank cards), ISO times, phone numbers and dates with times as they are
usually written (`12.11.26 19.00`).

Every digit or letter of the number becomes one `█`, so that lengths and offsets stay; separators stay as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from analysis import cpr
from analysis.scan import fold_digits
from data.types import Attachment, Message, RawMessage

AuthorNames: TypeAlias = Literal["initials", "full", "none"]

_NAME_PART = re.compile(r"[^\W\d_]")


def mask(text: str) -> str:
    """The text with every digit and letter of what may be a CPR number as `█`: same length, nothing else changed."""
    if not cpr.GATE.search(fold_digits(text)):
        return text
    places = {place for shape in cpr.shapes(text) for place in shape.places}
    if not places:
        return text
    signs = list(text)
    for place in places:
        signs[place] = cpr.MASK
    return "".join(signs)


def identity(value: str, digest: Callable[[str], str]) -> str:
    """A platform's id as it is kept: itself, or a digest of it where it carries a CPR number.

    Ids of platforms are long runs of digits and stay. An imported table may use a number as its key: then the id, the
    parent's and the thread's become the same digest, and still belong together.
    """
    return value if mask(value) == value else f"masked-{digest(value)}"


def masked(
    raw: RawMessage,
    *,
    digest: Callable[[str], str],
    author_key: Callable[[str, str], str],
    author_names: AuthorNames = "initials",
) -> Message:
    """The message as it is kept. `digest` and `author_key` are the store's keyed hashes.

    The page's own name is kept in full. The digest covers what a reader reads, text and attachments' titles; addresses
    of pictures are signed anew at every visit and would make each visit an edit.
    """
    thread_id = identity(raw.thread_id, digest)
    return Message(
        platform=raw.platform,
        message_id=identity(raw.message_id, digest),
        page_id=raw.page_id,
        kind=raw.kind,
        text=mask(raw.text),
        thread_id=thread_id,
        digest=digest(_read(raw)),
        parent_id=identity(raw.parent_id, digest) if raw.parent_id is not None else None,
        created_at=raw.created_at,
        edited_at=raw.edited_at,
        by_page=raw.by_page,
        author_key=author_key(thread_id, raw.author_id or raw.author_name or ""),
        author_name=_author(raw, author_names),
        url=mask(raw.url),
        visibility=raw.visibility,
        attachments=tuple(_attachment(attachment) for attachment in raw.attachments),
        comment_count=raw.comment_count,
    )


def _read(raw: RawMessage) -> str:
    return json.dumps([raw.text, *([a.kind, a.text] for a in raw.attachments)], ensure_ascii=False)


def _author(raw: RawMessage, author_names: AuthorNames) -> str:
    name = raw.author_name or ""
    if raw.by_page or author_names == "full":
        return mask(name)
    return initials(mask(name)) if author_names == "initials" else ""


def initials(name: str) -> str:
    """Turns "Åse Kjærgaard" into "Å.K."; a part counts by its first letter, a hyphenated name once."""
    letters = (_NAME_PART.search(part) for part in name.split())
    return "".join(f"{letter[0].upper()}." for letter in letters if letter)


def _attachment(attachment: Attachment) -> Attachment:
    return replace(attachment, kind=mask(attachment.kind), url=mask(attachment.url), text=mask(attachment.text))
