"""The sandbox's events: as Meta sends them, signed, to this machine alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from browsing import listener

from collectors.sandbox.demo import demo
from collectors.sandbox.events import Events, Happening, happenings, signature
from collectors.sandbox.scenario import Story
from dashboard.webhook import PATH, signed, told

START = datetime(2026, 11, 22, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def story() -> Story:
    return demo(7, START, lasts=1800)


@pytest.fixture(scope="module")
def coming(story: Story) -> list[Happening]:
    return happenings(story)


def test_what_is_told(story: Story, coming: list[Happening]) -> None:
    """New things, edits, hidings and deletions of the pages that Meta knows, in order; of Instagram comments alone."""
    known = {one.ref for one in story.places if one.dialect in {"facebook", "instagram"}}
    assert sorted(one.at for one in coming) == [one.at for one in coming]
    assert min(one.at for one in coming) > 0
    assert known >= {one.ref for one in coming}
    verbs = {one.value["verb"] for one in coming if one.kind == "page"}
    assert {"add", "edited", "remove"} <= verbs <= {"add", "edited", "remove", "hide", "unhide"}
    assert {"comments"} == {one.field for one in coming if one.kind == "instagram"}


def test_each_is_understood(coming: list[Happening]) -> None:
    """The webhook's parser takes every one of them, and its signature is the one that the webhook asks for."""
    for one in coming:
        body = one.body(1_795_400_000.5)
        assert {("facebook" if one.kind == "page" else "instagram", one.ref): 1_795_400_000.0} == told(body)
        assert signed(body, signature(body, "secret"), "secret")


def test_sent_when_due(story: Story, coming: list[Happening]) -> None:
    """Each is sent once, when it has happened; one that nobody takes is left at that."""
    t = 0.0
    with listener() as (address, asked):
        events = Events(story, lambda: t, address + PATH, "secret")
        assert [] == events.send_due()
        t = coming[2].at
        assert [204] * 3 == events.send_due()
        assert ([], [PATH] * 3) == (events.send_due(), asked)
    t = coming[3].at
    assert [0] == events.send_due()


@pytest.mark.parametrize("url", ["https://example.dk/webhooks/meta", "http://10.0.0.1/", "http:///x", "127.0.0.1"])
def test_to_this_machine_alone(story: Story, url: str) -> None:
    """An address anywhere else is refused."""
    with pytest.raises(ValueError, match="this machine alone"):
        Events(story, lambda: 0.0, url, "secret")


def test_a_real_one_holds_text_and_writer(coming: list[Happening]) -> None:
    """As Meta's do, so that whoever takes them shows that neither is kept."""
    value = json.loads(next(one for one in coming if one.value.get("item") == "comment").body(0))
    told_ = value["entry"][0]["changes"][0]["value"]
    assert told_["message"]
    assert told_["from"]["name"]
