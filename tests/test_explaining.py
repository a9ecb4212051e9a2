"""A judgement told in words: on a terminal and under a draft."""

from __future__ import annotations

import pytest

from dashboard.explaining import told
from dashboard.shapes import drafts
from dashboard.words import text
from data.types import Inquiry, Judgement


@pytest.mark.parametrize("urgent", [True, False])
def test_what_is_urgent_says_so(urgent: bool) -> None:
    """On both, right beside the answer that it hastens."""
    judged = Judgement(inquiry=Inquiry.REQUEST, urgent=urgent)
    lines = list(told("Kom nu.", judged))
    assert urgent == (text("check.urgent") in lines)
    assert urgent == (text("check.urgent") in drafts.told("Kom nu.", judged))
    assert text("check.inquiry.request") == lines[0]
