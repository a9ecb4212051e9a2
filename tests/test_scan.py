"""The joined batch: what is found in it is found where it stands in its own text."""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from analysis.base import Text
from analysis.scan import Batch, batch_of, fold_digits, lowered


def batch(*texts: str) -> Batch:
    return Batch([Text(text) for text in texts])


def test_hits_stand_where_they_stand_text_by_text():
    """A match carries the index of its text and its place within it."""
    found = [hit[:3] for hit in batch("et 12", "", "tre 34 og 56").hits(re.compile("[0-9]{2}"))]
    assert [(0, 3, 5), (2, 4, 6), (2, 10, 12)] == found


def test_a_match_across_two_texts_is_dropped():
    """A pattern that would cross the border finds nothing there."""
    assert [] == list(batch("010290-", "1234").hits(re.compile(r"[0-9]{6}-\s*\x00?\s*[0-9]{4}")))


def test_where_names_each_text_once():
    """A text with several matches is named once, and empty texts shift nothing."""
    assert [0, 3] == batch("1 2 3", "", "x", "4").where(re.compile("[0-9]"))


def test_an_empty_batch_has_nothing():
    """No texts, no hits."""
    assert [] == batch().where(re.compile("[0-9]"))


@given(st.lists(st.text(alphabet="a1 \n\x00Æİ٣", max_size=12), max_size=8))
def test_joined_finds_what_each_text_alone_finds(texts):
    """For any texts, the joined look equals the look at each of them, in every form."""
    pattern = re.compile("[0-9]a|æ")
    forms = {(False, False): str, (True, False): lowered, (False, True): fold_digits}
    for (lower, folded), form in forms.items():
        alone = [(i, *m.span()) for i, text in enumerate(texts) for m in pattern.finditer(form(text))]
        assert alone == [hit[:3] for hit in batch(*texts).hits(pattern, lower=lower, folded=folded)]
        assert sorted({i for i, *_ in alone}) == batch(*texts).where(pattern, lower=lower, folded=folded)


@given(st.text())
def test_forms_keep_the_length(text):
    """Lower case and folded digits stand where the text stands."""
    assert len(text) == len(lowered(text)) == len(fold_digits(text))


def test_digits_of_every_script_are_folded():
    """Each digit that Unicode knows, in a text that also holds Danish letters and emoji; "m²" alone stays."""
    digits = [c for c in map(chr, range(128, sys.maxunicode + 1)) if c.isdigit() and c not in "¹²³"]
    assert [f"æ😀{unicodedata.digit(c)}" for c in digits] == [fold_digits(f"æ😀{c}") for c in digits]
    assert ("æ 12 m²", "æ 1231") == (fold_digits("æ 12 m²"), fold_digits("æ ¹²³¹"))


def test_the_engines_batch_is_used_as_it_is():
    """What one detector had made, the next one gets for nothing."""
    made = batch("a")
    assert batch_of(made) is made
    assert ["a"] == [text.text for text in batch_of([Text("a")])]
