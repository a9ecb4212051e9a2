"""The sandbox's Mastodon and Bluesky: a real server, real visits, and everything that they show is stored once."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Change, Deed
from data.types import Kind, Outcome
from tests.served import HOUR, ids_of, made_up, served

BOTH = ("mastodon", "bluesky")


@pytest.mark.parametrize("platform", BOTH)
def test_everything_that_is_shown_is_stored_once(tmp_path: Path, platform: str) -> None:
    """Posts, comments and replies; a second visit changes nothing and costs two calls."""
    with served(tmp_path, made_up(platform)) as page:
        result = page.visit()
        assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
        assert page.shown() == page.stored()
        assert len(page.stored()) == result.tally.new
        page.clock.move(HOUR)
        again = page.visit()
        assert (Outcome.COMPLETE, 0, 2) == (again.outcome, again.tally.new + again.tally.edited, page.calls)


@pytest.mark.parametrize("platform", BOTH)
def test_what_happens_is_followed(tmp_path: Path, platform: str) -> None:
    """Deletions of a comment and a post, and an edit or a hidden comment where the platform knows such a thing."""
    story = made_up(platform)
    comments = ids_of(story, lambda one: one.kind is Kind.COMMENT)
    own: Deed = "edit" if platform == "mastodon" else "hide"
    changes = [
        Change(HOUR, comments[0], own, "Et helt andet spørgsmål"),
        Change(HOUR, comments[9], "delete"),
        Change(HOUR, story.posts("siden")[6].id, "delete"),
    ]
    with served(tmp_path, made_up(platform, *changes)) as page:
        page.visit()
        for _ in range(3):
            page.clock.move(7 * HOUR)
            assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize("platform", BOTH)
@pytest.mark.parametrize("kind", ["throttled", "server", "bad_gateway", "cut", "slow", "repeated", "too_much"])
def test_a_fault_costs_nothing_that_is_shown(tmp_path: Path, kind: str, platform: str) -> None:
    """Whatever one answer was, the visit itself or the next one has everything."""
    with served(tmp_path, made_up(platform, long=40)) as page:
        page.faults.add(Fault(kind, skip=3, options={"seconds": 0.01}))
        page.visit()
        page.clock.move(7 * HOUR)
        assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize("platform", BOTH)
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("expired_token", "TokenError"),
        ("missing_permission", "PermissionMissingError"),
        ("removed", "EndpointGoneError"),
        ("wrong_type", "ShapeError"),
    ],
)
def test_a_fault_says_who_must_act(tmp_path: Path, kind: str, error: str, platform: str) -> None:
    """Each in the platform's own form."""
    with served(tmp_path, made_up(platform)) as page:
        page.faults.add(Fault(kind))
        result = page.visit()
        assert (Outcome.FAILED, error) == (result.outcome, type(result.error).__name__)


def test_an_expired_session_is_renewed(tmp_path: Path) -> None:
    """Bluesky says so with HTTP 400; nobody has to act."""
    with served(tmp_path, made_up("bluesky")) as page:
        page.faults.add(Fault("bluesky:expired", skip=2))
        assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize("platform", BOTH)
def test_calls_for_a_thousand_comments(tmp_path: Path, platform: str) -> None:
    """A first visit costs at most a fifth more than a list of posts and one call for each thread with comments."""
    with served(tmp_path, made_up(platform, posts=20, long=1000)) as page:
        page.visit()
        threads = {one.thread for post in page.scenario.posts("siden") for one in page.scenario.comments(post.id)}
        least = 1 + len(threads) + 1  # posts, threads, mentions
        assert page.calls <= 1.2 * least + 1, (page.calls, least)
