"""A platform's limit is read from its own headers, slowed down before, and never polled through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from collectors.errors import ThrottledError
from collectors.http import Http
from collectors.limits import REST, Limits, Usage, counted_usage
from tests.support import Hand

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
EPOCH = str(int(NOW.timestamp()) + 120)
HOME = "https://social.example/api"


def limits() -> tuple[Limits, Hand, list[float]]:
    clock, slept = Hand(NOW), []
    return Limits(clock, slept.append), clock, slept


def told(limit: int, left: int, reset: str, prefix: str = "x-ratelimit") -> dict[str, str]:
    return {f"{prefix}-limit": str(limit), f"{prefix}-remaining": str(left), f"{prefix}-reset": reset}


@pytest.mark.parametrize(
    ("headers", "percent", "minutes"),
    [
        (told(300, 75, "2026-11-22T14:02:00.976542Z"), 75, 2),
        (told(3000, 30, EPOCH, "ratelimit"), 99, 2),
        (told(10, 10, "120", "ratelimit"), 0, 2),
        ({"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "50", "ratelimit-reset": "120"}, 50, 2),
        (told(300, 400, "120"), 0, 2),
    ],
)
def test_counting_headers(headers: dict[str, str], percent: float, minutes: int):
    """An ISO time (Mastodon), epoch seconds (Bluesky) and seconds from now tell the same moment."""
    found = counted_usage(headers, NOW)
    assert found is not None
    assert percent == pytest.approx(found.percent)
    assert found.resets_at is not None
    assert NOW + timedelta(minutes=minutes) == found.resets_at.replace(microsecond=0)


@pytest.mark.parametrize(
    "headers",
    [{}, told(0, 0, "60"), {"x-ratelimit-limit": "many", "x-ratelimit-remaining": "9"}, {"ratelimit-limit": "9" * 40}],
)
def test_headers_that_count_nothing(headers: dict[str, str]):
    """What is absent or cannot be read limits nothing."""
    assert counted_usage(headers, NOW) is None


@pytest.mark.parametrize("reset", ["", "soon", "9" * 40, "-5", "2026-99-01T00:00:00Z"])
def test_an_unreadable_reset_is_none(reset: str):
    """How much is used still counts; no reset is believed beyond a day."""
    found = counted_usage(told(100, 1, reset), NOW)
    assert found is not None
    assert 99 == pytest.approx(found.percent)
    assert found.resets_at is None or found.resets_at <= NOW + timedelta(days=1)


def test_a_visit_slows_down_before_the_limit_and_stops_until_the_window_begins_anew():
    """No pause at half, growing pauses from three quarters on, no call above 95 percent before the reset."""
    one, clock, slept = limits()
    for left in (150, 60, 30):
        one.after(HOME, "A", told(300, left, "2026-11-22T14:05:00Z"))
        one.before(HOME, "A", 0)
    assert [1.25, 3.75] == [pytest.approx(pause) for pause in slept]
    one.after(HOME, "A", told(300, 9, "2026-11-22T14:05:00Z"))
    with pytest.raises(ThrottledError) as raised:
        one.before(HOME, "A", 0)
    assert datetime(2026, 11, 22, 14, 5, tzinfo=UTC) == raised.value.retry_at
    one.before(HOME, "B", 0)
    clock.move(301)
    one.before(HOME, "A", 0)


def test_after_a_refusal_nobody_asks_before_its_time():
    """Ten visits in a row send one request, and none before the platform's own time; then it is asked again."""
    asked: list[datetime] = []
    clock = Hand(NOW)

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(clock())
        return httpx.Response(429, headers={"retry-after": "900"}) if len(asked) == 1 else httpx.Response(200, json={})

    http = Http(transport=httpx.MockTransport(answer), clock=clock, sleep=clock.move, addresses=lambda _: ["93.1.1.1"])
    for _ in range(10):
        with pytest.raises(ThrottledError):
            http.view().get_json(HOME, token="A")
        clock.move(60)
    clock.move(301)
    http.view().get_json(HOME, token="A")
    assert [NOW, NOW + timedelta(seconds=901)] == asked


def test_a_refusal_without_a_time_rests():
    """A quarter of an hour, where the platform does not say how long."""
    one, clock, _ = limits()
    one.refused(HOME, None, None)
    with pytest.raises(ThrottledError) as raised:
        one.before(HOME, None, 0)
    assert NOW + REST == raised.value.retry_at
    clock.move(REST.total_seconds())
    one.before(HOME, None, 0)


def test_a_view_tells_how_full_the_limit_was():
    """The newest answer that told of one counts, also the percents of a sliding hour; another view tells nothing."""
    headers = [told(100, 90, "60"), {}, {"x-app-usage": '{"call_count": 42, "total_time": 61}'}]
    answers = iter(headers)
    http = Http(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={}, headers=next(answers))),
        clock=Hand(NOW), sleep=lambda _: None, addresses=lambda _: ["93.1.1.1"],
    )  # fmt: skip
    view = http.view()
    found = []
    for _ in headers:
        view.get_json(HOME)
        found.append(view.usage)
    assert [10, 10, 61] == [round(one.percent) for one in found if one]
    assert found[2] is not None
    assert NOW + timedelta(hours=1) == found[2].resets_at
    assert http.view().usage is None


def test_a_platform_that_counts_without_headers_is_held_back_too():
    """A module that keeps count itself (units of a day's quota) slows and stops every visit by the same rule."""
    clock, slept = Hand(NOW), []
    http = Http(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={})),
        clock=clock, sleep=slept.append, addresses=lambda _: ["93.1.1.1"],
    )  # fmt: skip
    http.spent(HOME, "A", Usage(85.0, resets_at=NOW + timedelta(hours=9)))
    http.view().get_json(HOME, token="A")
    assert [2.5] == slept
    http.spent(HOME, "A", Usage(100.0, resets_at=NOW + timedelta(hours=9)))
    with pytest.raises(ThrottledError) as raised:
        http.view().get_json(HOME, token="A")
    assert NOW + timedelta(hours=9) == raised.value.retry_at
