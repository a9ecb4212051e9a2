"""What happens while one looks: a first minute that shows one of each thing, then a stream that does not end soon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from collectors.sandbox.dialects import dialect_of
from collectors.sandbox.draft import Asked, Draft
from collectors.sandbox.history import History
from collectors.sandbox.scenario import Entry, Place
from collectors.sandbox.written import Line, happenings
from data.types import Kind

LIVELY = 45 * 60.0  # seconds in which something happens every 3 to 8 seconds; after them every 8 to 25
AGAIN = 14 * 86400.0  # how far back posts still draw comments
SHARES = {"waiting": 26, "ask": 21, "chat": 23, "answer": 13, "edit": 5, "delete": 4, "hide": 2, "post": 4, "visit": 2}


class Live:
    """Writes the scenario's future into a draft."""

    def __init__(self, draft: Draft, history: History) -> None:
        self.draft = draft
        self.random = draft.random
        self.history = history
        self.walls = [one for one in draft.places if dialect_of(one).wall]
        self.posts = [one for one in draft.entries if one.kind is Kind.POST and one.at > -AGAIN and self._open(one)]
        self.recent: list[Entry] = []
        self.waiting = [pair for pair in history.waiting if not pair[1].urgent]
        self.urgent = [pair for pair in history.waiting if pair[1].urgent]
        self.random.shuffle(self.waiting)

    def write(self, lasts: float) -> None:
        self._first_minute()
        at = 60.0
        acts = [getattr(self, f"_{name}") for name in SHARES]
        while at < lasts:
            at += self.random.uniform(3, 8) if at < LIVELY else self.random.uniform(8, 25)
            act: Callable[[float], None] = self.random.choices(acts, tuple(SHARES.values()))[0]
            act(at)

    def _first_minute(self) -> None:
        named: dict[str, Entry] = {}
        for row in happenings()["first"]:
            done = self._happen(row, named)
            if done is not None and "key" in row:
                named[row["key"]] = done

    def _happen(self, row: dict[str, Any], named: dict[str, Entry]) -> Entry | None:
        deed, at, text = row["do"], float(row["at"]), row.get("text", "")
        if deed == "post":
            return self.draft.post(row["page"], text, at)
        if deed == "comment":
            return self.draft.comment(self._newest(row["page"], at), Line(text, row["name"]), at)
        if deed == "answer":
            return self.draft.comment(named[row["of"]], Line(text, page=True), at)
        self.draft.change(named[row["of"]], deed, at, text)
        return None

    def _newest(self, place: str, at: float) -> Entry:
        posts = [one for one in self.draft.entries if one.place == place and one.kind is Kind.POST and one.at < at]
        return max(posts, key=lambda one: one.at)

    def _open(self, post: Entry) -> bool:
        return dialect_of(self._place(post)).social

    def _place(self, post: Entry) -> Place:
        return next(one for one in self.draft.places if one.id == post.place)

    def _say(self, above: Entry, line: Line, at: float) -> None:
        self.recent.append(self.draft.comment(above, replace(line, replies=()), at))

    def _waiting(self, at: float) -> None:
        pairs = self.urgent if self.urgent and self.draft.chance(0.07) else self.waiting
        if not pairs:
            self._chat(at)
            return
        above, line = pairs.pop()
        self._say(above, line, at)

    def _ask(self, at: float) -> None:
        post = self.random.choice(self.posts)
        question, answer = self.history.question(self.history.kind(self._place(post)))
        self._say(post, Line(question), at)
        self.history.asked.append(Asked(self.recent[-1], answer))

    def _chat(self, at: float) -> None:
        post = self.random.choice(self.posts)
        told = self.history.lines(self.history.kind(self._place(post)))
        rare = bool(told.rare) and self.draft.chance(0.05)
        self._say(post, Line(self.random.choice(told.rare if rare else told.chat)), at)

    def _answer(self, at: float) -> None:
        """The page answers one of the questions asked lately."""
        asked = self.history.asked
        if asked:
            one = asked.pop(self.random.randrange(max(0, len(asked) - 40), len(asked)))
            self.draft.comment(one.entry, Line(one.answer, page=True), at)

    def _edit(self, at: float) -> None:
        entry = self.random.choice(self.recent[-60:]) if self.recent else None
        if entry is not None and dialect_of(self._place(entry)).edits:
            self.draft.change(entry, "edit", at, entry.text + self.random.choice(happenings()["edits"]))

    def _delete(self, at: float) -> None:
        if self.recent:
            self.draft.change(self.recent.pop(-self.random.randint(1, min(5, len(self.recent)))), "delete", at)

    def _hide(self, at: float) -> None:
        entry = self.random.choice(self.recent[-30:]) if self.recent else None
        if entry is not None and dialect_of(self._place(entry)).hidable:
            self.draft.change(entry, "hide", at)

    def _post(self, at: float) -> None:
        if self.history.spare and self.draft.chance(0.5):
            place, thread = self.history.spare.pop()
            self.posts += [post for post in [self.draft.post(place.id, thread.post, at)] if self._open(post)]
            return
        place = self.random.choice(self.draft.places)
        text = self.random.choice(self.history.lines(self.history.kind(place)).posts)
        self.posts += [post for post in [self.draft.post(place.id, text, at)] if self._open(post)]

    def _visit(self, at: float) -> None:
        """A visitor writes on a page's wall."""
        place = self.random.choice(self.walls)
        self.posts.append(self.draft.post(place.id, self.random.choice(happenings()["visitors"]), at, visitor=True))
