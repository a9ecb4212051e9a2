"""How long a text may be that is taken in: what is longer is cut, so that one message cannot hold up all others.

Facebook's longest post has 63,206 characters and WordPress keeps 65,535 bytes of a comment; judging takes the square of
the length of a text that is one long sentence (0.5 s for 50,000 characters, 147 s for a million, measured).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from data.types import Attachment, RawMessage

LONGEST: Final = 65_536  # characters
LONGEST_ADDRESS: Final = 4_000
CUT: Final = " […]"  # stands at the end of what was cut; the rest is at the platform
_BACK: Final = 1_000  # characters in which a space is looked for, so that no word is cut in two
_OF_NUMBERS: Final = "0123456789-–./ \t\r\n"


def shortened(raw: RawMessage) -> RawMessage:
    """The message with no text longer than `LONGEST`, no address longer than `LONGEST_ADDRESS`; itself where none is.

    No number is cut in two: half a CPR number would not be known for one.
    """
    if not is_long(raw):
        return raw
    return replace(
        raw,
        text=_cut(raw.text),
        author_name=raw.author_name and _cut(raw.author_name),
        url=_address(raw.url),
        attachments=tuple(_attachment(one) for one in raw.attachments),
    )


def is_long(raw: RawMessage) -> bool:
    texts = [raw.text, raw.author_name or "", *(one.text for one in raw.attachments)]
    addresses = [raw.url, *(one.url for one in raw.attachments)]
    return max(map(len, texts)) > LONGEST or max(map(len, addresses)) > LONGEST_ADDRESS


def _attachment(one: Attachment) -> Attachment:
    return replace(one, text=_cut(one.text), url=_address(one.url))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    most = LONGEST - len(CUT)
    space = text.rfind(" ", most - _BACK, most)
    return text[: space if space > 0 else most].rstrip(_OF_NUMBERS) + CUT


def _address(url: str) -> str:
    """Half an address leads elsewhere; none is kept instead."""
    return url if len(url) <= LONGEST_ADDRESS else ""
