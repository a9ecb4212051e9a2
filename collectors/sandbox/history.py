"""The six weeks before the demo's start: written threads, questions and their answers, and what people chat."""

from __future__ import annotations

from dataclasses import replace

from collectors.sandbox.dialects import dialect_of
from collectors.sandbox.draft import DAY, HOUR, Asked, Draft
from collectors.sandbox.scenario import Entry, Place
from collectors.sandbox.written import Line, Lines, Thread, lines, loose, threads

HISTORY = 42 * DAY
KEPT = 0.12  # share of the rare texts that history tells; the others come while one looks
ANSWERED = 0.95
LONG = 45  # characters; what is longer is mostly more than chat, and pages mostly say something to it
OWN = 0.75
PHOTOS = 0.4
HIDDEN = 0.2  # share of the rare texts that the page hid


class History:
    """Writes the past into a draft and keeps what is left over for the live part.

    `waiting`: comments for a post that are still to come; `asked`: questions without an answer; `spare`: posts that a
    page has yet to write.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.random = draft.random
        self.kinds = {one.id: one.kind for one in draft.institutions}
        self.waiting: list[tuple[Entry, Line]] = []
        self.asked: list[Asked] = []
        self.spare: list[tuple[Place, Thread]] = []

    def write(self) -> None:
        for thread in threads():
            self._thread(thread)
        for place in self.draft.places:
            self._own_posts(place)
        self._loose()

    def kind(self, place: Place) -> str:
        return self.kinds[place.institution_id]

    def lines(self, kind: str) -> Lines:
        """What is written at institutions of this kind, and everywhere."""
        return lines()[kind] + lines()["any"]

    def question(self, kind: str) -> tuple[str, str]:
        """A question with its answer; mostly one that is asked at this kind of institution alone."""
        own, everywhere = lines()[kind].asks, lines()["any"].asks
        return self.random.choice(own if self.draft.chance(OWN) else everywhere)

    def _thread(self, thread: Thread) -> None:
        homes = [one for one in self.draft.places if self.kind(one) == thread.kind]
        if thread.comments:
            homes = [one for one in homes if dialect_of(one).social]
        homes = [one for one in homes if one.name in thread.post] or homes
        place = self.random.choice(homes)
        if thread.rare and not self.draft.chance(KEPT):
            self.spare.append((place, thread))
            return
        self._post(place, thread)

    def _post(self, place: Place, thread: Thread) -> None:
        at = self._sometime()
        post = self.draft.post(place.id, thread.post, at, photo=thread.photo or self.draft.chance(PHOTOS))
        if not dialect_of(place).social:
            return
        for line in thread.comments:
            if line.rare and not self.draft.chance(KEPT):
                self.waiting.append((post, line))
            else:
                self.say(post, line, self._after(at, 9))
        for _ in range(self.random.choice((0, 1, 1, 2, 3, 4, 5, 7))):
            self._chatter(place, post)

    def _own_posts(self, place: Place) -> None:
        own = self.lines(self.kind(place)).posts
        times = 2 if dialect_of(place).social else 7
        for text in self.random.sample(own, min(times, len(own))):
            self._post(place, Thread(self.kind(place), text))

    def _chatter(self, place: Place, post: Entry) -> None:
        """One more comment under a post: a question with or without its answer, or chat."""
        told = self.lines(self.kind(place))
        at = self._after(post.at, 14)
        if at > 0:
            return
        if self.draft.chance(0.4):
            self.ask(post, self.question(self.kind(place)), at)
        elif told.rare and self.draft.chance(0.005):
            self.say(post, Line(self.random.choice(told.rare)), at)
        else:
            self.say(post, Line(self.random.choice(told.chat)), at)

    def ask(self, post: Entry, pair: tuple[str, str], at: float) -> None:
        """A question, and in most cases the page's answer some hours later, at daytime."""
        entry = self.draft.comment(post, Line(pair[0]), at)
        answered = self.draft.awake(at + self.random.expovariate(1 / (11 * HOUR)))
        if self.draft.chance(ANSWERED) and answered < 0:
            self.draft.comment(entry, Line(pair[1], page=True), answered)
        else:
            self.asked.append(Asked(entry, pair[1]))

    def say(self, above: Entry, line: Line, at: float) -> None:
        """A written comment with its replies; what would fall after the start waits for the live part."""
        if at > 0:
            self.waiting.append((above, line))
            return
        entry = self.draft.comment(above, replace(line, replies=()), at)
        if line.rare and not line.page and self.draft.chance(HIDDEN) and self._hidable(entry):
            self.draft.change(entry, "hide", self.draft.awake(at + HOUR))
        for reply in line.replies:
            self.say(entry, reply, self._after(at, 5))
        if above.thread == above.id and len(line.text) >= LONG and not any(one.page for one in (line, *line.replies)):
            self._reply(entry, at)

    def _hidable(self, entry: Entry) -> bool:
        return dialect_of(next(one for one in self.draft.places if one.id == entry.place)).hidable

    def _reply(self, entry: Entry, at: float) -> None:
        """The page's own words to a comment that nobody wrote an answer for."""
        answered = self.draft.awake(at + self.random.expovariate(1 / (14 * HOUR)))
        if self.draft.chance(ANSWERED) and answered < 0:
            self.draft.comment(entry, Line(self.random.choice(lines()["any"].replies), page=True), answered)

    def _loose(self) -> None:
        for at, (kind, line) in enumerate(loose()):
            posts = [one for one in self.draft.entries if one.thread == one.id and self._fits(one, kind)]
            post = self.random.choice(posts)
            if at % 2 or line.rare:
                self.waiting.append((post, line))
            else:
                self.say(post, line, self._after(post.at, 14))

    def _fits(self, post: Entry, kind: str) -> bool:
        place = next(one for one in self.draft.places if one.id == post.place)
        return self.kind(place) == kind and dialect_of(place).social

    def _sometime(self) -> float:
        at = self.draft.awake(-self.random.uniform(2 * HOUR, HISTORY))
        return at if at < -HOUR else at - DAY

    def _after(self, at: float, hours: float) -> float:
        """Some time later, mostly at daytime; soon after more often than late."""
        later = at + self.random.expovariate(1 / (hours * HOUR))
        return self.draft.awake(later) if self.draft.chance(0.85) else later
