"""How long a text is kept: the one pure function, over everything that it depends on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.retention import NO_CEILING, Ceiling, End, Facts, Rules, Why, end_of, is_due, names_end

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rules()
YOUTUBE = Ceiling(texts=30 * DAY, own=True, renewed=True, gone=True)
LINKEDIN = Ceiling(texts=2 * DAY, names=DAY, gone=True)
META = Ceiling(gone=True)

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, hypothesis
SPANS = st.timedeltas(timedelta(), 400 * DAY)
DAYS = st.integers(1, 4000)
FACTS = st.builds(
    Facts,
    by_page=st.booleans(),
    seen_at=MOMENTS,
    **{name: st.none() | MOMENTS for name in ("refreshed_at", "gone_at", "opened_at", "closed_at", "held_until")},
)
RULE_SETS = st.builds(
    Rules, comments=DAYS, own_posts=DAYS, open_case=DAYS, closed_case=DAYS, gone=st.integers(0, 400), ledger=DAYS
)
CEILINGS = st.builds(
    Ceiling,
    texts=st.none() | SPANS,
    names=st.none() | SPANS,
    own=st.booleans(),
    renewed=st.booleans(),
    gone=st.booleans(),
)


@pytest.mark.parametrize(
    ("facts", "ceiling", "days", "why"),
    [
        pytest.param(Facts(by_page=False, seen_at=SEEN), NO_CEILING, 90, Why.AGE, id="a comment"),
        pytest.param(Facts(by_page=True, seen_at=SEEN), NO_CEILING, 730, Why.AGE, id="own post"),
        pytest.param(
            Facts(by_page=False, seen_at=SEEN, opened_at=SEEN + DAY), NO_CEILING, 366, Why.AGE, id="open case"
        ),
        pytest.param(
            Facts(by_page=False, seen_at=SEEN, closed_at=SEEN + 3 * DAY), NO_CEILING, 183, Why.AGE, id="closed case"
        ),
        pytest.param(Facts(by_page=False, seen_at=SEEN, gone_at=SEEN + DAY), META, 1, Why.GONE, id="gone at Meta"),
        pytest.param(Facts(by_page=False, seen_at=SEEN), LINKEDIN, 2, Why.TERMS, id="a member's comment"),
        pytest.param(
            Facts(by_page=False, seen_at=SEEN, refreshed_at=SEEN + DAY), LINKEDIN, 2, Why.TERMS, id="not renewed"
        ),
        pytest.param(Facts(by_page=True, seen_at=SEEN), LINKEDIN, 730, Why.AGE, id="the organisation's own"),
        pytest.param(
            Facts(by_page=False, seen_at=SEEN, refreshed_at=SEEN + 9 * DAY), YOUTUBE, 39, Why.TERMS, id="renewed"
        ),
        pytest.param(
            Facts(by_page=False, seen_at=SEEN, opened_at=SEEN), YOUTUBE, 30, Why.TERMS, id="terms before an open case"
        ),
    ],
)
def test_the_defaults(facts: Facts, ceiling: Ceiling, days: int, why: Why) -> None:
    """As docs/privacy.md tells them, in days from when the text was first seen."""
    assert End(SEEN + days * DAY, why) == end_of(facts, RULES, ceiling)


@given(FACTS, RULE_SETS, CEILINGS)
def test_terms_are_a_ceiling(facts: Facts, rules: Rules, ceiling: Ceiling) -> None:
    """Whatever the rules and the cases: nothing but a hold keeps a text longer than its platform's terms."""
    end = end_of(replace(facts, held_until=None), rules, ceiling)
    if ceiling.texts is not None and (ceiling.own or not facts.by_page):
        last = max(facts.seen_at, facts.refreshed_at or facts.seen_at) if ceiling.renewed else facts.seen_at
        assert end.at <= last + ceiling.texts
    if ceiling.gone and facts.gone_at is not None:
        assert end.at <= facts.gone_at
    assert not end.held


@given(FACTS, RULE_SETS, CEILINGS, MOMENTS)
def test_a_hold_only_lengthens(facts: Facts, rules: Rules, ceiling: Ceiling, until: datetime) -> None:
    """A hold keeps the text to its end and not a moment longer than that or what would have been."""
    free = end_of(replace(facts, held_until=None), rules, ceiling)
    held = end_of(replace(facts, held_until=until), rules, ceiling)
    assert max(free.at, until) == held.at
    assert held.held == (until > free.at)
    assert not is_due(held, until - timedelta(seconds=1), 365 * DAY) or not held.held


@given(FACTS, RULE_SETS, CEILINGS, MOMENTS)
def test_what_lengthens_and_what_shortens(facts: Facts, rules: Rules, ceiling: Ceiling, moment: datetime) -> None:
    """A case never shortens the time, what is gone never lengthens it, and it ends for a reason that there is."""
    bare = replace(facts, opened_at=None, closed_at=None, gone_at=None)
    end = end_of(bare, rules, ceiling)
    assert end.at <= end_of(replace(bare, opened_at=moment), rules, ceiling).at
    assert end.at <= end_of(replace(bare, closed_at=moment), rules, ceiling).at
    assert end.at >= end_of(replace(bare, gone_at=moment), rules, ceiling).at
    assert end.why is not Why.GONE
    assert end.why is not Why.TERMS or ceiling.texts is not None


@given(FACTS, CEILINGS)
def test_names_go_with_the_text_or_before(facts: Facts, ceiling: Ceiling) -> None:
    """The page's own name stays; a writer's ends by itself only where the terms name a time, and a hold keeps it."""
    end = names_end(facts, ceiling)
    assert (end is None) == (ceiling.names is None or facts.by_page)
    assert end is None or facts.held_until is None or end >= facts.held_until


def test_terms_do_not_wait_for_the_next_run() -> None:
    """What the terms end before the next run is due now; what the municipality's own rules end is not."""
    soon = SEEN + timedelta(hours=5)
    assert [True, False, False] == [
        is_due(end, SEEN, DAY) for end in (End(soon, Why.TERMS), End(soon, Why.AGE), End(soon, Why.TERMS, held=True))
    ]
    assert is_due(End(SEEN, Why.AGE), SEEN, timedelta())
