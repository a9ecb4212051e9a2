"""Visits through a storm of faults: in the calm after it, what is stored is what stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.engine import Engine
from analysis.masking import mask
from collectors.http import Http
from collectors.sandbox.app import build
from collectors.sandbox.configuration import page_rows, tokens
from collectors.sandbox.demo import demo
from collectors.sandbox.faults import KINDS, Fault, Faults
from collectors.sandbox.scenario import Place, listed
from collectors.visit import visit
from data.store import Store
from data.types import Outcome, Page, Visibility
from tests.support import AppTransport, Hand

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
STORY = demo(7, START, lasts=1800)
NAMES = ("vej-og-park", "borgerservice", "forsyning", "noerreaa-skole")
PLACES = [place for place in STORY.places if place.id in NAMES]
ROWS = {row["id"]: row for row in page_rows("http://127.0.0.1:8000", PLACES, 10)}
INSTITUTIONS = {one.id: one for one in STORY.institutions}


def page_of(place: Place) -> Page:
    options = ROWS[place.id]["options"]
    assert isinstance(options, dict)
    url = f"https://www.facebook.com/{place.ref}"
    return Page(
        place.id, place.institution_id, "facebook", place.name, url, place.ref, look_back_days=45, options=options
    )


class Watch:
    """The four pages, visited in turn with a clock that is moved by hand and by every pause between retries."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self.hand = Hand(START)
        app = build(STORY, self.hand, faults)
        self.http = Http(transport=AppTransport(app), clock=self.hand, sleep=lambda wait: self.hand.move(min(wait, 2)))
        self.store = Store.open(path, clock=self.hand)
        self.store.set_places(INSTITUTIONS.values(), [page_of(place) for place in PLACES])
        self.engine = Engine([])

    @property
    def t(self) -> float:
        return (self.hand.at - START).total_seconds()

    def round(self) -> list[Outcome]:
        return [
            visit(
                page_of(place),
                store=self.store,
                http=self.http,
                engine=self.engine,
                institution=INSTITUTIONS[place.institution_id],
                token=tokens(7)[place.id],
                clock=self.hand,
            ).outcome
            for place in PLACES
        ]


def stored(watch: Watch, place: Place) -> dict[str, tuple[str, Visibility]]:
    """All messages of the page's posts that are kept and not gone."""
    found = [message for post in STORY.posts(place.id) for message in watch.store.thread("facebook", post.id)]
    return {one.message_id: (one.text, one.visibility) for one in found if one.visibility is not Visibility.GONE}


def standing(place: Place, at: float) -> dict[str, tuple[str, Visibility]]:
    posts = listed(STORY, STORY.posts(place.id), at)
    views = [*posts, *(one for post in posts for one in listed(STORY, STORY.comments(post.entry.id), at))]
    return {one.entry.id: (mask(one.text), Visibility.HIDDEN if one.hidden else Visibility.VISIBLE) for one in views}


@pytest.mark.parametrize("seed", [1, 2])
def test_after_the_storm_what_is_stored_is_what_stands(tmp_path: Path, seed: int) -> None:
    """Every fault hits one answer in thirty for ten minutes; two calm rounds later text and visibility agree."""
    faults = Faults(*(Fault(kind, times=-1, share=1 / 30) for kind in KINDS if kind != "slow"), seed=seed)
    watch = Watch(tmp_path / "sideblik.db", faults)
    outcomes = []
    for _ in range(15):
        outcomes += watch.round()
        watch.hand.move(40)
    faults.clear()
    watch.hand.at = max(watch.hand.at, START + timedelta(seconds=600)) + timedelta(hours=2)
    calm = watch.round() + watch.round()
    assert {Outcome.COMPLETE, Outcome.FAILED, Outcome.PARTIAL} == set(outcomes)
    assert {Outcome.COMPLETE} == set(calm)
    for place in PLACES:
        assert standing(place, watch.t) == stored(watch, place)
    watch.store.close()
