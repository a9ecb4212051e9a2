"""The sandbox's LinkedIn: a real server, real visits, and everything that it shows is stored once."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.sandbox.faults import Fault
from collectors.sandbox.scenario import Change
from data.types import Kind, Outcome
from tests.served import HOUR, ids_of, made_up, served

STORY = made_up("linkedin")
COMMENTS = ids_of(STORY, lambda one: one.kind is Kind.COMMENT)
REPLIES = ids_of(STORY, lambda one: one.kind is Kind.REPLY)


def test_everything_that_is_shown_is_stored_once(tmp_path: Path) -> None:
    """Posts, comments and replies of all pages of the lists; a second visit changes nothing and costs two calls."""
    with served(tmp_path, STORY) as page:
        result = page.visit()
        assert (Outcome.COMPLETE, None) == (result.outcome, result.error)
        assert page.shown() == page.stored()
        assert len(page.stored()) == result.tally.new
        page.clock.move(HOUR)
        again = page.visit()
        assert (Outcome.COMPLETE, 0, 2) == (again.outcome, again.tally.new + again.tally.edited, page.calls)


def test_what_happens_is_followed(tmp_path: Path) -> None:
    """Edits of a post and a comment, deletions of a comment, a reply and a post; all within two days."""
    post, other = STORY.posts("siden")[6].id, STORY.posts("siden")[7].id
    changes = [
        Change(HOUR, COMMENTS[0], "edit", "Et helt andet spørgsmål"),
        Change(HOUR, other, "edit", "Vi [søger] {en} ny #leder_*"),
        Change(HOUR, COMMENTS[9], "delete"),
        Change(HOUR, REPLIES[2], "delete"),
        Change(HOUR, post, "delete"),
    ]
    with served(tmp_path, made_up("linkedin", *changes)) as page:
        page.visit()
        for _ in range(3):
            page.clock.move(16 * HOUR)
            assert Outcome.COMPLETE == page.visit().outcome
        assert page.shown() == page.stored()


@pytest.mark.parametrize(
    "kind", ["throttled", "server", "bad_gateway", "cut", "slow", "repeated", "empty_page", "too_much", "soft_block"]
)
def test_a_fault_costs_nothing_that_is_shown(tmp_path: Path, kind: str) -> None:
    """Whatever one answer was, the visit itself or the next one has everything."""
    with served(tmp_path, made_up("linkedin", long=120)) as page:
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
        ("linkedin:day", "ThrottledError"),
        ("linkedin:version", "PageSetupError"),
        ("wrong_type", "ShapeError"),
    ],
)
def test_a_fault_says_who_must_act(tmp_path: Path, kind: str, error: str) -> None:
    """Each in the platform's own form."""
    with served(tmp_path, STORY) as page:
        page.faults.add(Fault(kind))
        result = page.visit()
        assert (Outcome.FAILED, error) == (result.outcome, type(result.error).__name__)


@pytest.mark.parametrize(("version", "error"), [("202612", None), ("202508", "PageSetupError")])
def test_versions_end(tmp_path: Path, version: str, error: str | None) -> None:
    """A newer one is a line in sideblik.toml, and so is one that has ended."""
    with served(tmp_path, STORY, version=version) as page:
        result = page.visit()
        assert error == (type(result.error).__name__ if result.error else None)


def test_a_strangers_token_opens_nothing(tmp_path: Path) -> None:
    """As with the real one."""
    with served(tmp_path, STORY) as page:
        assert "TokenError" == type(page.visit(token="somebody").error).__name__


def test_calls_for_a_thousand_comments(tmp_path: Path) -> None:
    """A first visit costs at most a fifth more than what the platform's page sizes demand."""
    with served(tmp_path, made_up("linkedin", posts=20, long=1000)) as page:
        page.visit()
        least = 1 + 1 + 1  # posts, their numbers, the one list of replies
        for post in page.scenario.posts("siden"):
            tops = sum(one.kind is Kind.COMMENT for one in page.scenario.comments(post.id))
            least += -(-tops // 100)
        assert page.calls <= 1.2 * least, (page.calls, least)
