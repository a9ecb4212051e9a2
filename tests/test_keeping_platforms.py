"""What each platform's terms want of what is kept, from the visit to the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from records import NOON, SCHOOL, SCHOOL_PAGE, Clock, rows

from analysis.engine import Engine
from collectors.base import Batch
from collectors.intake import Intake
from collectors.platforms import ceiling, names
from data.retention import NO_CEILING, Ceiling, Rules
from data.store import Store
from data.types import Kind, Page, RawMessage, Tally

DAY = timedelta(days=1)
TEXTS = "SELECT text <> '' FROM messages ORDER BY message_id"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def reading(store: Store, engine: Engine, page: Page, clock: Clock, *listed: str) -> Tally:
    """A whole reading of the page: its post and these comments under it."""
    intake = Intake(page, store=store, engine=engine, institution=SCHOOL, clock=clock)
    messages = [
        RawMessage(page.platform, name, page.id, Kind.POST if name == "p" else Kind.COMMENT, f"Tak for {name}.", "p",
                   created_at=NOON, by_page=name == "p", author_id=name, author_name="Åse Kær")
        for name in ("p", *listed)
    ]  # fmt: skip
    intake.save(Batch(tuple(messages), whole=frozenset({"p"})), lambda _: None)
    return intake.finish(lambda _: None)


def opened(folder: Path, platform: str, clock: Clock) -> tuple[Store, Page]:
    page = replace(SCHOOL_PAGE, platform=platform)
    store = Store.open(folder / "sideblik.db", clock=clock)
    store.set_places([SCHOOL], [page])
    store.set_keeping(Rules(), {name: ceiling(name) for name in names()})
    return store, page


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("facebook", Ceiling(gone=True)),
        ("instagram", Ceiling(gone=True)),
        ("youtube", Ceiling(30 * DAY, own=True, renewed=True, gone=True)),
        ("linkedin", Ceiling(2 * DAY, DAY, gone=True)),
        ("mastodon", NO_CEILING),
        ("bluesky", NO_CEILING),
        ("website", NO_CEILING),
        ("tiktok", NO_CEILING),
    ],
)
def test_terms(platform: str, expected: Ceiling) -> None:
    """As docs/privacy.md tells them; a page that is fed by imports of an unknown platform has none."""
    assert expected == ceiling(platform)


@pytest.mark.parametrize(("platform", "left"), [("facebook", [0, 1, 1]), ("mastodon", [1, 1, 1])])
def test_gone_is_emptied_by_the_visit_that_finds_it(tmp_path: Path, engine: Engine, platform: str, left: list) -> None:
    """At Meta in the same transaction, elsewhere the next night; and it is read anew when it is listed again."""
    clock = Clock()
    store, page = opened(tmp_path, platform, clock)
    with store:
        reading(store, engine, page, clock, "a", "b")
        reading(store, engine, page, clock, "b")
        assert [(1,)] * 3 == rows(tmp_path, TEXTS)
        assert 1 == reading(store, engine, page, clock, "b").gone
        assert left == [row[0] for row in rows(tmp_path, TEXTS)]
        store.sweep()
        assert [(0,), (1,), (1,)] == rows(tmp_path, TEXTS)
        reading(store, engine, page, clock, "a", "b")
        assert [(1,)] * 3 == rows(tmp_path, TEXTS)
        assert [("Å.K.", "visible")] == rows(
            tmp_path, "SELECT author_name, visibility FROM messages WHERE message_id = 'a'"
        )


def test_what_youtube_lists_again_is_kept_on(tmp_path: Path, engine: Engine) -> None:
    """Each reading begins the thirty days anew; what is not listed for so long is emptied, the channel's own too."""
    clock = Clock()
    store, page = opened(tmp_path, "youtube", clock)
    with store:
        reading(store, engine, page, clock, "a", "b")
        clock.ahead(days=20)
        intake = Intake(page, store=store, engine=engine, institution=SCHOOL, clock=clock)
        again = RawMessage("youtube", "a", page.id, Kind.COMMENT, "Tak for a.", "p", created_at=NOON, author_id="a",
                           author_name="Åse Kær")  # fmt: skip
        intake.save(Batch((again,)), lambda _: None)
        clock.ahead(days=9)
        store.sweep(ahead=DAY)
        assert [(1,), (0,), (0,)] == rows(tmp_path, TEXTS)
        clock.ahead(days=20)
        store.sweep(ahead=DAY)
        assert [(0,)] * 3 == rows(tmp_path, TEXTS)


def test_linkedin_keeps_a_name_a_day_and_a_comment_two(tmp_path: Path, engine: Engine) -> None:
    """However often it is listed again; the organisation's own post stays. An hourly run is never too late."""
    clock, hour = Clock(), timedelta(hours=1)
    store, page = opened(tmp_path, "linkedin", clock)
    with store:
        found = []
        for _ in range(49):
            reading(store, engine, page, clock, "a")
            store.sweep(ahead=hour, platforms=frozenset({"linkedin"}))
            found.append(rows(tmp_path, "SELECT author_name <> '', text <> '' FROM messages WHERE message_id = 'a'")[0])
            clock.ahead(hours=1)
        assert [(1, 1)] * 23 + [(0, 1)] * 24 + [(0, 0)] * 2 == found
        assert [(0,), (1,)] == rows(tmp_path, TEXTS)
