"""The demo municipality's scenario: the same every time, alive, made up, and shown by a pure function of the moment."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

import pytest

from collectors.sandbox.configuration import configuration, tokens
from collectors.sandbox.demo import demo, places
from collectors.sandbox.dialects import KINDS
from collectors.sandbox.scenario import Change, Entry, Story, listed, moment, moved, story, view, written
from collectors.sandbox.written import WEIGHTS
from data.types import Kind

START = datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def told() -> Story:
    return demo(7, START, lasts=1800)


def test_the_same_seed_tells_the_same_story(told: Story) -> None:
    """Two scenarios of one seed hold the same entries and changes; another seed tells another one."""
    again, other = demo(7, START, lasts=1800), demo(8, START, lasts=1800)
    assert told == again
    assert told.by_id.keys() != other.by_id.keys()


def test_a_longer_story_begins_as_a_shorter_one(told: Story) -> None:
    """How long new things keep coming does not change what comes first."""
    longer = demo(7, START, lasts=3600)
    assert told.by_id.items() <= longer.by_id.items()


def test_the_municipality_has_the_size_of_a_demo(told: Story) -> None:
    """Twenty institutions, pages of every dialect, some hundred posts, two to four thousand comments of history."""
    kinds = Counter(entry.kind is Kind.POST for entry in told.by_id.values() if entry.at <= 0)
    assert 20 == len(told.institutions)
    assert 30 <= len(told.places) <= 45
    assert KINDS.keys() == {place.dialect for place in told.places}
    assert 400 <= kinds[True] <= 700
    assert 2000 <= kinds[False] <= 4000


def test_every_page_has_posts_and_every_message_a_place_of_its_own(told: Story) -> None:
    """No page is empty, numbers count once within a page, replies come after what they answer."""
    assert all(told.posts(place.id) for place in told.places)
    numbers = Counter((entry.place, entry.number) for entry in told.by_id.values())
    assert 1 == max(numbers.values())
    above = [(entry, told.find(entry.parent)) for entry in told.by_id.values() if entry.parent]
    assert all(parent and parent.at < entry.at and parent.kind is Kind.COMMENT for entry, parent in above)


def test_feeds_of_news_have_no_comments(told: Story) -> None:
    """A municipality's news has no comment field."""
    feeds = {place.id for place in told.places if place.dialect in ("rss", "atom")}
    assert feeds
    assert not [entry for entry in told.by_id.values() if entry.place in feeds and entry.kind is not Kind.POST]


def test_the_first_minute_shows_one_of_each(told: Story) -> None:
    """Within a minute: comments, an answer by the page, an edit, a deletion, a hiding, a made-up CPR number."""
    fresh = [entry for entry in told.by_id.values() if 0 < entry.at <= 60]
    deeds = {change.deed for rows in told.by_message.values() for change in rows if 0 < change.at <= 60}
    assert {"edit", "delete", "hide"} == deeds
    assert any(entry.by_page and entry.kind is Kind.REPLY for entry in fresh)
    assert any(re.search(r"\d{6}-\d{4}", entry.text) for entry in fresh)
    assert any("HASTER" in entry.text for entry in fresh)


def test_something_new_comes_every_few_seconds(told: Story) -> None:
    """After the first minute eight seconds pass at most between two events, in the middle of all."""
    changes = [change.at for rows in told.by_message.values() for change in rows]
    times = sorted(at for at in [*(entry.at for entry in told.by_id.values()), *changes] if 60 <= at <= 1780)
    assert 8 >= median(later - sooner for sooner, later in pairwise(times))


def test_no_placeholder_is_left_open(told: Story) -> None:
    """Every text is filled in, edits among them."""
    texts = [entry.text for entry in told.by_id.values()]
    texts += [change.text for rows in told.by_message.values() for change in rows]
    assert [] == [text for text in texts if re.search(r"\{[A-Za-z]", text)]


def test_numbers_in_the_form_of_a_cpr_number_belong_to_nobody() -> None:
    """None is of 1 January and none has the right check digit."""
    entries = [entry for seed in range(3) for entry in demo(seed, START, lasts=600).by_id.values()]
    found = [number for entry in entries for number in re.findall(r"\b(\d{6})[- ](\d{4})\b", entry.text)]
    found = [day + serial for day, serial in found if int(day[:2]) <= 31 and int(day[2:4]) <= 12]
    assert found
    sums = [sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) for number in found]
    assert all(total % 11 for total in sums)
    assert not [number for number in found if number.startswith("0101")]


def _small() -> Story:
    post = Entry("1_10", "side", Kind.POST, "1_10", -100, "Opslag", by_page=True)
    comment = Entry("10_20", "side", Kind.COMMENT, "1_10", -50, "Hej")
    reply = Entry("10_21", "side", Kind.REPLY, "1_10", 5, "Svar", parent="10_20", by_page=True)
    changes = [
        Change(10, "10_20", "edit", "Hej igen"),
        Change(20, "10_20", "hide"),
        Change(30, "10_20", "unhide"),
        Change(40, "10_20", "delete"),
    ]
    return story(1, START, [], [], [reply, comment, post], changes)


@pytest.mark.parametrize(
    ("t", "expected"),
    [(0, ("Hej", False)), (10, ("Hej igen", False)), (20, ("Hej igen", True)), (35, ("Hej igen", False)), (40, None)],
)
def test_a_message_stands_as_the_moment_has_it(t: float, expected: tuple[str, bool] | None) -> None:
    """Edits, hidings and deletions take effect at their moment and not before."""
    scenario = _small()
    seen = view(scenario, scenario.by_id["10_20"], t)
    assert expected == (seen and (seen.text, seen.hidden))


def test_a_reply_goes_with_the_comment_that_it_hangs_on() -> None:
    """What stands under a deleted comment is not listed either."""
    scenario = _small()
    assert ["10_20", "10_21"] == [one.entry.id for one in listed(scenario, scenario.comments("1_10"), 35)]
    assert [] == listed(scenario, scenario.comments("1_10"), 40)


def test_what_comes_later_is_not_seen_yet() -> None:
    """Entries of the future are neither written nor do they move a post's time."""
    scenario = _small()
    post = scenario.by_id["1_10"]
    assert ["10_20"] == [entry.id for entry in written(scenario.comments("1_10"), 4)]
    assert (-50, 5) == (moved(scenario, post, 0), moved(scenario, post, 6))


def test_a_moment_is_a_time_of_day() -> None:
    """Moments count from the start, in whole seconds, backwards too."""
    assert datetime(2026, 11, 22, 13, 59, 58, tzinfo=UTC) == moment(_small(), -1.5)


def test_the_configuration_names_all_pages_and_no_secret() -> None:
    """The demo's sideblik.toml is TOML, has an entry for every page and person, and holds none of the tokens."""
    text = configuration("http://127.0.0.1:8000", seed=7)
    read = tomllib.loads(text)
    assert (20, len(places(7))) == (len(read["institution"]), len(read["page"]))
    assert {"reader", "administrator", "communications", "dpo"} == {row["role"] for row in read["person"]}
    assert {place.id for place in places(7) if KINDS[place.dialect].token} == set(tokens(7))
    assert not [token for token in tokens(7).values() if token in text]
