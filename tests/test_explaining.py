"""A judgement told in words: on a terminal and under a draft."""

from __future__ import annotations

import html

import pytest

from analysis.base import Text
from analysis.engine import Engine
from dashboard.explaining import told
from dashboard.shapes import drafts
from dashboard.words import text
from data.types import Inquiry, Judgement

ENGINE = Engine()


@pytest.mark.parametrize("urgent", [True, False])
def test_what_is_urgent_says_so(urgent: bool) -> None:
    """On both, right beside the answer that it hastens."""
    judged = Judgement(inquiry=Inquiry.REQUEST, urgent=urgent)
    lines = list(told("Kom nu.", judged))
    assert urgent == (text("check.urgent") in lines)
    assert urgent == (text("check.urgent") in drafts.told("Kom nu.", judged))
    assert text("check.inquiry.request") == lines[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Karla i 3.b har fået diabetes.", ["instead.who", "instead.what"]),
        ("Ring til hans mor Lone på 28 11 43 07.", ["instead.contact"]),
        ("Hendes nummer er 130485-1234.", ["instead.cpr"]),
        ("Biblioteket har åbent til 17.", []),
        ("Hvornår har I åbent?", []),
    ],
)
def test_a_draft_is_told_how_to_put_it_instead(written, said):
    """For what was found, and for nothing else: where nothing has to be put otherwise no advice is given."""
    (judged,) = ENGINE.judge([Text(written, by_page=True)])
    shown = html.unescape(drafts.told(written, judged))
    kinds = ("cpr", "contact", "who", "what", "tone")
    assert set(said) <= {f"instead.{kind}" for kind in kinds if text(f"instead.{kind}") in shown}
    assert bool(said) == (text("instead.title") in shown)
