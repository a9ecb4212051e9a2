"""The sandbox's YouTube: a real server, real visits, and everything that it shows is stored once."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Change
from collectors.sandbox.youtube import key_of
from data.types import Kind, Outcome
from tests.served import HOUR, ids_of, made_up, served

STORY = made_up("youtube")
COMMENTS = ids_of(STORY, lambda one: one.kind is Kind.COMMENT)
REPLIES = ids_of(STORY, lambda one: one.kind is Kind.REPLY)


@pytest.mark.parametrize("long", [False, True])
def test_everything_that_is_shown_is_stored_once(tmp_path: Path, long: bool) -> None:
    """Videos, comments and replies of all pages of the lists; a second visit changes nothing.

    That costs two calls, and a third one where the look-back holds more threads than a page.
    """
    with served(tmp_path, STORY if long else made_up("youtube", long=90)) as page:
        result = page.visit()
        assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
        assert page.shown() == page.stored()
        assert len(page.stored()) == result.tally.new
        page.clock.move(HOUR)
        again = page.visit()
        assert (Outcome.COMPLETE, 0, 2 + long) == (again.outcome, again.tally.new + again.tally.edited, page.calls)


def test_what_happens_is_followed(tmp_path: Path) -> None:
    """An edit, a hidden comment with its replies, one shown again, and deletions of a comment and a video."""
    video = STORY.posts("siden")[6].id
    changes = [
        Change(HOUR, COMMENTS[0], "edit", "Et helt andet spørgsmål"),
        Change(HOUR, COMMENTS[1], "hide"),
        Change(HOUR, REPLIES[3], "hide"),
        Change(5 * HOUR, COMMENTS[1], "unhide"),
        Change(HOUR, COMMENTS[9], "delete"),
        Change(HOUR, video, "delete"),
    ]
    with served(tmp_path, made_up("youtube", *changes)) as page:
        page.visit()
        for _ in range(3):
            page.clock.move(2 * HOUR)
            assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize(
    "kind", ["throttled", "server", "bad_gateway", "cut", "slow", "repeated", "empty_page", "too_much", "soft_block"]
)
def test_a_fault_costs_nothing_that_is_shown(tmp_path: Path, kind: str) -> None:
    """Whatever one answer was, the visit itself or the next one has everything."""
    with served(tmp_path, made_up("youtube", long=120)) as page:
        page.faults.add(Fault(kind, skip=3, options={"seconds": 0.01}))
        page.visit()
        page.clock.move(HOUR)
        assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("expired_token", "TokenError"),
        ("missing_permission", "PermissionMissingError"),
        ("removed", "EndpointGoneError"),
        ("youtube:quota", "ThrottledError"),
        ("wrong_type", "ShapeError"),
    ],
)
def test_a_fault_says_who_must_act(tmp_path: Path, kind: str, error: str) -> None:
    """Each in the platform's own form."""
    with served(tmp_path, STORY) as page:
        page.faults.add(Fault(kind))
        result = page.visit()
        assert (Outcome.FAILED, error) == (result.outcome, type(result.error).__name__)


def test_a_key_sees_what_everybody_sees(tmp_path: Path) -> None:
    """What was rejected is not told to it, and asking for it is refused."""
    with served(tmp_path, made_up("youtube", Change(0, COMMENTS[0], "hide"))) as page:
        key = key_of(7, page.place.ref)
        page.visit(token=key)
        assert COMMENTS[0] not in page.stored()
        asked = {"allThreadsRelatedToChannelId": page.place.ref, "moderationStatus": "rejected"}
        address = f"{page.address}/youtube/v3/commentThreads"
        assert 403 == httpx.get(address, params=asked, headers={"x-goog-api-key": key}).status_code
        assert 400 == httpx.get(address, params=asked).status_code


def test_calls_for_a_thousand_comments(tmp_path: Path) -> None:
    """A first visit costs at most a fifth more than what the platform's page sizes demand."""
    with served(tmp_path, made_up("youtube", posts=20, long=1000)) as page:
        page.visit(token=key_of(7, page.place.ref))
        tops = len(ids_of(page.scenario, lambda one: one.kind is Kind.COMMENT))
        least = 1 + -(-tops // 100) + 1 + 1  # uploads, threads, the one long list of replies, the videos' numbers
        assert page.calls <= 1.2 * least, (page.calls, least)
