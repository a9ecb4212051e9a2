"""A run of sandbox time with random faults over every dialect: what was shown is kept once, edits and removals with it.

Dialects come in by themselves, from the sandbox's table. Every text holds a mark (`nr12v1`: message 12 as first
edited), so that what is stored is known again whatever a platform calls it and however it dresses its text. The hour
lies over three days, twenty minutes each: some faults close a platform until midnight, and the storm goes on after it.

    python -m tests.test_sandbox_all_dialects 40

runs forty such hours, a visit to every page every minute, and prints what went wrong in them and what was kept.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from analysis.engine import Engine
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.configuration import page_rows
from collectors.sandbox.dialects import KINDS, SPOKEN, dialect_of
from collectors.sandbox.faults import KINDS as COMMON
from collectors.sandbox.faults import Fault, Faults
from collectors.sandbox.numbers import number as drawn_number
from collectors.sandbox.scenario import Author, Change, Deed, Entry, Place, Story, story, view
from collectors.visit import visit
from data.store import Store
from data.types import Institution, Kind, Outcome, Page
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
SEED = 7
DAY = 86400.0
LASTS = 3600.0  # seconds of sandbox time in which things happen and go wrong
PARTS = 3
PART = LASTS / PARTS
POSTS, TALK, DEEDS = 4, 14, 8
MARK = re.compile(r"nr(\d+)v(\d+)")
Mark = tuple[int, int]  # which message, and as edited how many times
HOUSE = Institution("huset", "Kulturhuset", "kultur")
# A thread is read again where its number of comments moved, and else some hours later: what is edited, or comes and
# goes in the meantime without moving a number, is met as it then stands.
BY_NUMBERS = ("bluesky", "linkedin", "mastodon")
HELD_LATER = ("youtube",)  # what it holds back is listed apart, and read where anything else changed and once a day
NOT_IN_A_STORM = ("slow",)  # an answer that lasts proves nothing here and takes its time
FOR_A_DAY = ("youtube:quota", "linkedin:day")  # nothing is asked any more until midnight: once in each part
OWN = sorted({kind for one in SPOKEN for kind in (*one.instead, *one.spoil) if ":" in kind})
OFTEN = [kind for kind in (*COMMON, *OWN) if kind not in (*NOT_IN_A_STORM, *FOR_A_DAY)]
SHARE = 1 / 100  # of the answers, for each kind of fault: a sixth of all, so that visits of ten calls also succeed
CALM = 3  # days after the hour


def when(t: float) -> float:
    """A moment of the hour as the story's: a night lies between its parts."""
    return t + DAY * max(0, t // PART)


class Town:
    """One page a dialect, with posts, comments, replies, and what happens to them; all drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places = [
            Place(f"side-{kind}", HOUSE.id, kind, f"Side på {kind}", spoken.ref(SEED, f"side-{kind}"))
            for kind, spoken in KINDS.items()
        ]
        self.entries: list[Entry] = []
        self.changes: list[Change] = []
        for place in self.places:
            self._fill(place)

    def story(self) -> Story:
        entries = [replace(one, at=when(one.at)) for one in self.entries]
        return story(
            SEED, START, [HOUSE], self.places, entries, [replace(one, at=when(one.at)) for one in self.changes]
        )

    def _fill(self, place: Place) -> None:
        spoken = dialect_of(place)
        posts = [self._add(place, None, None, -DAY + number * 4 * LASTS) for number in range(POSTS)]
        if not spoken.social:
            return
        said: list[Entry] = []
        for _ in range(TALK):
            post = self.random.choice(posts)
            tops = [one for one in said if one.thread == post.id and one.kind is Kind.COMMENT]
            above = self.random.choice(tops) if tops and self.random.random() < 0.35 else None
            early = (above or post).at + 10.0
            said.append(self._add(place, post, above, self.random.uniform(early, max(early + 10, LASTS * 0.9))))
        for entry in self.random.sample([*said, *posts], DEEDS):
            answered = any(one.parent == entry.id for one in said)
            self._happen(entry, edits=spoken.edits, hides=spoken.hidable and not answered and entry in said)

    def _add(self, place: Place, post: Entry | None, above: Entry | None, at: float) -> Entry:
        spoken, number = dialect_of(place), len(self.entries)
        drawn = drawn_number(SEED, f"run/{number}", 15)
        ident = spoken.comment_id(post.id, drawn) if post else spoken.post_id(place.ref, drawn)
        kind = Kind.REPLY if above else Kind.COMMENT if post else Kind.POST
        writer = Author(str(10**16 + number), "Åse Kær", shown=number % 3 > 0) if post else None
        parent = above.id if above else None
        text = f"Hvornår åbner I 🎉 nr{number}v0 på lørdag?"
        entry = Entry(
            ident, place.id, kind, post.id if post else ident, at, text, parent, writer,
            by_page=post is None, title=f"Titel {number}", number=number,
        )  # fmt: skip
        self.entries.append(entry)
        return entry

    def _happen(self, entry: Entry, *, edits: bool, hides: bool) -> None:
        """One to three things happen to a message, some minutes apart.

        Posts are not hidden, nor comments with replies: what then becomes of the replies differs by platform.
        """
        at, version = max(entry.at, 0.0), 0
        for _ in range(self.random.randint(1, 3)):
            at += self.random.uniform(60, 900)
            deeds: list[Deed] = ["delete"]
            if edits:
                deeds += ["edit", "edit"]
            if hides:
                deeds += ["hide", "unhide"]
            deed = self.random.choice(deeds)
            version += deed == "edit"
            number = entry.text.partition("nr")[2].partition("v")[0]
            self.changes.append(Change(at, entry.id, deed, f"Rettet 🌱 nr{number}v{version} nu"))
            if deed == "delete":
                return


class Noted(Faults):
    """Faults that note whom they hit: platform and kind."""

    def __init__(self, *faults: Fault, seed: int) -> None:
        super().__init__(*faults, seed=seed)
        self.hits: Counter[tuple[str, str]] = Counter()

    def take(self, platform: str, page: str, t: float = 0.0) -> Fault | None:
        fault = super().take(platform, page, t)
        if fault:
            self.hits[platform, fault.kind] += 1
        return fault


class Run:
    """Visits to every page in turn, through faults, with a note of what each complete one must have seen."""

    def __init__(self, folder: Path, seed: int, *, stormy: bool = True) -> None:
        self.story = Town(seed).story()
        storm = [Fault(kind, times=-1, share=SHARE) for kind in OFTEN] if stormy else []
        if stormy:
            drawn = Random(seed)
            begins = [PART * (part + drawn.random()) for part in range(PARTS) for _ in FOR_A_DAY]
            storm += [Fault("server", one.platform, since=when(drawn.uniform(0, LASTS * 0.9))) for one in SPOKEN]
            storm += [Fault(FOR_A_DAY[place % len(FOR_A_DAY)], since=when(at)) for place, at in enumerate(begins)]
        self.faults = Noted(*storm, seed=seed)
        self.hand = Hand(START)
        self.path = folder / "sideblik.db"
        self.app = AppTransport(build(self.story, self.hand, self.faults))
        self.http = Http(transport=self.app, clock=self.hand, sleep=self._pause, addresses=lambda _: ["203.0.113.7"])
        self.store = Store.open(self.path, clock=self.hand)
        self.pages = {place.id: page_of(place) for place in self.story.places}
        self.store.set_places([HOUSE], self.pages.values())
        self.engine = Engine([])
        self.shown: set[Mark] = set()
        self.noted: dict[int, list[Mark]] = {}
        self.outcomes: Counter[tuple[str, Outcome]] = Counter()

    def _pause(self, seconds: float) -> None:
        self.hand.move(min(seconds, 2.0))

    @property
    def t(self) -> float:
        return (self.hand.at - START).total_seconds()

    def round(self) -> list[Outcome]:
        return [self.visit(place) for place in self.story.places]

    def storm(self, apart: float) -> None:
        """Visits through the hour, `apart` seconds between two rounds; then three calm days, all of them complete."""
        for part in range(PARTS):
            self.hand.move(when(part * PART) - self.t)
            while self.t < when(part * PART) + PART:
                self.round()
                self.hand.move(apart)
        self.faults.clear()
        for _ in range(CALM):  # a day apart, so that what is read once a day is read
            self.hand.move(DAY + 3600)
            assert {Outcome.COMPLETE} == set(self.round())
        self.store.close()

    def visit(self, place: Place) -> Outcome:
        began = self.marks(place)
        make = dialect_of(place).token
        token = make(SEED, place.ref) if make else None
        page = self.pages[place.id]
        result = visit(
            page, store=self.store, http=self.http, engine=self.engine, institution=HOUSE, token=token, clock=self.hand
        )
        self.outcomes[place.dialect, result.outcome] += 1
        self._note(place)
        if result.outcome is Outcome.COMPLETE:
            self.shown |= began & self.marks(place)
        return result.outcome

    def _note(self, place: Place) -> None:
        """The marks of all that is kept now, by row: what is gone is emptied later."""
        with closing(sqlite3.connect(self.path)) as conn:
            rows = conn.execute(
                "SELECT message, versions.text FROM versions JOIN messages ON messages.id = message WHERE page_id = ?1"
                " UNION ALL SELECT id, text FROM messages WHERE page_id = ?1",
                (place.id,),
            ).fetchall()
        for message, text in rows:
            if MARK.search(text) and (mark := mark_of(text)) not in (marks := self.noted.setdefault(message, [])):
                marks.append(mark)  # a text without one is empty, or an answer was bent

    def marks(self, place: Place) -> set[Mark]:
        """What a reader of the page is shown now: message and version."""
        hides = dialect_of(place).hides and dialect_of(place).platform not in HELD_LATER
        return {mark_of(text) for text, hidden in self.standing(place) if not hidden or hides}

    def standing(self, place: Place) -> Iterator[tuple[str, bool]]:
        """The text of every message that stands on a page now, and whether it is hidden."""
        for entry in (one for post in self.story.posts(place.id) for one in (post, *self.story.comments(post.id))):
            if one := view(self.story, entry, self.t):
                yield one.text, one.hidden


def page_of(place: Place) -> Page:
    """The page as the sandbox's own configuration has it, on a host of its own: limits are told by host."""
    [row] = page_rows(f"http://{place.dialect}.sandbox.example", [place], 10)
    options = row["options"]
    assert isinstance(options, dict)
    platform, name, url, ref = (str(row[key]) for key in ("platform", "name", "url", "ref"))
    return Page(place.id, HOUSE.id, platform, name, url, ref, look_back_days=45, options=options)


def mark_of(text: str) -> Mark:
    found = MARK.search(text)
    assert found, "every text of the run holds a mark"
    return int(found[1]), int(found[2])


@settings(
    max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@example(seed=1322)  # LinkedIn: a post that is gone, on a day on which no listed one has comments
@given(seed=st.integers(0, 10_000))
def test_what_was_shown_is_kept(seed: int) -> None:
    """Once, with every edit that a complete visit met; what vanished has a sighting, the rest stands as it stands."""
    with tempfile.TemporaryDirectory() as name:
        run = Run(Path(name), seed)
        run.storm(apart=120)
        assert {spoken.platform for spoken in SPOKEN} == {platform for platform, _ in run.faults.hits}
        for place in run.story.places:
            whole = run.outcomes[place.dialect, Outcome.COMPLETE]
            assert whole > CALM, f"{place.dialect}: no visit of the storm was complete"
            check(run, place)


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_hits_every_dialect(tmp_path: Path, kind: str) -> None:
    """Each once, at the first, second or third answer of a visit; all is kept afterwards."""
    run = Run(tmp_path, SEED, stormy=False)
    [place] = [one for one in run.story.places if one.dialect == kind]
    platform = KINDS[kind].platform
    mine = [one for one in (*OFTEN, *FOR_A_DAY) if one in COMMON or one.startswith(f"{platform}:")]
    for number, fault in enumerate(mine):
        run.faults.add(Fault(fault, platform, skip=number % 3))
        for _ in range(4):
            run.visit(place)
            run.hand.move(1200)
        assert [] == run.faults.told(), f"{fault} hit nobody"
    assert set(mine) == {hit for _, hit in run.faults.hits}
    for _ in range(3):
        run.hand.move(DAY + 3600)
        assert Outcome.COMPLETE is run.visit(place)
    run.store.close()
    check(run, place)


def check(run: Run, place: Place) -> None:
    """One page's messages in the database against all that was ever shown of it."""
    spoken = dialect_of(place)
    kept = kept_of(run, place)
    numbers = Counter(one.mark[0] for one in kept)
    assert {} == {number: count for number, count in numbers.items() if count > 1}, f"{place.dialect}: kept twice"
    mine = {entry.number for entry in run.story.by_id.values() if entry.place == place.id}
    versions = {mark for one in kept for mark in one.marks}
    shown = {mark for mark in run.shown if mark[0] in mine}
    if spoken.platform not in BY_NUMBERS:
        assert set() == shown - versions, f"{place.dialect}: shown and not kept"
    assert numbers.keys() <= mine, f"{place.dialect}: kept and never written"
    standing = {mark_of(text): hidden for text, hidden in run.standing(place)}
    seen = {one.mark: one.visibility for one in kept}
    told = {mark: "hidden" if hidden else "visible" for mark, hidden in standing.items() if spoken.hides or not hidden}
    assert told.items() <= seen.items(), f"{place.dialect}: stands otherwise than kept"
    assert told.keys() <= {one.mark for one in kept if one.text}, f"{place.dialect}: stands and has no text"
    if spoken.social:
        vanished = seen.keys() - told.keys()
        assert {"gone"} >= {seen[mark] for mark in vanished}, f"{place.dialect}: vanished and not told"
        asked = {one.mark for one in kept if "gone" in one.removed}
        assert vanished <= asked, f"{place.dialect}: vanished and not in the ledger"


@dataclass(frozen=True, slots=True)
class Stored:
    """One message as it is kept: the marks of all its texts, how it is seen, what the ledger asks of it, and its text,
    which is empty where the platform's terms want it so.
    """

    marks: tuple[Mark, ...]
    visibility: str
    removed: tuple[str, ...]
    text: str

    @property
    def mark(self) -> Mark:
        """That of its newest text."""
        return self.marks[-1]


def kept_of(run: Run, place: Place) -> list[Stored]:
    with closing(sqlite3.connect(run.path)) as conn:
        rows = conn.execute("SELECT id, text, visibility FROM messages WHERE page_id = ?", (place.id,)).fetchall()
        asked = "SELECT removals.became FROM sightings JOIN removals ON removals.id = removal WHERE message = ?"
        return [
            Stored(
                tuple(run.noted[message]),
                visibility,
                tuple(str(one) for (one,) in conn.execute(asked, (message,))),
                text,
            )
            for message, text, visibility in rows
        ]


def main(hours: int) -> None:
    """So many hours one after another; prints their figures, or fails on the first that lost something."""
    outcomes: Counter[tuple[str, Outcome]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    kept: Counter[str] = Counter()
    for seed in range(hours):
        with tempfile.TemporaryDirectory() as name:
            run = Run(Path(name), seed)
            run.storm(apart=60)
            for place in run.story.places:
                check(run, place)
                for one in kept_of(run, place):
                    kept.update(messages=1, versions=len(one.marks) - 1, gone="gone" in one.removed)
            outcomes += run.outcomes
            hits += run.faults.hits
    print(f"{hours} hours: {sum(outcomes.values())} visits, {sum(hits.values())} faults; kept", dict(kept))  # noqa: T201, asked for
    for kind, spoken in KINDS.items():
        ended = ", ".join(f"{outcomes[kind, one]} {one.value}" for one in Outcome if outcomes[kind, one])
        kinds = [word for platform, word in hits if platform == spoken.platform]
        print(f"{kind:10} {ended}; {len(kinds)} kinds of fault on the platform")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
