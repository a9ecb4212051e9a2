"""Foreign text as HTML: whatever stands in it, nothing of it is live."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import safe
from dashboard.safe import Span

OWN_TAGS = {"div", "mark", "details", "summary", "p", "em", "bdi", "span", "a"}


class Seen(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@given(st.text(alphabet=st.sampled_from("<>&\"'/ ascriptimg=:()![]x\u202e\u2066\x00\n"), max_size=200))
def test_nothing_foreign_becomes_markup(text):
    """Only tags of our own stand in what is made of any text, and its printable characters are all there."""
    seen = Seen(safe.highlight(text, [Span(0, 3, "who", 'a "reason"')]))
    assert set(seen.tags) <= OWN_TAGS
    assert [sign for sign in text if sign.isalnum()] == [sign for sign in seen.text if sign.isalnum()]


@given(st.text(max_size=120), st.lists(st.tuples(st.integers(0, 130), st.integers(0, 130)), max_size=5))
def test_spans_never_lose_or_double_text(text, places):
    """Spans that overlap, lie outside or are turned round leave the text as it is."""
    marked = safe.highlight(text, [Span(begin, end, "what", "why") for begin, end in places])
    assert Seen(safe.highlight(text)).text == Seen(marked).text


def test_a_place_is_marked_with_its_reason():
    """The marked words are those of the span, in code points, beyond an emoji too."""
    drawn = safe.highlight("👩‍🦳 Karla er syg", [Span(4, 9, "who", "Et navn")])
    assert '<mark class="sb-mark sb-mark-who" title="Et navn">Karla</mark>' in drawn


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u061c", "\x00", "\x1b", "\x85", "\u2028"])
def test_signs_that_steer_are_shown_instead(sign):
    """A mark that turns the direction, or a control, stands as a replacement character."""
    assert safe.clean(f"a{sign}b") == "a\ufffdb"


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u2060"])
def test_signs_without_width_are_left_out(sign):
    """Zero-width signs are left over from web pages and mean nothing."""
    assert safe.clean(f"a{sign}b") == "ab"


def test_emoji_and_foreign_scripts_stay_whole():
    """Joiners, flags and scripts are text like any other."""
    for text in ("👨‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "می‌خواهم", "Ærø på å"):
        assert safe.clean(text) == text


def test_a_long_text_opens_on_request():
    """Of 100,000 signs a part is shown, more opens, and what is left out is said."""
    drawn = safe.highlight("a" * 100_000, more="Vis mere", note="Resten står på platformen.")
    assert "<summary>Vis mere</summary>" in drawn
    assert "Resten står på platformen." in drawn
    assert len(drawn) < 30_000


def test_names_are_one_short_line():
    """A name of any length and form stays one line that wraps."""
    assert safe.name("a\nb\tc") == '<bdi class="sb-name">a b c</bdi>'
    assert len(safe.name("x" * 5000)) < 120
    assert safe.name("  ", otherwise="Ukendt") == "Ukendt"
    assert safe.label("**a**\u202e\n<b>") == "**a**\ufffd <b>"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//example.org", "/sider", "", "http://",
        "https://bank.example@evil.example/", "https://a.example\\@evil.example", "https://a.example/\u202e",
        "https://a.example/ x", "file:///etc/passwd", "http://[::1", "vbscript:x",
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url):
    """Whatever else stands where an address should be is no link."""
    assert "<a" not in safe.platform_link(url, "Se", otherwise="intet link")


def test_a_link_names_its_host_and_tells_nothing():
    """The host is shown beside the words; the page that is opened learns nothing of where it was opened from."""
    drawn = safe.platform_link('https://www.example.dk/a?b="><script>', "Se")
    assert 'rel="noopener noreferrer"' in drawn
    assert ">www.example.dk</bdi>" in drawn
    assert {"a", "span", "bdi"} == set(Seen(drawn).tags)
