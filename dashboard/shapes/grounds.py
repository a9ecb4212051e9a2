"""Why an inquiry needs no answer: a short fixed list, with a note where somebody wants to say more."""

from __future__ import annotations

from typing import Final

from dashboard.words import text

NO_ANSWER: Final = ("thanks", "others", "not_us", "double", "advert")


def name(code: str) -> str:
    return text(f"ground.no_answer.{code}")


def said(code: str | None, note: str) -> str:
    """The ground as it is kept: the words of the list, and the note after them."""
    return ": ".join(part for part in (name(code) if code else "", note.strip()) if part)
