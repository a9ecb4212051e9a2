"""The municipality's saved answers: texts of sideblik.toml with places that are filled from the inquiry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final

from dashboard.settings_file import File, ReplyTable

PLACES: Final = ("page", "institution", "topic", "link")


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A saved answer; `topics` are those of the inquiries that it fits, none for all of them.

    `text` holds `{page}`, `{institution}`, `{topic}` and `{link}`, nothing else in braces (`{{` stands for a brace).
    """

    title: str
    topics: tuple[str, ...]
    text: str
    link: str = ""

    def filled(self, *, page: str, institution: str, topic: str) -> str:
        """The text as it may be sent; what is filled in is not looked at for places again."""
        return self.text.format_map({"page": page, "institution": institution, "topic": topic, "link": self.link})


def replies_of(file: File) -> tuple[SavedReply, ...]:
    return tuple(SavedReply(one.title, tuple(one.topics), one.text.strip(), one.link) for one in file.reply)


def reply_problems(file: File) -> Iterator[str]:
    """Titles that come twice, places that nobody can fill, and a place for a link without one."""
    seen: set[str] = set()
    for number, one in enumerate(file.reply, 1):
        if one.title in seen:
            yield f"reply[{number}].title: found {one.title!r} a second time; each must be given once"
        seen.add(one.title)
        yield from (f"reply[{number}].text: {problem}" for problem in _wrong_places(one))


def _wrong_places(one: ReplyTable) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(one.text))
    except ValueError:
        yield "found a brace without its other half; write {{ or }} for a brace that is to be read"
        return
    allowed = ", ".join(f"{{{place}}}" for place in PLACES)
    for place in [
        f"{name}{'!' + how if how else ''}{':' + form if form else ''}"
        for _, name, form, how in parts
        if name is not None
    ]:
        if place not in PLACES:
            yield f"found the place {{{place}}}; allowed: {allowed}"
        elif place == "link" and not one.link:
            yield 'found the place {link}, and no link beside it; give link = "https://…"'
